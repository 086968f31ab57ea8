package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/store/sqlite"
	"github.com/assize-dev/assize/store/storetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(ctx context.Context, t *testing.T) assessment.Store {
		s, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "assize.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// TestShared holds what several processes do with one file.
func TestShared(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "assize.db")
	storetest.Shared(t, func(ctx context.Context) (assessment.Store, error) { return sqlite.Open(ctx, path) })
}

// TestPrivate: nobody but its owner reads the file, nor what SQLite puts beside it.
func TestPrivate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "assize.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want the file", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s: got mode %o, want 600", filepath.Base(f), got)
		}
	}
}
