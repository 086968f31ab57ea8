package org

import (
	"slices"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// entry is a step into a role that principals can or may take, whatever the role is for then.
type entry struct {
	who     []*Principal
	step    Step
	outcome Outcome
}

type entryKey struct {
	role   *Principal
	region string
}

// entrance are the ways into a role, with the steps of those who were asked so far.
type entrance struct {
	routes []Route
	steps  []steps // by route
}

// steps are those by one route.
type steps struct {
	whole   bool         // everybody was asked
	asked   map[int]bool // otherwise who was, by the place of the first of a unit
	entries []entry
}

// entriesOf are the steps into a role of those that the search looks for. They are the same for every call that is
// asked for.
func (s *search) entriesOf(role *Principal) []entry {
	key := entryKey{role, s.region}
	known := s.entries[key]
	if known == nil {
		known = &entrance{routes: s.Routes(role, s.region)}
		known.steps = make([]steps, len(known.routes))
		s.entries[key] = known
	}
	var out []entry
	for i := range known.routes {
		s.enter(&known.routes[i], &known.steps[i])
		out = append(out, known.steps[i].entries...)
	}
	return out
}

// enter asks those who may take a route and were not asked yet, once for all whom no policy of its calls tells apart.
func (s *search) enter(r *Route, to *steps) {
	if to.whole {
		return
	}
	c := s.candidates(r)
	if c == nil {
		to.whole = true // no call, so nobody can make it
		return
	}
	to.whole = s.wants == nil
	for _, unit := range s.of(c.accounts, c.named, c.all) {
		first := unit[0].place
		if to.asked[first] || s.sparesAll(unit) {
			continue
		}
		if !to.whole {
			if to.asked == nil {
				to.asked = map[int]bool{}
			}
			to.asked[first] = true
		}
		to.entries = s.enterBy(to.entries, r, c.among(s, unit))
	}
}

// enterBy adds the steps of a unit.
func (s *search) enterBy(to []entry, r *Route, unit []*Principal) []entry {
	if len(unit) == 0 {
		return to
	}
	variants := s.variants(unit[0], r)
	if !s.tellApart(variants) {
		return s.best(to, unit, variants)
	}
	for i := range unit {
		to = s.best(to, unit[i:i+1], variants)
	}
	return to
}

// sparesAll says whether the search looks for no more ways of any of them.
func (s *search) sparesAll(unit []*Principal) bool {
	return s.wants != nil && !slices.ContainsFunc(unit, func(p *Principal) bool { return !s.spares(p) })
}

// spares says whether the search looks for no more ways of a principal: nobody wants them, and no other way would be
// taken to go on with.
func (s *search) spares(p *Principal) bool {
	if s.wants == nil || s.wants(p) {
		return false
	}
	if p.Kind != iam.RoleSession {
		return true
	}
	i, waits := s.waiting[p]
	return s.seen[p] && (!waits || s.next[i].Outcome == Always)
}

// tellApart says whether some call of the routes is on a resource whose policy tells the principals
// of a group in one account apart.
func (s *search) tellApart(routes []*Route) bool {
	return slices.ContainsFunc(routes, func(r *Route) bool {
		return slices.ContainsFunc(r.Calls, func(c plan.Call) bool {
			return slices.ContainsFunc(s.planned(c).checks, func(c prepared) bool { return c.each })
		})
	})
}

// best adds the most certain of the steps of principals by the variants of a route.
func (s *search) best(to []entry, who []*Principal, variants []*Route) []entry {
	var best *entry
	for _, v := range variants {
		e := s.step(who, v)
		if e != nil && (best == nil || rank(e.outcome) < rank(best.outcome)) {
			best = e
		}
		if best != nil && best.outcome == Always {
			break // no variant is more certain
		}
	}
	if best == nil {
		return to
	}
	return append(to, *best)
}

// step asks a principal, who stands for others, for the calls of a route; nil when it cannot take it.
func (s *search) step(who []*Principal, r *Route) *entry {
	out := &entry{who: who, step: Step{Route: r}, outcome: Always}
	if r.Unknown != nil {
		out.outcome = Unknown
	}
	for _, c := range r.Calls {
		answer, err := s.Ask(who[0], c)
		if err != nil || answer.Outcome == Never {
			return nil // no such call, or it never passes
		}
		if rank(answer.Outcome) > rank(out.outcome) {
			out.outcome = answer.Outcome
		}
		out.step.Answers = append(out.step.Answers, answer)
	}
	return out
}
