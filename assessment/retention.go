package assessment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/assize-dev/assize/evidence"
)

// Destruction is what is destroyed of a segment.
type Destruction struct {
	// Segment that the bodies lie in; empty: wherever they do.
	Segment string
	// Tombstones by the assessments that have the bodies: each names all of its own among them.
	Tombstones map[string][]DeletionEvent
	// HoldsAt is the size of the ledger before the caller looked for legal holds.
	HoldsAt int64
}

// Destroy records the tombstones of bodies in each assessment that has them, which may be deleted, and takes their places
// in a segment out of the store together with the last of them: a body that is gone has its tombstone in every
// assessment, and who gives the same body anew meanwhile does not lose it. It is refused while a legal hold stands on
// one of the assessments, and once any was set since the caller looked. Bodies stay then, whatever tombstones were
// written before that; a later call finds them again.
func (s *Service) Destroy(ctx context.Context, d Destruction) error {
	var gone []BlobLocation
	scopes := slices.Sorted(maps.Keys(d.Tombstones))
	for i, id := range scopes {
		for _, b := range d.Tombstones[id] {
			gone = append(gone, BlobLocation{Digest: b.Body, Segment: d.Segment})
		}
		batch, err := s.tombstones(ctx, id, d.Tombstones[id])
		if err != nil {
			return err
		}
		if batch.HoldsAt = d.HoldsAt; i == len(scopes)-1 {
			batch.Gone = gone
		}
		_, err = s.store.Commit(ctx, *batch)
		if errors.Is(err, ErrConflict) {
			return fmt.Errorf("destroy bodies of assessment %s: a legal hold was set or lifted meanwhile, so they stay until somebody looks anew: %w", id, err)
		}
		if err != nil {
			return fmt.Errorf("destroy bodies of assessment %s: %w", id, err)
		}
	}
	return nil
}

// tombstones makes the batch with the tombstones of an assessment on which no legal hold stands.
func (s *Service) tombstones(ctx context.Context, id string, bodies []DeletionEvent) (*Batch, error) {
	state := NewState()
	if err := state.Fold(s.store.ScopeLeaves(ctx, id, 0, StateKinds...)); err != nil {
		return nil, fmt.Errorf("assessment %s: %w", id, err)
	}
	if len(state.Holds) > 0 {
		return nil, fmt.Errorf("destroy bodies of assessment %s: a legal hold stands on it: %s", id, state.matters())
	}
	batch := &Batch{Scope: id, Guard: []evidence.Kind{evidence.KindHold}, After: state.Sequence}
	for _, b := range bodies {
		e, err := entry(evidence.KindDeletion, s.Now(), program, "body/"+b.Body.Hex(), b)
		if err != nil {
			return nil, err
		}
		e.Leaf.Digest = b.Body
		batch.Leaves = append(batch.Leaves, e)
	}
	return batch, nil
}
