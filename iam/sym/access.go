package sym

import (
	"strings"

	"github.com/assize-dev/assize/iam"
)

// memo is what an engine has worked out.
type memo struct {
	units     map[unitKey]*unit
	mentions  map[*iam.Policy][]*mention
	levels    map[string]*levels
	placed    map[levelsKey]*levels
	targets   []*Target
	targetIDs map[string]*Target
	patterns  map[patternKey]*pattern
	actions   map[string]int
	resources map[string]int
	classes   map[string]int
	grants    []grant
	grantIDs  map[grant]grantID
	joints    map[[2]grantID]grantID
	decided   map[composition]Set
	limited   map[limited]Set
	fixed     map[fixedTheory]nodeID
	prepared  preparedRequests
}

func newMemo() memo {
	return memo{
		units: make(map[unitKey]*unit), mentions: make(map[*iam.Policy][]*mention), levels: make(map[string]*levels), placed: make(map[levelsKey]*levels),
		targetIDs: make(map[string]*Target), actions: make(map[string]int), resources: make(map[string]int),
		patterns: make(map[patternKey]*pattern), classes: make(map[string]int),
		grants: []grant{{}}, grantIDs: map[grant]grantID{{}: noGrant}, joints: make(map[[2]grantID]grantID),
		decided: make(map[composition]Set), limited: make(map[limited]Set), fixed: make(map[fixedTheory]nodeID),
		prepared: preparedRequests{byClass: make(map[int]*iam.Prepared)},
	}
}

// composition is everything that the answer for a principal and a check depends on, but for
// the control policies (see [Limit]).
type composition struct {
	layers [layerGroups]grantID
	vpce   grantID
	shape  shape
	theory nodeID
}

// shape is how the layers are composed, in bits.
type shape uint16

const (
	needsNothing shape = 1 << iota
	hasIdentity
	root
	hasBoundary
	hasSession
	hasResource
	hasEndpoint
	hasEndpoints
	strict
	keepsBucket
	sameAccount
	ownerUnknown
)

func (s shape) has(x shape) bool { return s&x != 0 }

// Access gives the contexts in which the subject passes the check: what it is granted, within
// the limits of the control policies.
func (s *Subject) Access(t *Target) Set {
	granted := s.Granted(t)
	if granted.Nothing() {
		return granted
	}
	return granted.Within(s.Limit(t))
}

// Granted gives the contexts in which the subject would pass the check without control policies.
func (s *Subject) Granted(t *Target) (out Set) {
	e := s.e
	e.f.begin()
	defer e.recoverInto(&out)
	var c composition
	c.shape, c.theory = s.shape(t), e.theoryFor(s, t)
	if c.theory == never {
		return e.inconclusive(impossible)
	}
	c.layers[groupIdentity] = e.fold(s.layers[groupIdentity], t)
	if s.hopeless(&c) {
		return Set{e: e, theory: c.theory}
	}
	for i := groupIdentity + 1; i < layerGroups; i++ {
		c.layers[i] = e.fold(s.layers[i], t)
	}
	if s.endpoints != nil {
		c.vpce = e.together(s.endpoints, t)
	}
	if out, ok := e.memo.decided[c]; ok {
		return out
	}
	e.memo.decided[c] = e.inconclusive("the layers combine in too many ways")
	out = e.decide(c)
	e.memo.decided[c] = out
	return out
}

// impossible is why nothing can be said where the fixed keys and the theory exclude one another.
const impossible = "by what is known of requests none has the fixed keys together, so they or the theory are wrong"

// hopeless: neither identity nor resource policy allows, whatever else there is.
func (s *Subject) hopeless(c *composition) bool {
	if !c.shape.has(hasIdentity) || c.shape&(root|hasResource|needsNothing) != 0 || c.layers[groupIdentity] == over {
		return false
	}
	g := &s.e.memo.grants[c.layers[groupIdentity]]
	return g.direct == nothing && g.role == nothing && g.account == nothing
}

// recoverInto turns a question beyond the budget into an inconclusive answer.
func (e *Engine) recoverInto(out *Set) {
	if reason := overBudgetReason(recover()); reason != "" {
		*out = e.inconclusive(reason)
	}
}

// overBudgetReason reads what a computation panicked with, "" when it did not; any other
// panic goes on.
func overBudgetReason(recovered any) string {
	switch x := recovered.(type) {
	case nil:
		return ""
	case overBudget:
		return x.reason
	default:
		panic(x)
	}
}

func (s *Subject) shape(t *Target) shape {
	var out shape
	set := func(x shape, on bool) {
		if on {
			out |= x
		}
	}
	own := t.facts.OwnerKnown && t.open.Owner() == s.account
	set(needsNothing, t.facts.NeedsNoPermission && s.facts.HasIdentity)
	set(hasIdentity, s.facts.HasIdentity)
	set(root, s.facts.Root)
	set(hasBoundary, s.principal.Policies.Boundary != nil)
	set(hasSession, len(s.principal.Policies.Session) > 0 || s.facts.Federated)
	set(hasResource, s.principal.Policies.Resource != nil)
	set(hasEndpoint, s.principal.Policies.Endpoint != nil)
	set(hasEndpoints, s.endpoints != nil)
	set(strict, t.facts.Strict)
	set(keepsBucket, t.facts.KeepsBucketPolicy && s.facts.Root && own)
	set(sameAccount, own)
	set(ownerUnknown, !t.facts.OwnerKnown)
	return out
}

// fixedTheory names the theory as it reads for the keys that a subject and a target fix.
type fixedTheory struct {
	subject string
	class   int
	theory  nodeID
}

// theoryFor is the theory where the fixed keys have their values.
func (e *Engine) theoryFor(s *Subject, t *Target) nodeID {
	for t.class >= len(s.theories) {
		s.theories = append(s.theories, 0)
	}
	if s.theories[t.class] == 0 {
		s.theories[t.class] = e.fixedTheory(s, t) + 1
	}
	return s.theories[t.class] - 1
}

func (e *Engine) fixedTheory(s *Subject, t *Target) nodeID {
	theory := e.theories.of(s.principal.Kind, t.service)
	if theory == always {
		return always
	}
	key := fixedTheory{s.theoryKey, t.class, theory}
	out, ok := e.memo.fixed[key]
	if !ok {
		q := s.inClass(t)
		out = e.f.fixing(theory, func(k keyID) ([]string, bool) {
			values, _, state := q.Key(e.keys.list[k].name)
			return values, state != iam.KeyFree
		})
		e.memo.fixed[key] = out
	}
	return out
}

// spellTheoryKeys is what a subject fixes of the keys that the theory speaks of.
func (e *Engine) spellTheoryKeys(q *iam.Prepared) string {
	var b strings.Builder
	for i, key := range e.global {
		if values, _, state := q.At(key); state != iam.KeyFree {
			b.WriteString(globalKeys[i].name + "\x01" + strings.Join(values, "\x02") + "\x03")
		}
	}
	return b.String()
}

// decide composes the layers as [iam.Policies.Decide] does, but for the control policies.
func (e *Engine) decide(c composition) Set {
	if c.shape.has(needsNothing) {
		return e.set(everything, c.theory)
	}
	var l [layerGroups]grant
	for i, id := range c.layers {
		if id == over {
			return e.inconclusive("the conditions of a policy are beyond the budget")
		}
		l[i] = e.memo.grants[id]
	}
	if c.vpce == over {
		return e.inconclusive("the conditions of the endpoint policies are beyond the budget")
	}
	if c.shape.has(keepsBucket) {
		l[groupResource].deny = nothing
	}
	allowed := e.core(c, &l)
	denied := nothing
	for _, g := range l {
		denied = e.f.or(denied, g.deny)
	}
	if c.shape.has(hasEndpoint) {
		allowed = e.f.and(allowed, e.allows(l[groupEndpoint]))
	}
	if c.shape.has(hasEndpoints) {
		g := e.memo.grants[c.vpce]
		allowed, denied = e.f.and(allowed, g.direct), e.f.or(denied, g.deny)
	}
	return e.set(e.f.butNot(allowed, denied), c.theory)
}

// core is what identity, boundary, session and resource policy allow together.
func (e *Engine) core(c composition, l *[layerGroups]grant) formulaID {
	r := &l[groupResource]
	if !c.shape.has(hasIdentity) {
		return e.f.or(r.direct, r.account)
	}
	identity, filter := e.allows(l[groupIdentity]), everything
	if c.shape.has(root) {
		identity = everything
	} else if c.shape.has(hasBoundary) {
		filter = e.allows(l[groupBoundary])
	}
	if c.shape.has(hasSession) {
		filter = e.f.and(filter, e.allows(l[groupSession]))
	}
	both := e.f.and(identity, filter)
	cross := e.f.and(both, e.allows(*r))
	switch {
	case c.shape.has(sameAccount):
		return e.sameAccount(c, r, both, filter)
	case !c.shape.has(ownerUnknown):
		return cross
	case !c.shape.has(hasResource):
		return e.sameAccount(c, r, both, filter)
	}
	return e.f.reading(iam.OwnerReading, e.sameAccount(c, r, both, filter), cross)
}

// sameAccount: what names the caller itself is not limited by implicit denies; what names
// its role is; what names its account only delegates, which strict resources require.
func (e *Engine) sameAccount(c composition, r *grant, viaIdentity, filter formulaID) formulaID {
	if c.shape.has(strict) {
		viaIdentity = e.f.and(viaIdentity, r.account)
	}
	return e.f.or(r.direct, e.f.or(e.f.and(r.role, filter), viaIdentity))
}
