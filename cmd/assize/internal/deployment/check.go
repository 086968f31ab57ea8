package deployment

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/evidence"
)

// Checked is what a check of the ledger has found.
type Checked struct {
	Leaves int64 `json:"leaves"`
	Scopes int   `json:"scopes"`
	// Bodies that were read; 0 when they were not to be.
	Bodies int    `json:"bodies,omitempty"`
	Root   string `json:"root"`
	// Faults in sentences; none: nothing is wrong.
	Faults []string `json:"faults"`
}

// Check reads the whole ledger again: the form of each leaf, the tree over all of them against the hashes that are
// stored, the numbers of each scope, and that the ledger continues what was published, what the store has signed,
// and a signed checkpoint that somebody has kept (nil: none).
func (d *Deployment) Check(ctx context.Context, kept []byte) (*Checked, error) {
	size, err := d.Store.Size(ctx)
	if err != nil {
		return nil, err
	}
	r := &Checked{Leaves: size, Faults: []string{}}
	if err := d.tree(ctx, r); err != nil {
		return nil, err
	}
	published, _, err := d.Publisher.Published(ctx)
	if err != nil {
		r.Faults = append(r.Faults, err.Error())
	}
	checkpoints := []*evidence.Checkpoint{published}
	if _, signed, err := d.Store.LastCheckpoint(ctx); err != nil {
		return nil, err
	} else if signed != nil {
		c, err := evidence.OpenCheckpoint(signed, d.Log.Verifier)
		if err != nil {
			r.Faults = append(r.Faults, "in the store: "+err.Error())
		}
		checkpoints = append(checkpoints, c)
	}
	if kept != nil {
		c, err := evidence.OpenCheckpoint(kept, d.Log.Verifier)
		if err != nil {
			return nil, fmt.Errorf("what was kept: %w", err)
		}
		checkpoints = append(checkpoints, c)
	}
	for _, c := range checkpoints {
		if c == nil {
			continue
		}
		if err := d.Publisher.Continues(ctx, c); err != nil {
			r.Faults = append(r.Faults, err.Error())
		}
	}
	return r, nil
}

// tree computes the tree over all leaves anew, and holds it against the hashes that are stored.
func (d *Deployment) tree(ctx context.Context, r *Checked) error {
	next := map[string]int64{}
	var hashes []evidence.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		out := make([]evidence.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = hashes[x]
		}
		return out, nil
	})
	var index int64
	for stored, err := range d.Store.Leaves(ctx, 0, r.Leaves) {
		if err != nil {
			// A leaf that cannot be read is what is looked for.
			r.Faults = append(r.Faults, fmt.Sprintf("leaf %d: %v", index, err))
			return nil
		}
		if stored.Index != index {
			r.Faults = append(r.Faults, fmt.Sprintf("leaf %d is missing", index))
			return nil
		}
		scope := stored.Leaf.Scope
		if next[scope]++; stored.Leaf.Sequence != next[scope] {
			r.Faults = append(r.Faults, fmt.Sprintf("leaf %d: number %d of scope %q, want %d", index, stored.Leaf.Sequence, scope, next[scope]))
			next[scope] = stored.Leaf.Sequence
		}
		grown, err := tlog.StoredHashesForRecordHash(index, evidence.LeafHash(stored.Bytes), own)
		if err != nil {
			return err
		}
		hashes = append(hashes, grown...)
		index++
	}
	if index != r.Leaves {
		r.Faults = append(r.Faults, fmt.Sprintf("%d leaves can be read of %d", index, r.Leaves))
		return nil
	}
	root, err := evidence.Root(index, own)
	if err != nil {
		return err
	}
	stored, err := evidence.Root(index, tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		return d.Store.Hashes(ctx, indexes)
	}))
	if err != nil {
		return err
	}
	r.Scopes, r.Root = len(next), root.String()
	if stored != root {
		r.Faults = append(r.Faults, fmt.Sprintf("the stored tree has the root %s, the leaves have %s", stored, root))
	}
	return nil
}
