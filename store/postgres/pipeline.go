package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/assize-dev/assize/store/sqlstore"
)

// pipeline executes statements in one round trip.
func pipeline(ctx context.Context, conn *sql.Conn, list []sqlstore.Statement) error {
	return conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T, want one of pgx", driver)
		}
		// Outside of a transaction each statement would stand on its own: the transaction ends by itself with its context.
		if c.Conn().PgConn().TxStatus() != 'T' {
			return errors.New("the transaction has ended before it was written")
		}
		var batch pgx.Batch
		for _, s := range list {
			batch.Queue(s.Query, s.Args...)
		}
		results := c.Conn().SendBatch(ctx, &batch)
		for _, s := range list {
			if _, err := results.Exec(); err != nil {
				_ = results.Close() // it says the same once more
				return fmt.Errorf("%s: %w", sqlstore.FirstWords(s.Query), err)
			}
		}
		return results.Close()
	})
}

// rows passes each column as one array: the text of the statement, and so its plan, is the same for any number of rows.
func rows(columns int, cells []any) (string, []any, error) {
	n := len(cells) / columns
	args, types := make([]any, columns), make([]string, columns)
	var ok bool
	for c := range columns {
		switch cells[c].(type) {
		case int64:
			args[c], ok = column[int64](cells, c, columns, n)
			types[c] = "bigint[]"
		case string:
			args[c], ok = column[string](cells, c, columns, n)
			types[c] = "text[]"
		case []byte:
			args[c], ok = column[[]byte](cells, c, columns, n)
			types[c] = "bytea[]"
		}
		if !ok {
			return "", nil, fmt.Errorf("column %d of %d rows: want int64, string or bytes, all of a kind, got %T first", c, n, cells[c])
		}
		types[c] = fmt.Sprintf("$%d::%s", c+1, types[c])
	}
	return "SELECT * FROM unnest(" + strings.Join(types, ", ") + ")", args, nil
}

// column takes one column out of rows; false when a cell is of another type.
func column[T any](cells []any, at, columns, n int) (pgtype.FlatArray[T], bool) {
	list := make(pgtype.FlatArray[T], n) // a plain slice is encoded by reflection
	for i := range list {
		x, ok := cells[at+i*columns].(T)
		if !ok {
			return nil, false
		}
		list[i] = x
	}
	return list, true
}
