package assessment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize/assessment"
)

// TestNotifications: who is told what, and that nobody is told of what is done.
func TestNotifications(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	st := assessment.NewState()
	st.Assessment = assessment.Assessment{ID: "a", Roles: []assessment.Role{{Type: assessment.ProcessOwner, Name: "olga"}}, Updated: now}
	delegate := assessment.Role{Type: assessment.ResourceOwner, Name: "dan"}
	st.Delegations = []assessment.Delegation{
		{ID: "1", ControlSet: "given", Role: delegate, Status: assessment.DelegationInProgress, CreatedBy: "olga", Comment: "please", Updated: now},
		{ID: "2", ControlSet: "submitted", Role: delegate, Status: assessment.DelegationUnderReview, Updated: now},
		{ID: "3", ControlSet: "complete", Role: delegate, Status: assessment.DelegationComplete, Updated: now},
		{ID: "4", ControlSet: "taken-back", Role: delegate, Status: assessment.DelegationDeleted, Updated: now},
	}
	st.Exceptions = []assessment.Exception{
		{ID: "1", Control: "asked", State: assessment.ExceptionInReview, Requester: "eve", Expires: "2027-01-01"},
		{ID: "2", Control: "far", State: assessment.ExceptionApproved, Requester: "eve", Approver: "olga", Expires: "2027-01-01"},
		{ID: "3", Control: "ending", State: assessment.ExceptionApproved, Requester: "eve", Approver: "olga", Expires: "2026-11-24"},
		{ID: "4", Control: "over", State: assessment.ExceptionApproved, Requester: "eve", Approver: "olga", Expires: "2026-11-20"},
	}
	window := func(control string, state assessment.OccurrenceState, due time.Time) assessment.Occurrence {
		return assessment.Occurrence{
			Control: control, Expectation: "review", State: state, Owner: "model owner", Start: now.Add(-30 * day), Due: due, End: due,
		}
	}
	occurrences := []assessment.Occurrence{
		window("later", assessment.Pending, now.Add(30*day)), window("soon", assessment.Pending, now.Add(2*day)),
		window("overdue", assessment.Pending, now.Add(-day)), window("missed", assessment.Missed, now.Add(-day)),
	}
	var got []string
	for _, n := range assessment.Notifications(st, occurrences, now) {
		got = append(got, n.For+" | "+n.ControlSet+n.Control+" | "+n.Text)
	}
	slices.Sort(got)
	want := []string{
		"dan | complete | the review of the control set is complete",
		"dan | given | olga delegated the control set to you: please",
		"eve | ending | olga approved the exception until 2026-11-24",
		"eve | ending | the exception ends on 2026-11-24",
		"eve | far | olga approved the exception until 2027-01-01",
		"eve | over | the exception of eve expired on 2026-11-20",
		"model owner | missed | missed: evidence review was due on 2026-11-20",
		"model owner | overdue | overdue: evidence review was due on 2026-11-20",
		"model owner | soon | evidence review is due on 2026-11-23",
		"olga | asked | eve asks for an exception until 2027-01-01",
		"olga | over | the exception of eve expired on 2026-11-20",
		"olga | submitted | dan submitted the control set for review",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestToldOnce: a fact keeps its notification when another is asked of the same control.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ask := func() []assessment.Notification {
		t.Helper()
		x := assessment.Exception{ControlSet: "set", Control: "other", Reason: "moving", Compensating: "alarms", Expires: "2026-12-31"}
		if _, err := b.RequestException(t.Context(), b.id, "dev", x); err != nil {
			t.Fatal(err)
		}
		list, err := b.Notifications(t.Context(), b.id)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	first := ask()
	b.pass(time.Hour)
	second := ask()
	if len(first) != 1 || len(second) != 2 || second[1] != first[0] {
		t.Errorf("got %+v, then %+v, want the first again behind a new one", first, second)
	}
}
