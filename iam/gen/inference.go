package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// Options that every archetype of model access takes.
var inferenceTakes = []string{"account", "models", "profiles", "destinations", "guardrail", "endpoint", "network", "tier", "org-path"}

// without is a list without some of it.
func without(list []string, leave ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(leave, s) })
}

func inferenceArchetypes() []*Archetype {
	limits := "calls without the guardrails, from other networks or on other service tiers are denied, where those are given"
	return []*Archetype{
		{
			Name:  "evaluation",
			Title: "Try out models in a sandbox, at low cost, without customer data",
			Grants: []string{
				"Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream on the models and inference profiles",
				"service tiers default and flex only, unless --tier says otherwise",
				"callers below the organisational units of --org-path only",
				"nothing from knowledge bases, whatever other policies of the role allow",
				limits,
			},
			Needs: []string{"regions", "org-path"},
			Takes: without(inferenceTakes, "org-path"),
			write: func(t *targets) ([]paper, error) { return evaluation(t).write("Evaluation of models in a sandbox") },
			claim: func(t *targets, p []*iam.Policy) (claims, error) { return evaluation(t).claim(p) },
		},
		{
			Name:  "general",
			Title: "Use a list of approved foundation models",
			Grants: []string{
				"Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream on the models and inference profiles",
				"models behind a profile only through that profile, unless they are listed themselves",
				limits,
			},
			Needs: []string{"regions"},
			Takes: inferenceTakes,
			write: func(t *targets) ([]paper, error) { return general(t).write("Use of approved foundation models") },
			claim: func(t *targets, p []*iam.Policy) (claims, error) { return general(t).claim(p) },
		},
		{
			Name:  "fine-tuned",
			Title: "Use models of one's own: deployments of custom models, provisioned throughput, imported models",
			Grants: []string{
				"Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream on the ARNs of --models that carry the tag of --tag; without --models on all such resources of the account with the tag",
				"no change of tags, whatever other policies of the role allow, since the tag decides",
				limits,
			},
			Needs: []string{"account", "regions", "tag"},
			Takes: without(inferenceTakes, "account", "profiles", "destinations"),
			write: func(t *targets) ([]paper, error) { return fineTuned(t).write("Use of models of one's own") },
			claim: func(t *targets, p []*iam.Policy) (claims, error) { return fineTuned(t).claim(p) },
		},
		{
			Name:  "specialised",
			Title: "Use costly models, with a second factor that is not old",
			Grants: []string{
				"Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream on the models and inference profiles",
				"only with a second factor no older than --mfa-age seconds (3,600)",
				limits,
			},
			Needs: []string{"regions"},
			Takes: append(slices.Clone(inferenceTakes), "mfa-age"),
			write: func(t *targets) ([]paper, error) { return specialised(t).write("Use of costly models") },
			claim: func(t *targets, p []*iam.Policy) (claims, error) { return specialised(t).claim(p) },
		},
	}
}

// access is a policy for people or programs that use models, and what it is for.
type access struct {
	*targets
	tiers []string
	tag   bool
	mfa   int // greatest age of a second factor in seconds; 0: none is needed
	// never are actions to be kept from the role whatever else it has.
	never []string
	sid   string // of the statement that does that
}

func general(t *targets) *access { return &access{targets: t, tiers: t.o.Tiers} }

func evaluation(t *targets) *access {
	a := general(t)
	a.never, a.sid = customerData, "DenyCustomerData"
	if len(a.tiers) == 0 {
		a.tiers = []string{"default", "flex"}
	}
	return a
}

// customerData are the actions that return content of knowledge bases.
var customerData = []string{
	"bedrock:AgenticRetrieveStream", "bedrock:GetDocumentContent", "bedrock:GetKnowledgeBaseDocuments",
	"bedrock:Retrieve", "bedrock:RetrieveAndGenerate",
}

func fineTuned(t *targets) *access {
	a := general(t)
	a.tag, a.never, a.sid = true, []string{"bedrock:TagResource", "bedrock:UntagResource"}, "DenyRetagging"
	return a
}

func specialised(t *targets) *access {
	a := general(t)
	if a.mfa = t.o.MFAAge; a.mfa == 0 {
		const hour = 3600
		a.mfa = hour
	}
	return a
}

// own are the resources of direct calls: the models, or patterns for all tagged ones.
func (a *access) own() []string {
	if !a.tag || len(a.direct) > 0 {
		return a.direct
	}
	var out []string
	for _, r := range a.o.Regions {
		for _, k := range runnable {
			out = append(out, a.o.arn("bedrock", r, a.o.Account, string(k)+"/*"))
		}
	}
	return sorted(out)
}

func (a *access) tagCondition() []condition {
	if !a.tag {
		return nil
	}
	key, value, _ := strings.Cut(a.o.Tag, "=")
	return []condition{{"StringEquals", "aws:ResourceTag/" + key, []string{value}}}
}

// group is a model with all profiles of one name that lead to it.
type group struct{ profiles, members []string }

func (a *access) groups() []group {
	var out []group
	for _, p := range a.profiles {
		out = append(out, group{p.keys(), p.members})
	}
	slices.SortFunc(out, func(a, b group) int {
		return strings.Compare(strings.Join(a.profiles, " "), strings.Join(b.profiles, " "))
	})
	return slices.CompactFunc(out, func(a, b group) bool {
		return slices.Equal(a.profiles, b.profiles) && slices.Equal(a.members, b.members)
	})
}

func (a *access) profileARNs() []string {
	var out []string
	for _, p := range a.profiles {
		out = append(out, p.arns...)
	}
	return sorted(out)
}

func (a *access) write(about string) ([]paper, error) {
	statements, named, err := a.allows()
	if err != nil {
		return nil, err
	}
	return []paper{{kind: Managed, about: about, statements: append(statements, a.denials(named)...)}}, nil
}

// allows are the statements that grant, with the guardrails that requests must name.
func (a *access) allows() (out []statement, named []string, err error) {
	switch {
	case len(a.own()) == 0 && len(a.profiles) == 0:
		return nil, nil, fmt.Errorf("say which models, with --models or --profiles")
	case len(a.profiles) > 0 && a.o.Account == "":
		return nil, nil, fmt.Errorf("--profiles needs --account: the ARN of an inference profile has the account that calls")
	case a.tag && len(a.ids) > 0:
		return nil, nil, fmt.Errorf("--models %s: foundation models have no tags; give them to archetype general", a.ids[0])
	}
	named, resources, err := a.o.guardrails()
	if err != nil {
		return nil, nil, err
	}
	if own := a.own(); len(own) > 0 {
		out = append(out, allow("InvokeModels", invokeActions, own, a.tagCondition()...))
	}
	if arns := a.profileARNs(); len(arns) > 0 {
		out = append(out, allow("InvokeProfiles", invokeActions, arns))
	}
	for i, g := range a.groups() {
		out = append(out, allow(fmt.Sprintf("InvokeThroughProfile%d", i+1), invokeActions, g.members, condition{"ArnEquals", keyProfile, g.profiles}))
	}
	if len(resources) > 0 {
		out = append(out, allow("ApplyGuardrails", []string{applyGuardrail}, resources))
	}
	return out, named, nil
}

// denials are the limits: Denies, so that no other policy of the role is a way around them.
func (a *access) denials(guardrails []string) []statement {
	actions := slices.Clone(invokeActions)
	if len(guardrails) > 0 {
		actions = append([]string{applyGuardrail}, actions...)
	}
	out := denyUnguarded(guardrails)
	every := []string{"*"}
	if c := outside(a.o); len(c) > 0 {
		out = append(out, deny("DenyOtherNetworks", actions, every, c...))
	}
	if len(a.tiers) > 0 {
		c := []condition{{"StringNotEquals", keyTier, a.tiers}}
		if slices.Contains(a.tiers, "default") { // a request that names no tier is on the default one
			c = append(c, condition{"Null", keyTier, []string{"false"}})
		}
		out = append(out, deny("DenyOtherTiers", invokeActions, every, c...))
	}
	if len(a.o.OrgPaths) > 0 {
		out = append(out, deny("DenyOtherUnits", actions, every, condition{"ForAllValues:StringNotLike", "aws:PrincipalOrgPaths", a.o.OrgPaths}))
	}
	if a.mfa > 0 {
		out = append(out,
			deny("DenyWithoutSecondFactor", actions, every, condition{"BoolIfExists", "aws:MultiFactorAuthPresent", []string{"false"}}),
			deny("DenyOldSecondFactor", actions, every, condition{"NumericGreaterThanIfExists", "aws:MultiFactorAuthAge", []string{fmt.Sprint(a.mfa)}}))
	}
	if len(a.never) > 0 {
		out = append(out, deny(a.sid, a.never, every))
	}
	return out
}

// denyUnguarded denies requests that name none of the guardrails; that the condition also holds
// for a request that names none at all is what enforces it.
func denyUnguarded(guardrails []string) []statement {
	if len(guardrails) == 0 {
		return nil
	}
	return []statement{deny("DenyWithoutGuardrail", invokeActions, []string{"*"}, condition{"ArnNotLike", keyGuardrail, guardrailValues(guardrails)})}
}

// guardrailValues are the values of a request that names one of the guardrails: with any version
// unless one is asked for.
func guardrailValues(guardrails []string) []string {
	var out []string
	for _, g := range guardrails {
		out = append(out, g)
		if _, version := guardrailVersion(g); version == "" {
			out = append(out, g+":*")
		}
	}
	return out
}

// outside is where a request comes from none of the networks. Requests that an AWS service makes
// for the caller have the service's address; like AWS's own data perimeter examples, this leaves them to the
// policy of the call that set them off.
func outside(o *Options) []condition {
	var out []condition
	if len(o.Endpoints) > 0 {
		out = append(out, condition{"StringNotEquals", "aws:SourceVpce", o.Endpoints})
	}
	if len(o.Networks) > 0 {
		out = append(out, condition{"NotIpAddress", "aws:SourceIp", o.Networks})
	}
	if len(out) > 0 {
		out = append(out, condition{"Bool", "aws:ViaAWSService", []string{"false"}})
	}
	return out
}
