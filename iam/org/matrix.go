package org

import (
	"fmt"

	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
)

// Matrix is the access of all principals to many calls. A cell is the number of an access;
// equal numbers mean identical access.
type Matrix struct {
	Calls []plan.Call
	// Units are principals with the same access to every call, a row each.
	Units [][]*Principal
	// Accesses are the different accesses; the first is none at all.
	Accesses []Access

	analysis *Analysis
	plans    []*planned
	cells    [][]uint32 // by unit and call
	numbers  map[Access]uint32
	bySet    map[sym.Set]uint32 // of plans of one check
	guarded  map[sym.Set]bool   // sets that need a guardrail, by which the cell is asked for alone
}

// Access is one access that cells of a matrix have.
type Access struct {
	Set     sym.Set
	Outcome Outcome
}

// Cell is the number of the access of a unit to a call.
func (m *Matrix) Cell(unit, call int) uint32 { return m.cells[unit][call] }

// Answer works out one cell with all its reasons.
func (m *Matrix) Answer(unit, call int) *Answer {
	return m.analysis.ask(m.Units[unit][0], m.plans[call])
}

// Matrix asks every principal for every call.
func (a *Analysis) Matrix(calls []plan.Call) (*Matrix, error) {
	m := &Matrix{Calls: calls, analysis: a, numbers: map[Access]uint32{}, bySet: map[sym.Set]uint32{}, guarded: map[sym.Set]bool{}}
	m.number(Access{Outcome: Never})
	for _, c := range calls {
		p := a.planned(c)
		if p.err != nil {
			return nil, fmt.Errorf("matrix: %w", p.err)
		}
		m.plans = append(m.plans, p)
	}
	m.Units = a.units(m.plans)
	for _, unit := range m.Units {
		m.cells = append(m.cells, m.row(unit[0]))
	}
	return m, nil
}

func (m *Matrix) number(x Access) uint32 {
	if x.Outcome == Never {
		x.Set = sym.Set{} // nothing is nothing, whatever is fixed
	}
	n, ok := m.numbers[x]
	if !ok {
		n = uint32(len(m.Accesses))
		m.numbers[x] = n
		m.Accesses = append(m.Accesses, x)
	}
	return n
}

// row asks for all calls. Most plans are one check, and one subject stands for the principal
// in most of them, so those take a short way.
func (m *Matrix) row(p *Principal) []uint32 {
	out := make([]uint32, len(m.plans))
	var last *subject
	lastClass := -1
	var lastSet sym.Set
	var lastNumber uint32
	guarded := map[guardedCell]uint32{}
	for i, x := range m.plans {
		if len(x.checks) != 1 || len(x.plan.Unknown) > 0 {
			answer := m.analysis.ask(p, x)
			out[i] = m.number(Access{answer.Access, answer.Outcome})
			continue
		}
		c := &x.checks[0]
		if c.class != lastClass {
			last, lastClass = m.analysis.subjectFor(x.engine, p, c.keyFor(p)), c.class
		}
		if set := x.engine.access(last, c); i == 0 || set != lastSet {
			lastSet, lastNumber = set, m.numberOf(set)
		}
		out[i] = lastNumber
		if lastNumber != 0 && x.guardrail && m.needsGuardrail(x.engine, p, lastSet) {
			out[i] = m.withGuardrail(p, x, lastSet, guarded)
		}
	}
	return out
}

// numberOf is the number of the access that a single check gives.
func (m *Matrix) numberOf(s sym.Set) uint32 {
	n, ok := m.bySet[s]
	if !ok {
		n = m.number(Access{s, outcomeOf(s)})
		m.bySet[s] = n
	}
	return n
}

func (m *Matrix) needsGuardrail(e *engine, p *Principal, s sym.Set) bool {
	needs, ok := m.guarded[s]
	if !ok {
		needs = e.needsGuardrail(p.Kind, s)
		m.guarded[s] = needs
	}
	return needs
}

// guardedCell is what the access to a model with a guardrail follows from for one principal,
// whose right to apply the guardrail is the same for all models.
type guardedCell struct {
	set    sym.Set
	region string
}

func (m *Matrix) withGuardrail(p *Principal, x *planned, s sym.Set, known map[guardedCell]uint32) uint32 {
	key := guardedCell{s, x.plan.Call.Region}
	n, ok := known[key]
	if !ok {
		answer := m.analysis.ask(p, x)
		n = m.number(Access{answer.Access, answer.Outcome})
		known[key] = n
	}
	return n
}
