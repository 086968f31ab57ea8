package collect

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assize-dev/assize"
	"github.com/google/go-cmp/cmp"
)

// gather runs jobs into a collection.
func gather(t *testing.T, ctx context.Context, cfg Config, journal Journal, jobs ...Job) (*Collection, *Runner, error) {
	t.Helper()
	c := NewCollection("test", time.Unix(0, 0))
	r := NewRunner(cfg, testClassify)
	err := r.Run(ctx, jobs, journal, c.Sink())
	c.Sort()
	checkAccounted(t, c, jobs)
	return c, r, err
}

// checkAccounted holds a collection against what must hold of each: every type of
// every job has exactly one coverage, which says one thing, and the gap that it
// names stands once among the gaps.
func checkAccounted(t *testing.T, c *Collection, jobs []Job) {
	t.Helper()
	type place struct{ typ, account, region string }
	want, got := map[place]int{}, map[place]int{}
	for _, j := range jobs {
		for _, typ := range j.Declaration.Types {
			want[place{typ, j.Account, j.Region}]++
		}
	}
	for _, v := range c.Coverage {
		got[place{v.Type, v.Account, v.Region}]++
		said := 0
		for _, is := range []bool{v.Complete, v.NotOffered != "", v.Gap != nil} {
			if is {
				said++
			}
		}
		if said != 1 {
			t.Errorf("coverage %+v says %d things, want 1", v, said)
		}
		if v.Gap == nil {
			continue
		}
		n := 0
		for _, g := range c.Gaps {
			if cmp.Equal(g, *v.Gap) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("gap of %s in %s stands %d times, want once: %v", v.Type, v.Region, n, v.Gap)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
}

// causes of the coverage, by type; "" is complete.
func causes(c *Collection) map[string]assize.Cause {
	out := map[string]assize.Cause{}
	for _, v := range c.Coverage {
		if v.Gap != nil {
			out[v.Type] = v.Gap.Cause
		} else {
			out[v.Type] = ""
		}
	}
	return out
}

func TestRunComplete(t *testing.T) {
	t.Parallel()
	s := &shop{things: append(numbered(300), "thing-007")} // one met twice
	c, r, err := gather(t, t.Context(), fast(), nil, s.job("eu-a"), s.job("eu-b"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(c.Records), 600; got != want {
		t.Errorf("got %d records, want %d", got, want)
	}
	if d := cmp.Diff(map[string]assize.Cause{testThing: "", testPart: ""}, causes(c)); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
	if d := cmp.Diff(map[string]int{"shop-things": 2 + 2*2*300}, r.Requests()); d != "" {
		t.Errorf("requests (-want +got):\n%s", d)
	}
	if got := s.called(opGet, "thing-007"); got != 2 {
		t.Errorf("thing-007 was fetched %d times in 2 Regions, want 2", got)
	}
}

func TestRunFailures(t *testing.T) {
	t.Parallel()
	failOn := func(operation, id string, err error) func(context.Context, string, string) error {
		return func(_ context.Context, op, i string) error {
			if op == operation && (id == "" || i == id) {
				return err
			}
			return nil
		}
	}
	panicOn := func(operation, id string) func(context.Context, string, string) error {
		return func(_ context.Context, op, i string) error {
			if op == operation && i == id {
				panic("a mistake")
			}
			return nil
		}
	}
	for _, c := range []struct {
		name    string
		fail    func(context.Context, string, string) error
		records int
		gaps    int
		want    map[string]assize.Cause
	}{
		{"list denied", failOn(opList, "", errDenied), 0, 1, map[string]assize.Cause{testThing: assize.Denied, testPart: assize.Denied}},
		{"one item denied", failOn(opGet, "thing-003", errDenied), 9, 0, map[string]assize.Cause{testThing: "", testPart: ""}},
		{"one item's list fails", failOn(opParts, "thing-003", errServer), 9, 1, map[string]assize.Cause{testThing: "", testPart: assize.ServiceError}},
		{"panic in an item", panicOn(opGet, "thing-003"), 9, 1, map[string]assize.Cause{testThing: assize.ServiceError, testPart: assize.ServiceError}},
		{"panic in the collector", panicOn(opList, ""), 0, 1, map[string]assize.Cause{testThing: assize.ServiceError, testPart: assize.ServiceError}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shop{things: numbered(9), fail: c.fail}
				got, _, err := gather(t, t.Context(), fast(), nil, s.job("eu-a"))
				if err != nil {
					t.Fatal(err)
				}
				if len(got.Records) != c.records || len(got.Gaps) != c.gaps {
					t.Errorf("got %d records and %d gaps, want %d and %d: %v", len(got.Records), len(got.Gaps), c.records, c.gaps, got.Gaps)
				}
				if d := cmp.Diff(c.want, causes(got)); d != "" {
					t.Errorf("coverage (-want +got):\n%s", d)
				}
			})
		})
	}
}

func TestRunItemGapIsInTheRecord(t *testing.T) {
	t.Parallel()
	s := &shop{things: numbered(2), fail: func(_ context.Context, op, id string) error {
		if op == opGet && id == "thing-001" {
			return errDenied
		}
		return nil
	}}
	c, _, err := gather(t, t.Context(), fast(), nil, s.job("eu-a"))
	if err != nil {
		t.Fatal(err)
	}
	want := &assize.Gap{
		Account: "111111111111", Region: "eu-a", Operation: opGet, Resource: "thing-001", Cause: assize.Denied, Code: "AccessDenied",
	}
	if d := cmp.Diff(want, c.Records[1].Answer(opGet).Gap); d != "" {
		t.Errorf("gap (-want +got):\n%s", d)
	}
}

func TestRunPanicSaysWhere(t *testing.T) {
	t.Parallel()
	job := (&shop{}).job("eu-a")
	job.Run = func(context.Context, *Task) error { panic("a\nmistake") }
	c, _, _ := gather(t, t.Context(), fast(), nil, job)
	got := c.Gaps[0].Detail
	if want := "collector shop-things panicked: a mistake, in github.com/assize-dev/assize/collect.TestRunPanicSaysWhere"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want it to begin %q", got, want)
	}
}

func TestRunSaidNothing(t *testing.T) {
	t.Parallel()
	job := (&shop{}).job("eu-a")
	job.Run = func(_ context.Context, t *Task) error { t.Complete(testThing); return nil }
	c, _, _ := gather(t, t.Context(), fast(), nil, job)
	if d := cmp.Diff(map[string]assize.Cause{testThing: "", testPart: assize.WrongAnswer}, causes(c)); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
}

func TestRunThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// A service that takes 20 requests a second and throttles the others.
		var mu sync.Mutex
		var second int64
		taken, refused := 0, 0
		s := &shop{things: numbered(500), fail: func(context.Context, string, string) error {
			mu.Lock()
			defer mu.Unlock()
			if now := time.Now().Unix(); now != second {
				second, taken = now, 0
			}
			if taken++; taken > 20 {
				refused++
				return errThrottled
			}
			return nil
		}}
		cfg := Config{Attempts: 12, Rates: map[string]Rate{"shop": {Start: 10, Max: 200, Burst: 20}}}
		c, r, err := gather(t, t.Context(), cfg, nil, s.job("eu-a"))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]assize.Cause{testThing: "", testPart: ""}, causes(c)); d != "" {
			t.Errorf("coverage (-want +got):\n%s", d)
		}
		if refused == 0 {
			t.Error("nothing was throttled")
		}
		// It settles near the limit: a third at most of what was sent came too early.
		if total := r.Requests()["shop-things"]; refused*3 > total {
			t.Errorf("%d of %d requests were throttled, want a third at most", refused, total)
		}
	})
}

func TestRunGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{fail: func(context.Context, string, string) error { return errThrottled }}
		c, r, _ := gather(t, t.Context(), fast(), nil, s.job("eu-a"))
		if got := causes(c)[testThing]; got != assize.Throttled {
			t.Errorf("got cause %q, want throttled", got)
		}
		if got := r.Requests()["shop-things"]; got != 6 {
			t.Errorf("got %d attempts, want 6", got)
		}
		s = &shop{fail: func(context.Context, string, string) error { return errServer }}
		if _, r, _ = gather(t, t.Context(), fast(), nil, s.job("eu-a")); r.Requests()["shop-things"] != serverAttempts {
			t.Errorf("got %d attempts at a server error, want %d", r.Requests()["shop-things"], serverAttempts)
		}
	})
}

func TestRunDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{things: numbered(300), fail: func(ctx context.Context, op, _ string) error {
			if op == opList {
				return nil
			}
			return sleep(ctx, 40*time.Second)
		}}
		cfg := fast()
		cfg.CallTimeout = time.Minute
		cfg.Collectors = map[string]Limits{"shop-things": {Deadline: time.Minute}}
		c, _, err := gather(t, t.Context(), cfg, nil, s.job("eu-a"))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]assize.Cause{testThing: assize.Timeout, testPart: assize.Timeout}, causes(c)); d != "" {
			t.Errorf("coverage (-want +got):\n%s", d)
		}
		if len(c.Records) == 0 || len(c.Records) == 300 || len(c.Gaps) != 1 {
			t.Errorf("got %d records and %d gaps, want some of 300, and 1", len(c.Records), len(c.Gaps))
		}
	})
}

func TestRunCallTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{things: numbered(1), fail: func(ctx context.Context, op, _ string) error {
			if op == opGet {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}}
		c, _, err := gather(t, t.Context(), fast(), nil, s.job("eu-a"))
		if err != nil {
			t.Fatal(err)
		}
		if g := c.Records[0].Answer(opGet).Gap; g == nil || g.Cause != assize.Timeout {
			t.Errorf("got gap %v, want a timeout", g)
		}
	})
}

func TestRunItemBudget(t *testing.T) {
	t.Parallel()
	s := &shop{things: numbered(11)}
	cfg := fast()
	cfg.Items = 10
	c, _, err := gather(t, t.Context(), cfg, nil, s.job("eu-a"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]assize.Cause{testThing: assize.Interrupted, testPart: assize.Interrupted}, causes(c)); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
	if got, want := len(c.Records), 10; got != want {
		t.Errorf("got %d records, want the %d within the budget", got, want)
	}
}

func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &shop{things: numbered(200)}
	s.fail = func(ctx context.Context, op, _ string) error {
		if s.total.Load() == 100 {
			cancel()
		}
		return context.Cause(ctx)
	}
	cfg := fast()
	cfg.TaskParallel, cfg.ItemParallel = 1, 4
	c, _, err := gather(t, ctx, cfg, nil, s.job("eu-a"), s.job("eu-b"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	if d := cmp.Diff(map[string]assize.Cause{testThing: assize.Interrupted, testPart: assize.Interrupted}, causes(c)); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
	if n := len(c.Records); n == 0 || n >= 200 {
		t.Errorf("got %d records, want what was gathered before", n)
	}
	if len(c.Gaps) != 2 {
		t.Errorf("got %d gaps, want one a task: %v", len(c.Gaps), c.Gaps)
	}
}

func TestRunDecided(t *testing.T) {
	t.Parallel()
	s := &shop{}
	off, a, b := s.job("eu-a"), s.job("eu-b"), s.job("eu-c")
	off.NotOffered = "table, today"
	gap := &assize.Gap{Account: "111111111111", Types: []string{testPart, testThing}, Cause: assize.RegionNotEnabled}
	a.Gap, b.Gap = gap, gap
	c, _, err := gather(t, t.Context(), fast(), nil, off, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Gaps) != 1 || s.total.Load() != 0 {
		t.Errorf("got %d gaps and %d calls, want 1 and 0", len(c.Gaps), s.total.Load())
	}
	if got := c.Coverage[0].NotOffered; got != "table, today" {
		t.Errorf("got not offered %q, want the table", got)
	}
}

func TestRunSinkFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	s := &shop{things: numbered(50)}
	err := NewRunner(fast(), testClassify).Run(t.Context(), []Job{s.job("eu-a")}, nil, failingSink{err: full})
	if !errors.Is(err, full) {
		t.Errorf("got error %v, want that of the sink", err)
	}
}

type failingSink struct {
	Sink
	err error
}

func (f failingSink) Record(*assize.Record) error    { return f.err }
func (f failingSink) Coverage(assize.Coverage) error { return nil }
func (f failingSink) Gap(assize.Gap) error           { return nil }

func TestRunProgress(t *testing.T) {
	t.Parallel()
	cfg := fast()
	var got [3]int
	cfg.Progress = func(done, total, requests int) { got = [3]int{done, total, requests} }
	s := &shop{things: numbered(3)}
	gather(t, t.Context(), cfg, nil, s.job("eu-a"), s.job("eu-b"))
	if want := [3]int{2, 2, 14}; got != want {
		t.Errorf("last progress: got %v, want %v", got, want)
	}
}
