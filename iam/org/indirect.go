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
	next    []*Path  // from which it goes on next
	regions []string // see otherRegions
	out     *Indirect
	// take is given each path as soon as no other stands for it, instead of out; nil keeps all.
	// wants says whether it has any use for a further path of a principal.
	take  func(*Path) error
	wants func(*Principal) bool
}

// Indirect finds who gets at a call through roles: by taking them on, by what works under
// them, and by passing them to a service. Without depth it is [DefaultDepth]. Conditions of the
// steps are on different requests and are shown by step.
func (a *Analysis) Indirect(c plan.Call, depth int) (*Indirect, error) {
	s := &search{Analysis: a}
	if err := s.run(c, depth); err != nil {
		return nil, err
	}
	s.out.Paths = inOrder(s.out.Paths, len(a.org.Principals))
	for _, u := range a.org.Unknown {
		s.out.Unknown = append(s.out.Unknown, causeOf(u))
	}
	return s.out, nil
}

// run finds the paths to a call, shorter ones before longer ones.
func (s *search) run(c plan.Call, depth int) error {
	a := s.Analysis
	direct, err := a.WhoCan(c)
	if err != nil {
		return err
	}
	s.region, s.depth = cmp.Or(direct.Plan.Call.Region, "us-east-1"), cmp.Or(depth, DefaultDepth)
	s.seen, s.out = map[*Principal]bool{}, &Indirect{Plan: direct.Plan, Direct: direct}
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
		if ends, err = s.before(ends); err != nil {
			return err
		}
	}
	return nil
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
func (s *search) before(ends []*Path) ([]*Path, error) {
	s.waiting, s.next = map[*Principal]int{}, nil
	for _, end := range ends {
		s.beforeOne(end)
		if s.take == nil {
			continue
		}
		for _, path := range s.out.Paths {
			if err := s.take(path); err != nil {
				return nil, err
			}
		}
		s.out.Paths = s.out.Paths[:0]
	}
	slices.SortFunc(s.next, func(x, y *Path) int { return cmp.Compare(x.Steps[0].Principal.place, y.Steps[0].Principal.place) })
	return s.next, nil
}

// beforeOne finds those that go on with a path.
func (s *search) beforeOne(end *Path) {
	role := end.Steps[0].Principal
	made := map[taking]int{}
	entries := s.entriesOf(role)
	if end.Steps[0].Route == nil {
		if r, ok := s.batchRoute(role, s.out.Plan); ok {
			var batch steps
			s.enter(&r, &batch)
			entries = append(entries, batch.entries...)
		}
	}
	for i := range entries {
		e := &entries[i]
		if !s.serves(e.step.Route, &end.Steps[0]) {
			continue
		}
		for _, p := range e.who {
			if p != role && !end.has(p) && !s.spares(p) {
				path := e.before(p, end)
				s.record(path, made)
				s.queue(path)
			}
		}
	}
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
func (s *search) queue(path *Path) {
	p := path.Steps[0].Principal
	if p.Kind != iam.RoleSession {
		return
	}
	if !s.seen[p] {
		s.seen[p] = true
		s.waiting[p] = len(s.next)
		s.next = append(s.next, path)
		return
	}
	if i, ok := s.waiting[p]; ok && rank(path.Outcome) < rank(s.next[i].Outcome) {
		s.next[i] = path
	}
}

func (p *Path) has(x *Principal) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Principal == x })
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
