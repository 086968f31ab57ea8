package assessment

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assize-dev/assize/evidence"
)

// leavesOf numbers leaves, as a store returns them.
func leavesOf(from int, entries []Entry) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for i := range entries {
			if !yield(Stored{Position: Position{Scope: "a", Sequence: int64(from + i + 1)}, Leaf: &entries[i].Leaf}, nil) {
				return
			}
		}
	}
}

// drawEvent makes something that people do.
func drawEvent(t *rapid.T) Entry {
	two := func(name string) string { return rapid.SampledFrom([]string{"x", "y"}).Draw(t, name) }
	on := rapid.Bool().Draw(t, "on")
	actor := rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "actor")
	events := map[evidence.Kind]any{
		evidence.KindAssessment: AssessmentEvent{Action: "UPDATE_METADATA", Assessment: Assessment{ID: "a", Name: two("name")}},
		evidence.KindComment:    CommentEvent{ControlSet: "set", Control: two("control"), Text: "text"},
		evidence.KindDelegation: Delegation{ID: two("delegation"), ControlSet: "set", Status: DelegationUnderReview},
		evidence.KindException:  Exception{ID: two("exception"), State: ExceptionApproved, Control: two("control")},
		evidence.KindSelection:  SelectionEvent{Evidence: []string{two("evidence")}, Selected: on},
		evidence.KindReport:     Report{ID: two("report"), Status: ReportComplete},
		evidence.KindHold:       HoldEvent{Matter: two("matter"), Lifted: on},
		evidence.KindDecision: rapid.SampledFrom([]DecisionEvent{
			{ControlSet: "set", Status: Reviewed}, {ControlSet: "set", Control: "x", Status: ControlInactive, Comment: "why"}, {Evidence: "e", Accepted: on},
		}).Draw(t, "decision"),
	}
	kind := rapid.SampledFrom(StateKinds).Draw(t, "kind")
	e, err := entry(kind, noon, actor, "subject", events[kind])
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestFoldGoesOn holds that a state which was folded up to some leaf and goes on is that of all leaves at once.
func TestFoldGoesOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(drawEvent), 1, 30).Draw(t, "events")
		want, got := NewState(), NewState()
		if err := want.Fold(leavesOf(0, list)); err != nil {
			t.Fatal(err)
		}
		cut := rapid.IntRange(0, len(list)).Draw(t, "cut")
		for _, err := range []error{got.Fold(leavesOf(0, list[:cut])), got.Fold(leavesOf(cut, list[cut:]))} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("state (-at once +in two):\n%s", diff)
		}
	})
}

// TestFoldInOrder holds that the last word counts, and that what was done before stays in the log.
func TestFoldInOrder(t *testing.T) {
	t.Parallel()
	var list []Entry
	for _, status := range []ReviewStatus{Reviewed, ControlInactive, UnderReview} {
		e, err := entry(evidence.KindDecision, noon, "ann", "control/c", DecisionEvent{ControlSet: "set", Control: "c", Status: status})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	for _, reversed := range []bool{false, true} {
		want := []string{"REVIEWED", "INACTIVE", "UNDER_REVIEW"}
		if reversed {
			slices.Reverse(list)
			slices.Reverse(want)
		}
		s := NewState()
		if err := s.Fold(leavesOf(0, list)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range s.Log {
			got = append(got, c.Action)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
		if last := fmt.Sprint(s.ReviewOf(ControlKey{"set", "c"})); last != want[2] {
			t.Errorf("got %s, want %s", last, want[2])
		}
	}
}
