package sqlite_test

import (
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/assize-dev/assize/store/sqlite"
	"github.com/assize-dev/assize/store/storetest"
)

// fill names a new file to fill with the data that is kept of each released version. To keep a version, once:
//
//	go test ./store/sqlite -run TestVersions -fill kept.db
//	python3 -c 'import sqlite3; print("\n".join(sqlite3.connect("store/sqlite/kept.db").iterdump()))' >store/sqlite/testdata/versions/00002.sql
var fill = flag.String("fill", "", "fill this new file with the data of TestVersions")

// TestVersions opens the data of every released version: it is brought up to date, is all there, and can be written on.
func TestVersions(t *testing.T) {
	t.Parallel()
	if *fill != "" {
		s, err := sqlite.Open(t.Context(), *fill)
		if err != nil {
			t.Fatal(err)
		}
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
			path := filepath.Join(t.TempDir(), "assize.db")
			restore(t, path, dump)
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			storetest.Kept(t, s)
		})
	}
}

func restore(t *testing.T, path, dump string) {
	t.Helper()
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), string(text)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestNoKeyChecks: like that of PostgreSQL the schema has no foreign keys, whichever version it began with, and the file
// is sound.
func TestNoKeyChecks(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"", "testdata/versions/00001.sql"} {
		path := filepath.Join(t.TempDir(), "assize.db")
		if from != "" {
			restore(t, path, from)
		}
		s, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		var keys int
		var sound string
		const query = `SELECT (SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name)), (SELECT group_concat(integrity_check) FROM pragma_integrity_check)`
		if err := db.QueryRowContext(t.Context(), query).Scan(&keys, &sound); err != nil || keys != 0 || sound != "ok" {
			t.Errorf("from %q: got %d foreign keys, a file that is %s, %v", from, keys, sound, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
