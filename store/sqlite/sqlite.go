// Package sqlite is the store in one SQLite file: the default.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"github.com/assize-dev/assize/store/sqlstore"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many connections read beside the one that writes (WAL: they never wait for it).
const readers = 4

// parameters of one statement: the driver binds in time that grows with their square.
const parameters = 300

// Open opens the store in a file, which is created when it is not there, and brings its schema up
// to date. Every commit is on disk when it returns (WAL, synchronous=FULL).
func Open(ctx context.Context, path string) (*sqlstore.Store, error) {
	if err := private(path); err != nil {
		return nil, err
	}
	write, err := open(path, "_txlock=immediate", 1, 64_000)
	if err != nil {
		return nil, err
	}
	read, err := open(path, "_txlock=deferred", readers, 16_000)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	store, err := sqlstore.New(ctx, sqlstore.Dialect{Name: "sqlite " + path, Goose: goose.DialectSQLite3, Parameters: parameters}, write, read, files)
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	return store, nil
}

// private makes the file when it is not there, for its owner alone: SQLite would let others read it. The files
// that SQLite puts beside it get the same mode.
func private(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return fmt.Errorf("sqlite %s: %w", path, err)
	}
	return nil
}

// open opens connections with a page cache of so many KiB each, which is outside of Go's memory.
func open(path, option string, connections, cache int) (*sql.DB, error) {
	pragmas := "&_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=wal_autocheckpoint(16000)" +
		fmt.Sprintf("&_pragma=cache_size(-%d)", cache)
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+option+pragmas)
	if err != nil {
		return nil, fmt.Errorf("sqlite %s: %w", path, err)
	}
	db.SetMaxOpenConns(connections)
	return db, nil
}
