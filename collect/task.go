package collect

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
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
	log      TaskLog
	seen     map[string]bool        // items and records by type and id
	items    int                    // listed so far
	complete map[string]bool        // types whose list was read to its end
	gapOf    map[string]*assize.Gap // first gap of each type
	gaps     []assize.Gap
	halt     *assize.Gap // why the task stopped early
	fault    error       // of the journal
}

func newTask(r *Runner, job Job, limits Limits, sink *lockedSink) *Task {
	return &Task{
		Account: job.Account, Region: job.Region,
		runner: r, decl: job.Declaration, limits: limits, sink: sink, ctx: context.Background(),
		seen: map[string]bool{}, complete: map[string]bool{}, gapOf: map[string]*assize.Gap{},
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
	if errors.Is(err, ErrStopped) {
		return
	}
	t.mustDeclare(types)
	if len(types) == 0 {
		types = t.decl.Types
	}
	if f := ended(t.ctx); f != nil {
		t.stop(f)
		return
	}
	g := t.gap(operation, err)
	g.Types = slices.Clone(types)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.note(g)
}

// gap describes a failure of this task.
func (t *Task) gap(operation string, err error) assize.Gap {
	f := t.failure(err)
	return assize.Gap{
		Account: t.Account, Region: t.Region, Operation: operation,
		Cause: f.Cause, Code: f.Code, Detail: oneLine(f.Detail),
	}
}

// failure classifies an error, unless it is classified already.
func (t *Task) failure(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return t.runner.classify(err)
}

// note keeps a gap of lists. The caller holds the lock.
func (t *Task) note(g assize.Gap) {
	slices.Sort(g.Types)
	t.gaps = append(t.gaps, g)
	for _, typ := range g.Types {
		if t.gapOf[typ] == nil {
			t.gapOf[typ] = &g
		}
	}
}

// stop ends the task early. Only the first reason counts.
func (t *Task) stop(f *Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.halt != nil {
		return
	}
	g := t.gap("", f)
	g.Types = slices.Clone(t.decl.Types)
	t.halt = &g
	t.note(g)
}

// stopped tells whether the task was ended early.
func (t *Task) stopped() bool {
	if f := ended(t.ctx); f != nil {
		t.stop(f)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.halt != nil
}

// end takes what the collector returned.
func (t *Task) end(err error) {
	if t.stopped() || err == nil || errors.Is(err, ErrStopped) {
		return
	}
	g := t.gap("", err)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, typ := range t.decl.Types {
		if t.gapOf[typ] == nil {
			g.Types = append(g.Types, typ)
		}
	}
	if len(g.Types) > 0 {
		t.note(g)
	}
}

// finish sends the coverage of every declared type.
func (t *Task) finish() {
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
			Account: t.Account, Region: t.Region, Types: silent, Cause: assize.WrongAnswer,
			Detail: "collector " + t.decl.Name + " said nothing of it",
		})
	}
	coverage := make([]assize.Coverage, 0, len(t.decl.Types))
	for _, typ := range t.decl.Types {
		c := assize.Coverage{Type: typ, Account: t.Account, Region: t.Region, Gap: t.gapOf[typ]}
		c.Complete = c.Gap == nil
		coverage = append(coverage, c)
	}
	for _, g := range t.gaps {
		t.sink.gap(g)
	}
	for _, c := range coverage {
		t.sink.coverage(c)
	}
}

// resume takes over what an earlier run kept, and reports whether that was everything.
func (t *Task) resume(j Journal) bool {
	return false
}

// guard turns a panic into a failure: one collector's mistake is not the run's end.
func (t *Task) guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Failure{
				Cause:  assize.ServiceError,
				Detail: fmt.Sprintf("collector %s panicked: %v at %s", t.decl.Name, p, panicSite(debug.Stack())),
			}
		}
	}()
	return fn()
}

// panicSite is the function that panicked, by name: the first frame below the
// runtime's. Not the file: its path is that of the machine that built the program.
func panicSite(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "panic(") {
			continue
		}
		for _, frame := range lines[i+1:] {
			if !strings.HasPrefix(frame, "\t") && !strings.HasPrefix(frame, "runtime.") {
				name, _, _ := strings.Cut(frame, "(0x")
				return strings.TrimSuffix(name, "(...)")
			}
		}
	}
	return "an unknown place"
}

func (t *Task) mustDeclare(types []string) {
	for _, typ := range types {
		if !t.decl.declares(typ) {
			panic("type " + typ + " is not declared")
		}
	}
}

// oneLine keeps a message in one line of bounded length.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const limit = 300
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return s
}

// Operation returns the declaration of an operation; it panics when there is none.
func (t *Task) Operation(name string) *Operation {
	op := t.decl.Operation(name)
	if op == nil {
		panic("operation " + name + " is not declared")
	}
	return op
}

// Listed is told the length of a list as it grows. When it passes the item budget
// the task stops: the error is [ErrStopped].
func (t *Task) Listed(n int) error {
	if n <= t.limits.Items {
		return nil
	}
	t.stop(&Failure{Cause: assize.Interrupted, Detail: fmt.Sprintf("more than %d items: the item budget of collector %s", t.limits.Items, t.decl.Name)})
	return ErrStopped
}
