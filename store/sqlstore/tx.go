package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"strings"
)

// tx is a transaction that rebinds statements. What is written goes to a list that is executed before the commit: reads
// of the same transaction do not see it.
type tx struct {
	*sql.Tx
	s      *Store
	conn   *sql.Conn
	writes []Statement
	// prepared are the statements of this transaction by their text: parts of many rows take the same few.
	prepared map[string]*sql.Stmt
}

// transaction runs f in a transaction that excludes other writers of the ledger.
func (s *Store) transaction(ctx context.Context, f func(*tx) error) (err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("%s: connect: %w", s.dialect.Name, err)
	}
	defer func() { err = errors.Join(err, ignoreDone(conn.Close())) }()
	t, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: begin: %w", s.dialect.Name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreDone(t.Rollback()))
		}
	}()
	x := &tx{Tx: t, s: s, conn: conn, prepared: map[string]*sql.Stmt{}}
	if s.dialect.Lock != "" {
		if _, err := t.ExecContext(ctx, s.dialect.Lock); err != nil {
			return fmt.Errorf("%s: wait for other writers: %w", s.dialect.Name, err)
		}
	}
	if err := f(x); err != nil {
		return err
	}
	if err := x.flush(ctx); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("%s: commit: %w", s.dialect.Name, err)
	}
	return nil
}

// ignoreDone takes no offence at what has ended by itself: a transaction with its context, a connection that broke.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}

// flush executes what is to be written.
func (t *tx) flush(ctx context.Context) error {
	if len(t.writes) > 0 && t.s.dialect.Pipeline != nil {
		if err := t.s.dialect.Pipeline(ctx, t.conn, t.writes); err != nil {
			return fmt.Errorf("%s: %w", t.s.dialect.Name, err)
		}
		return nil
	}
	for _, w := range t.writes {
		if err := t.execute(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// execute executes a statement now.
func (t *tx) execute(ctx context.Context, w Statement) (err error) {
	stmt := t.prepared[w.Query]
	if stmt == nil {
		if stmt, err = t.PrepareContext(ctx, w.Query); err == nil {
			t.prepared[w.Query] = stmt
		}
	}
	if err == nil {
		_, err = stmt.ExecContext(ctx, w.Args...)
	}
	if err != nil {
		return fmt.Errorf("%s: %s: %w", t.s.dialect.Name, FirstWords(w.Query), err)
	}
	return nil
}

func (t *tx) row(ctx context.Context, query string, args ...any) *sql.Row {
	return t.QueryRowContext(ctx, t.s.bind(query), args...)
}

// exec has a statement executed before the commit.
func (t *tx) exec(query string, args ...any) { t.s.exec(&t.writes, query, args...) }

// exec appends a statement.
func (s *Store) exec(list *[]Statement, query string, args ...any) {
	*list = append(*list, Statement{s.bind(query), args})
}

// insert appends the statements that write rows, as few as the database allows. tail is what follows the rows, such as
// a conflict clause.
func (s *Store) insert(list *[]Statement, head string, columns int, cells []any, tail string) error {
	if len(cells) > 0 && s.dialect.Rows != nil {
		source, args, err := s.dialect.Rows(columns, cells)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", s.dialect.Name, FirstWords(head), err)
		}
		*list = append(*list, Statement{head + " " + source + " " + tail, args})
		return nil
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	for len(cells) > 0 {
		n := shape(min(len(cells)/columns, s.dialect.Parameters/columns))
		s.exec(list, head+" VALUES "+strings.TrimSuffix(strings.Repeat(row+",", n), ",")+" "+tail, cells[:n*columns]...)
		cells = cells[n*columns:]
	}
	return nil
}

// shape is how many of some rows one statement writes: a power of two, so that few statements are ever prepared.
func shape(rows int) int { return 1 << (bits.Len(uint(rows)) - 1) }
