package deployment_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/examples/acme"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/library"
)

// content is the library with the example's profile, loaded once.
var content = sync.OnceValues(func() (*deployment.Content, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	profile, err := lib.ParseProfile("assize.yaml", acme.Profile)
	return &deployment.Content{Library: lib, Profile: profile}, err
})

// clock is a clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// acmeSnapshot is the example as a file, as of a time, with its records changed.
func acmeSnapshot(t *testing.T, asOf time.Time) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "acme.assize")
	if err := os.WriteFile(path, acme.Snapshot, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	c.AsOf = asOf
	if err := snapshot.Write(path, c); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, o deployment.Options, c deployment.Config) *deployment.Deployment {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	parts, err := deployment.OpenParts(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := parts.Close(); err != nil {
			t.Error(err)
		}
	})
	d, err := deployment.New(ctx, parts, c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// create makes an assessment over a snapshot.
func create(t *testing.T, d *deployment.Deployment, framework, path string) *assessment.Assessment {
	t.Helper()
	ctx := t.Context()
	c, err := d.Content()
	if err != nil {
		t.Fatal(err)
	}
	fw, err := c.Library.Framework(framework)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := d.Pin(ctx, "ann", fw)
	if err != nil {
		t.Fatal(err)
	}
	read, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Service.Create(ctx, assessment.Assessment{
		Name: "acme", Framework: ref, Destination: t.TempDir(), Accounts: read.Accounts,
	}, "ann")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetSource(a.ID, deployment.Source{Snapshot: path}); err != nil {
		t.Fatal(err)
	}
	return a
}

func tick(t *testing.T, d *deployment.Deployment) {
	t.Helper()
	r, err := d.Runner(jobs.LocalConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Scheduler(r).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestRun carries out the runs of an assessment over the example and looks at what has come of it.
func TestRun(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d := open(t, deployment.Options{Data: t.TempDir()}, deployment.Config{Now: now.Now, Content: content, Version: "test"})
	a := create(t, d, "assize_genai_best_practices_v2", acmeSnapshot(t, now.Now()))
	before, err := d.Service.Status(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range before {
		if c.Status != assessment.PendingStatus && c.Status != assessment.NotEvaluable {
			t.Errorf("control %s is %s before anything was collected", c.Control, c.Status)
		}
	}
	tick(t, d)
	tick(t, d)
	runs, err := d.Store.RunsOf(t.Context(), a.ID, 10)
	if err != nil || len(runs) != 1 || runs[0].State != assessment.RunDone || runs[0].Evidence == 0 {
		t.Fatalf("got runs %+v, %v, want one that is done with evidence", runs, err)
	}
	n := 0
	for stored, err := range d.Store.Evidence(t.Context(), assessment.EvidenceQuery{Assessment: a.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if _, err := d.Body(t.Context(), stored.Evidence.Body); err != nil {
			t.Fatal(err)
		}
	}
	if n != runs[0].Evidence {
		t.Errorf("got %d pieces of evidence, the run says %d", n, runs[0].Evidence)
	}
	after, err := d.Service.Status(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	by := map[assessment.ControlStatus]int{}
	for _, c := range after {
		by[c.Status]++
	}
	if by[assessment.NotMet] == 0 || by[assessment.Met]+by[assessment.Partial] == 0 {
		t.Errorf("got statuses %v, want some of both", by)
	}
	c, signed, err := d.Publisher.Publish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.OpenCheckpoint(signed, d.Log.Verifier); err != nil {
		t.Error(err)
	}
	t.Logf("%d leaves, %v", c.Size, by)
}
