package collect

import (
	"context"
	"sync"
)

// Each describes items in parallel: for each one it makes the [Builder] of its
// record, calls fn, and emits the record. key gives the item's type and id; an
// item met twice is described once, and one that the journal holds not at all.
// When the task's time is used up the rest is left out, with one gap, and the
// error is [ErrStopped].
func Each[T any](ctx context.Context, t *Task, items []T, key func(T) (typ, id string), fn func(context.Context, *Builder, T)) error {
	slots := make(chan struct{}, t.parallel())
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, item := range items {
		b := t.New(key(item))
		if b == nil {
			continue
		}
		slots <- struct{}{}
		if t.stopped() {
			return ErrStopped
		}
		wg.Go(func() {
			defer func() { <-slots }()
			t.describe(b, func() { fn(ctx, b, item) })
		})
	}
	wg.Wait()
	if t.stopped() {
		return ErrStopped
	}
	return nil
}

// minParallel is how many items are described at once however low the rate is.
const minParallel = 8

// parallel is how many items of the task are described at once: not more than its
// service may be asked in a second, since the others would only wait, each with its
// stack.
func (t *Task) parallel() int {
	most := t.runner.cfg.ItemParallel
	if len(t.decl.Operations) > 0 {
		rate := t.runner.cfg.rate(serviceOf(t.decl.Operations[0].Name))
		most = min(most, max(minParallel, int(rate.Max)))
	}
	return most
}

// New makes the builder of a record, or nil when the task or its journal has it
// already. [Each] does so for items; a record that is no item of a list (an
// account's settings) is made with New and sent with [Task.Emit].
func (t *Task) New(typ, id string) *Builder {
	t.mustDeclare([]string{typ})
	t.mu.Lock()
	defer t.mu.Unlock()
	key := typ + "/" + id
	if t.seen[key] {
		return nil
	}
	t.seen[key] = true
	return newBuilder(t, typ, id, len(t.gaps))
}

// describe runs fn and emits the record it has built.
func (t *Task) describe(b *Builder, fn func()) {
	t.mu.Lock()
	b.gapsBefore = len(t.gaps)
	t.mu.Unlock()
	if err := t.guard(func() error { fn(); return nil }); err != nil {
		t.Gap("", err) // of all types: nobody knows what else the item would have led to
	}
	t.Emit(b)
}

// Emit sends the record that b has built. It is called once.
func (t *Task) Emit(b *Builder) {
	rec := b.done()
	t.sink.record(rec)
	t.keep(rec, b.gapsBefore)
}
