package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/assize-dev/assize/assessment"
)

// LocalConfig are the choices of a [Local] runner; zero values take the defaults.
type LocalConfig struct {
	// Now is the clock by which runs are due and leases end.
	Now func() time.Time
	// Holder names this process among those that share a store.
	Holder string
	// Lease is how long a run belongs to a holder that does not renew it; a minute. It is renewed three
	// times as often.
	Lease time.Duration
	// Poll is how often the queue is looked at; five seconds.
	Poll time.Duration
	// Parallel runs at a time, of different assessments; two.
	Parallel int
	// Attempts after which a run is given up; five. Backoff is how long a run that could not be carried out
	// waits, times the attempts so far; a minute.
	Attempts int
	Backoff  time.Duration
	// Ended is told of each attempt, with its error; nil tells nobody.
	Ended func(run *assessment.Run, err error)
}

// Local is a runner in this process.
type Local struct {
	queue assessment.Runs
	work  Work
	LocalConfig
	wake chan struct{}
}

var _ Runner = (*Local)(nil)

// NewLocal makes a runner over a queue.
func NewLocal(queue assessment.Runs, work Work, c LocalConfig) *Local {
	c.Lease = or(c.Lease, time.Minute)
	c.Poll = or(c.Poll, 5*time.Second)
	c.Backoff = or(c.Backoff, time.Minute)
	c.Parallel = or(c.Parallel, 2)
	c.Attempts = or(c.Attempts, 5)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Ended == nil {
		c.Ended = func(*assessment.Run, error) {}
	}
	return &Local{queue: queue, work: work, LocalConfig: c, wake: make(chan struct{}, 1)}
}

func or[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// Enqueue implements [Runner].
func (l *Local) Enqueue(ctx context.Context, run assessment.Run) (*assessment.Run, error) {
	r, err := l.queue.Enqueue(ctx, run)
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return r, err
}

// History implements [Runner].
func (l *Local) History(ctx context.Context, id string, limit int) ([]assessment.Run, error) {
	return l.queue.RunsOf(ctx, id, limit)
}

// Serve implements [Runner].
func (l *Local) Serve(ctx context.Context) error {
	slots := make(chan struct{}, l.Parallel)
	var wg sync.WaitGroup
	defer wg.Wait()
	ticker := time.NewTicker(l.Poll)
	defer ticker.Stop()
	for {
		for ctx.Err() == nil {
			run, err := l.begin(ctx, slots)
			if err != nil {
				l.Ended(nil, err)
			}
			if run == nil {
				break
			}
			wg.Go(func() {
				defer func() { <-slots; l.nudge() }()
				l.Ended(run, l.carryOut(ctx, run))
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-l.wake:
		}
	}
}

func (l *Local) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// begin claims a run when there is a slot for it; nil when there is neither.
func (l *Local) begin(ctx context.Context, slots chan struct{}) (*assessment.Run, error) {
	select {
	case slots <- struct{}{}:
	default:
		return nil, nil //nolint:nilnil // every slot is taken: nothing is begun
	}
	run, err := l.claim(ctx)
	if run == nil {
		<-slots
	}
	return run, err
}

func (l *Local) claim(ctx context.Context) (*assessment.Run, error) {
	now := l.Now()
	return l.queue.Claim(ctx, l.Holder, now, now.Add(l.Lease))
}

// Drain implements [Runner].
func (l *Local) Drain(ctx context.Context) error {
	var errs []error
	for {
		run, err := l.claim(ctx)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if run == nil {
			return errors.Join(errs...)
		}
		err = l.carryOut(ctx, run)
		l.Ended(run, err)
		if err != nil {
			errs = append(errs, err)
		}
		if ctx.Err() != nil {
			return errors.Join(append(errs, context.Cause(ctx))...)
		}
	}
}

// carryOut executes a claimed run while it renews the lease. One that was never heard of again after each of its
// attempts is given up: it would end the next process, too.
func (l *Local) carryOut(ctx context.Context, run *assessment.Run) error {
	if run.Attempt > l.Attempts {
		cause := fmt.Errorf("run %s of assessment %s: the process ended in the middle of each of %d attempts", run.ID, run.Assessment, l.Attempts)
		return errors.Join(cause, l.work.Fail(ctx, run, cause))
	}
	held, cancel := context.WithCancelCause(ctx)
	stop := l.renew(held, cancel, run)
	err := l.work.Execute(held, run)
	lost := errors.Is(context.Cause(held), assessment.ErrTaken)
	cancel(nil)
	stop()
	if err == nil || lost {
		return err
	}
	err = fmt.Errorf("run %s of assessment %s, attempt %d: %w", run.ID, run.Assessment, run.Attempt, err)
	// What follows is about giving the run back: it is done although ctx has ended.
	after := context.WithoutCancel(ctx)
	switch {
	case ctx.Err() != nil:
		return errors.Join(err, l.queue.Renew(after, run.ID, l.Holder, l.Now().Add(-time.Second)))
	case run.Attempt >= l.Attempts:
		return errors.Join(err, l.work.Fail(after, run, err))
	}
	return errors.Join(err, l.queue.Renew(after, run.ID, l.Holder, l.Now().Add(time.Duration(run.Attempt)*l.Backoff)))
}

// renew prolongs the lease until the returned function is called. When another holder has the run, the
// execution is cancelled with [assessment.ErrTaken].
func (l *Local) renew(ctx context.Context, cancel context.CancelCauseFunc, run *assessment.Run) (stop func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(l.Lease / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				// Another error than that it is taken may pass; the lease has time for two more attempts.
				if err := l.queue.Renew(ctx, run.ID, l.Holder, l.Now().Add(l.Lease)); errors.Is(err, assessment.ErrTaken) {
					cancel(err)
				}
			}
		}
	}()
	return func() { <-ended }
}
