package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// CheckTree holds a store against itself: indexes and the sequences of all scopes have no gap, and the hashes are those
// that tlog computes over the leaves. The same leaves have the same root in every store, then. It returns the size.
func CheckTree(t *testing.T, s assessment.Store) int64 {
	t.Helper()
	ctx := t.Context()
	size, err := s.Size(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = hashes[x]
		}
		return out, nil
	})
	next := map[string]int64{}
	var index int64
	for stored, err := range s.Leaves(ctx, 0, size) {
		if err != nil {
			t.Fatal(err)
		}
		next[stored.Scope]++
		if stored.Index != index || stored.Sequence != next[stored.Scope] {
			t.Fatalf("got leaf %d of %q at %d, want %d at %d", stored.Sequence, stored.Scope, stored.Index, next[stored.Scope], index)
		}
		grown, err := tlog.StoredHashes(index, stored.Bytes, reader)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, grown...)
		index++
	}
	if index != size {
		t.Fatalf("got %d leaves, want %d", index, size)
	}
	indexes := make([]int64, len(hashes))
	for i := range indexes {
		indexes[i] = int64(i)
	}
	got, err := s.Hashes(ctx, indexes)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hashes, got); diff != "" {
		t.Errorf("hashes of the tree (-want +got):\n%s", diff)
	}
	return size
}

// What writers do at once.
const (
	writers = 6
	batches = 12
)

// write commits batches of comments to two scopes, some of them guarded: a conflict is tried again.
func write(ctx context.Context, s assessment.Store, writer int) error {
	for i := range batches {
		b := assessment.Batch{Scope: []string{"a", "b"}[(writer+i)%2], Key: fmt.Sprint("w", writer, "/", i)}
		for range 1 + i%3 {
			b.Leaves = append(b.Leaves, comment(writer*1000+i))
		}
		if i%4 == 0 {
			b.Guard = []evidence.Kind{evidence.KindComment}
		}
		for {
			if b.Guard != nil {
				b.After = 0
				for stored, err := range s.ScopeLeaves(ctx, b.Scope, 0) {
					if err != nil {
						return err
					}
					b.After = stored.Sequence
				}
			}
			_, err := s.Commit(ctx, b)
			if err == nil {
				break
			}
			if !errors.Is(err, assessment.ErrConflict) {
				return err
			}
		}
	}
	return nil
}

// wantLeaves of all writers.
const wantLeaves = writers * batches / 3 * (1 + 2 + 3)

// atOnce: writers of one process make one log without gaps.
func atOnce(t *testing.T, s assessment.Store) {
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			if err := write(t.Context(), s, w); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if size := CheckTree(t, s); size != wantLeaves {
		t.Errorf("got %d leaves, want %d", size, wantLeaves)
	}
}

// Shared exercises stores over one and the same place, as processes that share it have them: they bring the schema up
// to date at once, write at once, and repeat each other's batches without writing them twice. open is called often.
func Shared(t *testing.T, open func(context.Context) (assessment.Store, error)) {
	t.Helper()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			s, err := open(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			// Another process does the same work, as after a lease that was lost.
			err = errors.Join(write(t.Context(), s, w), write(t.Context(), s, (w+1)%writers), s.Close())
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // it was only read
	if size := CheckTree(t, s); size != wantLeaves {
		t.Errorf("got %d leaves, want %d", size, wantLeaves)
	}
}
