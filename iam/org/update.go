package org

import "slices"

// Update is the matrix after edits. What the edits leave alone is kept; where they change control
// policies, what is granted stays and only what those let through of it is worked out again.
func (m *Matrix) Update(after *Analysis) (*Matrix, error) {
	out := &Matrix{Calls: m.Calls, asked: m.asked, analysis: after, known: m.known}
	if after.org.planFixing != m.analysis.org.planFixing && !out.replan() {
		return after.Matrix(m.Calls)
	}
	out.Units = after.units(out.plans)
	rows, resource := m.rowsByPrincipal(), out.otherResourceControls(m)
	for _, unit := range out.Units {
		p := unit[0]
		was := m.analysis.org.byARN[p.ARN]
		i, ok := rows[was]
		switch {
		case !ok || !p.attachedAs(was):
			out.rows = append(out.rows, out.row(p))
		case !resource && after.org.above(p) == m.analysis.org.above(was):
			out.rows = append(out.rows, m.rows[i])
		default:
			out.rows = append(out.rows, out.limited(p, m, i))
		}
	}
	out.Accesses = out.known.list
	return out, nil
}

// replan plans the calls again; false where some ask for something else than before.
func (m *Matrix) replan() bool {
	asked := *m.asked
	asked.plans = make([]*planned, len(m.Calls))
	for i, c := range m.Calls {
		old, x := m.plans[i], m.analysis.planned(c)
		same := x.err == nil && x.engine == old.engine && len(x.plan.Unknown) == len(old.plan.Unknown) &&
			slices.EqualFunc(x.checks, old.checks, func(c, d prepared) bool { return c.target == d.target && c.class == d.class })
		if !same {
			return false
		}
		asked.plans[i] = x
	}
	m.asked = &asked
	return true
}

// otherResourceControls says whether resource control policies of some account differ.
func (m *Matrix) otherResourceControls(before *Matrix) bool {
	return slices.ContainsFunc(m.analysis.org.Accounts, func(a *Account) bool {
		return a.resource != before.analysis.org.accounts[a.ID].resource
	})
}

// rowsByPrincipal finds the row of each principal.
func (m *Matrix) rowsByPrincipal() map[*Principal]int {
	if m.rowOf == nil {
		m.rowOf = make(map[*Principal]int, len(m.analysis.org.Principals))
		for i, unit := range m.Units {
			for _, p := range unit {
				m.rowOf[p] = i
			}
		}
	}
	return m.rowOf
}

// attachedAs says whether p has the policies that q has.
func (p *Principal) attachedAs(q *Principal) bool {
	same := func(x, y Attachment) bool { return x.Document == y.Document }
	return p == q || slices.EqualFunc(p.Identity, q.Identity, same) &&
		(p.Boundary == nil) == (q.Boundary == nil) && (p.Boundary == nil || same(*p.Boundary, *q.Boundary))
}

// limited is a row of the matrix before for a principal who is granted the same, and meets other
// control policies now.
func (m *Matrix) limited(p *Principal, before *Matrix, unit int) *row {
	old, was := before.rows[unit], before.Units[unit][0]
	now := make([]*subject, len(m.classes))
	then := make([]*subject, len(m.classes))
	for k := range m.classes {
		then[k], now[k] = before.subject(was, k), m.subject(p, k)
		if then[k].err != nil || now[k].err != nil {
			return m.row(p)
		}
	}
	r := &row{cells: old.cells, granted: old.granted}
	changed := make([][]int, len(m.classes))
	same := len(old.guarded) == 0 && len(m.whole) == 0
	for k := range m.classes {
		changed[k] = m.differ(k, then[k], now[k])
		same = same && len(changed[k]) == 0
	}
	if same {
		return old
	}
	r.cells = slices.Clone(old.cells)
	for k, places := range changed {
		is := m.limitsOf(k, now[k])
		for _, j := range places {
			m.put(p, r, m.classes[k].calls[j], is.limits[j])
		}
	}
	for _, call := range old.guarded { // whether or not the control policies change what is known without
		at := m.places[call]
		m.put(p, r, call, m.limitsOf(at.class, now[at.class]).at(at.at, now[at.class], m.plans[call]))
	}
	slices.Sort(r.guarded)
	r.guarded = slices.Compact(r.guarded)
	m.withGuardrails(p, r)
	for _, call := range m.whole {
		if m.touched(p, before, was, call) {
			m.ask(p, r, []int{call})
		}
	}
	if slices.Equal(r.cells, old.cells) {
		r.cells = old.cells // so that it is known to be the same
	}
	return r
}

// put limits what is granted in a cell.
func (m *Matrix) put(p *Principal, r *row, call int, l *limit) {
	g := r.granted[call]
	if g == grantsNothing {
		return
	}
	n := l.cell(m.known, g)
	r.cells[call] = n
	if m.known.needs[n] == needsNone {
		return
	}
	if x := m.plans[call]; x.guardrail && m.known.needsGuardrail(x.engine, p.Kind, n) {
		r.guarded = append(r.guarded, call)
	}
}

func (m *Matrix) limitsOf(k int, s *subject) *callLimits {
	return m.known.limitsFor(k, len(m.classes[k].calls), s.Limits())
}

// differ lists the places in a class where two subjects meet other limits. It is the same for all
// that meet these control policies.
func (m *Matrix) differ(k int, then, now *subject) []int {
	was, is := m.limitsOf(k, then), m.limitsOf(k, now)
	if was == is {
		return nil
	}
	key := [2]*callLimits{was, is}
	out, ok := m.known.differing[key]
	if !ok {
		for j, call := range m.classes[k].calls {
			if was.at(j, then, m.plans[call]) != is.at(j, now, m.plans[call]) {
				out = append(out, j)
			}
		}
		m.known.differing[key] = out
	}
	return out
}

// touched says whether control policies let something else through of some check of a call.
func (m *Matrix) touched(p *Principal, before *Matrix, was *Principal, call int) bool {
	x := m.plans[call]
	for i := range x.checks {
		c := &x.checks[i]
		then := before.analysis.subjectFor(x.engine, was, before.analysis.keyFor(c, was))
		now := m.analysis.subjectFor(x.engine, p, m.analysis.keyFor(c, p))
		if c.target == nil || then.err != nil || now.err != nil || then.Limits() != now.Limits() && then.Limit(c.target) != now.Limit(c.target) {
			return true
		}
	}
	return x.guardrail
}
