package collect

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/assize-dev/assize"
)

// Job is one collector on one account and Region.
type Job struct {
	Declaration *Declaration
	Account     string
	// Region, or "global" for a collector of that scope.
	Region string
	// Run does the work. What it returns, except nil and [ErrStopped], and a panic,
	// become a gap of all types that have none.
	Run func(ctx context.Context, t *Task) error
	// NotOffered, when set, is the coverage of all types, and Run is not called.
	NotOffered string
	// Gap, when set, is why nothing can be read, and Run is not called. Jobs may
	// share one; its Types name the types of all of them.
	Gap *assize.Gap
}

// Runner runs jobs in parallel within budgets.
type Runner struct {
	cfg      Config
	classify Classifier
	slots    chan struct{} // requests under way
	budgets  budgets

	done     atomic.Int64 // jobs that have ended
	mu       sync.Mutex
	requests map[string]int
}

// NewRunner makes a runner. The classifier tells why a call failed.
func NewRunner(cfg Config, classify Classifier) *Runner {
	cfg = cfg.withDefaults()
	return &Runner{
		cfg: cfg, classify: classify,
		slots:    make(chan struct{}, cfg.Parallel),
		budgets:  budgets{cfg: &cfg, made: map[budgetKey]*bucket{}},
		requests: map[string]int{},
	}
}

// Run runs all jobs and returns when each has ended. Whatever happens to a job,
// the sink gets exactly one Coverage for each of its types. The error is that of
// the sink or the journal, or the cause of ctx; never that of a job. A nil
// journal keeps nothing.
func (r *Runner) Run(ctx context.Context, jobs []Job, journal Journal, out Sink) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sink := &lockedSink{out: out, cancel: cancel, sent: map[*assize.Gap]bool{}}
	stop := r.progress(len(jobs))
	defer stop()
	tasks := make(chan struct{}, r.cfg.TaskParallel)
	var wg sync.WaitGroup
	for _, job := range jobs {
		tasks <- struct{}{} // a job has its turn even when ctx has ended: it says so in its coverage
		wg.Go(func() {
			defer func() { <-tasks }()
			defer r.done.Add(1)
			r.run(ctx, job, journal, sink)
		})
	}
	wg.Wait()
	if err := sink.failed(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// run runs one job to its coverage.
func (r *Runner) run(ctx context.Context, job Job, journal Journal, sink *lockedSink) {
	t := newTask(r, job, sink)
	switch {
	case job.NotOffered != "" || job.Gap != nil:
		t.decided(job)
		return
	case ended(ctx) != nil:
		t.stop(ended(ctx))
	case t.resume(journal):
		return
	default:
		limited, cancel := context.WithTimeoutCause(ctx, t.limits.Deadline, errDeadline)
		defer cancel()
		t.ctx = limited
		t.end(t.guard(func() error { return job.Run(limited, t) }))
	}
	t.finish()
}

// progressEvery is how often progress is told.
const progressEvery = 200 * time.Millisecond

// progress tells how far the run is until the returned function is called, which
// tells it a last time.
func (r *Runner) progress(total int) (stop func()) {
	if r.cfg.Progress == nil {
		return func() {}
	}
	tell := func() {
		requests := 0
		for _, n := range r.Requests() {
			requests += n
		}
		r.cfg.Progress(int(r.done.Load()), total, requests)
	}
	ended, told := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(told)
		ticker := time.NewTicker(progressEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				tell()
			case <-ended:
				tell()
				return
			}
		}
	}()
	return func() { close(ended); <-told }
}

// count adds requests of the collector.
func (r *Runner) count(collector string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests[collector] += n
}

// Requests returns the number of requests made so far, attempts included, by
// collector. Those of tasks that a journal holds are among them.
func (r *Runner) Requests() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.requests)
}

// lockedSink serialises the sink. After its first error everything is dropped and the run ends.
type lockedSink struct {
	mu     sync.Mutex
	out    Sink
	err    error
	cancel context.CancelCauseFunc
	sent   map[*assize.Gap]bool // gaps that jobs share
}

func (s *lockedSink) do(fn func(Sink) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if err := fn(s.out); err != nil {
		s.err = fmt.Errorf("keep what was collected: %w", err)
		s.cancel(s.err)
	}
}

// fail ends the run with an error that is no gap.
func (s *lockedSink) fail(err error) { s.do(func(Sink) error { return err }) }

func (s *lockedSink) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *lockedSink) record(r *assize.Record) { s.do(func(o Sink) error { return o.Record(r) }) }

// result sends gaps and coverage.
func (s *lockedSink) result(r *TaskResult) {
	s.do(func(o Sink) error {
		for _, g := range r.Gaps {
			if err := o.Gap(g); err != nil {
				return err
			}
		}
		for _, c := range r.Coverage {
			if err := o.Coverage(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// shared sends a gap unless it was sent already.
func (s *lockedSink) shared(g *assize.Gap) {
	s.do(func(o Sink) error {
		if s.sent[g] {
			return nil
		}
		s.sent[g] = true
		return o.Gap(*g)
	})
}
