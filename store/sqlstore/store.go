package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/assize-dev/assize/assessment"
)

// Dialect is what differs between databases.
type Dialect struct {
	// Name for errors, and of goose's dialect.
	Name  string
	Goose goose.Dialect
	// Numbered placeholders ($1) instead of ?.
	Numbered bool
	// Lock is executed at the start of each transaction that writes; empty where the transaction
	// itself excludes other writers.
	Lock string
	// ClaimLock is appended to the selection of a run to claim ("FOR UPDATE SKIP LOCKED").
	ClaimLock string
	// Parameters is how many one statement may have. It is not asked where Rows is set.
	Parameters int
	// Rows writes rows of so many columns as what follows the head of an INSERT, with its parameters; nil: VALUES.
	// Cells, row by row, are int64, string or []byte, the same in each row of a column.
	Rows func(columns int, cells []any) (source string, args []any, err error)
	// Pipeline executes statements in order within the transaction that the connection is in, at once rather than
	// one by one, up to the first that fails; nil: one by one.
	Pipeline func(ctx context.Context, conn *sql.Conn, list []Statement) error
	// Locker keeps processes that start together from migrating at once; nil: a migration that another process
	// has just made is found out by its failure.
	Locker lock.SessionLocker
}

// Statement is one of those that a transaction executes. Its placeholders are written for the dialect.
type Statement struct {
	Query string
	Args  []any
}

// Store implements [assessment.Store].
type Store struct {
	dialect Dialect
	// write has the connection that writes, read the others; they may be the same pool.
	write, read *sql.DB
}

var _ assessment.Store = (*Store)(nil)

// New makes a store over databases that are open, and brings the schema up to date.
func New(ctx context.Context, d Dialect, write, read *sql.DB, migrations fs.FS) (*Store, error) {
	options := []goose.ProviderOption{goose.WithVerbose(false)}
	if d.Locker != nil {
		options = append(options, goose.WithSessionLocker(d.Locker))
	}
	provider, err := goose.NewProvider(d.Goose, write, migrations, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: migrations: %w", d.Name, err)
	}
	if err := migrate(ctx, provider); err != nil {
		return nil, fmt.Errorf("%s: bring the schema up to date: %w", d.Name, err)
	}
	return &Store{dialect: d, write: write, read: read}, nil
}

// migrate brings the schema up to date. Another process that starts now may make a migration between our look and our
// attempt: each is one transaction, so one of the two fails, and finds it made when it looks again.
func migrate(ctx context.Context, provider *goose.Provider) (err error) {
	for range 2 + len(provider.ListSources()) {
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
	}
	return err
}

// Close closes the databases.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	return err
}

// bind writes a statement for the dialect.
func (s *Store) bind(query string) string {
	if !s.dialect.Numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitAfterSeq(query, "?") {
		if rest, ok := strings.CutSuffix(part, "?"); ok {
			n++
			b.WriteString(rest + "$" + strconv.Itoa(n))
			continue
		}
		b.WriteString(part)
	}
	return b.String()
}

// rows reads all rows of a query through scan.
func (s *Store) rows(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.read.QueryContext(ctx, s.bind(query), args...)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", s.dialect.Name, FirstWords(query), err)
	}
	return s.drain(rows, query, scan)
}

func (s *Store) drain(rows *sql.Rows, query string, scan func(*sql.Rows) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return fmt.Errorf("%s: %s: %w", s.dialect.Name, FirstWords(query), err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %s: %w", s.dialect.Name, FirstWords(query), err)
	}
	return nil
}

// errStop ends the reading of rows early, without an error.
var errStop = errors.New("stop")

// FirstWords names a statement in an error: the first four.
func FirstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 4)], " ")
}

// micros is a time as it is stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
