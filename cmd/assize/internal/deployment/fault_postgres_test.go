//go:build postgres

package deployment_test

import (
	"context"
	"testing"

	"github.com/assize-dev/assize/internal/pgtest"
)

// TestKilledPostgres is TestKilled on PostgreSQL, each time on a database of its own.
func TestKilledPostgres(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	killedEverywhere(t, func(t *testing.T) string {
		t.Helper()
		url, err := server.Database(context.WithoutCancel(t.Context()))
		if err != nil {
			t.Error(err)
		}
		return url
	})
}
