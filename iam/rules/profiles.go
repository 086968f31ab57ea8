package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// ProfilePlan is what a call of an inference profile asks for; nil for what is none.
func ProfilePlan(account, profileARN string, catalog *plan.Catalog) *plan.Plan {
	out, err := plan.Build(plan.Call{Operation: invocations[0], Target: profileARN, Account: account}, catalog)
	if err != nil {
		return nil
	}
	return out
}

// BrokenProfiles asks whether the principal may call an inference profile and its model in
// some of the Regions that the profile leads to, but not in all: calls that Bedrock routes to
// the others fail. The witness is a request for a model, and it is denied where that for the profile is allowed. plans
// are those of [ProfilePlan].
func (j *Judge) BrokenProfiles(p *Principal, plans []*plan.Plan) Result {
	j.begin()
	out := Result{Answer: iam.Answer{Verdict: iam.No, Reason: "it may call every model of the profiles that it may call"}}
	for _, action := range invocations {
		if !mayAllow(&p.Principal, action) {
			continue
		}
		for _, call := range plans {
			call = by(call, action)
			r := j.brokenProfile(p, call)
			if r.Yes() {
				r.Guard = j.completeProfile(p, call)
				return r
			}
			if r.Undecided() {
				out = r
			}
		}
	}
	return out
}

// by is the plan of a call that makes the same checks by another action, as streams do.
func by(call *plan.Plan, action string) *plan.Plan {
	out := *call
	out.Checks = slices.Clone(call.Checks)
	for i := range out.Checks {
		if out.Checks[i].Action == invocations[0] {
			out.Checks[i].Action = action
		}
	}
	return &out
}

// routedOutside asks whether an inference profile that the principal may call leads to a model that it may call
// through it in a Region that is not approved. A global profile leads to models whose Region is "unspecified".
//
// Profile and model are asked one by one, each for some request: so a Yes may be of two requests that are never one, and a
// No is never wrong, since one request would pass for both.
func (j *Judge) routedOutside(p *Principal, approved []string, plans []*plan.Plan) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	for _, action := range invocations {
		if !mayAllow(&p.Principal, action) {
			continue
		}
		for _, call := range plans {
			call = by(call, action)
			if s.allowed(call.Checks[0].Check) == nil {
				continue
			}
			if len(call.Unknown) > 0 {
				s.undecided = "it is not known where " + call.Call.Target + " leads"
			}
			for _, c := range call.Checks[1:] {
				region := regionOf(c.Fixed)
				if slices.Contains(approved, region) {
					continue
				}
				if w := s.allowed(c.Check); w != nil {
					return s.answer(w, "through "+call.Call.Target+" it can run a model in a Region that is not approved: "+region, "")
				}
			}
		}
	}
	return s.answer(nil, "", "every profile that it may call leads to approved Regions only")
}

// routedWithin are the checks of the profiles that lead to approved Regions only.
func routedWithin(approved []string, plans []*plan.Plan) []sym.Check {
	var out []sym.Check
	for _, call := range plans {
		outside := func(c plan.Check) bool { return !slices.Contains(approved, regionOf(c.Fixed)) }
		if len(call.Unknown) > 0 || slices.ContainsFunc(call.Checks, outside) {
			continue
		}
		for _, c := range call.Checks {
			out = append(out, c.Check)
		}
	}
	return out
}

// CallsSomeProfile says whether the principal may call an inference profile, of any name, or whether that is not
// known: only then does it matter which profiles there are.
func (j *Judge) CallsSomeProfile(p *Principal) Result {
	j.begin()
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	for _, action := range invocations {
		a := j.action(action)
		if a == nil || !mayAllow(&p.Principal, action) {
			continue
		}
		patterns := allPatterns(&p.Principal, action)
		types := slices.DeleteFunc(slices.Clone(a.Resources), func(r sar.ActionResource) bool { return !strings.HasSuffix(r.Type, "inference-profile") })
		for _, region := range p.regions(action) {
			for _, format := range j.formats(a.Service, types) {
				for _, arn := range instances(format, p.partition(), region, p.Account, patterns) {
					if w := s.allowed(in(action, arn, p.Account, region)); w != nil {
						return s.answer(w, "it may call an inference profile", "")
					}
				}
			}
		}
	}
	return s.answer(nil, "", "it may call no inference profile")
}

// completeProfile proposes to allow the models of a profile wherever it leads, through it alone.
func (j *Judge) completeProfile(p *Principal, call *plan.Plan) string {
	var models []string
	for _, c := range call.Checks[1:] {
		models = append(models, c.Resource)
	}
	grant := statement{Effect: "Allow", Action: invocations, Resource: models}.when("StringEquals", profileKey, call.Call.Target)
	return j.mend(p, []statement{grant}, func(p *Principal) Result { return j.brokenProfile(p, call) }, p.newModelChecks(invocations...)...)
}

func (j *Judge) brokenProfile(p *Principal, call *plan.Plan) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	profile := s.allowed(call.Checks[0].Check)
	if profile == nil {
		return s.answer(nil, "", "it may not call the profile")
	}
	var lacking *plan.Check
	some := false
	for i := range call.Checks[1:] {
		c := &call.Checks[1+i]
		if s.allowed(c.Check) != nil && s.meets(call.Checks[0].Check, c.Check) {
			some = true
		} else if lacking == nil {
			lacking = c
		}
	}
	switch {
	case s.undecided != "":
		return cannotTell(s.undecided)
	case len(call.Unknown) > 0:
		return cannotTell(call.Unknown[0].Detail)
	case lacking != nil && some:
		return s.lacks(profile, call, lacking)
	}
	return s.answer(nil, "", "it may call every model that the profile leads to, or none")
}

// meets says whether some request passes two checks of one call. Each alone may pass, and never both: of the profile
// from one network, of the model from another. Keys of the resource are no keys of the request, so where policies speak
// of those it is not looked at.
func (s *search) meets(a, b sym.Check) bool {
	for key := range mentionedKeys(s.p) {
		if strings.HasPrefix(key, "aws:resource") {
			return true
		}
	}
	both := s.set(a).And(s.set(b))
	if !both.Decided() || both.Empty() && !both.Possible().Empty() {
		s.undecided = "whether one request passes for both " + a.Resource + " and " + b.Resource + " is not known"
		return true
	}
	return !both.Empty()
}

// lacks shows that a model of a profile is denied in a context in which the profile is allowed.
func (s *search) lacks(profile *Witness, call *plan.Plan, c *plan.Check) Result {
	context := map[string][]string{}
	for k, v := range profile.Context {
		if _, fixed := call.Checks[0].Fixed[k]; !fixed {
			context[k] = v
		}
	}
	w := s.replay(c.Check, context)
	if w == nil || !w.Decision.Denied() {
		return cannotTell("no request shows that " + c.Resource + " is denied")
	}
	return Result{
		Answer:    iam.Answer{Verdict: iam.Yes, Reason: "it may call " + call.Call.Target + " and not by the same request " + c.Resource + " that it leads to"},
		Witnesses: []Witness{*w},
	}
}
