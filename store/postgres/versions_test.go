package postgres_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/assize-dev/assize/store/storetest"
)

// fill names an empty database to fill with the data that is kept of each released version. To keep a version, once:
//
//	go test ./store/postgres -run TestVersions -fill "$URL"
//	pg_dump --inserts --rows-per-insert=50 --no-owner "$URL" | grep -v -e '^\\' -e '^--' -e '^$' >store/postgres/testdata/versions/00002.sql
var fill = flag.String("fill", "", "fill this empty database with the data of TestVersions")

// TestVersions opens the data of every released version: it is brought up to date, is all there, and can be written on.
func TestVersions(t *testing.T) {
	t.Parallel()
	if *fill != "" {
		s := open(t.Context(), t, *fill)
		if err := storetest.Fill(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	dumps, err := filepath.Glob("testdata/versions/*.sql")
	migrations, err2 := filepath.Glob("migrations/*.sql")
	if err != nil || err2 != nil || len(dumps) != len(migrations) {
		t.Fatalf("got the data of %d versions, %v, and %d migrations, %v: each is kept", len(dumps), err, len(migrations), err2)
	}
	for _, dump := range dumps {
		t.Run(filepath.Base(dump), func(t *testing.T) {
			t.Parallel()
			url := database(t.Context(), t)
			restore(t, url, dump)
			s := open(t.Context(), t, url)
			defer s.Close()
			storetest.Kept(t, s)
			c, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			var keys int
			err = c.QueryRow(t.Context(), `SELECT count(*) FROM pg_constraint WHERE contype = 'f'`).Scan(&keys)
			if err = errors.Join(err, c.Close(t.Context())); err != nil || keys != 0 {
				t.Errorf("got %d foreign keys, %v, want none, as in SQLite", keys, err)
			}
		})
	}
}

func restore(t *testing.T, url, dump string) {
	t.Helper()
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.PgConn().Exec(t.Context(), string(text)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
