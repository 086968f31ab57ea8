package evidence

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a node of the tree (RFC 6962, SHA-256).
type Hash = tlog.Hash

// HashReader reads stored hashes by the index of [tlog.StoredHashIndex], in the order asked.
type HashReader = tlog.HashReader

// LeafHash is the hash of a leaf's bytes.
func LeafHash(leaf []byte) Hash { return tlog.RecordHash(leaf) }

// Grow returns the hashes to store, in order from index tlog.StoredHashCount(size), when
// leaves are appended to a tree of that size. stored reads what is stored already.
func Grow(size int64, leaves []Hash, stored HashReader) ([]Hash, error) {
	base := tlog.StoredHashCount(size)
	grown := make([]Hash, 0, 2*len(leaves)+64)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		return readGrown(indexes, base, grown, stored)
	})
	for i, h := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(size+int64(i), h, reader)
		if err != nil {
			return nil, fmt.Errorf("append leaf %d: %w", size+int64(i), err)
		}
		grown = append(grown, hashes...)
	}
	return grown, nil
}

// readGrown answers from what has just grown, and asks the store for the rest.
func readGrown(indexes []int64, base int64, grown []Hash, stored HashReader) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	var ask []int64
	var at []int
	for i, x := range indexes {
		if x >= base {
			if x-base >= int64(len(grown)) {
				return nil, fmt.Errorf("hash %d is not there yet", x)
			}
			out[i] = grown[x-base]
			continue
		}
		ask, at = append(ask, x), append(at, i)
	}
	if len(ask) == 0 {
		return out, nil
	}
	got, err := stored.ReadHashes(ask)
	if err != nil {
		return nil, err
	}
	if len(got) != len(ask) {
		return nil, errors.New("the store answered fewer hashes than it was asked for")
	}
	for i, h := range got {
		out[at[i]] = h
	}
	return out, nil
}

// Root is the hash of the tree of the first size leaves.
func Root(size int64, stored HashReader) (Hash, error) { return tlog.TreeHash(size, stored) }
