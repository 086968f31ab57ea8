package deployment_test

import (
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// TestReassessAsThen: a control that was inactive then has no verdicts now either, and a check that was missing then and is
// still missing is no difference.
func TestReassessAsThen(t *testing.T) {
	t.Parallel()
	ctx, now := t.Context(), &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, closer, err := faultDeployment(ctx, t.TempDir(), "", nil, now.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closer)
	ref, err := d.Pin(ctx, "ann", &assize.Framework{ID: "fw", Title: "Framework", Version: "1", Groups: []assize.Group{{ID: "data", Title: "Data", Controls: []assize.Control{
		{ID: "gone", Title: "A check of before", Checks: []string{"s3_bucket_is_blue"}},
		{ID: "off", Title: "It is inactive", Checks: []string{faultCheck}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Service.Create(ctx, assessment.Assessment{
		Name: "a", Framework: ref, Destination: t.TempDir(), Accounts: []assize.Account{{ID: faultAccount}},
	}, "ann")
	if err != nil {
		t.Fatal(err)
	}
	decide := func(status assessment.ReviewStatus) {
		t.Helper()
		if err := d.Service.Decide(ctx, a.ID, "ann", assessment.DecisionEvent{ControlSet: "data", Control: "off", Status: status}); err != nil {
			t.Fatal(err)
		}
	}
	decide(assessment.ControlInactive)
	tick(t, d)
	now.move(time.Hour)
	decide(assessment.UnderReview)
	got, err := d.Reassess(ctx, a, now.Now())
	if err != nil || got.Same != 1 || len(got.Differences) > 0 {
		t.Errorf("got %+v and %v, want one verdict, the same", got, err)
	}
}
