package sqlite_test

import (
	"context"
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
