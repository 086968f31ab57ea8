package collect

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/assize-dev/assize"
)

// The errors that testClassify knows.
var (
	errThrottled = errors.New("throttled")
	errDenied    = errors.New("denied")
	errServer    = errors.New("server")
)

func testClassify(_ string, err error) *Failure {
	switch {
	case errors.Is(err, errThrottled):
		return &Failure{Cause: assize.Throttled, Retry: true, Throttle: true, Err: err}
	case errors.Is(err, errDenied):
		return &Failure{Cause: assize.Denied, Code: "AccessDenied", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Failure{Cause: assize.Timeout, Retry: true, Err: err}
	}
	return &Failure{Cause: assize.ServiceError, Retry: true, Err: err}
}

const (
	testThing = "Test::Shop::Thing"
	testPart  = "Test::Shop::Part"
	opList    = "shop:ListThings"
	opGet     = "shop:GetThing"
	opParts   = "shop:ListParts"
)

// shop is a service with things, which have parts.
type shop struct {
	things []string
	// fail is asked before each call; nil lets all pass.
	fail func(ctx context.Context, operation, id string) error

	mu    sync.Mutex
	calls map[string]int // by operation and id
	total atomic.Int64
}

func (s *shop) call(ctx context.Context, operation, id string) error {
	s.total.Add(1)
	s.mu.Lock()
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	s.calls[operation+" "+id]++
	s.mu.Unlock()
	if s.fail == nil {
		return nil
	}
	return s.fail(ctx, operation, id)
}

func (s *shop) called(operation, id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation+" "+id]
}

func shopDeclaration() *Declaration {
	action := []string{"shop:Read"}
	return &Declaration{
		Name: "shop-things", Service: "shop", Scope: Regional, Types: []string{testThing, testPart},
		Operations: []Operation{{Name: opList, Actions: action}, {Name: opGet, Actions: action}, {Name: opParts, Actions: action}},
	}
}

// run is the collector of the shop.
func (s *shop) run(ctx context.Context, t *Task) error {
	if err := t.Do(ctx, opList, func(ctx context.Context) error { return s.call(ctx, opList, "") }); err != nil {
		t.Gap(opList, err, testThing, testPart)
		return nil
	}
	t.Complete(testThing)
	keep, _ := t.Listed(len(s.things))
	key := func(id string) (string, string) { return testThing, id }
	err := Each(ctx, t, s.things[:keep], key, func(ctx context.Context, b *Builder, id string) {
		if err := t.Do(ctx, opGet, func(ctx context.Context) error { return s.call(ctx, opGet, id) }); err != nil {
			b.Fail(opGet, err)
		} else {
			b.Answer(opGet, struct{ Name string }{id})
		}
		if err := t.Do(ctx, opParts, func(ctx context.Context) error { return s.call(ctx, opParts, id) }); err != nil {
			t.Gap(opParts, err, testPart)
		}
	})
	if err != nil {
		return err
	}
	t.Complete(testPart)
	return nil
}

func (s *shop) job(region string) Job {
	return Job{Declaration: shopDeclaration(), Account: "111111111111", Region: region, Run: s.run}
}

// fast are limits without waiting.
func fast() Config {
	return Config{Rates: map[string]Rate{"shop": {Start: 1e6, Max: 1e6, Burst: 1e6}}}
}

func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("thing-%03d", i)
	}
	return out
}

func contextWithDeadline(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}
