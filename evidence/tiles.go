package evidence

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight of C2SP tlog-tiles: 256 hashes a tile.
const tileHeight = 8

// TileWidth is how many entries a full tile or bundle has.
const TileWidth = 1 << tileHeight

// File is one file of the export, its path with slashes.
type File struct {
	Path string
	Data []byte
}

// Tiles calls yield for the tiles of the tree that are new between two sizes, with their
// paths as C2SP tlog-tiles has them.
func Tiles(from, to int64, stored HashReader, yield func(File) error) error {
	for _, t := range tlog.NewTiles(tileHeight, from, to) {
		data, err := tlog.ReadTileData(t, stored)
		if err != nil {
			return fmt.Errorf("tile %s: %w", t.Path(), err)
		}
		if err := yield(File{Path: tilePath(t), Data: data}); err != nil {
			return err
		}
	}
	return nil
}

// tilePath turns "tile/8/0/x001/234.p/5" of tlog into "tile/0/x001/234.p/5".
func tilePath(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
}

// BundlePath is the path of the n-th bundle of entries, of which width are there.
func BundlePath(n int64, width int) string {
	path := tilePath(tlog.Tile{H: tileHeight, L: 0, N: n, W: width})
	return "tile/entries/" + strings.TrimPrefix(path, "tile/0/")
}

// AppendEntry appends a leaf to a bundle of entries: its length in 16 bits, then its bytes.
func AppendEntry(bundle, leaf []byte) ([]byte, error) {
	if len(leaf) > MaxLeaf {
		return nil, fmt.Errorf("entry of %d bytes, more than %d", len(leaf), MaxLeaf)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(leaf)))
	return append(bundle, leaf...), nil
}
