package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/evidence"
)

// tileHeight of C2SP tlog-tiles.
const tileHeight = 8

// tileWidth is how many hashes a full tile has.
const tileWidth = 1 << tileHeight

// tilesAtOnce is how many tiles one statement reads.
const tilesAtOnce = 64

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// place of a tile: its level and its number.
type place struct{ level, n int64 }

// tiles reads stored hashes out of tiles. Each tile is read once.
type tiles struct {
	ctx  context.Context //nolint:containedctx // tlog's readers have none; it lives as long as one call
	s    *Store
	from querier
	have map[place]tile
}

// tile as it is stored, with its width.
type tile struct {
	tlog.Tile
	data []byte
}

func (s *Store) tiles(ctx context.Context, from querier) *tiles {
	return &tiles{ctx, s, from, map[place]tile{}}
}

// ReadHashes implements [evidence.HashReader].
func (r *tiles) ReadHashes(indexes []int64) ([]evidence.Hash, error) {
	at := make([]place, len(indexes))
	for i, index := range indexes {
		t := tlog.TileForIndex(tileHeight, index)
		at[i] = place{int64(t.L), t.N}
	}
	if err := r.load(at); err != nil {
		return nil, err
	}
	out := make([]evidence.Hash, len(indexes))
	for i, index := range indexes {
		t, ok := r.have[at[i]]
		if !ok {
			return nil, fmt.Errorf("hash %d: tile %s is not there", index, tlog.TileForIndex(tileHeight, index).Path())
		}
		h, err := tlog.HashFromTile(t.Tile, t.data, index)
		if err != nil {
			return nil, fmt.Errorf("hash %d: %w", index, err)
		}
		out[i] = h
	}
	return out, nil
}

// load reads tiles that have not been read yet.
func (r *tiles) load(list []place) error {
	var ask []any
	asked := map[place]bool{}
	for _, p := range list {
		if _, ok := r.have[p]; !ok && !asked[p] {
			asked[p] = true
			ask = append(ask, p.level, p.n)
		}
	}
	const one = `(level = ? AND n = ?)`
	for len(ask) > 0 {
		args := ask[:min(len(ask), 2*tilesAtOnce)]
		ask = ask[len(args):]
		query := `SELECT level, n, width, data FROM tile WHERE ` + one + strings.Repeat(` OR `+one, len(args)/2-1)
		rows, err := r.from.QueryContext(r.ctx, r.s.bind(query), args...)
		if err != nil {
			return fmt.Errorf("%s: tiles: %w", r.s.dialect.Name, err)
		}
		err = r.s.drain(rows, query, func(rows *sql.Rows) error {
			var p place
			t := tile{Tile: tlog.Tile{H: tileHeight}}
			err := rows.Scan(&p.level, &p.n, &t.W, &t.data)
			t.L, t.N = int(p.level), p.n
			r.have[p] = t
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// edge lists the last tile of each level of a tree: what is appended needs no other.
func edge(size int64) []place {
	var list []place
	for level := int64(0); size > 0; level, size = level+1, size/tileWidth {
		list = append(list, place{level, (size - 1) / tileWidth})
	}
	return list
}

// grow writes the tiles that change when leaves are appended to a tree of a size.
func (t *tx) grow(ctx context.Context, size int64, leaves []evidence.Hash) error {
	stored := t.s.tiles(ctx, t)
	if err := stored.load(edge(size)); err != nil {
		return err
	}
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
	var cells []any
	for _, tile := range widest(tlog.NewTiles(tileHeight, size, size+int64(len(leaves)))) {
		data, err := tlog.ReadTileData(tile, all)
		if err != nil {
			return fmt.Errorf("tile %s: %w", tile.Path(), err)
		}
		cells = append(cells, int64(tile.L), tile.N, int64(tile.W), data)
	}
	return t.s.insert(&t.writes, `INSERT INTO tile (level, n, width, data)`, 4, cells,
		`ON CONFLICT (level, n) DO UPDATE SET width = excluded.width, data = excluded.data`)
}

// widest keeps the widest of tiles at the same place.
func widest(tiles []tlog.Tile) []tlog.Tile {
	at := map[place]int{}
	var out []tlog.Tile
	for _, t := range tiles {
		key := place{int64(t.L), t.N}
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
