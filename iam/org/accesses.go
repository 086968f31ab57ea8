package org

import (
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

// accesses number what cells hold. A matrix shares them with those after edits.
type accesses struct {
	list    []Access
	numbers map[Access]uint32
	needs   []guardrailNeed // by number

	granted    []sym.Set
	grantedIDs map[sym.Set]grantedID
	limits     map[sym.Limit]*limit
	byCall     map[limitsKey]*callLimits
	differing  map[[2]*callLimits][]int // see differ
}

// guardrailNeed says whether an access passes with a guardrail alone.
type guardrailNeed int8

const (
	needUnasked guardrailNeed = iota
	needsOne
	needsNone
)

// grantedID numbers sets that are granted without control policies.
type grantedID uint32

const grantsNothing grantedID = 0

func newAccesses() *accesses {
	k := &accesses{
		numbers: map[Access]uint32{}, grantedIDs: map[sym.Set]grantedID{}, limits: map[sym.Limit]*limit{},
		byCall: map[limitsKey]*callLimits{}, differing: map[[2]*callLimits][]int{},
	}
	k.number(Access{Outcome: Never})
	k.granted = []sym.Set{{}}
	return k
}

func (k *accesses) number(x Access) uint32 {
	if x.Outcome == Never {
		x.Set = sym.Set{} // nothing is nothing, whatever is fixed
	}
	n, ok := k.numbers[x]
	if !ok {
		n = uint32(len(k.list))
		k.numbers[x] = n
		k.list, k.needs = append(k.list, x), append(k.needs, needUnasked)
	}
	return n
}

// grant numbers a set that is granted.
func (k *accesses) grant(s sym.Set) grantedID {
	id, ok := k.grantedIDs[s]
	if !ok {
		id = grantedID(len(k.granted))
		if s.Nothing() {
			id = grantsNothing
		} else {
			k.granted = append(k.granted, s)
		}
		k.grantedIDs[s] = id
	}
	return id
}

func (k *accesses) needsGuardrail(e *engine, kind iam.PrincipalKind, n uint32) bool {
	if k.needs[n] == needUnasked {
		k.needs[n] = needsNone
		if e.needsGuardrail(kind, k.list[n].Set) {
			k.needs[n] = needsOne
		}
	}
	return k.needs[n] == needsOne
}

// limit is what control policies let through of a check.
type limit struct {
	is    sym.Limit
	cells []uint32 // by what is granted: the cell, and one
}

// cell is the number of the access to what is granted.
func (l *limit) cell(k *accesses, g grantedID) uint32 {
	if int(g) < len(l.cells) && l.cells[g] != 0 {
		return l.cells[g] - 1
	}
	if int(g) >= len(l.cells) {
		l.cells = append(l.cells, make([]uint32, len(k.granted)-len(l.cells))...)
	}
	set := k.granted[g].Within(l.is)
	n := k.number(Access{set, outcomeOf(set)})
	l.cells[g] = n + 1
	return n
}

// callLimits are the limits of the calls of a class, by the place of the call in it.
type callLimits struct {
	known  *accesses
	limits []*limit // nil until asked for
}

type limitsKey struct {
	class  int
	limits sym.Limits
}

func (k *accesses) limitsFor(class, calls int, l sym.Limits) *callLimits {
	key := limitsKey{class, l}
	c := k.byCall[key]
	if c == nil {
		c = &callLimits{known: k, limits: make([]*limit, calls)}
		k.byCall[key] = c
	}
	return c
}

// at is the limit of a call for a subject that meets the control policies.
func (c *callLimits) at(j int, s *subject, x *planned) *limit {
	if c.limits[j] == nil {
		is := s.Limit(x.checks[0].target)
		l := c.known.limits[is]
		if l == nil {
			l = &limit{is: is}
			c.known.limits[is] = l
		}
		c.limits[j] = l
	}
	return c.limits[j]
}
