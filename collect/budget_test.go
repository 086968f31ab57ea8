package collect

import (
	"testing"
	"testing/synctest"
	"time"
)

// spend takes n tokens and returns how long that took.
func spend(t *testing.T, b *bucket, n int) time.Duration {
	t.Helper()
	start := time.Now()
	for range n {
		if err := b.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return time.Since(start)
}

func TestBucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(Rate{Start: 10, Max: 100, Burst: 5}, time.Now())
		if got := spend(t, b, 5); got != 0 {
			t.Errorf("the burst took %v, want none", got)
		}
		// It doubles each second: 10 in the first, 20 in the second, 40, 80, 100.
		spend(t, b, 1000)
		if b.rate != 100 {
			t.Errorf("got rate %v after a long time without throttling, want the greatest, 100", b.rate)
		}
		for range 50 {
			b.throttled(time.Now()) // the answers to one burst
		}
		if b.rate != 50 {
			t.Errorf("got rate %v after throttling, want half, 50", b.rate)
		}
		if err := sleep(t.Context(), 2*time.Second); err != nil {
			t.Fatal(err)
		}
		b.refill(time.Now())
		if b.rate < 69.9 || b.rate > 70.1 {
			t.Errorf("got rate %v two seconds later, want 70: it recovers by a tenth of the greatest a second", b.rate)
		}
		for range 20 {
			b.throttled(time.Now())
			if err := sleep(t.Context(), time.Second); err != nil {
				t.Fatal(err)
			}
		}
		if b.rate < floorRate {
			t.Errorf("got rate %v, want at least %v", b.rate, floorRate)
		}
	})
}

// TestBucketGroups holds that requests which have to wait go out in groups, and in
// the time that the rate gives them.
func TestBucketGroups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(Rate{Start: 50, Max: 50, Burst: 10}, time.Now())
		spend(t, b, 10)
		waits := 0
		start := time.Now()
		for range 100 {
			if spend(t, b, 1) > 0 {
				waits++
			}
		}
		if took := time.Since(start); took < 1900*time.Millisecond || took > 2100*time.Millisecond {
			t.Errorf("100 requests at 50 a second took %v, want 2 s", took)
		}
		if waits > 25 {
			t.Errorf("got %d waits for 100 requests, want about 20 groups of 5", waits)
		}
		slow := newBucket(Rate{Start: 1, Max: 1, Burst: 10}, time.Now())
		spend(t, slow, 10)
		if got := spend(t, slow, 1); got > 1100*time.Millisecond {
			t.Errorf("a request at 1 a second waited %v, want 1 s", got)
		}
	})
}

func TestBucketEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(Rate{Start: 0.001, Max: 0.001, Burst: 1}, time.Now())
		spend(t, b, 1)
		ctx, cancel := contextWithDeadline(t, time.Second)
		defer cancel()
		if err := b.wait(ctx); err == nil {
			t.Error("got no error from a wait that was cut short")
		}
	})
}
