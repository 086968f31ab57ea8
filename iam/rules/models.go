package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// invocations run a model; Converse and ConverseStream need the same rights ("Prerequisites for
// running model inference", Amazon Bedrock User Guide).
var invocations = []string{"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}

const (
	batchAction  = "bedrock:CreateModelInvocationJob"
	mantleAction = "bedrock-mantle:CreateInference"
	mantleModel  = "bedrock-mantle:Model"
)

func (p *Principal) model(region, id string) string {
	return "arn:" + p.partition() + ":bedrock:" + region + "::foundation-model/" + id
}

// directly is a check on a foundation model that the request names itself, not through a profile or router.
func (p *Principal) directly(action, region, id string) sym.Check {
	c := in(action, p.model(region, id), "", region)
	c.Fixed[profileKey], c.Fixed[routerKey] = nil, nil
	return c
}

// newModelChecks are requests for models that no policy names.
func (p *Principal) newModelChecks(actions ...string) []sym.Check {
	var out []sym.Check
	for _, action := range actions {
		if !mayAllow(&p.Principal, action) {
			continue
		}
		for _, region := range p.regions(action) {
			for _, id := range slices.Concat(newModels, p.anybodysModels(action)) {
				out = append(out, p.directly(action, region, id))
			}
		}
	}
	return out
}

// anybodysModels are ids of models that patterns take without a word of whose or which they are: by a version alone.
func (p *Principal) anybodysModels(action string) []string {
	var out []string
	for _, pattern := range allPatterns(&p.Principal, action) {
		_, id, ok := strings.Cut(pattern, ":foundation-model/")
		if ok && strings.ContainsAny(id, "*?") && !word.MatchString(id) {
			out = append(out, some.Replace(id))
		}
	}
	return out
}

// word is what a model or its provider is named by.
var word = regexp.MustCompile(`[A-Za-z]{3}|[A-Za-z0-9]\.|\$\{`)

// UnnamedModels asks whether the principal can run models that no policy names, those that
// providers add later among them. The policy it proposes needs Approved.
func (j *Judge) UnnamedModels(p *Principal) Result {
	j.begin()
	r := j.unnamedModels(p)
	if r.Yes() && len(p.Approved) > 0 {
		r.Guard = j.mend(p, []statement{p.onlyApproved(invocations...)}, j.unnamedModels, p.approvedChecks()...)
	}
	return r
}

func (j *Judge) unnamedModels(p *Principal) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	w := s.any(p.newModelChecks(invocations...))
	return s.answer(w, "it can run a model that no policy names", "every model that it can run is named")
}

// onlyApproved denies actions on foundation models that are not approved. What belongs to the
// account (profiles, custom and imported models) leads to checks of its own.
func (p *Principal) onlyApproved(actions ...string) statement {
	s := statement{Effect: "Deny", Action: actions}
	for _, a := range p.Approved {
		if !strings.HasPrefix(a, "arn:") {
			a = p.model(anything, a)
		}
		s.NotResource = append(s.NotResource, a)
	}
	s.NotResource = append(s.NotResource, "arn:"+p.partition()+":bedrock:*:"+p.Account+":*")
	return s
}

// approvedChecks are requests for the approved models.
func (p *Principal) approvedChecks() []sym.Check {
	var out []sym.Check
	for _, a := range p.Approved {
		if strings.HasPrefix(a, "arn:") {
			continue
		}
		for _, region := range p.Regions {
			out = append(out, p.directly(invocations[0], region, strings.NewReplacer("*", fresh, "?", "z").Replace(a)))
		}
	}
	return out
}

// OutsideRegions asks whether the principal can run a model in a Region that is not approved: by naming it there,
// or through an inference profile that leads there. plans are those of [ProfilePlan] for every profile of the account.
func (j *Judge) OutsideRegions(p *Principal, approved []string, plans []*plan.Plan) Result {
	j.begin()
	direct := func(p *Principal) Result { return j.outsideRegions(p, approved) }
	routed := func(p *Principal) Result { return j.routedOutside(p, approved, plans) }
	both := func(p *Principal) Result {
		if r := direct(p); !r.No() {
			return r
		}
		return routed(p)
	}
	r := both(p)
	if !r.Yes() || len(approved) == 0 {
		return r
	}
	guard := deny(invocations...).when("StringNotEquals", regionKey, approved)
	if direct(p).No() {
		guard = guard.when("Null", profileKey, "false")
	} else if routed(p).No() {
		guard = guard.when("Null", profileKey, "true")
	}
	keep := routedWithin(approved, plans)
	for _, region := range approved {
		keep = append(keep, p.directly(invocations[0], region, newModels[0]))
	}
	r.Guard = j.mend(p, []statement{guard}, both, keep...)
	return r
}

func (j *Judge) outsideRegions(p *Principal, approved []string) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	var w *Witness
	for _, action := range invocations {
		if w != nil || !mayAllow(&p.Principal, action) {
			continue
		}
		patterns := allPatterns(&p.Principal, action)
		for _, region := range p.regionsBut(action, approved) {
			if w == nil {
				w = s.any(p.modelChecks(action, region, patternsIn(region, patterns)))
			}
		}
	}
	return s.answer(w, "it can run a model in a Region that is not approved", "it runs models in approved Regions only")
}

// modelChecks are requests in a Region for a model that nothing names and for those that patterns name.
func (p *Principal) modelChecks(action, region string, patterns []string) []sym.Check {
	var out []sym.Check
	for _, resource := range instances(p.model(region, "${ModelId}"), p.partition(), region, p.Account, patterns) {
		_, id, _ := strings.Cut(resource, "/")
		out = append(out, p.directly(action, region, id))
	}
	return out
}

// strangerAddresses are those that no policy can mean: of networks that are kept for measurements (RFC 2544, RFC 5180),
// and, of the lower half of the addresses, one of the US Department of Defense.
var strangerAddresses = []string{"198.18.77.77", "2001:2::77", "22.77.77.77"}

// FromAnywhere asks whether the principal can run a model from the internet, from an address that no policy
// can mean, through no VPC endpoint.
func (j *Judge) FromAnywhere(p *Principal) Result {
	j.begin()
	r := j.fromAnywhere(p)
	if r.Yes() {
		var keep []sym.Check
		for _, region := range p.Regions {
			c := p.directly(invocations[0], region, newModels[0])
			c.Fixed["aws:SourceVpce"], c.Fixed["aws:SourceIp"] = []string{"vpce-0zz"}, nil
			keep = append(keep, c)
		}
		guard := deny(runs...).when("Null", "aws:SourceVpce", "true").when("BoolIfExists", throughKey, "false")
		r.Guard = j.mend(p, []statement{guard}, j.fromAnywhere, keep...)
	}
	return r
}

func (j *Judge) fromAnywhere(p *Principal) Result {
	addresses := strangerAddresses
	if !mentionedKeys(&p.Principal)["aws:sourceip"] {
		addresses = addresses[:1] // policies tell none from another
	}
	var strangers []map[string][]string
	for _, address := range addresses {
		strangers = append(strangers, map[string][]string{"aws:SourceIp": {address}, "aws:SourceVpce": nil, "aws:SourceVpc": nil, throughKey: {"false"}})
	}
	return j.runsWith(p, strangers, "from anywhere in the internet", "it runs models from known networks only")
}

// Unguarded asks whether the principal can run a model by a request that names no guardrail. Batch
// jobs and the bedrock-mantle namespace count: none of their condition keys tells of a guardrail, so no
// policy can demand one there.
func (j *Judge) Unguarded(p *Principal) Result {
	j.begin()
	r, paths := j.unguarded(p)
	if !r.Yes() {
		return r
	}
	var guard []statement
	var keep []sym.Check
	for _, action := range paths {
		switch action {
		case batchAction, mantleAction:
			guard = append(guard, deny(action))
		}
	}
	if direct := slices.DeleteFunc(slices.Clone(paths), func(a string) bool { return !slices.Contains(invocations, a) }); len(direct) > 0 {
		guard = append(guard, deny(direct...).when("Null", guardrailKey, "true"))
		c := p.directly(r.Witnesses[0].Action, regionOf(r.Witnesses[0].Context), newModels[0])
		c.Fixed[guardrailKey] = []string{"arn:" + p.partition() + ":bedrock:" + regionOf(c.Fixed) + ":" + p.Account + ":guardrail/" + fresh}
		keep = append(keep, c)
	}
	r.Guard = j.mend(p, guard, func(p *Principal) Result { r, _ := j.unguarded(p); return r }, keep...)
	return r
}

// regionOf is the Region of a request.
func regionOf(m map[string][]string) string {
	if v := m[regionKey]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// unguarded gives a witness for each action that runs models without a guardrail.
func (j *Judge) unguarded(p *Principal) (Result, []string) {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error()), nil
	}
	var paths []string
	var witnesses []Witness
	for _, action := range runs {
		w := j.reach(s, p, action, map[string][]string{guardrailKey: nil})
		if w == nil {
			continue
		}
		paths = append(paths, action)
		witnesses = append(witnesses, *w)
	}
	if len(witnesses) == 0 {
		return s.answer(nil, "", "every way to run a model demands a guardrail"), nil
	}
	out := s.answer(&witnesses[0], "it can run a model without a guardrail by "+strings.Join(paths, ", "), "")
	out.Witnesses = witnesses[:min(len(witnesses), 2)]
	return out, paths
}

func (j *Judge) action(name string) *sar.Action {
	service, name, _ := strings.Cut(name, ":")
	a, _ := j.data.Action(service, name)
	return a
}

// may says whether some request of an action is allowed.
func (j *Judge) may(s *search, p *Principal, a *sar.Action) bool {
	if !mayAllow(&p.Principal, a.String()) {
		return false
	}
	for c := range j.checks(p, a) {
		if set := s.set(c); set.Decided() && !set.Empty() {
			return true
		}
	}
	return false
}

// OtherWays asks whether the principal can run models that no policy names without
// bedrock:InvokeModel: through the bedrock-mantle namespace, which no policy on bedrock:* governs, or by a
// batch job.
func (j *Judge) OtherWays(p *Principal) Result {
	j.begin()
	r := j.otherWays(p)
	if !r.Yes() {
		return r
	}
	guard := []statement{deny(mantleAction), deny(batchAction)}
	if len(p.Approved) > 0 && !slices.ContainsFunc(p.Approved, func(a string) bool { return strings.HasPrefix(a, "arn:") }) {
		guard = []statement{deny(mantleAction).when("StringNotLike", mantleModel, p.Approved), p.onlyApproved(batchAction)}
	}
	r.Guard = j.mend(p, guard, j.otherWays, p.newModelChecks(invocations...)...)
	return r
}

func (j *Judge) otherWays(p *Principal) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	w := j.reach(s, p, mantleAction, map[string][]string{mantleModel: {newModels[0]}})
	if w == nil {
		w = s.any(p.newModelChecks(batchAction))
	}
	return s.answer(w, "it can run a model that no policy names by "+actionOf(w), "no other way leads to models that no policy names")
}

// BeyondControl asks the same as [Judge.UnnamedModels] of somebody who may do everything that the control policies
// of an account leave open. The policy that it proposes is a service control policy for the account: it needs Approved,
// and denies other models by whatever way.
func (j *Judge) BeyondControl(p *Principal) Result {
	j.begin()
	r := j.unnamedModels(p)
	if !r.Yes() || len(p.Approved) == 0 {
		return r
	}
	mantle := deny(mantleAction)
	if ids := slices.DeleteFunc(slices.Clone(p.Approved), func(a string) bool { return strings.HasPrefix(a, "arn:") }); len(ids) > 0 {
		mantle = mantle.when("StringNotLike", mantleModel, ids)
	}
	ask := func(p *Principal) Result {
		if r := j.unnamedModels(p); !r.No() {
			return r
		}
		return j.otherWays(p)
	}
	r.Guard = j.mend(p, []statement{p.onlyApproved(append(slices.Clone(invocations), batchAction)...), mantle}, ask, p.approvedChecks()...)
	return r
}

func actionOf(w *Witness) string {
	if w == nil {
		return ""
	}
	return w.Action
}
