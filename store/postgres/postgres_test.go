package postgres_test

import (
	"context"
	"strings"
	"testing"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/internal/pgtest"
	"github.com/assize-dev/assize/store/postgres"
	"github.com/assize-dev/assize/store/storetest"
)

func database(ctx context.Context, t *testing.T) string {
	t.Helper()
	url, err := pgtest.Start(t).Database(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func open(ctx context.Context, t *testing.T, url string) assessment.Store {
	t.Helper()
	s, err := postgres.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(ctx context.Context, t *testing.T) assessment.Store {
		t.Helper()
		return open(ctx, t, database(ctx, t))
	})
}

// TestShared holds what several processes do with one database: they start at once, and write one log.
func TestShared(t *testing.T) {
	t.Parallel()
	url := database(t.Context(), t)
	storetest.Shared(t, func(ctx context.Context) (assessment.Store, error) { return postgres.Open(ctx, url) })
}

func TestPasswordIsNotShown(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://ann:secret@127.0.0.1:1/x", "postgres://ann:secret@127.0.0.1:port/x", "postgres://ann:secret@[::1/x"} {
		_, err := postgres.Open(t.Context(), url)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want an error without the password", err)
		}
	}
}
