package assessment

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/assize-dev/assize"
)

// TestNeverMetWithAnOpenPart draws controls with any parts in any state: a control that reads met has at least one
// verdict that passes or a piece of evidence that answers, and no part that is open, failing or unknown.
func TestNeverMetWithAnOpenPart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		control, in := drawControl(t)
		got := derived(control, in)
		if got.Status != Met {
			return
		}
		if len(control.Over) > 0 {
			t.Fatalf("met over a mapping: %+v", got)
		}
		good := got.Counts.Pass > 0
		for _, x := range got.Expectations {
			if x.Status != Met && x.Status != NotApplicableStatus {
				t.Fatalf("met with %+v", x)
			}
		}
		for _, o := range in.Occurrences {
			good = good || (o.State == Collected || o.State == Late) && len(o.Evidence) > 0
		}
		if !good || got.Counts.Fail+got.Counts.Inconclusive+got.Counts.Manual > 0 {
			t.Fatalf("met with the verdicts %+v and the windows %+v", got.Counts, in.Occurrences)
		}
	})
}

// TestOrderOfInputs holds that the status depends on what there is, and not on the order in which stores list it.
func TestOrderOfInputs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		control, in := drawControl(t)
		want := derived(control, in)
		slices.Reverse(in.Tallies)
		in.Occurrences = rapid.Permutation(in.Occurrences).Draw(t, "order")
		if got := derived(control, in); got.Status != want.Status || got.Reason != want.Reason {
			t.Fatalf("got %s (%s), want %s (%s)", got.Status, got.Reason, want.Status, want.Reason)
		}
	})
}

func drawControl(t *rapid.T) (assize.Control, Inputs) {
	var c assize.Control
	in := Inputs{State: NewState()}
	few := rapid.IntRange(0, 2)
	for _, e := range []assize.Expectation{checkPart, apiPart, configPart, filePart, eachPart} {
		if !rapid.Bool().Draw(t, "with "+e.ID) {
			continue
		}
		e.Optional = few.Draw(t, "optional") == 0
		e.FreshDays = rapid.SampledFrom([]int{0, 10, 40}).Draw(t, "fresh days")
		c.Expectations = append(c.Expectations, e)
		if rapid.Bool().Draw(t, "ran") {
			counts := assize.Counts{Inconclusive: few.Draw(t, "inconclusive")}
			if !e.Kind.Person() {
				counts.Pass, counts.Fail, counts.Manual = few.Draw(t, "pass"), few.Draw(t, "fail"), few.Draw(t, "manual")
			}
			tally := tallyOf(e.ID, counts)
			tally.Excepted = rapid.IntRange(0, counts.Fail).Draw(t, "excepted")
			tally.Undecided = rapid.IntRange(0, counts.Fail-tally.Excepted).Draw(t, "undecided")
			in.Tallies = append(in.Tallies, tally)
		}
		if !e.Kind.Person() {
			continue
		}
		for i := range few.Draw(t, "windows") {
			state := rapid.SampledFrom([]OccurrenceState{Pending, Collected, Late, Missed, Failed, Excused, Closed, NotConnected}).Draw(t, "state")
			o := window(e.ID, state, 31*i+rapid.IntRange(0, 30).Draw(t, "days ago"))
			if e.Per != "" {
				about(rapid.SampledFrom([]string{"m1", "m2"}).Draw(t, "model"))(&o)
			}
			in.Occurrences = append(in.Occurrences, o)
		}
	}
	if rapid.Bool().Draw(t, "reviewed") {
		in.State = reviews(Review{By: "bob", Accepted: rapid.Bool().Draw(t, "accepted")})
	}
	if few.Draw(t, "mapped") == 0 {
		c.Over = []assize.MappedOver{{Common: "logging", Relation: assize.Equal}}
	}
	return c, in
}
