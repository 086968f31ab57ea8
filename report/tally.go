package report

import (
	"slices"

	"github.com/assize-dev/assize"
)

// Tally counts findings into the rows of a framework. It keeps one set of counts
// per check and nothing per finding.
type Tally struct {
	run     *assize.Run
	counts  assize.Counts
	checks  map[string]*assize.Counts
	changes map[assize.Change]int

	excepted, expired, deferred int
}

// NewTally returns an empty tally for the run's framework.
func NewTally(run *assize.Run) *Tally {
	t := &Tally{run: run, checks: make(map[string]*assize.Counts, len(run.Checks))}
	for _, c := range run.Checks {
		t.checks[c.ID] = &assize.Counts{}
	}
	if run.Baseline != "" {
		t.changes = map[assize.Change]int{}
	}
	return t
}

// Add counts one finding. A finding of a check that no control of the framework
// has counts in the overall counts only.
func (t *Tally) Add(f *assize.Finding) {
	t.counts.Add(f.Outcome)
	switch {
	case f.Excepted():
		t.excepted++
	case f.Outcome == assize.Fail && f.Exception != nil:
		t.expired++
	case f.Deferred():
		t.deferred++
	}
	c := t.checks[f.Check.ID]
	if c == nil {
		c = &assize.Counts{}
		t.checks[f.Check.ID] = c
	}
	c.Add(f.Outcome)
	if t.changes != nil && f.Change != "" {
		t.changes[f.Change]++
	}
}

// Counts returns the overall counts: each finding once.
func (t *Tally) Counts() assize.Counts { return t.counts }

// Summary returns the counts overall and by control, in the framework's order, and
// with a baseline the changes. A check that two controls have counts in both. What
// does not come from findings (gaps, requests, resources out of scope) is the
// caller's to fill in. Subjects are those of which people must show something; what is not
// counted there stays asked.
func (t *Tally) Summary(subjects ...assize.SubjectCount) *assize.Summary {
	s := &assize.Summary{Subjects: subjects, Counts: t.counts, Changes: t.changes, Excepted: t.excepted, Expired: t.expired, Deferred: t.deferred}
	if t.run.Framework == nil {
		return s
	}
	for i := range t.run.Framework.Groups {
		g := &t.run.Framework.Groups[i]
		row := assize.GroupResult{Group: g, ID: g.ID, Title: g.Title, Controls: make([]assize.ControlResult, 0, len(g.Controls))}
		for j := range g.Controls {
			row.Controls = append(row.Controls, t.control(&g.Controls[j], subjects))
		}
		s.Groups = append(s.Groups, row)
	}
	return s
}

func (t *Tally) control(c *assize.Control, subjects assize.Subjects) assize.ControlResult {
	var sum, decided assize.Counts
	for _, id := range controlChecks(c) {
		n := t.checks[id]
		if n == nil {
			continue
		}
		sum = plus(sum, *n)
		if c.Decides(id) {
			decided = plus(decided, *n)
		}
	}
	return c.Result(sum, decided, t.run.Workloads, subjects)
}

func plus(a, b assize.Counts) assize.Counts {
	return assize.Counts{
		Fail: a.Fail + b.Fail, Inconclusive: a.Inconclusive + b.Inconclusive, Manual: a.Manual + b.Manual,
		Pass: a.Pass + b.Pass, NotApplicable: a.NotApplicable + b.NotApplicable,
	}
}

// controlChecks returns the ids of a control's checks, each once. A control that
// lists none, and expects nothing else, has the id of its one check.
func controlChecks(c *assize.Control) []string {
	if len(c.Checks)+len(c.Expectations) == 0 {
		return []string{c.ID}
	}
	ids := make([]string, 0, len(c.Checks))
	for _, id := range c.Checks {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
