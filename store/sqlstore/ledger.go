package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Hashes reads stored hashes of the tree; see [assessment.Ledger].
func (s *Store) Hashes(ctx context.Context, indexes []int64) ([]evidence.Hash, error) {
	return s.tiles(ctx, s.read).ReadHashes(indexes)
}

// Size is the number of leaves.
func (s *Store) Size(ctx context.Context) (int64, error) {
	var size int64
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(idx) + 1, 0) FROM leaf`).Scan(&size); err != nil {
		return 0, fmt.Errorf("%s: size of the ledger: %w", s.dialect.Name, err)
	}
	return size, nil
}

// page is how many leaves one query of a stream reads: streams hold no connection between pages, so
// that whoever consumes them may write meanwhile.
const page = 500

// Leaves streams leaves by index.
func (s *Store) Leaves(ctx context.Context, from, to int64) iter.Seq2[assessment.Stored, error] {
	return func(yield func(assessment.Stored, error) bool) {
		for from < to {
			end := min(from+page, to)
			list, err := s.leaves(ctx, `SELECT idx, scope, seq, bytes FROM leaf WHERE idx >= ? AND idx < ? ORDER BY idx`, from, end)
			if !each(list, err, yield) || len(list) == 0 {
				return
			}
			from = end
		}
	}
}

// ScopeLeaves streams leaves of a scope.
func (s *Store) ScopeLeaves(ctx context.Context, scope string, after int64, kinds ...evidence.Kind) iter.Seq2[assessment.Stored, error] {
	query := `SELECT idx, scope, seq, bytes FROM leaf WHERE scope = ? AND seq > ?`
	var kindArgs []any
	for i, k := range kinds {
		query += map[bool]string{true: ` AND kind IN (?`, false: `, ?`}[i == 0]
		kindArgs = append(kindArgs, string(k))
	}
	if len(kinds) > 0 {
		query += ")"
	}
	// The plus keeps databases from walking over all leaves of the scope in their order, for the few of some kinds.
	query += fmt.Sprintf(` ORDER BY %sseq LIMIT %d`, map[bool]string{true: "+", false: ""}[len(kinds) > 0], page)
	return func(yield func(assessment.Stored, error) bool) {
		for {
			list, err := s.leaves(ctx, query, slices.Concat([]any{scope, after}, kindArgs)...)
			if !each(list, err, yield) || len(list) < page {
				return
			}
			after = list[len(list)-1].Sequence
		}
	}
}

// each yields a page; false when the stream is to end.
func each[T any](list []T, err error, yield func(T, error) bool) bool {
	if err != nil {
		var zero T
		yield(zero, err)
		return false
	}
	for _, x := range list {
		if !yield(x, nil) {
			return false
		}
	}
	return true
}

func (s *Store) leaves(ctx context.Context, query string, args ...any) ([]assessment.Stored, error) {
	var list []assessment.Stored
	err := s.rows(ctx, query, args, func(rows *sql.Rows) error {
		var x assessment.Stored
		if err := rows.Scan(&x.Index, &x.Scope, &x.Sequence, &x.Bytes); err != nil {
			return err
		}
		leaf, err := evidence.ParseLeaf(x.Bytes)
		if err != nil {
			return fmt.Errorf("ledger index %d: %w", x.Index, err)
		}
		x.Leaf = leaf
		list = append(list, x)
		return nil
	})
	return list, err
}

// LastCheckpoint returns the newest checkpoint.
func (s *Store) LastCheckpoint(ctx context.Context) (int64, []byte, error) {
	var size int64
	var signed []byte
	err := s.read.QueryRowContext(ctx, `SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1`).Scan(&size, &signed)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("%s: last checkpoint: %w", s.dialect.Name, err)
	}
	return size, signed, nil
}

// SaveCheckpoint keeps a checkpoint.
func (s *Store) SaveCheckpoint(ctx context.Context, size int64, signed []byte) error {
	return s.transaction(ctx, func(t *tx) error {
		var newest int64
		if err := t.row(ctx, `SELECT coalesce(max(size), 0) FROM checkpoint`).Scan(&newest); err != nil {
			return fmt.Errorf("newest checkpoint: %w", err)
		}
		if size < newest {
			return fmt.Errorf("checkpoint of size %d: there is one of size %d: %w", size, newest, assessment.ErrConflict)
		}
		t.exec(`INSERT INTO checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO UPDATE SET note = excluded.note`, size, signed)
		return nil
	})
}
