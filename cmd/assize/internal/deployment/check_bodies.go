package deployment

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// CheckBodies reads every body that is stored to its end, and looks for those that evidence refers to and that are
// neither stored nor have a tombstone. What is wrong is added to what a check has found.
func (d *Deployment) CheckBodies(ctx context.Context, r *Checked) error {
	segments, err := d.Store.Segments(ctx)
	if err != nil {
		return err
	}
	for _, segment := range segments {
		list, err := d.Store.Segment(ctx, segment)
		if err != nil {
			return err
		}
		for _, at := range list {
			r.Bodies++
			if err := d.Blobs.Check(ctx, at); err != nil {
				r.Faults = append(r.Faults, err.Error())
			}
		}
	}
	return d.missingBodies(ctx, r)
}

// missingBodies looks for bodies that are nowhere.
func (d *Deployment) missingBodies(ctx context.Context, r *Checked) error {
	// The last evidence of a body counts, and the last tombstone: one before speaks about what was stored earlier.
	type last struct {
		index   int64
		subject string
	}
	missing, gone := map[evidence.Digest]last{}, map[evidence.Digest]int64{}
	some := map[evidence.Digest]last{}
	locate := func() error {
		at, err := d.Store.Locate(ctx, slices.Collect(maps.Keys(some)))
		maps.DeleteFunc(some, func(digest evidence.Digest, _ last) bool { _, ok := at[digest]; return ok })
		maps.Copy(missing, some)
		clear(some)
		return err
	}
	for stored, err := range d.Store.Leaves(ctx, 0, r.Leaves) {
		if err != nil {
			return err
		}
		switch stored.Leaf.Kind { //nolint:exhaustive // no other leaf refers to a body of evidence
		case evidence.KindEvidence:
			some[stored.Leaf.Digest] = last{stored.Index, stored.Leaf.Subject}
		case evidence.KindDeletion:
			var e assessment.DeletionEvent
			if err := json.Unmarshal(stored.Leaf.Body, &e); err != nil {
				return fmt.Errorf("leaf %d: tombstone: %w", stored.Index, err)
			}
			gone[e.Body] = stored.Index
		}
		if len(some) >= partSize {
			if err := locate(); err != nil {
				return err
			}
		}
	}
	if err := locate(); err != nil {
		return err
	}
	var faults []string
	for digest, e := range missing {
		if tombstone, ok := gone[digest]; !ok || tombstone < e.index {
			faults = append(faults, fmt.Sprintf("body %s of %s is not stored, and has no tombstone", digest, e.subject))
		}
	}
	slices.Sort(faults)
	r.Faults = append(r.Faults, faults...)
	return nil
}
