package iam

import "slices"

// scenario is a family of requests to one policy: caller, action and resource stand,
// and of the condition keys some are given, some are free to choose.
type scenario struct {
	policy    *Policy
	layer     Layer
	principal Principal
	action    string
	resource  string
	given     *Context
	budget    *budget
	// values lists what a key may be set to beyond being absent; nil forbids any change.
	values func(c *condition) []string
	// bare and open are the requests by which concerns knows the statements, made once.
	bare, open *Prepared
}

// finding is the result of a search in a scenario.
type finding struct {
	verdict Verdict // Yes: a request was found; No: none exists
	request *Prepared
	allow   *Statement // what allows, or may
}

// searchBudget bounds a search, in statements evaluated, so that a document made to be
// slow ends in an undecided answer. Policies within AWS's quotas stay far below it.
const searchBudget = 1 << 20

// budget counts down the work of one question.
type budget struct {
	left int
}

func newBudget() *budget { return &budget{left: searchBudget} }

// spend takes n units and says whether there were as many.
func (b *budget) spend(n int) bool {
	b.left -= n
	return b.left >= 0
}

// grantFor evaluates the policy for one context. Without a request (the budget is
// spent) the grant is unknown.
func (s *scenario) grantFor(c *Context) (grant, *Prepared) {
	if !s.budget.spend(s.policy.weight) {
		return grant{direct: worldOpen, deny: worldPrimary}, nil
	}
	q, err := Prepare(s.request(c))
	if err != nil {
		return grant{direct: worldOpen, deny: worldPrimary}, nil
	}
	var g grant
	s.policy.apply(&g, q, s.layer, false, false)
	return g, q
}

// findAllowed looks for a request that the policy surely allows. It tries, for each
// Allow, keys that satisfy it, then keys that keep every Deny away.
func (s *scenario) findAllowed() finding {
	out := finding{verdict: No}
	for i := range s.policy.statements {
		st := &s.policy.statements[i]
		if st.effect != Allow || !s.concerns(st) {
			continue
		}
		f := s.tryAllow(st)
		if f.verdict == Yes {
			return f
		}
		if f.verdict == CannotTell {
			out = f
		}
	}
	return out
}

// concerns says whether a statement speaks of the scenario, its conditions aside. Most do not,
// by their action or principal, which no condition key changes: the context comes last.
func (s *scenario) concerns(st *Statement) bool {
	if !s.budget.spend(s.policy.weight) || !s.prepare(&s.bare, nil) {
		return true
	}
	if !st.matchAction(s.bare.action) ||
		st.misplaced(s.layer) == "" && st.matchPrincipal(s.bare, s.layer, false, allWorlds).any() == noWorlds {
		return false
	}
	if s.open == nil && !s.prepare(&s.open, s.given.Open()) {
		return true
	}
	return st.matchResource(s.open, s.layer, allWorlds) != noWorlds
}

// prepare makes the scenario's request with a context in q, where it is not there yet, and
// says whether it is one that can be judged.
func (s *scenario) prepare(q **Prepared, c *Context) bool {
	if *q == nil {
		*q, _ = Prepare(s.request(c)) // without a request everything stays in question
	}
	return *q != nil
}

func (s *scenario) request(c *Context) Request {
	return Request{Principal: s.principal, Action: s.action, Resource: s.resource, Context: c}
}

func (s *scenario) tryAllow(st *Statement) finding {
	context, pinned, ok := s.satisfy(st)
	if ok {
		context, ok = s.evade(st, context, pinned)
	}
	if ok {
		if g, q := s.grantFor(context); q != nil && g.deny == noWorlds && g.allow()&askWorlds == askWorlds {
			return finding{verdict: Yes, request: q, allow: st}
		}
	}
	// None found. It is none for certain when even with every free key unknown the
	// statement cannot apply or a Deny must.
	g, _ := s.grantFor(s.unknownFree())
	if g.deny == allWorlds || g.allow() == noWorlds {
		return finding{verdict: No}
	}
	return finding{verdict: CannotTell, allow: st}
}

const askWorlds = worldPrimary | worldOpen

// satisfy chooses keys so that every condition of a statement holds.
func (s *scenario) satisfy(st *Statement) (*Context, []string, bool) {
	context := s.given
	var pinned []string
	for i := range st.conditions {
		c := &st.conditions[i]
		if slices.Contains(pinned, c.folded.fold) {
			continue
		}
		next, ok := s.choose(context, c, func(t *contextTable) bool {
			return st.holdsOn(c.folded.fold, t) == allOf
		})
		if !ok {
			return nil, nil, false
		}
		context = next
		pinned = append(pinned, c.folded.fold)
	}
	return context, pinned, true
}

// evade changes keys until no Deny applies: those that are pinned only to what the Allow takes as well.
func (s *scenario) evade(allow *Statement, context *Context, pinned []string) (*Context, bool) {
	for range len(s.policy.statements) + 1 {
		deny, ok := s.denying(context)
		if deny == nil {
			return context, ok
		}
		next, ok := s.dodge(context, deny, pinned)
		if !ok {
			next, ok = s.dodgeWithin(allow, context, deny, pinned)
		}
		if !ok {
			return context, false
		}
		context = next
	}
	return context, false
}

// denying gives the first Deny that applies in any reading; ok is false when the
// request is none.
func (s *scenario) denying(context *Context) (deny *Statement, ok bool) {
	_, q := s.grantFor(context)
	if q == nil {
		return nil, false
	}
	for i := range s.policy.statements {
		st := &s.policy.statements[i]
		if st.effect != Deny {
			continue
		}
		var g grant
		if st.apply(&g, q, s.layer, false); g.deny != noWorlds {
			return st, true
		}
	}
	return nil, true
}

// dodge makes one condition of a Deny false.
func (s *scenario) dodge(context *Context, deny *Statement, pinned []string) (*Context, bool) {
	for i := range deny.conditions {
		c := &deny.conditions[i]
		if slices.Contains(pinned, c.folded.fold) {
			continue
		}
		next, ok := s.choose(context, c, func(t *contextTable) bool {
			return deny.holdsOn(c.folded.fold, t) == noneOf
		})
		if ok {
			return next, true
		}
	}
	return nil, false
}

// dodgeWithin makes one condition of a Deny on a pinned key false by another value that the Allow takes.
func (s *scenario) dodgeWithin(allow *Statement, context *Context, deny *Statement, pinned []string) (*Context, bool) {
	for i := range allow.conditions {
		c := &allow.conditions[i]
		fold := c.folded.fold
		if !slices.Contains(pinned, fold) || !slices.ContainsFunc(deny.conditions, func(d condition) bool { return d.folded.fold == fold }) {
			continue
		}
		next, ok := s.choose(context, c, func(t *contextTable) bool {
			return allow.holdsOn(fold, t) == allOf && deny.holdsOn(fold, t) == noneOf
		})
		if ok {
			return next, true
		}
	}
	return nil, false
}

// choose finds a value of the condition's key that a test accepts: what it is, absent,
// then every value the scenario permits.
func (s *scenario) choose(context *Context, c *condition, accept func(*contextTable) bool) (*Context, bool) {
	options := []*Context{context}
	values := s.values(c)
	if values != nil {
		options = append(options, context.Without(c.key))
	}
	for _, v := range values {
		if c.op.set != setNone {
			options = append(options, context.WithList(c.key, v))
		} else {
			options = append(options, context.With(c.key, v))
		}
	}
	if _, q := s.grantFor(context); q != nil && len(values) > 0 {
		for _, v := range resolvedSamples(c, s.policy.version, &q.context) {
			options = append(options, context.With(c.key, v))
		}
	}
	for _, o := range options {
		if _, q := s.grantFor(o); q != nil && accept(&q.context) {
			return o, true
		}
	}
	return nil, false
}

// share is how many of some conditions hold.
type share uint8

const (
	someOf share = iota
	noneOf       // at least one surely fails
	allOf        // every one surely holds
)

// holdsOn judges the conditions of a statement on one key.
func (s *Statement) holdsOn(fold string, t *contextTable) share {
	all := allWorlds
	for i := range s.conditions {
		if c := &s.conditions[i]; c.folded.fold == fold {
			all &= c.holds(t, worldOpen)
		}
	}
	switch {
	case all == noWorlds:
		return noneOf
	case all&askWorlds == askWorlds:
		return allOf
	default:
		return someOf
	}
}

// unknownFree leaves open every key but those the scenario gives or forbids to change.
func (s *scenario) unknownFree() *Context {
	_, q := s.grantFor(s.given)
	context := s.given.Open()
	if s.given.table.lookup(&keyUserName) == nil {
		context = context.WithUnknown("aws:username")
	}
	// A key that one condition leaves free and another does not is free: forbidden ones come first.
	for _, free := range []bool{false, true} {
		for i := range s.policy.statements {
			for j := range s.policy.statements[i].conditions {
				c := &s.policy.statements[i].conditions[j]
				switch {
				case (s.values(c) != nil) != free:
				case free:
					context = context.WithUnknown(c.key)
				case q != nil && q.context.lookup(&c.folded) == nil:
					context = context.Without(c.key)
				}
			}
		}
	}
	return context
}
