package collect

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/assize-dev/assize"
)

// Job is one collector on one account and Region.
type Job struct {
	Declaration *Declaration
	Account     string
	// Region, or "global" for a collector of that scope.
	Region string
	// Run does the work. What it returns becomes a gap of each type that it has
	// said nothing about, except nil and [ErrStopped].
	Run func(ctx context.Context, t *Task) error
}

// Runner runs jobs in parallel within budgets.
type Runner struct {
	cfg      Config
	classify Classifier
	slots    chan struct{} // requests under way
	budgets  budgets

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
// the sink, or the cause of ctx; never that of a job.
func (r *Runner) Run(ctx context.Context, jobs []Job, journal Journal, out Sink) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sink := &lockedSink{out: out, fail: cancel}
	tasks := make(chan struct{}, r.cfg.TaskParallel)
	var wg sync.WaitGroup
	for _, job := range jobs {
		tasks <- struct{}{} // a job runs even when ctx has ended: it says so in its coverage
		wg.Go(func() {
			defer func() { <-tasks }()
			r.run(ctx, job, journal, sink)
		})
	}
	wg.Wait()
	if sink.err != nil {
		return sink.err
	}
	return context.Cause(ctx)
}

// run runs one job to its coverage.
func (r *Runner) run(ctx context.Context, job Job, journal Journal, sink *lockedSink) {
	limits := r.cfg.limits(job.Declaration.Name)
	t := newTask(r, job, limits, sink)
	if f := ended(ctx); f != nil {
		t.stop(f)
		t.finish()
		return
	}
	if !t.resume(journal) {
		ctx, cancel := context.WithTimeoutCause(ctx, limits.Deadline, errDeadline)
		defer cancel()
		t.ctx = ctx
		t.end(t.guard(func() error { return job.Run(ctx, t) }))
	}
	t.finish()
}

// count adds one request of the collector.
func (r *Runner) count(collector string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests[collector]++
}

// Requests returns the number of requests made so far, attempts included, by collector.
func (r *Runner) Requests() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make(map[string]int, len(r.requests))
	for name, n := range r.requests {
		out[name] = n
	}
	return out
}

type budgetKey struct{ account, region, service string }

// budgets makes the bucket of an account, Region and service when it is first needed.
type budgets struct {
	cfg  *Config
	mu   sync.Mutex
	made map[budgetKey]*bucket
}

func (b *budgets) of(account, region, service string) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := budgetKey{account, region, service}
	if b.made[key] == nil {
		b.made[key] = newBucket(b.cfg.rate(service), time.Now())
	}
	return b.made[key]
}

// lockedSink serialises the sink. After its first error everything is dropped and the run ends.
type lockedSink struct {
	mu   sync.Mutex
	out  Sink
	err  error
	fail context.CancelCauseFunc
}

func (s *lockedSink) do(fn func(Sink) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if err := fn(s.out); err != nil {
		s.err = fmt.Errorf("keep what was collected: %w", err)
		s.fail(s.err)
	}
}

func (s *lockedSink) record(r *assize.Record)    { s.do(func(o Sink) error { return o.Record(r) }) }
func (s *lockedSink) coverage(c assize.Coverage) { s.do(func(o Sink) error { return o.Coverage(c) }) }
func (s *lockedSink) gap(g assize.Gap)           { s.do(func(o Sink) error { return o.Gap(g) }) }
