package collect

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// Do makes one call of the operation: within the budget of its service in the
// task's account and Region, and again, a little later, when the failure is one
// that passes. The error is a *[Failure]. fn is called once an attempt and must
// leave nothing behind when it fails.
func (t *Task) Do(ctx context.Context, operation string, fn func(context.Context) error) error {
	return t.DoIn(ctx, operation, t.Region, fn)
}

// DoIn is Do with the budget of another Region: for a global list whose items
// are described where they stand (S3 buckets).
func (t *Task) DoIn(ctx context.Context, operation, region string, fn func(context.Context) error) error {
	t.Operation(operation) // panics unless declared
	budget := t.runner.budgets.of(t.Account, region, serviceOf(operation))
	for attempt := 1; ; attempt++ {
		f := t.attempt(ctx, budget, fn)
		if f == nil {
			return nil
		}
		if end := ended(t.ctx); end != nil {
			return end
		}
		if !f.Retry || attempt >= t.runner.cfg.Attempts {
			return f
		}
		if sleep(ctx, t.runner.backoff(attempt)) != nil {
			return ended(ctx)
		}
	}
}

// attempt makes one request; nil is success.
func (t *Task) attempt(ctx context.Context, budget *bucket, fn func(context.Context) error) *Failure {
	if budget.wait(ctx) != nil {
		return ended(ctx)
	}
	select {
	case t.runner.slots <- struct{}{}:
		defer func() { <-t.runner.slots }()
	case <-ctx.Done():
		return ended(ctx)
	}
	t.runner.count(t.decl.Name)
	ctx, cancel := context.WithTimeoutCause(ctx, t.runner.cfg.CallTimeout, errAttempt)
	defer cancel()
	err := fn(ctx)
	if err == nil {
		return nil
	}
	f, classified := errors.AsType[*Failure](err)
	if !classified {
		f = t.runner.classify(err)
	}
	if f.Throttle {
		budget.throttled(time.Now())
	}
	return f
}

// backoff is a random part of a bound that doubles with each attempt.
func (r *Runner) backoff(attempt int) time.Duration {
	bound := r.cfg.MaxBackoff
	if shift := attempt - 1; shift < 16 {
		bound = min(bound, r.cfg.Backoff<<shift)
	}
	return bound/4 + rand.N(bound*3/4+1)
}
