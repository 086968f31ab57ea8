package collect

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// serverAttempts bounds the attempts at a call that fails without being throttled.
const serverAttempts = 3

// Do makes one call of the operation: within the budget of its service in the
// task's account and Region, and again, a little later, when the failure is one
// that passes. The error is a *[Failure]. fn is called once an attempt and must
// leave nothing behind when it fails.
func (t *Task) Do(ctx context.Context, operation string, fn func(context.Context) error) error {
	return t.DoIn(ctx, operation, t.Region, fn)
}

// DoIn is Do with the budget of another Region: for items of a global list that
// are described where they stand (S3 buckets).
func (t *Task) DoIn(ctx context.Context, operation, region string, fn func(context.Context) error) error {
	t.Operation(operation) // panics unless declared
	c := &call{
		runner: t.runner, operation: operation, region: region, fn: fn,
		budget: t.runner.budgets.of(t.Account, region, serviceOf(operation)),
		count: func() {
			t.runner.count(t.decl.Name, 1)
			t.mu.Lock()
			defer t.mu.Unlock()
			t.requests++
		},
	}
	if f := c.do(ctx); f != nil {
		return f
	}
	return nil
}

// Call makes one call that belongs to no task, as [Task.Do] does: what a source
// needs before it can plan. Its requests count for the collector.
func (r *Runner) Call(ctx context.Context, collector, account, region, operation string, fn func(context.Context) error) error {
	c := &call{
		runner: r, operation: operation, region: region, fn: fn,
		budget: r.budgets.of(account, region, serviceOf(operation)),
		count:  func() { r.count(collector, 1) },
	}
	if f := c.do(ctx); f != nil {
		return f
	}
	return nil
}

// call is one call with its attempts.
type call struct {
	runner            *Runner
	operation, region string
	budget            *bucket
	count             func()
	fn                func(context.Context) error
}

func (c *call) do(ctx context.Context) *Failure {
	for attempt := 1; ; attempt++ {
		f := c.attempt(ctx)
		if f == nil {
			return nil
		}
		if end := ended(ctx); end != nil {
			return end // whatever the attempt said: it was cut short
		}
		if !f.Retry || attempt >= c.runner.cfg.Attempts || !f.Throttle && attempt >= serverAttempts {
			return f
		}
		if sleep(ctx, c.runner.backoff(attempt)) != nil {
			return ended(ctx)
		}
	}
}

// attempt makes one request; nil is success.
func (c *call) attempt(ctx context.Context) *Failure {
	if c.budget.wait(ctx) != nil {
		return ended(ctx)
	}
	select {
	case c.runner.slots <- struct{}{}:
		defer func() { <-c.runner.slots }()
	case <-ctx.Done():
		return ended(ctx)
	}
	c.count()
	ctx, cancel := context.WithTimeoutCause(ctx, c.runner.cfg.CallTimeout, errAttempt)
	defer cancel()
	err := c.fn(ctx)
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*Failure](err)
	if !ok {
		f = c.runner.classify(c.region, err)
	}
	if f.Throttle {
		c.budget.throttled(time.Now())
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
