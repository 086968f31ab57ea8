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
	// Accesses are the different accesses, some of them those of the matrix before an edit; the
	// first is none at all.
	Accesses []Access

	*asked
	analysis *Analysis
	rows     []*row
	known    *accesses
	rowOf    map[*Principal]int // see rowsByPrincipal
}

// asked are the calls of a matrix, prepared.
type asked struct {
	plans   []*planned
	classes []callClass
	places  []callPlace // by call, of those in a class
	whole   []int       // calls of several checks, which are asked as a whole
}

// Access is one access that cells of a matrix have.
type Access struct {
	Set     sym.Set
	Outcome Outcome
}

// callClass is calls of one check that one subject answers for a principal.
type callClass struct {
	class int
	calls []int
}

// callPlace is where a call stands in the classes.
type callPlace struct{ class, at int }

// row is the access of a unit.
type row struct {
	cells []uint32
	// granted is by call what is granted without control policies, so that an edit of one need not ask
	// for that again.
	granted []grantedID
	// guarded are the calls of one check that pass with a guardrail alone.
	guarded []int
}

// Cell is the number of the access of a unit to a call.
func (m *Matrix) Cell(unit, call int) uint32 { return m.rows[unit].cells[call] }

// Answer works out one cell with all its reasons.
func (m *Matrix) Answer(unit, call int) *Answer {
	return m.analysis.ask(m.Units[unit][0], m.plans[call])
}

// Matrix asks every principal for every call.
func (a *Analysis) Matrix(calls []plan.Call) (*Matrix, error) {
	m := &Matrix{Calls: calls, analysis: a, known: newAccesses(), asked: &asked{places: make([]callPlace, len(calls))}}
	place := map[int]int{}
	for i, c := range calls {
		p := a.planned(c)
		if p.err != nil {
			return nil, fmt.Errorf("matrix: %w", p.err)
		}
		m.plans = append(m.plans, p)
		if len(p.checks) != 1 || len(p.plan.Unknown) > 0 || p.checks[0].target == nil {
			m.whole = append(m.whole, i)
			continue
		}
		k, ok := place[p.checks[0].class]
		if !ok {
			k = len(m.classes)
			place[p.checks[0].class] = k
			m.classes = append(m.classes, callClass{class: p.checks[0].class})
		}
		m.places[i] = callPlace{k, len(m.classes[k].calls)}
		m.classes[k].calls = append(m.classes[k].calls, i)
	}
	m.Units = a.units(m.plans)
	for _, unit := range m.Units {
		m.rows = append(m.rows, m.row(unit[0]))
	}
	m.Accesses = m.known.list
	return m, nil
}

// subject stands for a principal before the calls of a class.
func (m *Matrix) subject(p *Principal, k int) *subject {
	x := m.plans[m.classes[k].calls[0]]
	return m.analysis.subjectFor(x.engine, p, m.analysis.keyFor(&x.checks[0], p))
}

// row asks for all calls. Most plans are one check, and one subject stands for the principal
// in most of them, so those take a short way.
func (m *Matrix) row(p *Principal) *row {
	r := &row{cells: make([]uint32, len(m.plans)), granted: make([]grantedID, len(m.plans))}
	for k := range m.classes {
		c := &m.classes[k]
		s := m.subject(p, k)
		if s.err != nil {
			m.ask(p, r, c.calls)
			continue
		}
		limits := m.known.limitsFor(k, len(c.calls), s.Limits())
		var last sym.Set
		var lastID grantedID
		for j, call := range c.calls {
			x := m.plans[call]
			if set := s.Granted(x.checks[0].target); j == 0 || set != last {
				last, lastID = set, m.known.grant(set)
			}
			r.granted[call] = lastID
			if lastID == grantsNothing {
				continue
			}
			n := limits.at(j, s, x).cell(m.known, lastID)
			r.cells[call] = n
			if x.guardrail && m.known.needsGuardrail(x.engine, p.Kind, n) {
				r.guarded = append(r.guarded, call)
			}
		}
	}
	m.withGuardrails(p, r)
	m.ask(p, r, m.whole)
	return r
}

// ask asks for calls as a whole.
func (m *Matrix) ask(p *Principal, r *row, calls []int) {
	for _, call := range calls {
		answer := m.analysis.ask(p, m.plans[call])
		r.cells[call] = m.known.number(Access{answer.Access, answer.Outcome})
	}
}

// guardedCell is what the access to a model with a guardrail follows from for one principal,
// whose right to apply the guardrail is the same for all models.
type guardedCell struct {
	without uint32
	region  string
}

// withGuardrails asks for the calls that pass with a guardrail alone. Their cells hold what is
// known without.
func (m *Matrix) withGuardrails(p *Principal, r *row) {
	if len(r.guarded) == 0 {
		return
	}
	known := map[guardedCell]uint32{}
	for _, call := range r.guarded {
		key := guardedCell{r.cells[call], m.plans[call].plan.Call.Region}
		n, ok := known[key]
		if !ok {
			m.ask(p, r, []int{call})
			n = r.cells[call]
			known[key] = n
		}
		r.cells[call] = n
	}
}
