package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/evidence"
)

// tileHeight is that of C2SP tlog-tiles: a block of the cache holds eight levels above 256 hashes.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// maxTiles is how many blocks of hashes are held: proofs are asked for in the order of the ledger, so
// that few are in use at a time.
const maxTiles = 256

// treeCache answers hashes of the tree out of blocks that are read once: a proof asks for one hash of
// every level, and neighbours ask for nearly the same.
type treeCache struct {
	size   int64
	ledger Ledger
	tiles  map[tileKey][][]evidence.Hash
	order  []tileKey
}

type tileKey struct {
	level int
	n     int64
}

func newTreeCache(ledger Ledger, size int64) *treeCache {
	return &treeCache{size: size, ledger: ledger, tiles: map[tileKey][][]evidence.Hash{}}
}

// reader reads stored hashes as [tlog.ProveRecord] asks for them.
func (t *treeCache) reader(ctx context.Context) evidence.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		out := make([]evidence.Hash, len(indexes))
		for i, x := range indexes {
			level, n := tlog.SplitStoredHashIndex(x)
			inside := level % tileHeight
			tile, err := t.tile(ctx, tileKey{level / tileHeight, n >> (tileHeight - inside)})
			if err != nil {
				return nil, err
			}
			row, at := tile[inside], n&(1<<(tileHeight-inside)-1)
			if at >= int64(len(row)) {
				return nil, fmt.Errorf("hash %d of level %d is not in a tree of %d leaves", n, level, t.size)
			}
			out[i] = row[at]
		}
		return out, nil
	})
}

// tile reads the lowest hashes of a block and makes the levels above them.
func (t *treeCache) tile(ctx context.Context, key tileKey) ([][]evidence.Hash, error) {
	if have := t.tiles[key]; have != nil {
		return have, nil
	}
	level := key.level * tileHeight
	from := key.n * tileWidth
	to := min(from+tileWidth, t.size>>level)
	indexes := make([]int64, 0, tileWidth)
	for n := from; n < to; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(level, n))
	}
	lowest, err := t.ledger.Hashes(ctx, indexes)
	if err != nil {
		return nil, fmt.Errorf("hashes of the tree: %w", err)
	}
	if len(lowest) != len(indexes) {
		return nil, errors.New("hashes of the tree: the ledger answered fewer than it was asked for")
	}
	rows := [][]evidence.Hash{lowest}
	for range tileHeight - 1 {
		below := rows[len(rows)-1]
		row := make([]evidence.Hash, len(below)/2)
		for i := range row {
			row[i] = tlog.NodeHash(below[2*i], below[2*i+1])
		}
		rows = append(rows, row)
	}
	if t.tiles[key], t.order = rows, append(t.order, key); len(t.order) > maxTiles {
		// The oldest of the lowest level goes: those above serve more proofs.
		for i, old := range t.order {
			if old.level == 0 && old.n < t.size/tileWidth {
				delete(t.tiles, old)
				t.order = append(t.order[:i], t.order[i+1:]...)
				break
			}
		}
	}
	return rows, nil
}

// leavesPerFile bounds a file of leaves.
const leavesPerFile = 20_000

// leaves writes the leaves of the assessment with their proofs.
func (b *builder) leaves(ctx context.Context) error {
	cache := newTreeCache(b.in.Ledger, b.checkpoint.Size)
	hashes := cache.reader(ctx)
	after := int64(0)
	for n := 1; after < b.in.Report.Last; n++ {
		err := b.archive.file(fmt.Sprintf("%s%05d.jsonl", evidence.BundleLeaves, n), func(w io.Writer) error {
			from := after
			for stored, err := range b.in.Ledger.ScopeLeaves(ctx, b.in.Assessment, after) {
				if err != nil {
					return err
				}
				if after >= b.in.Report.Last || after >= from+leavesPerFile {
					return nil
				}
				after = stored.Sequence
				proof, err := tlog.ProveRecord(b.checkpoint.Size, stored.Index, hashes)
				if err != nil {
					return fmt.Errorf("proof of leaf %d: %w", stored.Index, err)
				}
				l := evidence.BundleLeaf{Index: stored.Index, Leaf: string(stored.Bytes), Hashes: proof}
				if _, err := w.Write(append(l.Bytes(), '\n')); err != nil {
					return err
				}
			}
			if after < b.in.Report.Last {
				return fmt.Errorf("the ledger ends at leaf %d of the assessment, want %d", after, b.in.Report.Last)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
