package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/store/sqlstore"
)

func comments(t *testing.T, s *sqlstore.Store, n int, text string) {
	t.Helper()
	var b assessment.Batch
	for i := range n {
		b.Leaves = append(b.Leaves, assessment.Entry{Leaf: evidence.Leaf{
			Kind: evidence.KindComment, Recorded: time.Unix(0, 0), Actor: "ann", Subject: "x", Body: fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, text),
		}})
	}
	if _, err := s.Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func publisher(t *testing.T, s *sqlstore.Store, log *keys.Log, folder string) *jobs.Publisher {
	t.Helper()
	return &jobs.Publisher{
		Ledger: s, Place: jobs.Folder(folder), Signer: log.Signer, Verifier: log.Verifier,
		Acknowledged: func(context.Context, string) (bool, error) { return false, nil },
	}
}

func logKey(t *testing.T) *keys.Log {
	t.Helper()
	log, err := keys.OpenLog(filepath.Join(t.TempDir(), "keys"), "test/log")
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// contents are the files of a folder, by path.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, folder)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPublish publishes a ledger as it grows; what is there in the end is what one that publishes it at once
// writes, partial tiles apart.
func TestPublish(t *testing.T) {
	t.Parallel()
	s, log := openStore(t), logKey(t)
	grown, atOnce := filepath.Join(t.TempDir(), "ledger"), filepath.Join(t.TempDir(), "ledger")
	p := publisher(t, s, log, grown)
	for _, n := range []int{1, 254, 1, 1, 300, 255} {
		comments(t, s, n, "text")
		for range 2 {
			c, signed, err := p.Publish(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got, err := evidence.OpenCheckpoint(signed, log.Verifier)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c, got); diff != "" {
				t.Fatalf("checkpoint (-returned +signed):\n%s", diff)
			}
		}
	}
	if _, _, err := publisher(t, s, log, atOnce).Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	want, got := contents(t, atOnce), contents(t, grown)
	for name := range got {
		if _, ok := want[name]; !ok && strings.Contains(name, ".p/") {
			delete(got, name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("published files (-at once +as it grew):\n%s", diff)
	}
}

// TestSetBack: a database that does not continue what was published is not signed until somebody says that they know.
func TestSetBack(t *testing.T) {
	t.Parallel()
	log := logKey(t)
	for name, restored := range map[string]func(*testing.T) *sqlstore.Store{
		"behind": func(t *testing.T) *sqlstore.Store {
			s := openStore(t)
			comments(t, s, 3, "first")
			return s
		},
		"another history": func(t *testing.T) *sqlstore.Store {
			s := openStore(t)
			comments(t, s, 9, "other")
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "ledger")
			first := openStore(t)
			comments(t, first, 5, "first")
			_, before, err := publisher(t, first, log, folder).Publish(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s := restored(t)
			p := publisher(t, s, log, folder)
			if _, _, err := p.Publish(t.Context()); !errors.Is(err, jobs.ErrSetBack) {
				t.Fatalf("got %v, want ErrSetBack", err)
			}
			if size, _, err := s.LastCheckpoint(t.Context()); size != 0 || err != nil {
				t.Errorf("a checkpoint of size %d was signed, %v", size, err)
			}
			p.Acknowledged = func(_ context.Context, published string) (bool, error) { return published == string(before), nil }
			c, _, err := p.Publish(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if size, _ := s.Size(t.Context()); c.Size != size {
				t.Errorf("published %d leaves of %d", c.Size, size)
			}
			aside, err := filepath.Glob(folder + "-before-5-*")
			if err != nil || len(aside) != 1 {
				t.Fatalf("got %v, %v, want the files of before set aside", aside, err)
			}
			if old := contents(t, aside[0])["/checkpoint"]; old != string(before) {
				t.Error("what was set aside is not what was published")
			}
		})
	}
}

// TestForgedCheckpoint: a checkpoint among the published files that the key has not signed is refused, never signed over.
func TestForgedCheckpoint(t *testing.T) {
	t.Parallel()
	s, folder := openStore(t), filepath.Join(t.TempDir(), "ledger")
	comments(t, s, 5, "text")
	if _, _, err := publisher(t, s, logKey(t), folder).Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := publisher(t, s, logKey(t), folder).Publish(t.Context()); err == nil {
		t.Error("the checkpoint of another key was taken for ours")
	}
}

// stamp is a cosigner that adds a line.
type stamp struct{ older []int64 }

func (w *stamp) Cosign(_ context.Context, signed []byte, older int64) ([]byte, error) {
	w.older = append(w.older, older)
	return append(signed, "\u2014 witness.example/1 AAAAAAAAAAAA\n"...), nil
}

// TestCosigners: what is published has the signatures of others, and still opens with ours.
func TestCosigners(t *testing.T) {
	t.Parallel()
	s, log, folder := openStore(t), logKey(t), filepath.Join(t.TempDir(), "ledger")
	w := &stamp{}
	p := publisher(t, s, log, folder)
	p.Cosigners = []jobs.Cosigner{w}
	for range 2 {
		comments(t, s, 3, "text")
		if _, _, err := p.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]int64{0, 3}, w.older); diff != "" {
		t.Errorf("sizes of before (-want +got):\n%s", diff)
	}
	if !strings.Contains(contents(t, folder)["/checkpoint"], "witness.example") {
		t.Error("the witness's signature is not published")
	}
}

// racing is a store to which another process publishes a larger ledger whenever this one is about to.
type racing struct {
	*sqlstore.Store
	t     *testing.T
	other *jobs.Publisher
	left  int
}

func (r *racing) SaveCheckpoint(ctx context.Context, size int64, signed []byte) error {
	if r.left > 0 {
		r.left--
		comments(r.t, r.Store, 1, "meanwhile")
		if _, _, err := r.other.Publish(ctx); err != nil {
			r.t.Error(err)
		}
	}
	return r.Store.SaveCheckpoint(ctx, size, signed)
}

// TestTwoPublishers: of two that publish at once none goes back, and both end with the larger ledger.
func TestTwoPublishers(t *testing.T) {
	t.Parallel()
	s, log := openStore(t), logKey(t)
	comments(t, s, 3, "text")
	p := publisher(t, s, log, filepath.Join(t.TempDir(), "ledger"))
	r := &racing{Store: s, t: t, left: 2, other: publisher(t, s, log, filepath.Join(t.TempDir(), "ledger"))}
	p.Ledger = r
	c, _, err := p.Publish(t.Context())
	if err != nil || c.Size != 5 {
		t.Errorf("got %+v, %v, want a checkpoint of 5", c, err)
	}
}
