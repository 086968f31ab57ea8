package aws

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/assize-dev/assize/collect"
)

// maxPages bounds a list whose pages never end.
const maxPages = 10_000

// pager is a paginator of the SDK: O is the output of a page, P the options of the client.
type pager[O, P any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, optFns ...func(*P)) (*O, error)
}

// operation is a method of a client.
type operation[I, O, P any] func(ctx context.Context, in *I, optFns ...func(*P)) (*O, error)

// list reads every page and returns the items of all. Success completes the lists
// of the types: those that the items have themselves. A failure becomes one gap
// of the types; the pages read so far are returned. Types that are found by way of
// the items are named too (the aliases of agents), because without the items they
// cannot be known; say [collect.Task.Complete] of those when each item was asked.
func list[T, O, P any](ctx context.Context, t *collect.Task, op string, p pager[O, P], items func(*O) []T, types ...string) []T {
	all, err := pages(ctx, t, op, t.Region, p, items)
	if err != nil {
		t.Gap(op, err, types...)
		return all
	}
	t.Complete(types...)
	return all
}

// listOnce is list for an operation that answers everything at once.
func listOnce[T, I, O, P any](ctx context.Context, t *collect.Task, op string, fn operation[I, O, P], in *I, items func(*O) []T, types ...string) []T {
	out, err := call(ctx, t, op, fn, in)
	if err != nil {
		t.Gap(op, err, types...)
		return nil
	}
	t.Complete(types...)
	return items(out)
}

// pages reads every page; with an error come the items of the pages before it.
func pages[T, O, P any](ctx context.Context, t *collect.Task, op, region string, p pager[O, P], items func(*O) []T) ([]T, error) {
	var all []T
	for n := 0; p.HasMorePages(); n++ {
		if n == maxPages {
			return all, collect.Wrong("the list has not ended after %d pages", maxPages)
		}
		var out *O
		err := t.DoIn(ctx, op, region, func(ctx context.Context) (err error) {
			out, err = p.NextPage(ctx)
			return err
		})
		if err == nil {
			err = checkEmpty(t, op, out)
		}
		if err != nil {
			return all, err
		}
		page := items(out)
		keep, err := t.Listed(len(page))
		all = append(all, page[:keep]...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// each describes items in parallel within the limits of the run: for each it makes
// the builder of its record, calls fn, and emits the record. An item that the journal
// holds, or that was met before, is left out.
func each[T any](ctx context.Context, t *collect.Task, items []T, key func(T) (typ, id string), fn func(context.Context, *collect.Builder, T)) error {
	return collect.Each(ctx, t, items, key, fn)
}

// describe calls an operation and adds its answer to the record: the output; none,
// when the service answers with one of the codes; or a gap. It returns nil unless
// there is an output.
func describe[I, O, P any](ctx context.Context, b *collect.Builder, op string, fn operation[I, O, P], in *I, none ...string) *O {
	out, err := callIn(ctx, b.Task(), op, b.StandsIn(), fn, in)
	if err != nil {
		failed(b, op, err, none)
		return nil
	}
	b.Answer(op, out)
	return out
}

// gather is describe for a list that belongs to one record: it reads every page
// and adds one answer with all items under the field's name. It returns nil unless all
// pages were read.
func gather[T, O, P any](ctx context.Context, b *collect.Builder, op string, p pager[O, P], field string, items func(*O) []T, none ...string) []T {
	all, err := pages(ctx, b.Task(), op, b.StandsIn(), p, items)
	if err != nil {
		failed(b, op, err, none)
		return nil
	}
	if all == nil {
		all = []T{}
	}
	b.Answer(op, map[string][]T{field: all})
	return all
}

// failed adds why there is no output.
func failed(b *collect.Builder, op string, err error, none []string) {
	if failedWith(err, none...) {
		f, _ := errors.AsType[*collect.Failure](err)
		b.None(op, f.Code)
		return
	}
	b.Fail(op, err)
}

// failedWith tells whether the service answered with one of the error codes.
func failedWith(err error, codes ...string) bool {
	f, ok := errors.AsType[*collect.Failure](err)
	return ok && f.Code != "" && slices.Contains(codes, f.Code)
}

// call makes a call that belongs to no record. The error goes to
// [collect.Task.Gap] or [collect.Builder.Fail].
func call[I, O, P any](ctx context.Context, t *collect.Task, op string, fn operation[I, O, P], in *I) (*O, error) {
	return callIn(ctx, t, op, t.Region, fn, in)
}

func callIn[I, O, P any](ctx context.Context, t *collect.Task, op, region string, fn operation[I, O, P], in *I) (*O, error) {
	var out *O
	err := t.DoIn(ctx, op, region, func(ctx context.Context) (err error) {
		out, err = fn(ctx, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := checkEmpty(t, op, out); err != nil {
		return nil, err
	}
	return out, nil
}

// checkEmpty refuses an output in which nothing is set, unless the operation is
// declared to give such: an empty success is how an endpoint answers that does not
// know the operation.
func checkEmpty(t *collect.Task, op string, out any) error {
	if t.Operation(op).MayBeEmpty {
		return nil
	}
	v := reflect.ValueOf(out).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.IsExported() && !f.Anonymous && f.Name != "ResultMetadata" && !v.FieldByIndex(f.Index).IsZero() {
			return nil
		}
	}
	return collect.Wrong("the answer holds nothing")
}
