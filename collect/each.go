package collect

import (
	"context"
	"sync"
)

// Each describes items in parallel: for each one it makes the [Builder] of its
// record, calls fn, and emits the record. key gives the item's type and id; an
// item met twice is described once, and one that the journal holds not at all.
// When the task's item budget or time is used up the rest is left out, with one
// gap, and the error is [ErrStopped].
func Each[T any](ctx context.Context, t *Task, items []T, key func(T) (typ, id string), fn func(context.Context, *Builder, T)) error {
	slots := make(chan struct{}, t.runner.cfg.ItemParallel)
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, item := range items {
		if t.stopped() {
			return ErrStopped
		}
		typ, id := key(item)
		b := t.claim(typ, id)
		if b == nil {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			t.describe(b, func() { fn(ctx, b, item) })
		})
	}
	return nil
}

// claim makes the builder of an item, nil when the item has been dealt with.
func (t *Task) claim(typ, id string) *Builder {
	t.mustDeclare([]string{typ})
	t.mu.Lock()
	defer t.mu.Unlock()
	key := typ + "/" + id
	if t.seen[key] {
		return nil
	}
	t.seen[key] = true
	return newBuilder(t, typ, id)
}

// describe runs fn and emits the record it has built.
func (t *Task) describe(b *Builder, fn func()) {
	err := t.guard(func() error { fn(); return nil })
	if err != nil {
		t.Gap("", err, b.rec.Type)
	}
	t.Emit(b)
}

// New makes the builder of a record that is no item of a list (an account's
// settings), or nil when the journal holds it. [Task.Emit] sends it.
func (t *Task) New(typ, id string) *Builder { return t.claim(typ, id) }

// Emit sends the record that b has built. It is called once.
func (t *Task) Emit(b *Builder) {
	t.sink.record(b.done())
}
