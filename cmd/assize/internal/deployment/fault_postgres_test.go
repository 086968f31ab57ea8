//go:build postgres

package deployment_test

import (
	"testing"

	"github.com/assize-dev/assize/internal/pgserver"
)

// TestKilledPostgres is TestKilled on PostgreSQL. Processes are killed, not the server: it need not sync.
func TestKilledPostgres(t *testing.T) {
	t.Parallel()
	killedEverywhere(t, pgserver.Start(t, "fsync=off", "max_connections=200"))
}
