// Package jobstest is the conformance suite of runners: one is done when it passes.
package jobstest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/jobs"
)

// Bench is what a runner is made on for one test.
type Bench struct {
	// Queue is the queue of the store; it is shared by the runners of a test.
	Queue assessment.Runs
	// Finish records the end of a run in the store.
	Finish func(ctx context.Context, run *assessment.Run) error
	// Runner makes a runner that carries out work; now is its clock. Leases, backoff and polling are short.
	Runner func(work jobs.Work, now func() time.Time) jobs.Runner
	// Lease is how long a run belongs to a runner that has died.
	Lease time.Duration
}

// Exercise runs the suite; open makes an empty bench.
func Exercise(t *testing.T, open func(t *testing.T) *Bench) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *Bench){
		"a run is carried out once":              once,
		"an assessment has one run at a time":    alone,
		"a run whose runner died goes on":        goesOn,
		"a run that is stopped is given back":    givenBack,
		"a run that always fails is given up":    givenUp,
		"a run that ends processes is given up":  deadly,
		"runs are served as they come":           served,
		"what is not due yet is not carried out": notYet,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// work counts what is done, and does what the test says.
type work struct {
	bench *Bench
	do    func(ctx context.Context, run *assessment.Run) error

	mu     sync.Mutex
	ran    []string
	failed []string
	active map[string]int
	most   int
}

func (w *work) Execute(ctx context.Context, run *assessment.Run) error {
	w.mu.Lock()
	w.ran = append(w.ran, fmt.Sprintf("%s/%d", run.ID, run.Attempt))
	if w.active == nil {
		w.active = map[string]int{}
	}
	w.active[run.Assessment]++
	w.most = max(w.most, w.active[run.Assessment])
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.active[run.Assessment]--
		w.mu.Unlock()
	}()
	if w.do != nil {
		if err := w.do(ctx, run); err != nil {
			return err
		}
	}
	run.State = assessment.RunDone
	return w.bench.Finish(ctx, run)
}

func (w *work) Fail(ctx context.Context, run *assessment.Run, cause error) error {
	w.mu.Lock()
	w.failed = append(w.failed, run.ID)
	w.mu.Unlock()
	run.State, run.Error = assessment.RunFailed, cause.Error()
	return w.bench.Finish(ctx, run)
}

func (w *work) done() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ran)
}

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func enqueue(t *testing.T, r jobs.Runner, id, of string, due time.Time) *assessment.Run {
	t.Helper()
	run, err := r.Enqueue(t.Context(), assessment.Run{ID: id, Assessment: of, Due: due})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func once(t *testing.T, b *Bench) {
	w := &work{bench: b}
	r := b.Runner(w, at(start))
	enqueue(t, r, "r1", "a", start)
	if again := enqueue(t, r, "r2", "a", start); again.ID != "r1" {
		t.Errorf("got run %s, want r1: one is due at that time already", again.ID)
	}
	for range 2 {
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"r1/1"}, w.done()); diff != "" {
		t.Errorf("carried out (-want +got):\n%s", diff)
	}
	history, err := r.History(t.Context(), "a", 10)
	if err != nil || len(history) != 1 || history[0].State != assessment.RunDone {
		t.Errorf("got history %+v, %v, want one run that is done", history, err)
	}
}

func notYet(t *testing.T, b *Bench) {
	w := &work{bench: b}
	r := b.Runner(w, at(start))
	enqueue(t, r, "r1", "a", start.Add(time.Second))
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(w.done()) > 0 {
		t.Errorf("carried out %v before it was due", w.done())
	}
}

func alone(t *testing.T, b *Bench) {
	entered, leave := make(chan struct{}), make(chan struct{})
	w := &work{bench: b, do: func(context.Context, *assessment.Run) error {
		entered <- struct{}{}
		<-leave
		return nil
	}}
	one, two := b.Runner(w, at(start.Add(time.Hour))), b.Runner(w, at(start.Add(time.Hour)))
	enqueue(t, one, "r1", "a", start)
	enqueue(t, one, "r2", "a", start.Add(time.Minute))
	enqueue(t, one, "r3", "b", start)
	var wg sync.WaitGroup
	for _, r := range []jobs.Runner{one, two} {
		wg.Go(func() {
			if err := r.Drain(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	// Two are carried out at a time, one of each assessment; the third waits for the end of its assessment's.
	<-entered
	<-entered
	close(leave)
	<-entered
	wg.Wait()
	if w.most != 1 || len(w.done()) != 3 {
		t.Errorf("got %d runs of an assessment at a time, %d in all, want 1 and 3", w.most, len(w.done()))
	}
}

func goesOn(t *testing.T, b *Bench) {
	w := &work{bench: b}
	r := b.Runner(w, at(start.Add(2*b.Lease)))
	enqueue(t, r, "r1", "a", start)
	// A runner that claims and is never heard of again.
	if _, err := b.Queue.Claim(t.Context(), "dead", start, start.Add(b.Lease)); err != nil {
		t.Fatal(err)
	}
	if err := b.Runner(w, at(start.Add(b.Lease/2))).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(w.done()) > 0 {
		t.Errorf("carried out %v while another held it", w.done())
	}
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"r1/2"}, w.done()); diff != "" {
		t.Errorf("carried out (-want +got):\n%s", diff)
	}
}

func givenBack(t *testing.T, b *Bench) {
	entered := make(chan struct{})
	w := &work{bench: b, do: func(ctx context.Context, run *assessment.Run) error {
		if run.Attempt > 1 {
			return nil
		}
		close(entered)
		<-ctx.Done()
		return ctx.Err()
	}}
	ctx, cancel := context.WithCancel(t.Context())
	r := b.Runner(w, at(start))
	enqueue(t, r, "r1", "a", start)
	ended := make(chan error)
	go func() { ended <- r.Serve(ctx) }()
	<-entered
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("got %v, want nil: it was asked to stop", err)
	}
	if err := b.Runner(w, at(start)).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"r1/1", "r1/2"}, w.done()); diff != "" {
		t.Errorf("carried out (-want +got):\n%s", diff)
	}
}

var errBroken = errors.New("broken")

func givenUp(t *testing.T, b *Bench) {
	w := &work{bench: b, do: func(context.Context, *assessment.Run) error { return errBroken }}
	now := start
	r := b.Runner(w, func() time.Time { return now })
	enqueue(t, r, "r1", "a", start)
	for range 100 {
		if err := r.Drain(t.Context()); err != nil && !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		if len(w.failed) > 0 {
			break
		}
		now = now.Add(24 * time.Hour)
	}
	history, err := r.History(t.Context(), "a", 1)
	if err != nil || len(history) != 1 || history[0].State != assessment.RunFailed || history[0].Error == "" {
		t.Fatalf("got history %+v, %v, want a run that failed with an error", history, err)
	}
	if len(w.done()) < 2 {
		t.Errorf("it was given up after %d attempts", len(w.done()))
	}
}

// deadly: nobody who claims the run is ever heard of again.
func deadly(t *testing.T, b *Bench) {
	w := &work{bench: b}
	now := start
	r := b.Runner(w, func() time.Time { return now })
	enqueue(t, r, "r1", "a", start)
	for range 100 {
		if _, err := b.Queue.Claim(t.Context(), "dead", now, now.Add(b.Lease)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * b.Lease)
	}
	if err := r.Drain(t.Context()); err == nil {
		t.Error("that the run was given up is not told")
	}
	history, err := r.History(t.Context(), "a", 1)
	if err != nil || len(history) != 1 || history[0].State != assessment.RunFailed || len(w.done()) > 0 {
		t.Errorf("got history %+v, %v, carried out %v, want a run that failed and was not carried out again", history, err, w.done())
	}
}

func served(t *testing.T, b *Bench) {
	done := make(chan string)
	w := &work{bench: b, do: func(_ context.Context, run *assessment.Run) error {
		done <- run.ID
		return nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	r := b.Runner(w, at(start))
	ended := make(chan error)
	go func() { ended <- r.Serve(ctx) }()
	for _, id := range []string{"r1", "r2", "r3"} {
		enqueue(t, r, id, "of "+id, start)
		if got := <-done; got != id {
			t.Errorf("got %s, want %s", got, id)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
