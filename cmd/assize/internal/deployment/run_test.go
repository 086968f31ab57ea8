package deployment_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/assize-dev/assize"
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
	if size, err := d.Store.Size(t.Context()); err != nil || c.Size != size {
		t.Errorf("published %d leaves of %d, %v", c.Size, size, err)
	}
	checkBodies(t, d, a.ID)
	judgedAgain(t, d, a, now)
}

// judgedAgain: with the same content every verdict is the same; with another profile those that ask it are different,
// and nothing is recorded.
func judgedAgain(t *testing.T, d *deployment.Deployment, a *assessment.Assessment, now *clock) {
	t.Helper()
	before, err := d.Store.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same, err := d.Reassess(t.Context(), a, now.Now())
	if err != nil || same.Same == 0 || len(same.Differences) > 0 {
		t.Errorf("got %d the same and %v, %v, want all the same", same.Same, same.Differences, err)
	}
	if _, err := d.Reassess(t.Context(), a, now.Now().Add(-time.Hour)); err == nil {
		t.Error("judged again what was not read yet")
	}
	d.Content = func() (*deployment.Content, error) {
		c, err := content()
		return &deployment.Content{Library: c.Library, Profile: &assize.Profile{}}, err
	}
	other, err := d.Reassess(t.Context(), a, now.Now())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(other.Differences, func(x deployment.Difference) bool { return x.Now == assize.Manual && x.Before != x.Now }) {
		t.Errorf("got %d differences, want some that the profile had decided", len(other.Differences))
	}
	if after, err := d.Store.Size(t.Context()); err != nil || after != before {
		t.Errorf("got %d leaves, %v, want %d: nothing is recorded", after, err, before)
	}
}

// TestPropose: what is proposed are AI resources, each once, and what is registered is not proposed again.
func TestPropose(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d := open(t, deployment.Options{Data: t.TempDir()}, deployment.Config{Now: now.Now, Content: content, Version: "test"})
	a := create(t, d, "aws_genai_v2", acmeSnapshot(t, now.Now()))
	if _, err := d.Propose(t.Context(), a, nil); err == nil {
		t.Error("workloads were proposed before anything was read")
	}
	tick(t, d)
	list, err := d.Propose(t.Context(), a, []string{"workload", "cost-centre"})
	if err != nil || len(list) == 0 {
		t.Fatalf("got %d proposals, %v", len(list), err)
	}
	seen, tagged := map[string]bool{}, 0
	for i := range list {
		w := &list[i]
		if err := assessment.ValidateWorkload(w); err != nil || len(w.Resources) == 0 {
			t.Errorf("proposal %+v: %v", w, err)
		}
		if len(w.Tags) > 0 {
			tagged++
		}
		for _, name := range append(w.Resources, "id "+w.ID) {
			if seen[name] {
				t.Errorf("%s is proposed twice", name)
			}
			seen[name] = true
		}
	}
	if tagged == 0 {
		t.Error("no proposal follows from a tag, though the example has them")
	}
	if err := d.Service.PutWorkload(t.Context(), "ann", list[0]); err != nil {
		t.Fatal(err)
	}
	left, err := d.Propose(t.Context(), a, []string{"workload", "cost-centre"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range left {
		if slices.ContainsFunc(left[i].Resources, func(r string) bool { return slices.Contains(list[0].Resources, r) }) {
			t.Errorf("proposal %s holds what is registered", left[i].ID)
		}
	}
}
