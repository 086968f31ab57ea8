package org

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
)

// Outcome is what is known of a call: whether some request for it passes every check.
type Outcome string

// The outcomes.
const (
	// Always: every request passes, whatever its context.
	Always Outcome = "always"
	// Conditional: some requests pass; see Conditions.
	Conditional Outcome = "conditional"
	// Never: it is proved that none does.
	Never Outcome = "never"
	// Unknown: something that decides it could not be read, or was too much work; see Causes.
	Unknown Outcome = "inconclusive"
)

// Can says whether some requests are known to pass.
func (o Outcome) Can() bool { return o == Always || o == Conditional }

// Answer is what a principal can do with one call.
type Answer struct {
	Principal *Principal
	Plan      *plan.Plan
	Outcome   Outcome
	// Access are the contexts in which every check passes. It belongs to the analysis.
	Access sym.Set
	// Checks say the same of each check of the plan, in its order.
	Checks []CheckAnswer
	// Ambiguity are the readings of AWS's documentation that the answer depends on.
	Ambiguity iam.Ambiguity
	// Causes say why an Unknown answer is not known, and what else may be missing from another.
	Causes []string

	e         *engine
	mentioned []string // keys that policies speak of
}

// CheckAnswer is what one check of a plan comes to.
type CheckAnswer struct {
	plan.Check
	Outcome Outcome
	Access  sym.Set

	subject *subject
}

// Ask says whether a principal of the organisation can make a call. The error is about the
// call (see [plan.Build]).
func (a *Analysis) Ask(p *Principal, c plan.Call) (*Answer, error) {
	x := a.planned(c)
	if x.err != nil {
		return nil, x.err
	}
	return a.ask(p, x), nil
}

func (a *Analysis) ask(p *Principal, x *planned) *Answer {
	out := &Answer{Principal: p, Plan: x.plan, e: x.engine, mentioned: a.org.Catalog.Mentioned}
	for i := range x.checks {
		c := &x.checks[i]
		answer := CheckAnswer{Check: *c.Check, subject: a.subjectFor(x.engine, p, a.keyFor(c, p))}
		answer.Access = x.engine.access(answer.subject, c)
		answer.Outcome = outcomeOf(answer.Access)
		if i == 0 {
			out.Access = answer.Access
		} else {
			out.Access = out.Access.And(answer.Access)
		}
		out.Checks = append(out.Checks, answer)
	}
	out.Outcome = out.judge()
	out.causes()
	if x.guardrail && out.Outcome != Never && x.engine.needsGuardrail(p.Kind, out.Access) {
		a.withGuardrail(out)
	}
	out.Ambiguity = out.Access.Ambiguity()
	return out
}

// outcomeOf reads a set. What is unknown counts where it could open what is closed.
func outcomeOf(s sym.Set) Outcome {
	switch {
	case !s.Decided():
		return Unknown
	case s.All():
		return Always
	case !s.Empty():
		return Conditional
	case s.Possible().Empty():
		return Never
	}
	return Unknown
}

// judge: a plan that may lack checks is not known to pass, and is known to fail.
func (r *Answer) judge() Outcome {
	all := Always
	for i := range r.Checks {
		if r.Checks[i].Outcome == Never {
			return Never
		}
		if r.Checks[i].Outcome != Always {
			all = Conditional
		}
	}
	o := outcomeOf(r.Access)
	switch {
	case o == Conditional && all == Always:
		o = Always
	case o == Always && all != Always:
		o = Conditional
	}
	if o.Can() && len(r.Plan.Unknown) > 0 {
		return Unknown
	}
	return o
}

// causes collects why the answer is not known, or not known in full.
func (r *Answer) causes() {
	for _, u := range r.Plan.Unknown {
		r.Causes = append(r.Causes, causeOf(u))
	}
	if reason := r.Access.Inconclusive(); reason != "" {
		r.Causes = append(r.Causes, reason)
	}
	if r.Access.Undecided() || r.Outcome == Unknown {
		r.Causes = append(r.Causes, r.unreadable()...)
		for _, u := range r.Principal.Unknown {
			r.Causes = append(r.Causes, causeOf(u))
		}
	}
	slices.Sort(r.Causes)
	r.Causes = slices.Compact(r.Causes)
	if r.Outcome == Unknown && len(r.Causes) == 0 {
		r.Causes = []string{"an operator or a value of a policy cannot be evaluated"}
	}
}

// unreadable names the policies that could not be read, by reason.
func (r *Answer) unreadable() []string {
	var out []string
	add := func(p *iam.Policy) {
		if p == nil {
			return
		}
		if reason, ok := p.Readable(); !ok {
			out = append(out, reason)
		}
	}
	for i := range r.Checks {
		all := r.Checks[i].subject.principal.Policies
		for _, p := range all.Identity {
			add(p)
		}
		add(all.Boundary)
		add(all.Resource)
		for _, level := range slices.Concat(all.ServiceControl, all.ResourceControl) {
			for _, p := range level {
				add(p)
			}
		}
	}
	return out
}

// causeOf says an unknown in one line.
func causeOf(u *assize.Unknown) string {
	out := string(u.Cause)
	for _, s := range []string{u.Operation, u.Code, u.Detail} {
		if s != "" {
			out += ", " + s
		}
	}
	return out
}

// Conditions say for people what a request must meet, one alternative each: nothing for a
// call that never passes, "always" for one that always does.
func (r *Answer) Conditions() []string { return r.e.Conditions(r.Access) }

// From says from where a request may come: the conditions on the network alone.
func (r *Answer) From() []string { return r.e.Conditions(r.e.Project(r.Access, sym.NetworkKeys...)) }

// On says what a request must meet on some condition keys alone.
func (r *Answer) On(keys ...string) []string { return r.e.Conditions(r.e.Project(r.Access, keys...)) }

// Demands gives the conditions on the keys that some policy speaks of, as data. What else there
// is follows from which keys can occur together.
func (r *Answer) Demands() sym.Description {
	keys := slices.Clone(r.mentioned)
	for _, comparison := range r.Access.Conditional() {
		fold := strings.ToLower(comparison)
		if slices.ContainsFunc(r.mentioned, func(key string) bool { return strings.Contains(fold, strings.ToLower(key)) }) {
			keys = append(keys, comparison)
		}
	}
	return r.e.Describe(r.e.Project(r.Access, keys...))
}

// Description gives the conditions as data.
func (r *Answer) Description() sym.Description { return r.e.Describe(r.Access) }

// DependsOn names comparisons that no region of a key can tell, such as of one free key with
// another: the answer holds as far as they do.
func (r *Answer) DependsOn() []string { return r.Access.Conditional() }

// Missing lists the checks that never pass, of a call of which others do: a broken grant.
func (r *Answer) Missing() []CheckAnswer {
	var missing []CheckAnswer
	some := false
	for _, c := range r.Checks {
		if c.Outcome == Never {
			missing = append(missing, c)
		}
		some = some || c.Outcome.Can()
	}
	if !some {
		return nil
	}
	return missing
}

// Witness is one context in which the call passes: the condition keys with their values. ok
// is false when there is none, or none that can be named.
func (r *Answer) Witness() (context map[string][]string, ok bool) { return r.e.Witness(r.Access) }

// ConditionsOf is [Answer.Conditions] of one of the checks alone.
func (r *Answer) ConditionsOf(c *CheckAnswer) []string { return r.e.Conditions(c.Access) }

// WitnessOf is a context in which one of the checks passes, whether or not the others do; nil
// when none can be named.
func (r *Answer) WitnessOf(c *CheckAnswer) map[string][]string {
	context, _ := r.e.Witness(c.Access)
	return context
}

// Replay decides every check of the plan in a context with the concrete evaluator. The error
// names the first check that does not pass.
func (r *Answer) Replay(context map[string][]string) error {
	for i := range r.Checks {
		c := &r.Checks[i]
		d, err := r.e.Replay(c.subject.principal, c.Check.Check, c.without(context))
		if err != nil {
			return fmt.Errorf("replay %s: %w", c.Check, err)
		}
		if !d.Allowed() {
			return fmt.Errorf("replay %s: %s in the context %v", c.Check, d, context)
		}
	}
	return nil
}

// without takes away the keys that a check fixes: the context of a plan is that of the
// caller's request, and each check has its own of those.
func (c *CheckAnswer) without(context map[string][]string) map[string][]string {
	out := map[string][]string{}
	for name, values := range context {
		if !fixes(c.Fixed, name) {
			out[name] = values
		}
	}
	return out
}

func fixes(fixed map[string][]string, name string) bool {
	if _, ok := fixed[name]; ok {
		return true
	}
	for k := range fixed {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

// Request is the concrete request of a check in a context, with the policies that bear on it,
// so that it can be explained.
func (r *Answer) Request(c *CheckAnswer, context map[string][]string) (iam.Policies, *iam.Prepared, error) {
	policies, q, err := r.e.Request(c.subject.principal, c.Check.Check, c.without(context))
	if err != nil {
		return policies, nil, fmt.Errorf("request for %s: %w", c.Check, err)
	}
	return policies, q, nil
}
