package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

func TestTally(t *testing.T) {
	t.Parallel()
	check := func(id string) *assize.Check { return &assize.Check{ID: id} }
	a, b, lone := check("a"), check("b"), check("lone")
	run := &assize.Run{
		Checks: []*assize.Check{a, b, lone}, Baseline: "old.assize",
		Framework: &assize.Framework{Groups: []assize.Group{
			{ID: "g1", Title: "One", Controls: []assize.Control{
				{ID: "both", Title: "Both", Checks: []string{"a", "b", "a"}},
				{ID: "a", Title: "Named as its check", Checks: []string{"a"}},
			}},
			{ID: "g2", Title: "Two", Controls: []assize.Control{{ID: "none", Title: "Not run", Checks: []string{"other"}}}},
		}},
	}
	tally := NewTally(run)
	for _, f := range []struct {
		check  *assize.Check
		o      assize.Outcome
		change assize.Change
	}{
		{a, assize.Pass, assize.Unchanged}, {a, assize.Inconclusive, assize.New}, {b, assize.Pass, ""}, {b, assize.NotApplicable, ""}, {lone, assize.Fail, assize.New},
	} {
		tally.Add(&assize.Finding{Check: f.check, Outcome: f.o, Change: f.change})
	}
	got := tally.Summary()
	control := func(group, i int) *assize.Control { return &run.Framework.Groups[group].Controls[i] }
	want := &assize.Summary{
		Counts:  assize.Counts{Fail: 1, Inconclusive: 1, Pass: 2, NotApplicable: 1},
		Changes: map[assize.Change]int{assize.New: 2, assize.Unchanged: 1},
		Groups: []assize.GroupResult{
			{Group: &run.Framework.Groups[0], ID: "g1", Title: "One", Controls: []assize.ControlResult{
				{Control: control(0, 0), Class: assize.Automated, ID: "both", Title: "Both", Outcome: assize.Inconclusive, Counts: assize.Counts{Inconclusive: 1, Pass: 2, NotApplicable: 1}},
				{Control: control(0, 1), Class: assize.Automated, ID: "a", Title: "Named as its check", Outcome: assize.Inconclusive, Counts: assize.Counts{Inconclusive: 1, Pass: 1}},
			}},
			{Group: &run.Framework.Groups[1], ID: "g2", Title: "Two", Controls: []assize.ControlResult{
				{Control: control(1, 0), Class: assize.Automated, ID: "none", Title: "Not run", Outcome: assize.NotApplicable},
			}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Counts, tally.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// Not parallel: allocations of other tests would count.
func TestTallyKeepsNothingOfFindings(t *testing.T) {
	x := newFake()
	tally := NewTally(x.run)
	f := x.findings[0]
	tally.Add(f)
	if got := testing.AllocsPerRun(1000, func() { tally.Add(f) }); got != 0 {
		t.Errorf("%v allocations a finding, want 0", got)
	}
}

// TestTallyOverWiderMapping holds that a failure beside the requirement is counted and said,
// and fails it only where the requirement contains the common control.
func TestTallyOverWiderMapping(t *testing.T) {
	t.Parallel()
	over := func(r assize.Relation) assize.Control {
		return assize.Control{
			ID: string(r), Checks: []string{"a"}, Mapped: []assize.MappedCheck{{Check: "a", Common: "hub", Relation: r}}, Over: []assize.MappedOver{{Common: "hub", Relation: r}},
		}
	}
	a := &assize.Check{ID: "a"}
	run := &assize.Run{Checks: []*assize.Check{a}, Framework: &assize.Framework{Groups: []assize.Group{{
		ID: "g", Controls: []assize.Control{over(assize.Superset), over(assize.Intersects)},
	}}}}
	tally := NewTally(run)
	tally.Add(&assize.Finding{Check: a, Outcome: assize.Fail})
	rows := tally.Summary().Groups[0].Controls
	got := []any{rows[0].Outcome, rows[0].Undecided, remarks(&rows[0]), rows[1].Outcome, rows[1].Undecided, remarks(&rows[1])}
	want := []any{
		assize.Fail, 0,
		[]string{"over hub (superset)"},
		assize.Manual, 1,
		[]string{"over hub (intersects)", "1 failure over mappings wider than the requirement: judge whether it is concerned"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
