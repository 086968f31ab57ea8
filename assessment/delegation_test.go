package assessment_test

import (
	"testing"

	"github.com/assize-dev/assize/assessment"
)

// TestDelegation: owners delegate, take back and complete; the delegate submits, and never completes her own work.
func TestDelegation(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	_, err := b.Delegate(ctx, b.id, "mallory", "set", "mallory", "")
	refused(t, "to delegate as a stranger", err)
	d, err := b.Delegate(ctx, b.id, "ann", "set", "carol", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Delegate(ctx, b.id, "ann", "set", " Carol", "")
	refused(t, "to delegate a control set twice to one person", err)
	for _, step := range []struct {
		who  string
		to   assessment.DelegationStatus
		good bool
	}{
		{"mallory", assessment.DelegationUnderReview, false},
		{"mallory", assessment.DelegationDeleted, false},
		{"carol", assessment.DelegationDeleted, false},
		{"carol", assessment.DelegationUnderReview, true},
		{"carol", assessment.DelegationComplete, false},
		{"mallory", assessment.DelegationComplete, false},
		{"ann", assessment.DelegationInProgress, true},
		{"ann", assessment.DelegationComplete, false},
		{"ann", assessment.DelegationUnderReview, true},
		{"ann", assessment.DelegationComplete, true},
	} {
		err := b.MoveDelegation(ctx, b.id, step.who, d.ID, step.to, "")
		if (err == nil) != step.good {
			t.Errorf("%s moves it to %s: got %v, want it done: %t", step.who, step.to, err, step.good)
		}
	}
	if _, err := b.Delegate(ctx, b.id, "ann", "set", "carol", ""); err != nil {
		t.Errorf("after the first delegation is complete: %v", err)
	}
}
