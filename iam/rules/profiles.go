package rules

import (
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
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
// the others fail. The witness is a request for a model, and it is denied. plans are those of
// [ProfilePlan].
func (j *Judge) BrokenProfiles(p *Principal, plans []*plan.Plan) Result {
	j.begin()
	out := Result{Answer: iam.Answer{Verdict: iam.No, Reason: "it may call every model of the profiles that it may call"}}
	if !mayAllow(&p.Principal, invocations[0]) {
		return out
	}
	for _, call := range plans {
		r := j.brokenProfile(p, call)
		if r.Yes() {
			r.Guard = j.completeProfile(p, call)
			return r
		}
		if r.Undecided() {
			out = r
		}
	}
	return out
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
		if s.allowed(c.Check) != nil {
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
		Answer:    iam.Answer{Verdict: iam.Yes, Reason: "it may call " + call.Call.Target + " and not " + c.Resource + " that it leads to"},
		Witnesses: []Witness{*w},
	}
}
