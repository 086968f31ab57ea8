package org

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Step is one step of a path: what somebody does, and the role that works for it then.
type Step struct {
	Principal *Principal
	// Answers are those of the principal, or of one that no policy tells from it, a call each; all
	// have to pass.
	Answers []*Answer
	// Route is how the next role is got; nil for the last step, which is the call asked for.
	Route *Route
}

// Path leads a principal to a call through roles that are not its own.
type Path struct {
	Steps []Step
	// Outcome is the worst of the steps: the path is known to be open, or may be.
	Outcome Outcome
}

// Depth is the number of roles on the way.
func (p *Path) Depth() int { return len(p.Steps) - 1 }

// Indirect says how principals get at a call through roles.
type Indirect struct {
	Plan *plan.Plan
	// Direct are the answers of those that can make the call themselves, by principal.
	Direct *Who
	// Paths lead there, one a principal and role that it gets first, shortest first.
	Paths []*Path
	// Unknown says what could not be read, so that there may be more.
	Unknown []string
}

// DefaultDepth is how many roles a path goes through at most.
const DefaultDepth = 4

// search goes backward from those that can make a call.
type search struct {
	*Analysis
	region string
	depth  int
	seen   map[*Principal]bool // roles from which the search goes on
	// members are the principals by account, those of a group together.
	members map[string][][]*Principal
	// waiting is the place of the path of a role in the paths from which the search goes on next.
	waiting map[*Principal]int
	regions []string // see otherRegions
	out     *Indirect
}

// Indirect finds who gets at a call through roles: by taking them on, by what works under
// them, and by passing them to a service. Without depth it is [DefaultDepth]. Conditions of the
// steps are on different requests and are shown by step.
func (a *Analysis) Indirect(c plan.Call, depth int) (*Indirect, error) {
	direct, err := a.WhoCan(c)
	if err != nil {
		return nil, err
	}
	s := &search{
		Analysis: a, region: cmp.Or(direct.Plan.Call.Region, "us-east-1"), depth: cmp.Or(depth, DefaultDepth),
		seen: map[*Principal]bool{}, out: &Indirect{Plan: direct.Plan, Direct: direct},
	}
	var ends []*Path
	for _, row := range direct.Rows {
		for _, p := range row.Principals {
			if p.Kind == iam.RoleSession {
				s.seen[p] = true
				answer := s.ask(p, a.planned(c))
				ends = append(ends, &Path{Steps: []Step{{Principal: p, Answers: []*Answer{answer}}}, Outcome: answer.Outcome})
			}
		}
	}
	for level := 0; level < s.depth && len(ends) > 0; level++ {
		ends = s.before(ends)
	}
	s.out.Paths = inOrder(s.out.Paths, len(a.org.Principals))
	for _, u := range a.org.Unknown {
		s.out.Unknown = append(s.out.Unknown, causeOf(u))
	}
	return s.out, nil
}

// inOrder sorts paths by their length and the place of the first of so many principals, and leaves
// the others as they come. There may be as many as pairs of principals, so they are counted out.
func inOrder(paths []*Path, principals int) []*Path {
	byPlace := make([][]*Path, principals)
	for _, p := range paths {
		place := p.Steps[0].Principal.place
		byPlace[place] = append(byPlace[place], p)
	}
	out := make([]*Path, 0, len(paths))
	for depth := 1; len(out) < len(paths); depth++ {
		for i, list := range byPlace { // a principal's come by length
			n := slices.IndexFunc(list, func(p *Path) bool { return p.Depth() > depth })
			if n < 0 {
				n = len(list)
			}
			out, byPlace[i] = append(out, list[:n]...), list[n:]
		}
	}
	return out
}

// before finds the paths that are one step longer.
func (s *search) before(ends []*Path) []*Path {
	var next []*Path
	s.waiting = map[*Principal]int{}
	for _, end := range ends {
		role := end.Steps[0].Principal
		made := map[taking]int{}
		entries := s.entriesOf(role)
		if end.Steps[0].Route == nil {
			if r, ok := s.batchRoute(role, s.out.Plan); ok {
				entries = append(entries[:len(entries):len(entries)], s.enter(&r)...)
			}
		}
		for i := range entries {
			e := &entries[i]
			if !s.serves(e.step.Route, &end.Steps[0]) {
				continue
			}
			for _, p := range e.who {
				if p != role && !end.has(p) {
					path := e.before(p, end)
					s.record(path, made)
					next = s.queue(next, path)
				}
			}
		}
	}
	slices.SortFunc(next, func(x, y *Path) int { return cmp.Compare(x.Steps[0].Principal.place, y.Steps[0].Principal.place) })
	return next
}

// before is a path with a step of a principal before it.
func (e *entry) before(p *Principal, end *Path) *Path {
	out := &Path{Steps: make([]Step, 0, len(end.Steps)+1), Outcome: end.Outcome}
	step := e.step
	step.Principal = p
	out.Steps = append(append(out.Steps, step), end.Steps...)
	if rank(e.outcome) > rank(out.Outcome) {
		out.Outcome = e.outcome
	}
	return out
}

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

// entriesOf are the steps into a role. They are the same for every call that is asked for.
func (s *search) entriesOf(role *Principal) []entry {
	key := entryKey{role, s.region}
	known, ok := s.entries[key]
	if !ok {
		for _, r := range s.Routes(role, s.region) {
			known = append(known, s.enter(&r)...)
		}
		s.entries[key] = known
	}
	return known
}

// enter asks those who may take a route, once for all whom no policy of its calls tells apart.
func (s *search) enter(r *Route) []entry {
	var out []entry
	for _, unit := range s.candidates(r) {
		variants := s.variants(unit[0], r)
		if s.tellApart(variants) {
			for i := range unit {
				out = s.best(out, unit[i:i+1], variants)
			}
			continue
		}
		out = s.best(out, unit, variants)
	}
	return out
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

// taking is somebody who gets a role by a way, in whatever variant: passing it to a service, a
// workload that runs under it.
type taking struct {
	who *Principal
	way string
}

// record keeps a path. Of several variants of one way to a role the most certain does.
func (s *search) record(path *Path, made map[taking]int) {
	way := path.Steps[0].Route.way
	if way == "" {
		s.out.Paths = append(s.out.Paths, path)
		return
	}
	key := taking{path.Steps[0].Principal, way}
	i, ok := made[key]
	switch {
	case !ok:
		made[key] = len(s.out.Paths)
		s.out.Paths = append(s.out.Paths, path)
	case rank(path.Outcome) < rank(s.out.Paths[i].Outcome):
		s.out.Paths[i] = path
	}
}

// queue adds a path of a role from which the search has not gone on, or puts it in place of
// a less certain one of the same length.
func (s *search) queue(next []*Path, path *Path) []*Path {
	p := path.Steps[0].Principal
	if p.Kind != iam.RoleSession {
		return next
	}
	if !s.seen[p] {
		s.seen[p] = true
		s.waiting[p] = len(next)
		return append(next, path)
	}
	if i, ok := s.waiting[p]; ok && rank(path.Outcome) < rank(next[i].Outcome) {
		next[i] = path
	}
	return next
}

func (p *Path) has(x *Principal) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Principal == x })
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

// serves says whether a role that is got by a route makes the calls of the step behind it. A
// configured role makes those alone that it was set up for.
func (s *search) serves(r *Route, next *Step) bool {
	if r.creation != nil && r.creation.models && !runsModels(next) {
		return false
	}
	if r.Control != plan.Configured {
		return true
	}
	for _, answer := range next.Answers {
		if !slices.ContainsFunc(r.Only, func(c plan.Call) bool { return s.covers(c, answer.Plan) }) {
			return false
		}
	}
	return true
}

// runsModels says whether a step is the call asked for, and runs models alone.
func runsModels(step *Step) bool {
	return step.Route == nil && !slices.ContainsFunc(step.Answers, func(a *Answer) bool {
		return slices.ContainsFunc(a.Plan.Checks, func(c plan.Check) bool {
			return !strings.HasPrefix(c.Action, "bedrock:InvokeModel") && c.Action != "bedrock:ApplyGuardrail"
		})
	})
}

// covers says whether making a call makes the checks of a plan as well.
func (s *search) covers(c plan.Call, wanted *plan.Plan) bool {
	if c.Target == wanted.Call.Target {
		return true
	}
	made, err := s.Plan(c)
	if err != nil {
		return false // not a call, so it covers none
	}
	for _, want := range wanted.Checks {
		if !slices.ContainsFunc(made.Checks, func(x plan.Check) bool { return x.Resource == want.Resource && sameRun(x.Action, want.Action) }) {
			return false
		}
	}
	return true
}

// sameRun: a model that is run is run, streaming or not.
func sameRun(x, y string) bool {
	const stream = "WithResponseStream"
	return strings.TrimSuffix(x, stream) == strings.TrimSuffix(y, stream)
}
