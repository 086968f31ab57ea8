package org

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Step is one step of a path: what somebody does, and the role that works for it then.
type Step struct {
	Principal *Principal
	// Answers are those of the principal, a call each; all have to pass.
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
	// members are the principals by account.
	members map[string][]*Principal
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
	slices.SortStableFunc(s.out.Paths, func(x, y *Path) int {
		return cmp.Or(cmp.Compare(x.Depth(), y.Depth()), strings.Compare(x.Steps[0].Principal.ARN, y.Steps[0].Principal.ARN))
	})
	for _, u := range a.org.Unknown {
		s.out.Unknown = append(s.out.Unknown, causeOf(u))
	}
	return s.out, nil
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
			if e.who == role || end.has(e.who) || !s.serves(e.step.Route, &end.Steps[0]) {
				continue
			}
			path := &Path{Steps: append([]Step{e.step}, end.Steps...), Outcome: end.Outcome}
			if rank(e.outcome) > rank(path.Outcome) {
				path.Outcome = e.outcome
			}
			s.record(path, made)
			next = s.queue(next, path)
		}
	}
	return next
}

// entry is a step into a role that a principal can or may take, whatever the role is for then.
type entry struct {
	who     *Principal
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

// enter asks those who may take a route.
func (s *search) enter(r *Route) []entry {
	var out []entry
	for _, p := range s.candidates(r) {
		if e := s.best(p, r); e != nil {
			out = append(out, *e)
		}
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

// best is the most certain of the steps by the variants of a route; nil when there is none.
func (s *search) best(p *Principal, r *Route) *entry {
	var best *entry
	for _, v := range s.variants(p, r) {
		e := s.step(p, v)
		if e != nil && (best == nil || rank(e.outcome) < rank(best.outcome)) {
			best = e
		}
		if best != nil && best.outcome == Always {
			break // no variant is more certain
		}
	}
	return best
}

// step asks a principal for the calls of a route; nil when it cannot take it.
func (s *search) step(p *Principal, r *Route) *entry {
	out := &entry{who: p, step: Step{Principal: p, Route: r}, outcome: Always}
	for _, c := range r.Calls {
		answer, err := s.Ask(p, c)
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

// candidates are the principals that may take a route: all of the account and, for a role
// that is taken on, those that its trust policy can mean.
func (s *search) candidates(r *Route) []*Principal {
	first := r.Calls[0]
	x := s.planned(first)
	if x.err != nil {
		return nil // no call, so nobody can make it
	}
	accounts, all, named := map[string]bool{r.Role.Account: true}, false, map[string]bool{}
	if first.Operation == "sts:AssumeRole" {
		accounts = map[string]bool{}
		all = trusted(r.Role, accounts, named)
	} else if res := s.org.Catalog.Find(first.Target); res != nil && res.Policy != nil {
		all = true // a policy of its own may let others in
	}
	var out []*Principal
	for _, p := range s.of(accounts, named, all) {
		byName := len(named) > 0 && (named[p.ARN] || p.Kind == iam.RoleSession && named[withoutPath(p)])
		switch {
		case p.ServiceLinked:
		case r.creation != nil:
			if s.mayPass(p, x.plan) {
				out = append(out, p)
			}
		case byName, all && p.Account == r.Role.Account, (all || accounts[p.Account]) && s.mayAllow(p, &x.plan.Checks[0]):
			out = append(out, p)
		}
	}
	return out
}

// of are the principals of some accounts and of those of named ones, in the order of their ARNs.
func (s *search) of(accounts, named map[string]bool, all bool) []*Principal {
	if all {
		return s.org.Principals
	}
	if s.members == nil {
		s.members = map[string][]*Principal{}
		for _, p := range s.org.Principals {
			s.members[p.Account] = append(s.members[p.Account], p)
		}
	}
	wanted := maps.Clone(accounts)
	for arn := range named {
		wanted[accountOf(arn)] = true
	}
	var out []*Principal
	for _, account := range slices.Sorted(maps.Keys(wanted)) {
		out = append(out, s.members[account]...)
	}
	return out
}

// trusted reads whom a trust policy can mean; everybody is true where it may be anybody.
func trusted(role *Principal, accounts, named map[string]bool) (everybody bool) {
	policy := role.Trust.Policy
	if _, ok := policy.Readable(); !ok {
		return true
	}
	for i := range policy.Len() {
		st := policy.Statement(i)
		entries, negated := st.Principals()
		if st.Effect() != iam.Allow {
			continue
		}
		for _, e := range entries {
			switch {
			case negated || e.Value == "*" && (e.Kind == "AWS" || e.Kind == "*"):
				return true
			case e.Kind != "AWS":
			case len(e.Value) == 12 && !strings.Contains(e.Value, ":"):
				accounts[e.Value] = true
			case strings.HasSuffix(e.Value, ":root"):
				accounts[strings.SplitN(e.Value, ":", 6)[4]] = true
			default:
				named[sessionRole(e.Value)] = true
			}
		}
	}
	return false
}

// withoutPath is the ARN of a role as its sessions tell it.
func withoutPath(p *Principal) string {
	head, _, _ := strings.Cut(p.ARN, ":role/")
	return head + ":role/" + p.Name
}

// sessionRole gives the role of the ARN of a session; any other ARN is itself.
func sessionRole(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[2] == "sts" {
		if name, ok := strings.CutPrefix(parts[5], "assumed-role/"); ok {
			name, _, _ = strings.Cut(name, "/")
			return fmt.Sprintf("arn:%s:iam::%s:role/%s", parts[1], parts[4], name)
		}
	}
	return arn
}
