package rules

import (
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
)

// BrokenProfile asks whether the principal may call an inference profile of the catalog whose
// model it may not call in every Region that the profile leads to: calls that Bedrock routes
// there fail. The witness is a request for such a model, and it is denied.
func (j *Judge) BrokenProfile(p *Principal, catalog *plan.Catalog, profileARN string) Result {
	j.begin()
	call, err := plan.Build(plan.Call{Operation: invocations[0], Target: profileARN, Account: p.Account}, catalog)
	if err != nil {
		return cannotTell(err.Error())
	}
	ask := func(p *Principal) Result { return j.brokenProfile(p, call) }
	r := ask(p)
	if !r.Yes() {
		return r
	}
	var models []string
	for _, c := range call.Checks[1:] {
		models = append(models, c.Resource)
	}
	grant := statement{Effect: "Allow", Action: invocations, Resource: models}.when("StringEquals", profileKey, profileARN)
	r.Guard = j.mend(p, []statement{grant}, ask, p.newModelChecks(invocations...)...)
	return r
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
	for _, c := range call.Checks[1:] {
		if s.allowed(c.Check) != nil {
			continue
		}
		if s.undecided != "" {
			return cannotTell(s.undecided)
		}
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
		return Result{Answer: iam.Answer{Verdict: iam.Yes, Reason: "it may call the profile and not " + c.Resource}, Witnesses: []Witness{*w}}
	}
	if len(call.Unknown) > 0 {
		return cannotTell(call.Unknown[0].Detail)
	}
	return s.answer(nil, "", "it may call every model that the profile leads to")
}

// Calls says whether the principal may call the target itself: the first check of a plan.
func (j *Judge) Calls(p *Principal, c sym.Check) Result {
	j.begin()
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	return s.answer(s.allowed(c), "it may call "+c.Action, "it may not call "+c.Action)
}
