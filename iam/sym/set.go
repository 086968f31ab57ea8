package sym

import (
	"slices"

	"github.com/assize-dev/assize/iam"
)

// Set is a set of contexts. Sets of one engine compare with ==: equal sets of callers of one
// kind, with the same keys fixed, are equal values, which is what "identical access" means. (A
// role session has other contexts than a user, whose credentials may be long-term, and EC2 has
// others than services that tell calls made on somebody's behalf.) The zero value is a set that
// is not known.
type Set struct {
	e      *Engine
	f      formulaID
	theory nodeID
	reason string // why it is not known
}

// set keeps what the theory leaves of a formula.
func (e *Engine) set(f formulaID, theory nodeID) Set {
	return Set{e: e, f: e.f.and(f, e.f.agreed(theory)), theory: theory}
}

func (e *Engine) inconclusive(reason string) Set { return Set{e: e, reason: reason} }

// All is every context that callers of a kind can have.
func (e *Engine) All(k iam.PrincipalKind) Set { return e.set(everything, e.theories.of(k, "")) }

// None is the empty set of contexts of callers of a kind.
func (e *Engine) None(k iam.PrincipalKind) Set { return e.set(nothing, e.theories.of(k, "")) }

// Decided is false for a set that is not known.
func (s Set) Decided() bool { return s.e != nil && s.reason == "" }

// Inconclusive says why the set is not known, "" when it is.
func (s Set) Inconclusive() string { return s.reason }

// primary is the set in the primary reading.
func (s Set) primary() nodeID { return s.e.f.list[s.f].base }

// Empty says whether the set is proved empty in the primary reading. An inconclusive set is not.
func (s Set) Empty() bool { return s.Decided() && s.primary() == never }

// Nothing says whether the set is empty in every reading.
func (s Set) Nothing() bool { return s.Decided() && s.f == nothing }

// All says whether the set is proved to be every context of its theory.
func (s Set) All() bool { return s.Decided() && s.primary() == s.theory }

// Possible is the set where what is not known (an unreadable policy, a value that cannot be
// read) counts toward more access. It is the set itself when everything is known.
func (s Set) Possible() Set {
	if !s.Decided() {
		return s
	}
	s.f = s.e.f.agreed(s.e.f.list[s.f].at(iam.OpenReading))
	return s
}

// Undecided says whether some contexts are neither allowed nor denied, because a policy or
// a value of a policy could not be read.
func (s Set) Undecided() bool { return s.Decided() && s.Possible().primary() != s.primary() }

// Ambiguity is the set of assumptions that the set depends on: with any of them read the other
// way it would be another set.
func (s Set) Ambiguity() iam.Ambiguity {
	if !s.Decided() {
		return 0
	}
	var out iam.Readings
	for _, o := range s.e.f.list[s.f].others {
		out |= o.reading
	}
	return iam.Ambiguity(out &^ (iam.PrimaryReading | iam.OpenReading))
}

// InReading is the set as one assumption read the other way gives it.
func (s Set) InReading(a iam.Ambiguity) Set {
	if !s.Decided() {
		return s
	}
	s.f = s.e.f.agreed(s.e.f.list[s.f].at(iam.Readings(a)))
	return s
}

// Conditional names what the set depends on beside regions of keys: comparisons of one free
// key with another, and keys whose values follow from one another in ways that the theory does
// not tell. It is empty for a set that is exact.
func (s Set) Conditional() []string {
	if !s.Decided() {
		return nil
	}
	var out []string
	linked := map[keyID]bool{}
	s.e.f.visit(s.simplified(), func(x *node) {
		k := &s.e.keys.list[x.key]
		if k.kind == atomKind && !slices.Contains(out, k.name) {
			out = append(out, k.name)
		}
		linked[x.key] = true
	})
	list := linked[s.e.keys.known(keyCalledVia)]
	for _, name := range []string{keyCalledViaFirst, keyCalledViaLast} {
		if list && linked[s.e.keys.known(name)] {
			out = append(out, name+" is an end of "+keyCalledVia)
		}
	}
	slices.Sort(out)
	return out
}

// simplified is the set with as little of the theory as the budget lets leave out.
func (s Set) simplified() (n nodeID) {
	s.e.f.begin()
	defer func() {
		if overBudgetReason(recover()) != "" {
			n = s.primary()
		}
	}()
	return s.e.f.within(s.primary(), s.theory)
}

// And is the intersection. Like every operation, it is inconclusive where a set is that it
// needs.
func (s Set) And(t Set) Set {
	switch {
	case s.Nothing():
		return s
	case t.Nothing():
		return t
	}
	return s.with(t, func(f *formulas) formulaID { return f.and(s.f, t.f) })
}

// Or is the union.
func (s Set) Or(t Set) Set {
	return s.with(t, func(f *formulas) formulaID { return f.or(s.f, t.f) })
}

// Minus is the difference.
func (s Set) Minus(t Set) Set {
	if s.Nothing() {
		return s
	}
	return s.with(t, func(f *formulas) formulaID { return f.butNot(s.f, t.f) })
}

// Not is the complement within the theory.
func (s Set) Not() Set {
	return s.with(s, func(f *formulas) formulaID { return f.butNot(f.agreed(s.theory), s.f) })
}

// with combines two sets within the budget. The theory of the result is that of s, or what
// both allow where they differ.
func (s Set) with(t Set, combine func(*formulas) formulaID) (out Set) {
	for _, x := range []Set{s, t} {
		if !x.Decided() {
			return x
		}
	}
	s.e.f.begin()
	defer s.e.recoverInto(&out)
	theory := s.theory
	if t.theory != theory {
		theory = s.e.any(s.theory, t.theory)
	}
	return Set{e: s.e, f: combine(s.e.f), theory: theory}
}

// Implies says whether every context of s is in t, in the primary reading. decided is false
// when that is not known.
func (s Set) Implies(t Set) (implied, decided bool) {
	d := s.Minus(t)
	return d.Empty(), d.Decided()
}

// Project forgets every key but those given: the contexts of the keys that some values of
// the others bring into the set. An atom is a key by its name.
func (e *Engine) Project(s Set, names ...string) (out Set) {
	if !s.Decided() {
		return s
	}
	e.f.begin()
	defer e.recoverInto(&out)
	keep := map[keyID]bool{}
	for _, name := range names {
		if id, ok := e.keys.lookup(name); ok {
			keep[id] = true
		}
	}
	drop := func(k keyID) bool { return !keep[k] }
	return Set{
		e: e, f: e.f.each(s.f, func(n nodeID) nodeID { return e.f.without(n, drop) }),
		theory: e.f.without(s.theory, drop),
	}
}

// Holds says whether the context of a request lies in the set, in the primary reading. The
// request must be one of [Engine.Request]: with all its keys known.
func (s Set) Holds(q *iam.Prepared) bool { return s.Decided() && s.e.holdsAt(s.primary(), q) }

func (e *Engine) holdsAt(n nodeID, q *iam.Prepared) bool {
	for n > always {
		x := &e.f.nodes[n]
		values := e.valuesOf(x.key, q)
		next := never
		for _, edge := range x.edges {
			if e.f.holdsValue(edge.where, values) {
				next = edge.to
			}
		}
		n = next
	}
	return n == always
}

// valuesOf reads a key of a request; an atom that holds has a value.
func (e *Engine) valuesOf(id keyID, q *iam.Prepared) []string {
	k := &e.keys.list[id]
	if k.atom != nil {
		if k.atom.holds(q) {
			return []string{""}
		}
		return nil
	}
	values, _, _ := q.Key(k.name)
	return values
}
