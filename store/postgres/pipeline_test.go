package postgres

import (
	"database/sql"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/assize-dev/assize/internal/pgtest"
	"github.com/assize-dev/assize/store/sqlstore"
)

func TestRows(t *testing.T) {
	t.Parallel()
	source, args, err := rows(3, []any{int64(1), "a", []byte{1}, int64(2), "b", []byte{2}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[])"; source != want {
		t.Errorf("got %s, want %s", source, want)
	}
	want := []any{pgtype.FlatArray[int64]{1, 2}, pgtype.FlatArray[string]{"a", "b"}, pgtype.FlatArray[[]byte]{{1}, {2}}}
	if diff := cmp.Diff(want, args); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	for name, cells := range map[string][]any{"a type that is not known": {1}, "two types in a column": {int64(1), "a"}} {
		if _, args, err := rows(1, cells); err == nil {
			t.Errorf("%s: got %v, want an error", name, args)
		}
	}
}

// TestPipelineNeedsTransaction: what is left of a commit whose transaction has ended is not written on its own.
func TestPipelineNeedsTransaction(t *testing.T) {
	t.Parallel()
	url, err := pgtest.Start(t).Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	create := []sqlstore.Statement{{Query: "CREATE TABLE x (n BIGINT)"}}
	if err := pipeline(t.Context(), conn, create); err == nil {
		t.Error("it was written outside of a transaction")
	}
	tx, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pipeline(t.Context(), conn, create); err != nil {
		t.Errorf("in a transaction: %v", err)
	}
	if err := pipeline(t.Context(), conn, create); err == nil {
		t.Error("a statement that fails was not noticed")
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	var n int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_tables WHERE tablename = 'x'").Scan(&n); err != nil || n != 0 {
		t.Errorf("got %d tables, %v; want none", n, err)
	}
}
