package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
)

const keyGuardrail = "bedrock:GuardrailIdentifier"

// A call that leaves the guardrail to the caller may pass only with one. Then the caller also
// needs the right to apply that guardrail, which is a check of its own.

// leavesGuardrail says whether a plan runs a model and does not say with which guardrail.
func (a *Analysis) leavesGuardrail(p *plan.Plan) bool {
	return p.Call.Guardrail == "" && slices.Contains(a.org.Catalog.Mentioned, strings.ToLower(keyGuardrail)) &&
		slices.ContainsFunc(p.Checks, func(c plan.Check) bool { return strings.HasPrefix(c.Action, "bedrock:InvokeModel") })
}

// needsGuardrail says whether no context of a set is without a guardrail.
func (e *engine) needsGuardrail(kind iam.PrincipalKind, s sym.Set) bool {
	if !s.Decided() || s.Possible().Empty() {
		return false
	}
	return s.Possible().And(e.guarded(kind, `{"Null":{"`+keyGuardrail+`":"true"}}`)).Empty()
}

// guarded are the contexts of callers of a kind that meet a condition on the guardrail.
func (e *engine) guarded(kind iam.PrincipalKind, condition string) sym.Set {
	key := condition + string(rune(kind))
	if s, ok := e.conditions[key]; ok {
		return s
	}
	policy, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + condition + `}}`))
	if err != nil {
		policy = iam.Unreadable("condition on the guardrail", err.Error())
	}
	const anybody = "arn:aws:iam::000000000000:"
	caller := sym.Principal{Principal: iam.Principal{Kind: kind, Issuer: anybody + "role/any"}, Policies: iam.Policies{Identity: []*iam.Policy{policy}}}
	if kind == iam.User {
		caller.Principal = iam.Principal{Kind: kind, ARN: anybody + "user/any"}
	}
	s := e.Access(caller, sym.Check{Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:us-east-1::foundation-model/any"})
	e.conditions[key] = s
	return s
}

// withGuardrail narrows an answer that needs a guardrail to the first one with which the call
// passes: one of the inventory, or one that the policies name.
func (a *Analysis) withGuardrail(r *Answer) {
	free, best := r.Access, *r
	best.Outcome = Never
	tried := false
	for _, g := range a.guardrails(r) {
		c := r.Plan.Call
		c.Guardrail = g
		x := a.planned(c)
		if x.err != nil || x.engine != r.e {
			continue // what the policy names is no guardrail
		}
		with := a.ask(r.Principal, x)
		if tried && rank(with.Outcome) >= rank(best.Outcome) {
			continue
		}
		tried = true
		best = *with
		best.Access = free.And(r.e.guarded(r.Principal.Kind, `{"StringEquals":{"`+keyGuardrail+`":"`+g+`"}}`)).And(with.Access)
		if best.Outcome == Always {
			best.Outcome = Conditional // on naming the guardrail
			break
		}
	}
	if !tried {
		best.Outcome = Unknown
		best.Causes = append(best.Causes, "the call needs a guardrail, and no guardrail is in the inventory")
	}
	*r = best
}

// guardrails lists what may be the guardrail of a call.
func (a *Analysis) guardrails(r *Answer) []string {
	var out []string
	for _, g := range a.org.Catalog.Of(plan.Guardrail) {
		if region := r.Plan.Call.Region; region == "" || g.Region == region {
			out = append(out, g.ARN)
		}
	}
	return append(out, r.e.guardrailsIn(r.Access)...)
}

// guardrailsIn are those that the witness of a set names.
func (e *engine) guardrailsIn(s sym.Set) []string {
	out, known := e.named[s]
	if known {
		return out
	}
	if context, ok := e.Witness(s); ok {
		for name, values := range context {
			if strings.EqualFold(name, keyGuardrail) && len(values) == 1 && strings.HasPrefix(values[0], "arn:") && !strings.ContainsAny(values[0], "\"\\") {
				out = append(out, values[0])
			}
		}
	}
	e.named[s] = out
	return out
}
