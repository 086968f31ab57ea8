package assessment

import (
	"context"
	"fmt"

	"github.com/assize-dev/assize/evidence"
)

// Destroy records the tombstones of bodies of an assessment, which may be deleted, and takes their places in a segment
// out of the store in the same transaction: who gives the same body anew meanwhile does not lose it. It is refused
// while a legal hold stands.
func (s *Service) Destroy(ctx context.Context, id, segment string, bodies []DeletionEvent) error {
	state := NewState()
	if err := state.Fold(s.store.ScopeLeaves(ctx, id, 0, StateKinds...)); err != nil {
		return fmt.Errorf("assessment %s: %w", id, err)
	}
	if len(state.Holds) > 0 {
		return fmt.Errorf("destroy bodies of assessment %s: a legal hold stands on it: %s", id, state.matters())
	}
	batch := Batch{Scope: id, Guard: []evidence.Kind{evidence.KindHold}, After: state.Sequence}
	for _, b := range bodies {
		e, err := entry(evidence.KindDeletion, s.Now(), program, "body/"+b.Body.Hex(), b)
		if err != nil {
			return err
		}
		e.Leaf.Digest = b.Body
		batch.Leaves, batch.Gone = append(batch.Leaves, e), append(batch.Gone, BlobLocation{Digest: b.Body, Segment: segment})
	}
	if _, err := s.store.Commit(ctx, batch); err != nil {
		return fmt.Errorf("destroy bodies of assessment %s: %w", id, err)
	}
	return nil
}
