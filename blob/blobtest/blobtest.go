// Package blobtest is the conformance suite of places for segments: a backend is done when it passes.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
)

// Exercise runs the suite. open makes an empty backend for one test.
func Exercise(t *testing.T, open func(t *testing.T) blob.Backend) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, blob.Backend){
		"what was written is read": written,
		"nothing of a failure":     failed,
		"writers at once":          atOnce,
		"names of others":          names,
		"bodies":                   bodies,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func give(text string) func(int64) ([]byte, error) {
	return func(int64) ([]byte, error) { return []byte(text), nil }
}

func read(ctx context.Context, b blob.Backend, segment string, offset, length int64) (_ string, err error) {
	r, err := b.Read(ctx, segment, offset, length)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	data, err := io.ReadAll(r)
	return string(data), err
}

// written: parts are read from where they lie, a segment that was removed cannot be read, and removing it again is
// no error.
func written(t *testing.T, b blob.Backend) {
	ctx := t.Context()
	type part struct {
		segment string
		offset  int64
		text    string
	}
	var parts []part
	for i := range 3 {
		text := fmt.Sprintf("part %d of some", i)
		var told int64
		segment, offset, err := b.Append(ctx, func(at int64) ([]byte, error) { told = at; return []byte(text), nil })
		if err != nil || told != offset {
			t.Fatalf("got offset %d, %v, and was told %d", offset, err, told)
		}
		parts = append(parts, part{segment, offset, text})
	}
	for _, p := range parts {
		got, err := read(ctx, b, p.segment, p.offset+5, 4)
		if err != nil || got != p.text[5:9] {
			t.Errorf("got %q, %v, want %q", got, err, p.text[5:9])
		}
	}
	if err := b.Remove(ctx, parts[0].segment); err != nil {
		t.Fatal(err)
	}
	if got, err := read(ctx, b, parts[0].segment, parts[0].offset, 4); err == nil {
		t.Errorf("got %q of a segment that was removed", got)
	}
	if err := b.Remove(ctx, parts[0].segment); err != nil {
		t.Errorf("removed again: %v", err)
	}
	list, err := b.Segments(ctx)
	if err != nil || slices.Contains(list, parts[0].segment) {
		t.Errorf("got segments %q, %v, among them one that was removed", list, err)
	}
}

// failed: what could not be filled leaves nothing, and the next batch is written.
func failed(t *testing.T, b blob.Backend) {
	ctx := t.Context()
	broken := errors.New("the body was changed")
	if _, _, err := b.Append(ctx, func(int64) ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	segment, offset, err := b.Append(ctx, give("whole"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := read(ctx, b, segment, offset, 5); err != nil || got != "whole" {
		t.Errorf("got %q, %v", got, err)
	}
}

func atOnce(t *testing.T, b blob.Backend) {
	ctx := t.Context()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			text := fmt.Sprintf("writer %d", i)
			segment, offset, err := b.Append(ctx, give(text))
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := read(ctx, b, segment, offset, int64(len(text))); err != nil || got != text {
				t.Errorf("got %q, %v, want %q", got, err, text)
			}
		})
	}
	wg.Wait()
}

// names: what is no name of a segment reaches nothing.
func names(t *testing.T, b blob.Backend) {
	ctx := t.Context()
	for _, name := range []string{"", ".seg", "../secret", "../../etc/passwd.seg", "a/b.seg", "zz.seg"} {
		if got, err := read(ctx, b, name, 0, 1); err == nil {
			t.Errorf("%q: got %q", name, got)
		}
		if err := b.Remove(ctx, name); err == nil {
			t.Errorf("%q was removed", name)
		}
	}
}

// wrapper of a test: it hides nothing.
type wrapper struct{}

func (wrapper) ID() string                                         { return "test" }
func (wrapper) Wrap(_ context.Context, key []byte) ([]byte, error) { return bytes.Clone(key), nil }

func (wrapper) Unwrap(_ context.Context, key []byte) ([]byte, error) { return bytes.Clone(key), nil }

// bodies of all sizes come back through a store, also one that has just been opened, and pass its check.
func bodies(t *testing.T, b blob.Backend) {
	ctx := t.Context()
	var want [][]byte
	var locations []assessment.BlobLocation
	for _, n := range []int{0, 1, 1 << 20, 1<<20 + 1} {
		want = append(want, bytes.Repeat([]byte("secret text "), n/12+1)[:n])
		at, err := blob.New(b, wrapper{}).Put(ctx, blob.Bytes(want[len(want)-1]))
		if err != nil {
			t.Fatal(err)
		}
		locations = append(locations, at...)
	}
	s := blob.New(b, wrapper{})
	for i, at := range locations {
		r, err := s.Open(ctx, at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, want[i]) {
			t.Errorf("body %d: got %d bytes, %v, want %d", i, len(got), err, len(want[i]))
		}
	}
	for _, at := range locations {
		if err := s.Check(ctx, at); err != nil {
			t.Error(err)
		}
	}
	changed := locations[2]
	changed.Offset++
	if err := s.Check(ctx, changed); err == nil {
		t.Error("a body that lies elsewhere passes the check")
	}
}
