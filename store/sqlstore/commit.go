package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Commit writes a batch; see [assessment.Ledger]. Writers wait for each other between the transaction's beginning and
// its end, so all work that does not need the place in the ledger is done before.
func (s *Store) Commit(ctx context.Context, b assessment.Batch) ([]assessment.Position, error) {
	positions, err := s.commit(ctx, &b)
	if err != nil {
		return nil, fmt.Errorf("commit to %s: %w", scopeName(b.Scope), err)
	}
	return positions, nil
}

func (s *Store) commit(ctx context.Context, b *assessment.Batch) (positions []assessment.Position, err error) {
	drafts, err := draft(b)
	if err != nil {
		return nil, err
	}
	projections, err := s.projections(b)
	if err != nil {
		return nil, err
	}
	err = s.transaction(ctx, func(t *tx) error {
		at, err := t.state(ctx, b)
		switch {
		case err != nil:
			return err
		case at.done.Valid:
			positions = positionsFrom(b.Scope, at.doneSeq.Int64, at.doneIndex.Int64, int(at.done.Int64))
			return nil
		case at.stale > 0:
			return assessment.ErrConflict
		}
		t.writes = projections
		positions = positionsFrom(b.Scope, at.seq, at.size, len(b.Leaves))
		return t.appendLeaves(ctx, b, drafts, at)
	})
	return positions, err
}

func scopeName(scope string) string {
	if scope == "" {
		return "the deployment"
	}
	return "assessment " + scope
}

// draft writes the leaves but for their numbers.
func draft(b *assessment.Batch) ([]evidence.Draft, error) {
	drafts := make([]evidence.Draft, len(b.Leaves))
	for i := range b.Leaves {
		leaf := &b.Leaves[i].Leaf
		if (b.Leaves[i].Evidence != nil) != (leaf.Kind == evidence.KindEvidence) {
			return nil, fmt.Errorf("leaf %d of the batch: evidence and kind %s do not fit", i, leaf.Kind)
		}
		leaf.Scope = b.Scope
		var err error
		if drafts[i], err = leaf.Draft(); err != nil {
			return nil, fmt.Errorf("leaf %d of the batch: %w", i, err)
		}
	}
	return drafts, nil
}

// state is what a batch needs to know of the ledger.
type state struct {
	// size of the ledger, and the sequence number of the scope's next leaf.
	size, seq int64
	// stale counts the guards that do not hold.
	stale int64
	// done, doneSeq and doneIndex are the number of leaves and the place of a batch with the same key that was committed
	// before.
	done, doneSeq, doneIndex sql.NullInt64
}

// state reads it, with one statement.
func (t *tx) state(ctx context.Context, b *assessment.Batch) (state, error) {
	query := `SELECT (SELECT coalesce(max(idx) + 1, 0) FROM leaf), (SELECT coalesce(max(seq), 0) + 1 FROM leaf WHERE scope = ?)`
	args := []any{b.Scope}
	for _, column := range []string{"count", "seq", "idx"} {
		query += `, (SELECT ` + column + ` FROM batch WHERE scope = ? AND key = ?)`
		args = append(args, b.Scope, b.Key)
	}
	query += `, 0`
	if b.OccurrencesAt > 0 {
		query += ` + CASE WHEN (SELECT idx FROM leaf WHERE scope = ? AND kind = ? ORDER BY seq DESC LIMIT 1) >= ? THEN 1 ELSE 0 END`
		args = append(args, b.Scope, string(evidence.KindOccurrence), b.OccurrencesAt)
	}
	if b.HoldsAt > 0 {
		query += ` + (SELECT count(*) FROM leaf WHERE idx >= ? AND kind = ?)`
		args = append(args, b.HoldsAt, string(evidence.KindHold))
	}
	if q := b.Quota; q != nil {
		query += ` + CASE WHEN (SELECT coalesce(sum(manual), 0) FROM folder WHERE assessment = ? AND control_set = ? AND control = ? AND day = ?) >= ? THEN 1 ELSE 0 END`
		args = append(args, b.Scope, q.ControlSet, q.Control, q.Day, int64(q.Most))
	}
	if len(b.Guard) > 0 {
		query += ` + (SELECT count(*) FROM leaf WHERE scope = ? AND seq > ? AND kind IN (?` + strings.Repeat(", ?", len(b.Guard)-1) + `))`
		args = append(args, b.Scope, b.After)
		for _, k := range b.Guard {
			args = append(args, string(k))
		}
	}
	var s state
	if err := t.row(ctx, query, args...).Scan(&s.size, &s.seq, &s.done, &s.doneSeq, &s.doneIndex, &s.stale); err != nil {
		return s, fmt.Errorf("state of the ledger: %w", err)
	}
	return s, nil
}

func positionsFrom(scope string, seq, idx int64, count int) []assessment.Position {
	out := make([]assessment.Position, count)
	for i := range out {
		out[i] = assessment.Position{Scope: scope, Sequence: seq + int64(i), Index: idx + int64(i)}
	}
	return out
}

// appendLeaves numbers the leaves, and writes them, the tiles of the tree, the evidence and the key of the batch.
func (t *tx) appendLeaves(ctx context.Context, b *assessment.Batch, drafts []evidence.Draft, at state) error {
	if len(b.Leaves) == 0 {
		at.seq, at.size = 0, 0 // they have no place
	}
	cells := make([]any, 0, 5*len(b.Leaves))
	hashes := make([]evidence.Hash, len(b.Leaves))
	for i := range b.Leaves {
		leaf := &b.Leaves[i].Leaf
		leaf.Sequence = at.seq + int64(i)
		data, err := drafts[i].Bytes(leaf.Sequence)
		if err != nil {
			return err
		}
		hashes[i] = evidence.LeafHash(data)
		cells = append(cells, at.size+int64(i), b.Scope, leaf.Sequence, string(leaf.Kind), data)
	}
	if err := t.s.insert(&t.writes, `INSERT INTO leaf (idx, scope, seq, kind, bytes)`, 5, cells, ""); err != nil {
		return err
	}
	if len(b.Leaves) > 0 {
		if err := t.grow(ctx, at.size, hashes); err != nil {
			return err
		}
	}
	if err := t.s.pieces(&t.writes, b, at.size); err != nil {
		return err
	}
	if b.Key != "" {
		t.exec(`INSERT INTO batch (scope, key, seq, idx, count) VALUES (?, ?, ?, ?, ?)`, b.Scope, b.Key, at.seq, at.size, len(b.Leaves))
	}
	return nil
}
