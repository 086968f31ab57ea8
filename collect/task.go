package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/assize-dev/assize"
)

// Task is one run of a collector on one account and Region: what the collector
// works with. Safe for concurrent use.
type Task struct {
	Account string
	// Region, or "global" for a collector of that scope.
	Region string

	runner *Runner
	decl   *Declaration
	limits Limits
	sink   *lockedSink
	ctx    context.Context // of the task: its end tells a stop from a failed call

	mu       sync.Mutex
	log      TaskLog          // nil without a journal
	waiting  []*assize.Record // not in the journal until the task is finished
	again    bool             // a record has a gap that may be gone next time
	seen     map[string]bool  // items and records by type and id
	listed   int              // items of all lists
	requests int
	complete map[string]bool        // types whose list was read to its end
	gapOf    map[string]*assize.Gap // first gap of each type
	gaps     []assize.Gap
	halt     bool // stopped early
	over     bool // the lists passed the item budget
}

func newTask(r *Runner, job Job, sink *lockedSink) *Task {
	return &Task{
		Account: job.Account, Region: job.Region,
		runner: r, decl: job.Declaration, limits: r.cfg.limits(job.Declaration.Name), sink: sink, ctx: context.Background(),
		seen: map[string]bool{}, complete: map[string]bool{}, gapOf: map[string]*assize.Gap{},
	}
}

// Operation returns the declaration of an operation; it panics when there is none.
func (t *Task) Operation(name string) *Operation {
	op := t.decl.Operation(name)
	if op == nil {
		panic("operation " + name + " is not declared")
	}
	return op
}

func (t *Task) mustDeclare(types []string) {
	for _, typ := range types {
		if !t.decl.declares(typ) {
			panic("type " + typ + " is not declared")
		}
	}
}

// Complete says that the lists of the types were read to their ends. A gap of the
// type, earlier or later, outweighs it. For types that are listed once for each
// item of another list: say it when all of them were.
func (t *Task) Complete(types ...string) {
	t.mustDeclare(types)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, typ := range types {
		t.complete[typ] = true
	}
}

// Gap records why the lists of the types are incomplete; no types means all that
// the collector declares. err is what [Task.Do] returned, or [Wrong].
func (t *Task) Gap(operation string, err error, types ...string) {
	if errors.Is(err, ErrStopped) || t.stopped() {
		return
	}
	t.mustDeclare(types)
	if len(types) == 0 {
		types = t.decl.Types
	}
	g := t.gap(operation, t.Region, err)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.note(g, types)
}

// gap describes a failure of this task.
func (t *Task) gap(operation, region string, err error) assize.Gap {
	f, ok := errors.AsType[*Failure](err)
	if !ok {
		f = t.runner.classify(region, err)
	}
	return assize.Gap{
		Account: t.Account, Region: region, Operation: operation,
		Cause: f.Cause, Code: f.Code, Detail: oneLine(f.Detail),
	}
}

// note keeps a gap of the types' lists. The caller holds the lock.
func (t *Task) note(g assize.Gap, types []string) {
	g.Types = slices.Sorted(slices.Values(types))
	t.gaps = append(t.gaps, g)
	for _, typ := range g.Types {
		if t.gapOf[typ] == nil {
			t.gapOf[typ] = &g
		}
	}
}

// stop ends the task early. Only the first reason counts.
func (t *Task) stop(f *Failure) {
	g := t.gap("", t.Region, f)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.halt {
		return
	}
	t.halt = true
	t.note(g, t.decl.Types)
}

// stopped tells whether the task was ended early.
func (t *Task) stopped() bool {
	if f := ended(t.ctx); f != nil {
		t.stop(f)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.halt
}

// Listed is told how many more items a list has and returns how many of them to keep:
// all, or as many as the item budget leaves over all lists of the task. Then the lists
// of the types are incomplete, the error is [ErrStopped] and no list goes on, but
// the items kept are described: of what a service lists newest first, the newest.
func (t *Task) Listed(n int) (keep int, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	left := max(t.limits.Items-t.listed, 0)
	t.listed += n
	if n <= left {
		return n, nil
	}
	f := &Failure{
		Cause:  assize.Interrupted,
		Detail: fmt.Sprintf("more than %d items, the item budget of collector %s", t.limits.Items, t.decl.Name),
		Err:    ErrStopped,
	}
	if !t.over {
		t.over = true
		t.note(t.gap("", t.Region, f), t.decl.Types)
	}
	return left, f
}

// end takes what the collector returned.
func (t *Task) end(err error) {
	if err == nil || errors.Is(err, ErrStopped) || t.stopped() {
		t.stopped()
		return
	}
	g := t.gap("", t.Region, err)
	t.mu.Lock()
	defer t.mu.Unlock()
	var types []string
	for _, typ := range t.decl.Types {
		if t.gapOf[typ] == nil {
			types = append(types, typ)
		}
	}
	if len(types) > 0 {
		t.note(g, types)
	}
}

// decided sends the coverage of a job that needs no work.
func (t *Task) decided(job Job) {
	r := &TaskResult{}
	for _, typ := range t.decl.Types {
		c := assize.Coverage{Type: typ, Account: t.Account, Region: t.Region, NotOffered: job.NotOffered}
		if job.NotOffered == "" {
			c.Gap = job.Gap
		}
		r.Coverage = append(r.Coverage, c)
	}
	if job.NotOffered == "" {
		t.sink.shared(job.Gap)
	}
	t.sink.result(r)
}

// finish sends the gaps, and the coverage of every declared type.
func (t *Task) finish() {
	r := t.result()
	t.sink.result(r)
	t.close(r)
}

// result sums the task up. What the collector said nothing about is a gap: not
// having looked must not read as "there is none".
func (t *Task) result() *TaskResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	var silent []string
	for _, typ := range t.decl.Types {
		if t.gapOf[typ] == nil && !t.complete[typ] {
			silent = append(silent, typ)
		}
	}
	if len(silent) > 0 {
		t.note(assize.Gap{
			Account: t.Account, Region: t.Region, Cause: assize.WrongAnswer,
			Detail: "collector " + t.decl.Name + " said nothing of it",
		}, silent)
	}
	r := &TaskResult{Gaps: t.gaps, Requests: t.requests}
	for _, typ := range t.decl.Types {
		g := t.gapOf[typ]
		r.Coverage = append(r.Coverage, assize.Coverage{
			Type: typ, Account: t.Account, Region: t.Region, Complete: g == nil, Gap: g,
		})
	}
	return r
}
