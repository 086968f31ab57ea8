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
	Plans []*plan.Plan
	// Units are principals with the same access to every call, a row each.
	Units [][]*Principal
	// Accesses are the different accesses; the first is none at all.
	Accesses []Access

	analysis *Analysis
	cells    [][]uint32 // by unit and call
	numbers  map[Access]uint32
}

// Access is one access that cells of a matrix have.
type Access struct {
	Set     sym.Set
	Outcome Outcome
}

// Cell is the number of the access of a unit to a call.
func (m *Matrix) Cell(unit, call int) uint32 { return m.cells[unit][call] }

// Row are the numbers of a unit, a call each. It must not be changed.
func (m *Matrix) Row(unit int) []uint32 { return m.cells[unit] }

// Answer works out one cell with all its reasons.
func (m *Matrix) Answer(unit, call int) *Answer {
	return m.analysis.ask(m.Units[unit][0], m.Plans[call])
}

// Matrix asks every principal for every call.
func (a *Analysis) Matrix(calls []plan.Call) (*Matrix, error) {
	m := &Matrix{Calls: calls, analysis: a, numbers: map[Access]uint32{}}
	m.number(Access{Outcome: Never})
	for _, c := range calls {
		p, err := a.Plan(c)
		if err != nil {
			return nil, fmt.Errorf("matrix: %w", err)
		}
		m.Plans = append(m.Plans, p)
	}
	m.Units = a.units(m.Plans)
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

func (m *Matrix) row(p *Principal) []uint32 {
	out := make([]uint32, len(m.Plans))
	for i, planned := range m.Plans {
		answer := m.analysis.ask(p, planned)
		out[i] = m.number(Access{answer.Access, answer.Outcome})
	}
	return out
}
