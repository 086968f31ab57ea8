package collect

import (
	"context"
	"sync"
	"time"
)

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

// Rate is how often a service may be called in one account and Region.
type Rate struct {
	// Start is the rate at the beginning, in requests per second. It doubles every
	// second until the service throttles for the first time, or Max is reached.
	Start float64
	// Max is never exceeded.
	Max float64
	// Burst is how many requests may be made at once.
	Burst int
	// Source says where the figures come from.
	Source string
}

// groupTime is how long tokens gather before a waiting caller is told to look again:
// requests then go out in small groups, at the same rate. Woken one by one with pauses
// in between, each costs two to three times the CPU.
const groupTime = 200 * time.Millisecond

// floorRate is what throttling cannot take away, in requests per second.
const floorRate = 0.5

// bucket is a token bucket whose rate follows the service: it doubles until the
// first throttling (slow start), is halved by each throttling, and then recovers by
// a tenth of Max a second. Safe for concurrent use.
type bucket struct {
	mu      sync.Mutex
	limit   Rate
	rate    float64
	tokens  float64
	filled  time.Time // when tokens was last brought up to date
	cut     time.Time // when the rate was last halved
	settled bool      // throttled at least once: no more doubling

	head chan struct{} // held by the caller who waits for the next token
}

func newBucket(limit Rate, now time.Time) *bucket {
	return &bucket{
		limit: limit, rate: limit.Start, tokens: float64(limit.Burst), filled: now,
		head: make(chan struct{}, 1),
	}
}

// refill brings rate and tokens up to now.
func (b *bucket) refill(now time.Time) {
	passed := now.Sub(b.filled).Seconds()
	if passed <= 0 {
		return
	}
	b.filled = now
	b.tokens = min(b.tokens+passed*b.rate, float64(b.limit.Burst))
	if b.settled {
		b.rate += passed * b.limit.Max / 10
	} else {
		b.rate += passed * b.rate
	}
	b.rate = min(b.rate, b.limit.Max)
}

// take takes a token, or returns how long to wait until there may be one.
func (b *bucket) take(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	group := max(1, min(b.rate*groupTime.Seconds(), float64(b.limit.Burst)/2))
	return max(time.Duration((group-b.tokens)/b.rate*float64(time.Second)), time.Microsecond)
}

// throttled halves the rate, at most once a second: the answers to one burst are one sign.
func (b *bucket) throttled(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	b.tokens = min(b.tokens, 0)
	if b.settled && now.Sub(b.cut) < time.Second {
		return
	}
	b.settled, b.cut = true, now
	b.rate = max(b.rate/2, floorRate)
}

// wait returns when the caller may make one request, or with an error when ctx ends.
// Callers queue, so that each wait is measured with the rate of its moment.
func (b *bucket) wait(ctx context.Context) error {
	select {
	case b.head <- struct{}{}:
		defer func() { <-b.head }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for {
		d := b.take(time.Now())
		if d == 0 {
			return context.Cause(ctx)
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
