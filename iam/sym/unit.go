package sym

import "github.com/assize-dev/assize/iam"

// grantID is an interned grant.
type grantID int32

// grant is what some policies of a layer say of a check: where they allow, by how they name
// the caller, and where they deny.
type grant struct {
	direct, role, account, deny formulaID
}

const noGrant grantID = 0

// over marks what a unit says of a target as beyond the budget.
const over grantID = -1

// unit is one policy in a layer, as it meets callers that it cannot tell apart. What it says
// of each check is worked out once and shared by all of them.
type unit struct {
	policy  *iam.Policy
	layer   iam.Layer
	bounded bool
	caller  *Subject // one of the callers
	list    []unitStatement
	said    answers
	byMatch map[matched]grantID // nil where a Resource has variables, or statements are too many
}

type unitStatement struct {
	s         *iam.Statement
	deny      bool
	names     iam.Naming
	misplaced bool
	variables bool        // a Resource pattern holds a variable
	patterns  []*pattern  // the Resource patterns, when none does
	negated   bool        // NotResource
	actions   []int8      // by action: 0 not asked yet, 1 matches, 2 does not
	holds     []formulaID // by context class: the conditions, and one; -1 beyond the budget
}

// unitFor finds or makes the unit of a policy before a caller.
func (e *Engine) unitFor(p *iam.Policy, l iam.Layer, bounded bool, s *Subject) *unit {
	key := unitKey{p, l, bounded, e.seenBy(p, l, s)}
	u, ok := e.memo.units[key]
	if ok {
		return u
	}
	u = &unit{policy: p, layer: l, bounded: bounded, caller: s, byMatch: make(map[matched]grantID)}
	for i := range p.Len() {
		st := e.unitStatement(u, p.Statement(i))
		if st.variables || i == maxMatched {
			u.byMatch = nil
		}
		u.list = append(u.list, st)
	}
	e.memo.units[key] = u
	return u
}

func (e *Engine) unitStatement(u *unit, st *iam.Statement) unitStatement {
	out := unitStatement{
		s: st, deny: st.Effect() == iam.Deny, names: st.Names(u.caller.open, u.layer, u.bounded),
		misplaced: st.Misplaced(u.layer) != "", variables: len(st.ResourceVariableKeys()) > 0,
	}
	if out.variables {
		return out
	}
	var texts []string
	texts, out.negated = st.Resources()
	for i, text := range texts {
		key := patternKey{text, u.policy.Version(), u.layer}
		x, ok := e.memo.patterns[key]
		if !ok {
			x = &pattern{s: st, index: i, layer: u.layer}
			e.memo.patterns[key] = x
		}
		out.patterns = append(out.patterns, x)
	}
	return out
}

// pattern is a Resource pattern without variables. What it matches is the same in every
// policy of a layer and language version.
type pattern struct {
	s       *iam.Statement // one that has it
	index   int            // its place there
	layer   iam.Layer
	matched []iam.Readings // by resource: where it matches, and one
}

type patternKey struct {
	text    string
	version iam.Version
	layer   iam.Layer
}

func (p *pattern) at(t *Target) iam.Readings {
	for t.resource >= len(p.matched) {
		p.matched = append(p.matched, 0)
	}
	if p.matched[t.resource] == 0 {
		p.matched[t.resource] = p.s.MatchPattern(p.index, t.open, p.layer) + 1
	}
	return p.matched[t.resource] - 1
}

// matches is where a Resource or NotResource without variables lets the statement apply. A
// statement without either speaks of the resource that it is attached to.
func (s *unitStatement) matches(t *Target) iam.Readings {
	var w iam.Readings
	for _, p := range s.patterns {
		if w |= p.at(t); w == iam.AllReadings {
			break
		}
	}
	if s.negated || s.patterns == nil {
		return iam.AllReadings &^ w
	}
	return w
}

// unitKey tells units apart; seen is what the policy sees of the caller.
type unitKey struct {
	policy  *iam.Policy
	layer   iam.Layer
	bounded bool
	seen    string
}

// answers are grants by target, each with two added: 0 is not asked yet, 1 beyond the budget.
type answers []int32

// get gives the grant of a target, working it out on the first time. What is beyond the
// budget once stays so, or a matrix would try it again for every cell.
func (a *answers) get(t *Target, work func() grantID) grantID {
	if t.id >= len(*a) {
		*a = append(*a, make([]int32, len(t.e.memo.targets)-len(*a))...)
	}
	if known := (*a)[t.id]; known != 0 {
		return grantID(known - 2)
	}
	(*a)[t.id] = int32(over) + 2
	out := work()
	(*a)[t.id] = int32(out) + 2
	return out
}

// at is what the unit says of a target.
func (e *Engine) at(u *unit, t *Target) grantID {
	return u.said.get(t, func() grantID {
		key, ok := u.match(t)
		if !ok {
			return e.internGrant(e.say(u, t))
		}
		out, known := u.byMatch[key]
		if !known {
			out = e.internGrant(e.say(u, t))
			u.byMatch[key] = out
		}
		return out
	})
}

// matched is which statements of a unit match the action and the resource of a target, a bit
// each. The unit says the same of all targets of a context class that match alike.
type matched struct {
	statements uint64
	class      int
}

// maxMatched is how many statements have a bit.
const maxMatched = 64

// match tells which statements match; ok is false where readings do not agree on that.
func (u *unit) match(t *Target) (m matched, ok bool) {
	if _, readable := u.policy.Readable(); !readable || u.byMatch == nil {
		return m, false
	}
	m.class = t.class
	for i := range u.list {
		s := &u.list[i]
		if !s.matchesAction(t) {
			continue
		}
		r := s.matches(t)
		if r != 0 && r != iam.AllReadings {
			return m, false
		}
		if r != 0 {
			m.statements |= 1 << i
		}
	}
	return m, true
}

func (e *Engine) say(u *unit, t *Target) grant {
	var g grant
	if _, readable := u.policy.Readable(); !readable {
		return grant{direct: e.f.constant(iam.Allow.Unknown()), deny: e.f.constant(iam.Deny.Unknown())}
	}
	for i := range u.list {
		s := &u.list[i]
		if !s.matchesAction(t) {
			continue
		}
		if w := e.applies(u, s, t); w != nothing {
			e.add(&g, s, w)
		}
	}
	return g
}

func (s *unitStatement) matchesAction(t *Target) bool {
	for t.action >= len(s.actions) {
		s.actions = append(s.actions, 0)
	}
	if s.actions[t.action] == 0 {
		s.actions[t.action] = 2
		if s.s.MatchesAction(t.check.Action) {
			s.actions[t.action] = 1
		}
	}
	return s.actions[t.action] == 1
}

// applies is where the resource and the conditions of a statement match.
func (e *Engine) applies(u *unit, s *unitStatement, t *Target) formulaID {
	var w formulaID
	if s.variables {
		w = e.matchesVariables(u, s, t)
	} else {
		w = e.f.constant(s.matches(t))
	}
	if w == nothing || s.misplaced {
		return w // the conditions of a statement that the layer does not accept count for nothing
	}
	return e.f.and(w, e.conditions(u, s, t))
}

// matchesVariables is where patterns with variables match: those whose variable has a free
// key stay named conditions.
func (e *Engine) matchesVariables(u *unit, s *unitStatement, t *Target) formulaID {
	m := s.s.MatchResource(u.caller.at(t), u.layer)
	w := e.f.constant(m.Readings)
	for _, text := range m.Free {
		atom := e.atomOfPattern(text, s.s, u.policy.Version(), t.check.Resource)
		if m.Negated {
			w = e.f.butNot(w, atom)
		} else {
			w = e.f.or(w, atom)
		}
	}
	return w
}

// conditions is where all conditions of a statement hold.
func (e *Engine) conditions(u *unit, s *unitStatement, t *Target) formulaID {
	for t.class >= len(s.holds) {
		s.holds = append(s.holds, 0)
	}
	switch known := s.holds[t.class]; {
	case known > 0:
		return known - 1
	case known < 0:
		panic(overBudget{"the conditions of a statement are beyond the budget"})
	}
	s.holds[t.class] = -1
	out := everything
	if list := s.s.Comparisons(); len(list) > 0 {
		q := u.caller.inClass(t)
		for _, c := range list {
			out = e.f.and(out, e.comparison(c, s.s.Effect(), q))
		}
	}
	s.holds[t.class] = out + 1
	return out
}

func (e *Engine) add(g *grant, s *unitStatement, w formulaID) {
	direct, role, account := e.f.constant(s.names.Direct), e.f.constant(s.names.Role), e.f.constant(s.names.Account)
	if s.deny {
		any := e.f.or(direct, e.f.or(role, account))
		g.deny = e.f.or(g.deny, e.f.and(any, w))
		return
	}
	g.direct = e.f.or(g.direct, e.f.and(direct, w))
	g.role = e.f.or(g.role, e.f.and(role, w))
	g.account = e.f.or(g.account, e.f.and(account, w))
}

func (e *Engine) internGrant(g grant) grantID {
	id, ok := e.memo.grantIDs[g]
	if !ok {
		id = grantID(len(e.memo.grants))
		e.memo.grants = append(e.memo.grants, g)
		e.memo.grantIDs[g] = id
	}
	return id
}

// allows is where a grant allows, however it names the caller.
func (e *Engine) allows(g grant) formulaID { return e.f.or(g.direct, e.f.or(g.role, g.account)) }

// joint is what two policies of a layer say together.
func (e *Engine) joint(a, b grantID) grantID {
	switch {
	case a == over || b == over:
		return over
	case a == noGrant || a == b:
		return b
	case b == noGrant:
		return a
	}
	key := [2]grantID{min(a, b), max(a, b)}
	out, ok := e.memo.joints[key]
	if !ok {
		e.memo.joints[key] = over
		x, y := e.memo.grants[a], e.memo.grants[b]
		out = e.internGrant(grant{
			direct: e.f.or(x.direct, y.direct), role: e.f.or(x.role, y.role),
			account: e.f.or(x.account, y.account), deny: e.f.or(x.deny, y.deny),
		})
		e.memo.joints[key] = out
	}
	return out
}
