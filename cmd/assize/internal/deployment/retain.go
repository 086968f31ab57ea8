package deployment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/evidence"
)

// destroyAtOnce bounds how many bodies one call destroys.
const destroyAtOnce = 20_000

// keptRuns is how many runs of an assessment are looked at for snapshots to destroy.
const keptRuns = 100_000

// Destroy destroys the bodies of evidence and of snapshots that are older than the retention, except those on which
// a legal hold stands; 0 keeps all. It returns how many it destroyed. What is to stay of a segment is written
// anew first, then the tombstones are committed, then the segment is removed: a crash between any two loses
// nothing, and what nothing refers to is swept later. What lies in a segment that any process still writes waits for a
// later call.
func (d *Deployment) Destroy(ctx context.Context, retention time.Duration) (destroyed int, err error) {
	if retention == 0 {
		return 0, nil
	}
	if retention < 0 {
		return 0, fmt.Errorf("retention of %s: what is not collected yet cannot be over", retention)
	}
	looked, err := d.Store.Size(ctx) // legal holds that are set from here on keep what they stand on
	if err != nil {
		return 0, err
	}
	gone, err := d.expired(ctx, d.Now().Add(-retention))
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	at, err := d.Store.Locate(ctx, slices.Collect(maps.Keys(gone)))
	if err != nil {
		return 0, err
	}
	closed, err := d.Backend.Segments(ctx)
	if err != nil {
		return 0, err
	}
	segments := map[string][]assessment.BlobLocation{}
	for _, l := range at {
		if slices.Contains(closed, l.Segment) {
			segments[l.Segment] = append(segments[l.Segment], l)
		} else if err := d.Backend.Roll(ctx, l.Segment); err != nil { // a later call finds it
			return 0, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(segments)) {
		n, err := d.destroy(ctx, name, segments[name], gone, looked)
		destroyed += n
		if err != nil {
			return destroyed, fmt.Errorf("destroy bodies of segment %s: %w", name, err)
		}
	}
	return destroyed, nil
}

// expired lists bodies that may be destroyed, with the assessments that they belong to.
func (d *Deployment) expired(ctx context.Context, before time.Time) (map[evidence.Digest][]string, error) {
	// stays are bodies of evidence that something else needs: people give reports as evidence, too.
	held, stays, err := d.held(ctx)
	if err != nil {
		return nil, err
	}
	for stored, err := range d.Store.Expired(ctx, before) {
		if err != nil {
			return nil, err
		}
		if held[stored.Scope] {
			stays[stored.Evidence.Body] = true
			continue
		}
		held[stored.Scope] = false // an assessment that was deleted is known by its evidence only
	}
	gone := map[evidence.Digest][]string{}
	for stored, err := range d.Store.Expired(ctx, before) {
		if err != nil {
			return nil, err
		}
		body := stored.Evidence.Body
		if stays[body] || gone[body] == nil && len(gone) >= destroyAtOnce {
			continue
		}
		if !slices.Contains(gone[body], stored.Scope) {
			gone[body] = append(gone[body], stored.Scope)
		}
	}
	return gone, d.expiredSnapshots(ctx, before, held, gone)
}

// held tells of all assessments whether a legal hold stands on them, and lists the bodies of theirs that are never
// destroyed: texts of frameworks, and reports.
func (d *Deployment) held(ctx context.Context) (held map[string]bool, stays map[evidence.Digest]bool, err error) {
	list, err := d.Store.Assessments(ctx)
	if err != nil {
		return nil, nil, err
	}
	held, stays = map[string]bool{}, map[evidence.Digest]bool{}
	for i := range list {
		st, err := d.Service.State(ctx, list[i].ID)
		if err != nil {
			return nil, nil, err
		}
		held[list[i].ID] = len(st.Holds) > 0
		stays[list[i].Framework.Digest] = true
		for _, r := range st.Reports {
			if r.Status == assessment.ReportComplete {
				stays[r.Digest] = true
			}
		}
	}
	return held, stays, nil
}

// expiredSnapshots adds the snapshots of runs that ended before a time. The same file read at several runs gives
// one body: a younger or held run keeps it.
func (d *Deployment) expiredSnapshots(ctx context.Context, before time.Time, held map[string]bool, gone map[evidence.Digest][]string) error {
	stays, old := map[evidence.Digest]bool{}, map[evidence.Digest][]string{}
	for id := range held {
		runs, err := d.Store.RunsOf(ctx, id, keptRuns)
		if err != nil {
			return err
		}
		for _, r := range runs {
			switch {
			case r.Snapshot.IsZero():
			case held[id] || r.Finished.IsZero() || !r.Finished.Before(before):
				stays[r.Snapshot] = true
			case !slices.Contains(old[r.Snapshot], id):
				old[r.Snapshot] = append(old[r.Snapshot], id)
			}
		}
	}
	for digest, scopes := range old {
		if !stays[digest] {
			gone[digest] = scopes
		}
	}
	return nil
}

// destroy rewrites one segment without the bodies that are to go. looked is the size of the ledger before anybody looked
// for legal holds.
func (d *Deployment) destroy(
	ctx context.Context, segment string, locations []assessment.BlobLocation, gone map[evidence.Digest][]string, looked int64,
) (int, error) {
	there, err := d.Store.Segment(ctx, segment)
	if err != nil {
		return 0, err
	}
	goes := map[evidence.Digest]bool{}
	scopes := map[string][]assessment.DeletionEvent{}
	for _, l := range locations {
		goes[l.Digest] = true
		for _, scope := range gone[l.Digest] {
			scopes[scope] = append(scopes[scope], assessment.DeletionEvent{Body: l.Digest, Size: l.Size, Reason: "its retention is over"})
		}
	}
	for _, part := range batches(slices.DeleteFunc(there, func(l assessment.BlobLocation) bool { return goes[l.Digest] })) {
		if err := d.rewrite(ctx, part); err != nil {
			return 0, err
		}
	}
	if err := d.Service.Destroy(ctx, assessment.Destruction{Segment: segment, Tombstones: scopes, HoldsAt: looked}); err != nil {
		return 0, err
	}
	left, err := d.Store.Segment(ctx, segment)
	if err != nil {
		return 0, err
	}
	if len(left) > 0 {
		return len(locations), nil // somebody has written a body there
	}
	return len(locations), d.Backend.Remove(ctx, segment)
}

// batchBytes bounds what is rewritten at a time: it is held in memory.
const batchBytes = 64 << 20

// batches splits bodies so that each part is small enough to be written at once.
func batches(list []assessment.BlobLocation) [][]assessment.BlobLocation {
	var out [][]assessment.BlobLocation
	size := int64(0)
	for _, l := range list {
		last := len(out) - 1
		if last < 0 || len(out[last]) >= partSize || size+l.Length > batchBytes {
			out, size = append(out, nil), 0
			last++
		}
		out[last], size = append(out[last], l), size+l.Length
	}
	return out
}

// rewrite stores bodies anew and commits where they lie now.
func (d *Deployment) rewrite(ctx context.Context, part []assessment.BlobLocation) error {
	bodies := make([]blob.Body, len(part))
	for i, l := range part {
		bodies[i] = blob.Body{Digest: l.Digest, Size: l.Size, Open: func() (io.ReadCloser, error) { return d.Blobs.Open(ctx, l) }}
	}
	at, err := d.Blobs.Put(ctx, bodies...)
	if err != nil {
		return err
	}
	_, err = d.Store.Commit(ctx, assessment.Batch{Blobs: at})
	if err != nil {
		return errors.Join(errors.New("new places of bodies"), err)
	}
	return nil
}
