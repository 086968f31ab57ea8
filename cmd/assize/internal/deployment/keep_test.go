package deployment_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/jobs"
)

// small opens a deployment of the small library, with an assessment that was evaluated once.
func small(t *testing.T, now *clock) (*deployment.Deployment, *assessment.Assessment) {
	t.Helper()
	d, closer, err := faultDeployment(t.Context(), t.TempDir(), "", nil, now.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closer)
	a, err := faultAssessment(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	tick(t, d)
	return d, a
}

// bodies tells which bodies of the evidence of an assessment can be read.
func bodies(t *testing.T, d *deployment.Deployment, id string) (there, gone int) {
	t.Helper()
	for stored, err := range d.Store.Evidence(t.Context(), assessment.EvidenceQuery{Assessment: id}) {
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Body(t.Context(), stored.Evidence.Body)
		switch {
		case errors.Is(err, assessment.ErrNotFound):
			gone++
		case err != nil:
			t.Fatal(err)
		default:
			there++
			r.Close()
		}
	}
	return there, gone
}

// TestDestroy: what is older than the retention is destroyed, on a legal hold nothing is, and the report of what
// is left verifies.
func TestDestroy(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	year := 365 * 24 * time.Hour
	old, _ := bodies(t, d, a.ID)
	now.move(year)
	tick(t, d)
	all, _ := bodies(t, d, a.ID)
	// Segments that a process writes are not touched: another does it when the first has ended.
	next := reopen(t, d, now)
	if err := next.Service.Hold(t.Context(), a.ID, "ann", "matter", false); err != nil {
		t.Fatal(err)
	}
	if n, err := next.Destroy(t.Context(), year/2); n != 0 || err != nil {
		t.Errorf("destroyed %d under a legal hold, %v", n, err)
	}
	if err := next.Service.Hold(t.Context(), a.ID, "ann", "matter", true); err != nil {
		t.Fatal(err)
	}
	if n, err := next.Destroy(t.Context(), 0); n != 0 || err != nil {
		t.Errorf("destroyed %d although all is to be kept, %v", n, err)
	}
	if n, err := next.Destroy(t.Context(), -year); n != 0 || err == nil {
		t.Errorf("destroyed %d of the future, %v", n, err)
	}
	n, err := next.Destroy(t.Context(), year/2)
	if err != nil {
		t.Fatal(err)
	}
	if want := old + 1; n != want { // and the snapshot
		t.Errorf("destroyed %d bodies, want %d", n, want)
	}
	if there, gone := bodies(t, next, a.ID); there != all-old || gone != old {
		t.Errorf("got %d bodies and %d destroyed, want %d and %d", there, gone, all-old, old)
	}
	if n, err := next.Destroy(t.Context(), year/2); n != 0 || err != nil {
		t.Errorf("destroyed %d again, %v", n, err)
	}
	r, err := next.MakeReport(t.Context(), a.ID, "ann", "report", "", true)
	if err != nil {
		t.Fatal(err)
	}
	verified(t, next, r.Location)
	if checked, err := next.Check(t.Context(), nil); err != nil || len(checked.Faults) > 0 {
		t.Errorf("ledger: %v, %+v", err, checked)
	}
}

// TestDestroyDeleted: of an assessment that was deleted the snapshots are destroyed too.
func TestDestroyDeleted(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	there, _ := bodies(t, d, a.ID)
	if err := d.Service.Delete(t.Context(), a.ID, "ann"); err != nil {
		t.Fatal(err)
	}
	now.move(48 * time.Hour)
	next := reopen(t, d, now)
	if n, err := next.Destroy(t.Context(), 24*time.Hour); err != nil || n != there+1 {
		t.Errorf("destroyed %d bodies, %v, want %d", n, err, there+1)
	}
}

// reopen opens the deployment again, as another process would, after the first has written its last.
func reopen(t *testing.T, d *deployment.Deployment, now *clock) *deployment.Deployment {
	t.Helper()
	if err := d.Backend.(killingBackend).Backend.(io.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	next, closer, err := faultDeployment(t.Context(), d.Data, "", nil, now.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closer)
	return next
}

// TestSweep: a segment that nothing refers to is removed when it has been so for an hour, not before; a folder
// of a run that has ended at once.
func TestSweep(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, _ := small(t, now)
	orphan := filepath.Join(d.Data, "blobs", strings.Repeat("ab", 16)+".seg")
	folder := filepath.Join(d.Data, "runs", "ended")
	if err := errors.Join(os.WriteFile(orphan, []byte("x"), 0o600), os.MkdirAll(folder, 0o700)); err != nil {
		t.Fatal(err)
	}
	s := &deployment.Sweeper{Deployment: reopen(t, d, now)}
	for i, want := range []int{0, 0, 1, 0} {
		n, err := s.Sweep(t.Context())
		if err != nil || n != want {
			t.Errorf("look %d: removed %d segments, %v, want %d", i, n, err, want)
		}
		now.move(31 * time.Minute)
	}
	for _, path := range []string{orphan, folder} {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", filepath.Base(path))
		}
	}
	if checked, err := d.Check(t.Context(), nil); err != nil || len(checked.Faults) > 0 {
		t.Errorf("ledger: %v, %+v", err, checked)
	}
}

// TestChangedContent: a run that was begun with another library is not finished with this one; another run judges all
// of it alike.
func TestChangedContent(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	begun := jobs.RunAt(a.ID, now.Now().Add(time.Minute))
	begun.Library, begun.Profile = "sha256:another", ""
	runs, err := d.Store.RunsOf(t.Context(), a.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	begun.Snapshot = runs[0].Snapshot
	if _, err := d.Store.Enqueue(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	now.move(time.Hour)
	r, err := d.Runner(jobs.LocalConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if runs, err = d.Store.RunsOf(t.Context(), a.ID, 10); err != nil || len(runs) != 3 {
		t.Fatalf("got %d runs, %v, want 3", len(runs), err)
	}
	states := map[assessment.RunState]int{}
	for _, r := range runs {
		states[r.State]++
		if r.State == assessment.RunCanceled && (r.ID != begun.ID || r.Evidence != 0) {
			t.Errorf("got %+v, want that the run begun with another library ends without evidence", r)
		}
	}
	if states[assessment.RunCanceled] != 1 || states[assessment.RunDone] != 2 {
		t.Errorf("got states %v, want one canceled and two done", states)
	}
}

// TestNotLooked: an operation that nobody asked, and a check that is no longer there, are not evaluable.
func TestNotLooked(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, closer, err := faultDeployment(t.Context(), t.TempDir(), "", nil, now.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closer)
	content, err := d.Content()
	if err != nil {
		t.Fatal(err)
	}
	fw, err := content.Library.Framework("small")
	if err != nil {
		t.Fatal(err)
	}
	changed := *fw
	changed.Groups = []assize.Group{{ID: "data", Title: "Data", Controls: []assize.Control{
		{ID: "gone", Title: "A check of before", Checks: []string{"s3_bucket_is_blue"}},
		{ID: "nobody", Title: "Nobody asks", Expectations: []assize.Expectation{{ID: "x", Kind: assize.ByAPI, Keyword: "s3_GetBucketPolicy"}}},
		{ID: "read", Title: "It is asked", Expectations: []assize.Expectation{{ID: "x", Kind: assize.ByAPI, Keyword: "s3_GetBucketVersioning"}}},
	}}}
	d.Operation = func(op string) ([]string, bool) { return []string{bucketType}, op == versioningOp }
	ref, err := d.Pin(t.Context(), "ann", &changed)
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Service.Create(t.Context(), assessment.Assessment{
		Name: "a", Framework: ref, Destination: t.TempDir(), Accounts: []assize.Account{{ID: faultAccount}},
	}, "ann")
	if err != nil {
		t.Fatal(err)
	}
	tick(t, d)
	got, err := d.Service.Status(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]assessment.ControlStatus{
		"gone": assessment.NotEvaluable, "nobody": assessment.NotEvaluable, "read": assessment.Partial,
	}
	for _, c := range got {
		if c.Status != want[c.Control] {
			t.Errorf("control %s: got %s (%s), want %s", c.Control, c.Status, c.Reason, want[c.Control])
		}
	}
}

// TestAccountNotRead: an account of the assessment about which nothing was read ends the run with an error, never
// with nothing to judge.
func TestAccountNotRead(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	if _, err := d.Service.Update(t.Context(), a.ID, "ann", func(a *assessment.Assessment) {
		a.Accounts = append(a.Accounts, assize.Account{ID: "999988887777"})
	}); err != nil {
		t.Fatal(err)
	}
	r, err := d.Runner(jobs.LocalConfig{Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Enqueue(t.Context(), jobs.RunAt(a.ID, now.Now().Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	now.move(time.Hour)
	if err := r.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "999988887777") {
		t.Errorf("got %v, want an error about the account", err)
	}
	runs, err := r.History(t.Context(), a.ID, 1)
	if err != nil || runs[0].State != assessment.RunFailed || runs[0].Error == "" {
		t.Errorf("got %+v, %v, want a run that failed", runs, err)
	}
	for stored, err := range d.Store.ScopeLeaves(t.Context(), a.ID, 0, evidence.KindRun) {
		if err != nil {
			t.Fatal(err)
		}
		if stored.Leaf.Actor != "assize" {
			t.Errorf("run leaf by %s", stored.Leaf.Actor)
		}
	}
}
