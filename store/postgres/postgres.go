// Package postgres is the store in a PostgreSQL database, for deployments that outgrow a file.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/assize-dev/assize/store/sqlstore"
)

//go:embed migrations/*.sql
var migrations embed.FS

// connections is how many the store opens at most.
const connections = 8

// migrationSeconds is how long a process waits for another that brings the schema up to date.
const migrationSeconds = 600

// ledgerLock is the advisory lock of those who append to the ledger: one log, one order.
const ledgerLock = `SELECT pg_advisory_xact_lock(7305829)`

// Open opens the store behind a URL ("postgres://user@host/database") and brings its schema up to
// date. Passwords are not shown in errors.
func Open(ctx context.Context, url string) (*sqlstore.Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("postgres: the URL cannot be read: want postgres://user:password@host:port/database")
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	name := fmt.Sprintf("postgres %s:%d/%s", config.Host, config.Port, config.Database)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), db.Close())
	}
	store, err := migrated(ctx, name, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return store, nil
}

func migrated(ctx context.Context, name string, db *sql.DB) (*sqlstore.Store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, migrationSeconds))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	dialect := sqlstore.Dialect{
		Name: name, Goose: goose.DialectPostgres, Numbered: true, Lock: ledgerLock, ClaimLock: " FOR UPDATE SKIP LOCKED",
		Rows: rows, Pipeline: pipeline, Locker: locker,
	}
	return sqlstore.New(ctx, dialect, db, db, files)
}
