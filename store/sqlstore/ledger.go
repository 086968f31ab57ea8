package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Commit writes a batch; see [assessment.Ledger].
func (s *Store) Commit(ctx context.Context, b assessment.Batch) ([]assessment.Position, error) {
	var positions []assessment.Position
	err := s.transaction(ctx, func(t *tx) error {
		done, err := t.done(ctx, &b)
		if err != nil || done != nil {
			positions = done
			return err
		}
		if err := t.guard(ctx, &b); err != nil {
			return err
		}
		if positions, err = t.appendLeaves(ctx, &b); err != nil {
			return err
		}
		return t.project(ctx, &b, positions)
	})
	if err != nil {
		return nil, fmt.Errorf("commit to %s: %w", scopeName(b.Scope), err)
	}
	return positions, nil
}

func scopeName(scope string) string {
	if scope == "" {
		return "the deployment"
	}
	return "assessment " + scope
}

// done returns the positions of a batch with the same key that was committed before.
func (t *tx) done(ctx context.Context, b *assessment.Batch) ([]assessment.Position, error) {
	if b.Key == "" {
		return nil, nil
	}
	var seq, idx, count int64
	err := t.row(ctx, `SELECT seq, idx, count FROM batch WHERE scope = ? AND key = ?`, b.Scope, b.Key).Scan(&seq, &idx, &count)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("batch %q: %w", b.Key, err)
	}
	return positionsFrom(b.Scope, seq, idx, int(count)), nil
}

func positionsFrom(scope string, seq, idx int64, count int) []assessment.Position {
	out := make([]assessment.Position, count)
	for i := range out {
		out[i] = assessment.Position{Scope: scope, Sequence: seq + int64(i), Index: idx + int64(i)}
	}
	return out
}

// guard refuses a batch that was decided on a state that is no longer true.
func (t *tx) guard(ctx context.Context, b *assessment.Batch) error {
	if b.OccurrencesAt > 0 {
		var newest int64
		err := t.row(ctx, `SELECT idx FROM leaf WHERE scope = ? AND kind = ? ORDER BY seq DESC LIMIT 1`,
			b.Scope, string(evidence.KindOccurrence)).Scan(&newest)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("guard of due windows: %w", err)
		}
		if err == nil && newest >= b.OccurrencesAt {
			return assessment.ErrConflict
		}
	}
	if len(b.Guard) == 0 {
		return nil
	}
	args := []any{b.Scope, b.After}
	query := `SELECT count(*) FROM leaf WHERE scope = ? AND seq > ? AND kind IN (`
	for i, k := range b.Guard {
		if i > 0 {
			query += ", "
		}
		query += "?"
		args = append(args, string(k))
	}
	var n int64
	if err := t.row(ctx, query+")", args...).Scan(&n); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if n > 0 {
		return assessment.ErrConflict
	}
	return nil
}

// appendLeaves numbers the leaves, and writes them and the tiles of the tree.
func (t *tx) appendLeaves(ctx context.Context, b *assessment.Batch) ([]assessment.Position, error) {
	if len(b.Leaves) == 0 {
		return nil, t.remember(ctx, b, 0, 0)
	}
	var size, seq int64
	if err := t.row(ctx, `SELECT coalesce(max(idx) + 1, 0) FROM leaf`).Scan(&size); err != nil {
		return nil, fmt.Errorf("size of the ledger: %w", err)
	}
	if err := t.row(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM leaf WHERE scope = ?`, b.Scope).Scan(&seq); err != nil {
		return nil, fmt.Errorf("sequence: %w", err)
	}
	args := make([]any, 0, 5*len(b.Leaves))
	hashes := make([]evidence.Hash, len(b.Leaves))
	for i := range b.Leaves {
		leaf := &b.Leaves[i].Leaf
		leaf.Scope, leaf.Sequence = b.Scope, seq+int64(i)
		data, err := leaf.Bytes()
		if err != nil {
			return nil, err
		}
		hashes[i] = evidence.LeafHash(data)
		args = append(args, size+int64(i), b.Scope, leaf.Sequence, string(leaf.Kind), data)
	}
	if err := t.insert(ctx, `INSERT INTO leaf (idx, scope, seq, kind, bytes)`, 5, args, ""); err != nil {
		return nil, err
	}
	if err := t.grow(ctx, size, hashes); err != nil {
		return nil, err
	}
	return positionsFrom(b.Scope, seq, size, len(b.Leaves)), t.remember(ctx, b, seq, size)
}

// remember keeps the key of a batch.
func (t *tx) remember(ctx context.Context, b *assessment.Batch, seq, idx int64) error {
	if b.Key == "" {
		return nil
	}
	return t.exec(ctx, `INSERT INTO batch (scope, key, seq, idx, count) VALUES (?, ?, ?, ?, ?)`, b.Scope, b.Key, seq, idx, len(b.Leaves))
}

// tileHeight of C2SP tlog-tiles.
const tileHeight = 8

// grow writes the tiles that change when leaves are appended to a tree of a size.
func (t *tx) grow(ctx context.Context, size int64, leaves []evidence.Hash) error {
	stored := tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		return t.s.hashes(ctx, t.Tx, indexes)
	})
	grown, err := evidence.Grow(size, leaves, stored)
	if err != nil {
		return err
	}
	base := tlog.StoredHashCount(size)
	all := tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		out := make([]evidence.Hash, len(indexes))
		var ask []int64
		for i, x := range indexes {
			if x >= base {
				out[i] = grown[x-base]
			} else {
				ask = append(ask, x)
			}
		}
		old, err := stored.ReadHashes(ask)
		if err != nil {
			return nil, err
		}
		for i, x := range indexes {
			if x < base {
				out[i], old = old[0], old[1:]
			}
		}
		return out, nil
	})
	var args []any
	for _, tile := range widest(tlog.NewTiles(tileHeight, size, size+int64(len(leaves)))) {
		data, err := tlog.ReadTileData(tile, all)
		if err != nil {
			return fmt.Errorf("tile %s: %w", tile.Path(), err)
		}
		args = append(args, int64(tile.L), tile.N, int64(tile.W), data)
	}
	return t.insert(ctx, `INSERT INTO tile (level, n, width, data)`, 4, args,
		`ON CONFLICT (level, n) DO UPDATE SET width = excluded.width, data = excluded.data`)
}

// widest keeps the widest of tiles at the same place.
func widest(tiles []tlog.Tile) []tlog.Tile {
	at := map[[2]int64]int{}
	var out []tlog.Tile
	for _, t := range tiles {
		key := [2]int64{int64(t.L), t.N}
		if i, ok := at[key]; ok {
			if t.W > out[i].W {
				out[i] = t
			}
			continue
		}
		at[key] = len(out)
		out = append(out, t)
	}
	return out
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// hashes reads stored hashes out of tiles. Each tile is read once.
func (s *Store) hashes(ctx context.Context, q querier, indexes []int64) ([]evidence.Hash, error) {
	type read struct {
		tile tlog.Tile
		data []byte
	}
	tiles := map[[2]int64]read{}
	out := make([]evidence.Hash, len(indexes))
	for i, index := range indexes {
		tile := tlog.TileForIndex(tileHeight, index)
		key := [2]int64{int64(tile.L), tile.N}
		have, ok := tiles[key]
		if !ok {
			have.tile = tile
			var width int
			err := q.QueryRowContext(ctx, s.bind(`SELECT width, data FROM tile WHERE level = ? AND n = ?`), int64(tile.L), tile.N).Scan(&width, &have.data)
			if err != nil {
				return nil, fmt.Errorf("hash %d: tile %s: %w", index, tile.Path(), err)
			}
			have.tile.W = width
			tiles[key] = have
		}
		h, err := tlog.HashFromTile(have.tile, have.data, index)
		if err != nil {
			return nil, fmt.Errorf("hash %d: %w", index, err)
		}
		out[i] = h
	}
	return out, nil
}

// Hashes reads stored hashes of the tree; see [assessment.Ledger].
func (s *Store) Hashes(ctx context.Context, indexes []int64) ([]evidence.Hash, error) {
	return s.hashes(ctx, s.read, indexes)
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
		return t.exec(ctx, `INSERT INTO checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO UPDATE SET note = excluded.note`, size, signed)
	})
}
