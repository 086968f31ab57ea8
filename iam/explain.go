package iam

import (
	"fmt"
	"strings"
)

// Step is what one statement did with a request.
type Step struct {
	Layer     Layer
	Level     int    // organisation level from the root, for control policies
	Policy    string // name of the policy
	Statement int    // index from zero
	Sid       string
	Position  Position
	Effect    Effect
	Matched   bool   // applies in the primary reading
	Undecided bool   // applies or not depending on what is unknown
	Reason    string // the first element that does not match, or how the caller is named
}

// String gives one line such as `identity policy "p", statement 0 (Sid): Allow applies`.
func (s Step) String() string {
	verb := "does not apply"
	if s.Undecided {
		verb = "may apply"
	} else if s.Matched {
		verb = "applies"
	}
	name := fmt.Sprintf("%s policy %q, statement %d", s.Layer, s.Policy, s.Statement)
	if s.Policy == "" { // the document that the question is about
		name = fmt.Sprintf("%s policy, statement %d", s.Layer, s.Statement)
	}
	if s.Sid != "" {
		name += " (" + s.Sid + ")"
	}
	return fmt.Sprintf("%s at %s: %s %s: %s", name, s.Position, s.Effect, verb, s.Reason)
}

// Explanation is a decision with what every statement did, in the order of layers.
type Explanation struct {
	Decision Decision
	Steps    []Step
	// Lacking are the layers that had to allow and do not, for a request that is not allowed.
	Lacking []Lack
}

// Lack is a layer that does not allow what it would have to.
type Lack struct {
	Layer Layer
	Level int // organisation level from the root, for service control policies
	Why   string
}

// String gives one line such as "service control level 2: no statement allows".
func (k Lack) String() string {
	if k.Layer == LayerServiceControl {
		return fmt.Sprintf("%s level %d: %s", k.Layer, k.Level, k.Why)
	}
	return fmt.Sprintf("%s: %s", k.Layer, k.Why)
}

// Explain decides like Decide and tells why. It is far slower.
func (p *Policies) Explain(q *Prepared) Explanation {
	e := Explanation{Decision: p.Decide(q)}
	if q.free {
		return e // no policy is asked
	}
	bounded := p.Boundary != nil && q.caller.hasIdentity()
	if q.caller.hasIdentity() {
		e.add(q, LayerIdentity, 0, false, p.Identity...)
		e.add(q, LayerBoundary, 0, false, p.Boundary)
		e.add(q, LayerSession, 0, false, p.Session...)
	}
	e.add(q, LayerResource, 0, bounded, p.Resource)
	if q.ownBucket() {
		e.spareRoot()
	}
	e.add(q, LayerEndpoint, 0, false, p.Endpoint)
	if p.serviceControlApplies(q) {
		for i, level := range p.ServiceControl {
			e.add(q, LayerServiceControl, i, false, level...)
		}
	}
	if q.rcp && p.resourceControlApplies(q) {
		for i, level := range p.ResourceControl {
			e.add(q, LayerResourceControl, i, false, level...)
		}
	}
	if !e.Decision.Allowed() {
		e.Lacking = p.lacking(q)
	}
	return e
}

// spareRoot takes back the bucket policy's Denies for the root user that repairs it.
func (e *Explanation) spareRoot() {
	for i := range e.Steps {
		if s := &e.Steps[i]; s.Layer == LayerResource && s.Effect == Deny && (s.Matched || s.Undecided) {
			s.Matched, s.Undecided, s.Reason = false, false, "the root user of the bucket's account may repair its policy"
		}
	}
}

// Because lists the steps that decided: the Denies that apply or, when there are
// none, the Allows.
func (e Explanation) Because() []Step {
	var denies, allows []Step
	for _, s := range e.Steps {
		if !s.Matched && !s.Undecided {
			continue
		}
		if s.Effect == Deny {
			denies = append(denies, s)
		} else {
			allows = append(allows, s)
		}
	}
	if len(denies) > 0 {
		return denies
	}
	return allows
}

// String gives the decision and one line a step.
func (e Explanation) String() string {
	var b strings.Builder
	b.WriteString(e.Decision.String())
	for _, s := range e.Steps {
		b.WriteString("\n  ")
		b.WriteString(s.String())
	}
	for _, k := range e.Lacking {
		b.WriteString("\n  lacking: ")
		b.WriteString(k.String())
	}
	return b.String()
}

func (e *Explanation) add(q *Prepared, l Layer, level int, bounded bool, policies ...*Policy) {
	for _, p := range policies {
		if p == nil {
			continue
		}
		if p.opaque != "" {
			e.Steps = append(e.Steps, Step{Layer: l, Level: level, Policy: p.name, Undecided: true, Reason: p.opaque})
		}
		for i := range p.statements {
			s := &p.statements[i]
			step := Step{
				Layer: l, Level: level, Policy: p.name, Statement: i,
				Sid: s.sid, Position: s.position, Effect: s.effect,
			}
			var w worlds
			w, step.Reason = s.explain(q, l, bounded)
			step.Undecided = w&worldPrimary != 0 != (w&worldOpen != 0)
			step.Matched = w&worldPrimary != 0 && !step.Undecided
			e.Steps = append(e.Steps, step)
		}
	}
}

// explain repeats apply and names the first element that fails.
func (s *Statement) explain(q *Prepared, l Layer, bounded bool) (worlds, string) {
	unknown := s.effect.unknownFor()
	if !s.matchAction(q.action) {
		return noWorlds, fmt.Sprintf("%s does not match %s", negatable("Action", s.notAction), q.action)
	}
	w := s.matchResource(q, l, unknown)
	if w&(worldPrimary|worldOpen) == noWorlds {
		return w, fmt.Sprintf("%s does not match %s", negatable("Resource", s.notRes), q.target.arn)
	}
	if problem := s.misplaced(l); problem != "" {
		return unknown & w, fmt.Sprintf("%s policies do not accept the statement: %s", l, problem)
	}
	m := s.matchPrincipal(q, l, bounded, unknown)
	w &= m.any()
	if w&(worldPrimary|worldOpen) == noWorlds {
		return w, negatable("Principal", s.principal.negated) + " does not name the caller"
	}
	for i := range s.conditions {
		c := &s.conditions[i]
		w &= c.holds(&q.context, unknown)
		if w&(worldPrimary|worldOpen) == noWorlds {
			return w, fmt.Sprintf("condition %s %s at %s does not hold", c.operator, c.key, c.position)
		}
	}
	return w, s.named(l, m)
}

// named tells how a matching statement names the caller.
func (s *Statement) named(l Layer, m principalMatch) string {
	switch {
	case !l.hasPrincipal():
		return "every element matches"
	case m.direct != noWorlds:
		return "names the caller"
	case m.role != noWorlds:
		return "names the caller's role"
	default:
		return "names the caller's account"
	}
}
