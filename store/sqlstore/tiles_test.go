package sqlstore

import (
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// TestEdge: the last tiles hold the root of every whole subtree at the right edge, which is all that growing reads.
func TestEdge(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_001, 16_777_215, 16_777_216, 16_777_473} {
		have := edge(size)
		for level := 0; size>>level > 0; level++ {
			if size>>level&1 == 0 {
				continue
			}
			tile := tlog.TileForIndex(tileHeight, tlog.StoredHashIndex(level, size>>level-1))
			if want := (place{int64(tile.L), tile.N}); !slices.Contains(have, want) {
				t.Errorf("size %d: got tiles %v, want among them %v of the hash at level %d", size, have, want, level)
			}
		}
	}
}
