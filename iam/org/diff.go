package org

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
)

// Difference is what edits of policies change.
type Difference struct {
	Before, After *Matrix
	// Changes are in the order of the first principal, then of the calls.
	Changes []Change
}

// Change is one call that some principals can make otherwise than before.
type Change struct {
	// Principals after the edits.
	Principals []*Principal
	Call       plan.Call
	// Before and After are the answers for the first principal.
	Before, After *Answer
	// Gained and Lost are the contexts in which the call passes now and did not, and the reverse.
	Gained, Lost sym.Set
}

// Edited is an analysis of the organisation after edits. It shares what a knows of all that
// the edits leave alone, so a must not be used by another goroutine meanwhile.
func (a *Analysis) Edited(edits ...Edit) (*Analysis, error) {
	o, err := a.org.With(edits...)
	if err != nil {
		return nil, err
	}
	out := NewAnalysis(o, a.config)
	out.engines, out.classes, out.grants = a.engines, a.classes, a.grants
	if o.planFixing == a.org.planFixing {
		out.plans = a.plans
	}
	return out, nil
}

// Diff says what edits would change for some calls, without attaching anything.
func (m *Matrix) Diff(edits ...Edit) (*Difference, error) {
	after, err := m.analysis.Edited(edits...)
	if err != nil {
		return nil, fmt.Errorf("difference: %w", err)
	}
	updated, err := m.Update(after)
	if err != nil {
		return nil, fmt.Errorf("difference: %w", err)
	}
	out := &Difference{Before: m, After: updated}
	old := map[string]int{}
	for i, unit := range m.Units {
		for _, p := range unit {
			old[p.ARN] = i
		}
	}
	for i, unit := range updated.Units {
		out.compare(i, unit, old)
	}
	slices.SortStableFunc(out.Changes, func(x, y Change) int {
		return cmp.Or(strings.Compare(x.Principals[0].ARN, y.Principals[0].ARN))
	})
	return out, nil
}

// compare adds what changed for a unit, whose members may have been of several units before.
func (d *Difference) compare(unit int, members []*Principal, old map[string]int) {
	was := map[int][]*Principal{}
	for _, p := range members {
		i := old[p.ARN]
		was[i] = append(was[i], p)
	}
	for i, principals := range was {
		before, after := d.Before.rows[i].cells, d.After.rows[unit].cells
		if &before[0] == &after[0] {
			continue // the same row
		}
		for call := range d.After.Calls {
			if d.Before.Accesses[before[call]] != d.After.Accesses[after[call]] {
				d.change(principals, i, call)
			}
		}
	}
}

func (d *Difference) change(principals []*Principal, before, call int) {
	c := Change{
		Principals: principals, Call: d.After.Calls[call],
		Before: d.Before.Answer(before, call), After: d.After.analysis.ask(principals[0], d.After.plans[call]),
	}
	if c.Before.e == c.After.e {
		c.Gained, c.Lost = c.After.Access.Minus(c.Before.Access), c.Before.Access.Minus(c.After.Access)
	}
	d.Changes = append(d.Changes, c)
}
