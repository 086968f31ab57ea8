package assessment_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/store/sqlite"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// bench is a service over a store, with a clock that tests move.
type bench struct {
	*assessment.Service
	store assessment.Store
	id    string
	mu    sync.Mutex
	now   time.Time
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// newBench makes an assessment of ann with one control that asks for a file each month, reviewed by one.
func newBench(t *testing.T) *bench {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "assize.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{store: store, now: start}
	var ids atomic.Int64
	framework := &assize.Framework{ID: "fw", Groups: []assize.Group{{ID: "set", Controls: []assize.Control{
		{ID: "c", Checks: []string{"a_check"}, Expectations: []assize.Expectation{{ID: "report", Kind: assize.ByFile, Cadence: "FREQ=MONTHLY", Reviewers: 1}}},
		{ID: "other", Checks: []string{"a_check"}},
	}}}}
	b.Service = assessment.NewService(store, assessment.Config{
		Now: func() time.Time {
			b.mu.Lock()
			defer b.mu.Unlock()
			return b.now
		},
		NewID:     func() string { return fmt.Sprintf("id-%03d", ids.Add(1)) },
		Framework: func(context.Context, assessment.FrameworkRef) (*assize.Framework, error) { return framework, nil },
	})
	a, err := b.Create(t.Context(), assessment.Assessment{
		Name: "Chat", Framework: assessment.FrameworkRef{ID: "fw"}, Destination: "reports", Accounts: []assize.Account{{ID: "111122223333"}},
	}, "ann")
	if err != nil {
		t.Fatal(err)
	}
	b.id = a.ID
	return b
}

func (b *bench) advance(t *testing.T) {
	t.Helper()
	if _, err := b.Advance(t.Context(), b.id); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) windows(t *testing.T) []assessment.Occurrence {
	t.Helper()
	list, err := b.store.Occurrences(t.Context(), assessment.OccurrenceQuery{Assessment: b.id})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func file(text string) assessment.Manual {
	return assessment.Manual{ControlSet: "set", Control: "c", Body: evidence.DigestOf([]byte(text)), Size: int64(len(text)), MediaType: "text/plain"}
}

func (b *bench) status(t *testing.T, control string) string {
	t.Helper()
	list, err := b.Status(t.Context(), b.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if d.Control == control {
			return fmt.Sprintf("%s: %s", d.Status, d.Reason)
		}
	}
	t.Fatalf("there is no control %s", control)
	return ""
}

// TestOneMonth walks a control through a month: it is met only when the checks pass and somebody else has reviewed.
func TestOneMonth(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	want := func(status string) {
		t.Helper()
		if got := b.status(t, "c"); got != status {
			t.Fatalf("got %s, want %s", got, status)
		}
	}
	want("pending: nothing has been collected yet")
	b.advance(t)
	b.finish(t, assize.Counts{Pass: 1})
	want("partial: due on 2026-12-21")
	e, err := b.AddManual(ctx, b.id, "ann", file("report"))
	if err != nil {
		t.Fatal(err)
	}
	want("partial: 0 of 1 reviews")
	review := func(by string) error {
		return b.Decide(ctx, b.id, by, assessment.DecisionEvent{Evidence: e.ID, Accepted: true})
	}
	for _, alias := range []string{"ann", "Ann", "arn:aws:iam::111122223333:user/ann"} {
		refused(t, "a review by the author as "+alias, review(alias))
	}
	if err := review("bob"); err != nil {
		t.Fatal(err)
	}
	want("met: 1 verdict passes")
	corrected := file("corrected")
	corrected.Supersedes = e.ID
	if _, err = b.AddManual(ctx, b.id, "carla", corrected); err != nil {
		t.Fatal(err)
	}
	want("partial: 0 of 1 reviews")
	b.pass(70 * 24 * time.Hour)
	b.finish(t, assize.Counts{Pass: 1})
	want("overdue: missed: the window ended on 2027-01-21; the next is due on 2027-02-21")
}

// finish ends a run with these verdicts of the checks.
func (b *bench) finish(t *testing.T, counts assize.Counts) {
	t.Helper()
	run := assessment.Run{ID: b.NewID(), Assessment: b.id, State: assessment.RunDone, Due: b.Now()}
	var tallies []assessment.Tally
	for _, control := range []string{"c", "other"} {
		tallies = append(tallies, assessment.Tally{
			Run: run.ID, ControlSet: "set", Control: control, Expectation: assessment.ChecksExpectation, Counts: counts, AsOf: b.Now(),
		})
	}
	if err := b.Finish(t.Context(), assessment.RunEvent{Run: run}, tallies, nil, nil); err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, what string, err error) {
	t.Helper()
	if _, ok := assessment.IsValidation(err); !ok {
		t.Errorf("%s: got %v, want a fault of the input", what, err)
	}
}

// TestAnswersAtOnce lets many people answer a window while the scheduler advances: nothing is lost, nothing is
// written over, and the window ends as answered.
func TestAnswersAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.advance(t)
	b.pass(30*24*time.Hour + 12*time.Hour) // the window is over: the scheduler would have it missed
	const people = 6
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			m := file(fmt.Sprint("report ", i))
			m.Occurrence = b.windows(t)[0].ID
			if _, err := b.AddManual(t.Context(), b.id, fmt.Sprint("person", i), m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Go(func() { b.advance(t) })
	wg.Wait()
	first := b.windows(t)[0]
	if len(first.Evidence) != people || first.State != assessment.Collected && first.State != assessment.Late {
		t.Errorf("got a window that is %s with %d pieces of evidence, want it answered with %d", first.State, len(first.Evidence), people)
	}
}

func TestExceptionsOfPeople(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	asked := assessment.Exception{ControlSet: "set", Control: "other", Reason: "moving", Compensating: "alarms", Expires: "2026-12-31"}
	for name, change := range map[string]func(*assessment.Exception){
		"no reason":             func(x *assessment.Exception) { x.Reason = " " },
		"nothing that protects": func(x *assessment.Exception) { x.Compensating = "" },
		"no end":                func(x *assessment.Exception) { x.Expires = "" },
		"an end that is no day": func(x *assessment.Exception) { x.Expires = "zzzz-zz-zz" },
		"a day that is not":     func(x *assessment.Exception) { x.Expires = "2027-02-30" },
		"today":                 func(x *assessment.Exception) { x.Expires = "2026-11-21" },
		"a whole set":           func(x *assessment.Exception) { x.Control = "" },
		"no account":            func(x *assessment.Exception) { x.Accounts = []string{"*"} },
		"a long text":           func(x *assessment.Exception) { x.Compensating = strings.Repeat("x", 1001) },
	} {
		x := asked
		change(&x)
		_, err := b.RequestException(ctx, b.id, "dev", x)
		refused(t, name, err)
	}
	x, err := b.RequestException(ctx, b.id, "dev", asked)
	if err != nil {
		t.Fatal(err)
	}
	decide := func(by string, to assessment.ExceptionState) error {
		return b.DecideException(ctx, b.id, by, x.ID, to, "")
	}
	for _, alias := range []string{"dev", "DEV", "arn:aws:sts::111122223333:assumed-role/Admin/dev"} {
		refused(t, "approved by who asked, as "+alias, decide(alias, assessment.ExceptionApproved))
	}
	refused(t, "expired by hand", decide("ann", assessment.ExceptionExpired))
	b.finish(t, assize.Counts{Fail: 1})
	if got, want := b.status(t, "other"), "not met: 1 of 1 verdicts fail"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b.pass(41 * 24 * time.Hour)
	refused(t, "approved after its end", decide("ann", assessment.ExceptionApproved))
}

func TestExcuse(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.advance(t)
	open := b.windows(t)[0]
	refused(t, "without a reason", b.Excuse(ctx, b.id, "ann", open.ID, " "))
	refused(t, "by nobody", b.Excuse(ctx, b.id, "", open.ID, "no model in use"))
	if _, err := b.AddManual(ctx, b.id, "ann", file("report")); err != nil {
		t.Fatal(err)
	}
	refused(t, "what was answered", b.Excuse(ctx, b.id, "ann", open.ID, "no model in use"))
	if err := b.Excuse(ctx, b.id, "ann", "nothing", "no model in use"); !errors.Is(err, assessment.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// TestGivenID: an assessment has the id that it was given, and no other is made over it.
func TestGivenID(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	again, err := b.store.Assessment(ctx, b.id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Create(ctx, *again, "bob"); !errors.Is(err, assessment.ErrConflict) {
		t.Errorf("the id of another: got %v, want ErrConflict", err)
	}
	again.ID = "given"
	if a, err := b.Create(ctx, *again, "bob"); err != nil || a.ID != "given" {
		t.Errorf("got %+v and %v, want the id that was given", a, err)
	}
}

// TestNeverEvaluated: a cadence by which nothing would ever be evaluated again is refused.
func TestNeverEvaluated(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, rule := range []string{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20200101T000000Z"} {
		_, err := b.Update(t.Context(), b.id, "ann", func(a *assessment.Assessment) { a.Cadence = rule })
		refused(t, rule, err)
	}
	if _, err := b.Update(t.Context(), b.id, "ann", func(a *assessment.Assessment) { a.Cadence = "FREQ=WEEKLY;BYDAY=MO" }); err != nil {
		t.Error(err)
	}
}

// TestInactive holds that nothing is written to an assessment that was completed, and that it can be reopened.
func TestInactive(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.advance(t)
	open := b.windows(t)[0].ID
	if _, err := b.SetStatus(ctx, b.id, "ann", assessment.Inactive); err != nil {
		t.Fatal(err)
	}
	for what, do := range map[string]func() error{
		"evidence": func() error { _, err := b.AddManual(ctx, b.id, "ann", file("x")); return err },
		"a decision": func() error {
			return b.Decide(ctx, b.id, "ann", assessment.DecisionEvent{ControlSet: "set", Control: "c", Status: assessment.Reviewed})
		},
		"a comment": func() error {
			return b.Comment(ctx, b.id, "ann", assessment.CommentEvent{ControlSet: "set", Control: "c", Text: "x"})
		},
		"a delegation": func() error { _, err := b.Delegate(ctx, b.id, "ann", "set", "bob", ""); return err },
		"an excuse":    func() error { return b.Excuse(ctx, b.id, "ann", open, "over") },
	} {
		refused(t, what, do())
	}
	b.pass(90 * 24 * time.Hour)
	if n, err := b.Advance(ctx, b.id); n != 0 || err != nil {
		t.Errorf("advanced: got %d windows, %v, want none", n, err)
	}
	if _, err := b.SetStatus(ctx, b.id, "ann", assessment.Active); err != nil {
		t.Fatal(err)
	}
	if got, want := b.status(t, "c"), "overdue: due since 2026-12-21"; got != want {
		t.Errorf("reopened: got %s, want %s", got, want)
	}
}

// TestUnknownWorkloads holds that a control is not left out for a workload that nobody has registered.
func TestUnknownWorkloads(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	fw, err := b.Framework(ctx, assessment.FrameworkRef{})
	if err != nil {
		t.Fatal(err)
	}
	fw.Groups[0].Controls[1].AppliesTo = &assize.Applicability{Scopes: []int{4, 5}}
	if err := b.PutWorkload(ctx, "ann", assize.Workload{ID: "chat", Name: "Chat", Scope: 1}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, names := range [][]string{{"chat"}, {"chat", "search"}} {
		if _, err := b.Update(ctx, b.id, "ann", func(a *assessment.Assessment) { a.Workloads = names }); err != nil {
			t.Fatal(err)
		}
		got = append(got, b.status(t, "other"))
	}
	want := []string{"not applicable: Chat: scope 1 of the workload is none of 4, 5", "pending: nothing has been collected yet"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}
