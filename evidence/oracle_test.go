package evidence_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/evidence"
)

// log is a ledger in memory.
type log struct {
	leaves   [][]byte
	stored   []evidence.Hash
	signer   note.Signer
	verifier note.Verifier
}

func (l *log) ReadHashes(indexes []int64) ([]evidence.Hash, error) {
	out := make([]evidence.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = l.stored[x]
	}
	return out, nil
}

// newLog grows a log of n leaves in batches.
func newLog(t *testing.T, n int, batches ...int) *log {
	t.Helper()
	signer, verifier, err := evidence.NewKey(strings.NewReader(strings.Repeat("k", 32)), "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	l := &log{}
	if l.signer, err = note.NewSigner(signer); err != nil {
		t.Fatal(err)
	}
	if l.verifier, err = note.NewVerifier(verifier); err != nil {
		t.Fatal(err)
	}
	for i := 0; len(l.leaves) < n; i++ {
		var hashes []evidence.Hash
		size := len(l.leaves)
		for range min(batches[i%len(batches)], n-size) {
			leaf := evidence.Leaf{Scope: "a", Sequence: int64(len(l.leaves) + 1), Kind: evidence.KindComment, Body: fmt.Appendf(nil, `{"n":%d}`, len(l.leaves))}
			data, err := leaf.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			l.leaves, hashes = append(l.leaves, data), append(hashes, evidence.LeafHash(data))
		}
		grown, err := evidence.Grow(int64(size), hashes, l)
		if err != nil {
			t.Fatal(err)
		}
		l.stored = append(l.stored, grown...)
	}
	return l
}

func (l *log) checkpoint(t *testing.T, size int64) (*evidence.Checkpoint, []byte) {
	t.Helper()
	root, err := evidence.Root(size, l)
	if err != nil {
		t.Fatal(err)
	}
	c := &evidence.Checkpoint{Origin: l.signer.Name(), Size: size, Root: root}
	signed, err := c.Sign(l.signer)
	if err != nil {
		t.Fatal(err)
	}
	return c, signed
}

// export writes the log as C2SP tlog-tiles.
func (l *log) export(t *testing.T, folder string) {
	t.Helper()
	put := func(f evidence.File) error {
		path := filepath.Join(folder, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		return os.WriteFile(path, f.Data, 0o600)
	}
	size := int64(len(l.leaves))
	if err := evidence.Tiles(0, size, l, put); err != nil {
		t.Fatal(err)
	}
	for n := 0; n*evidence.TileWidth < len(l.leaves); n++ {
		part := l.leaves[n*evidence.TileWidth : min((n+1)*evidence.TileWidth, len(l.leaves))]
		var entries []byte
		for _, leaf := range part {
			var err error
			if entries, err = evidence.AppendEntry(entries, leaf); err != nil {
				t.Fatal(err)
			}
		}
		if err := put(evidence.File{Path: evidence.BundlePath(int64(n), len(part)), Data: entries}); err != nil {
			t.Fatal(err)
		}
	}
	_, signed := l.checkpoint(t, size)
	if err := put(evidence.File{Path: "checkpoint", Data: signed}); err != nil {
		t.Fatal(err)
	}
}

// judge lets Tessera's fsck check an exported log.
func (l *log) judge(ctx context.Context, folder string) error {
	hashes := func(bundle []byte) ([][]byte, error) {
		var b api.EntryBundle
		if err := b.UnmarshalText(bundle); err != nil {
			return nil, err
		}
		out := make([][]byte, len(b.Entries))
		for i, e := range b.Entries {
			out[i] = rfc6962.DefaultHasher.HashLeaf(e)
		}
		return out, nil
	}
	return fsck.New(l.signer.Name(), l.verifier, &client.FileFetcher{Root: folder}, hashes, fsck.Opts{N: 2}).Check(ctx)
}

// TestTessera: Tessera's fsck accepts the export, and refuses it with an edited checkpoint. (Of a tile that was edited
// it says so, too, but as of v1.0.4 it then waits for ever.)
func TestTessera(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 255, 256, 257, 1000, 66_000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			l, folder := newLog(t, size, 1, 7, 500), t.TempDir()
			l.export(t, folder)
			if err := l.judge(t.Context(), folder); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "checkpoint")
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// Of the signature the last bits of its base64 are of no meaning to fsck.
			for i := range data[:bytes.Index(data, []byte("\n\n"))] {
				changed := bytes.Clone(data)
				changed[i] ^= 1
				if err := os.WriteFile(path, changed, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := l.judge(t.Context(), folder); err == nil {
					t.Errorf("fsck accepts a checkpoint with byte %d changed", i)
				}
			}
		})
	}
}

// TestMerkle: transparency-dev/merkle accepts every proof of inclusion and consistency, and so do we.
func TestMerkle(t *testing.T) {
	t.Parallel()
	const most = 70
	l := newLog(t, most, 3)
	for size := int64(1); size <= most; size++ {
		c, signed := l.checkpoint(t, size)
		for i := range size {
			p, err := evidence.Prove(i, size, signed, l)
			if err != nil {
				t.Fatal(err)
			}
			theirs := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(size), rfc6962.DefaultHasher.HashLeaf(l.leaves[i]), raw(p.Hashes), c.Root[:])
			again, err := evidence.ParseProof(p.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := again.Check(l.leaves[i], l.verifier); theirs != nil || err != nil {
				t.Fatalf("leaf %d of %d: merkle says %v, we say %v", i, size, theirs, err)
			}
		}
		older, _ := l.checkpoint(t, (size+1)/2)
		hashes, err := tlog.ProveTree(size, older.Size, l)
		if err != nil {
			t.Fatal(err)
		}
		theirs := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(older.Size), uint64(size), raw(hashes), older.Root[:], c.Root[:])
		if err := evidence.CheckConsistency(hashes, older, c); theirs != nil || err != nil {
			t.Fatalf("%d and %d: merkle says %v, we say %v", older.Size, size, theirs, err)
		}
	}
}

func raw(hashes []evidence.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}

// TestProofBytes: a proof with any byte changed is refused, or parses to the same proof (never the case).
func TestProofBytes(t *testing.T) {
	t.Parallel()
	l := newLog(t, 20, 20)
	_, signed := l.checkpoint(t, 20)
	p, err := evidence.Prove(13, 20, signed, l)
	if err != nil {
		t.Fatal(err)
	}
	good := p.Bytes()
	for i := range good {
		for bit := range 8 {
			data := bytes.Clone(good)
			data[i] ^= 1 << bit
			p, err := evidence.ParseProof(data)
			if err != nil {
				continue
			}
			if _, err := p.Check(l.leaves[13], l.verifier); err == nil {
				t.Errorf("byte %d with another bit %d was accepted:\n%s", i, bit, data)
			}
		}
	}
	for name, forged := range map[string]func(*evidence.Proof){
		"other leaf":     func(p *evidence.Proof) { p.Index = 12 },
		"beyond the end": func(p *evidence.Proof) { p.Index = 20 },
		"truncated":      func(p *evidence.Proof) { p.Hashes = p.Hashes[:len(p.Hashes)-1] },
		"longer":         func(p *evidence.Proof) { p.Hashes = append(p.Hashes, p.Hashes[0]) },
		"swapped":        func(p *evidence.Proof) { p.Hashes[0], p.Hashes[1] = p.Hashes[1], p.Hashes[0] },
		"none":           func(p *evidence.Proof) { p.Hashes = nil },
	} {
		q := *p
		q.Hashes = append([]evidence.Hash(nil), p.Hashes...)
		forged(&q)
		if _, err := q.Check(l.leaves[13], l.verifier); err == nil {
			t.Errorf("%s: the proof was accepted", name)
		}
	}
}

// TestCheckpointRefused: what is no checkpoint of the log in its one form.
func TestCheckpointRefused(t *testing.T) {
	t.Parallel()
	l := newLog(t, 5, 5)
	c, signed := l.checkpoint(t, 5)
	other := newLog(t, 6, 6)
	other.signer = l.signer
	sign := func(text string, signers ...note.Signer) []byte {
		out, err := note.Sign(&note.Note{Text: text}, signers...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	text := c.Text()
	for name, data := range map[string][]byte{
		"edited size":      bytes.Replace(signed, []byte("\n5\n"), []byte("\n4\n"), 1),
		"size with zero":   sign(strings.Replace(text, "\n5\n", "\n05\n", 1), l.signer),
		"negative size":    sign(strings.Replace(text, "\n5\n", "\n-5\n", 1), l.signer),
		"other origin":     sign(strings.Replace(text, "test.example", "evil.example", 1), l.signer),
		"short root":       sign(l.signer.Name()+"\n5\nAAAA\n", l.signer),
		"no root":          sign(l.signer.Name()+"\n5\n", l.signer),
		"no signature":     []byte(text + "\n"),
		"one key twice":    sign(text, l.signer, l.signer),
		"too long":         append(bytes.Clone(signed), bytes.Repeat([]byte("x"), 1<<17)...),
		"something behind": append(bytes.Clone(signed), '\n'),
	} {
		if got, err := evidence.OpenCheckpoint(data, l.verifier); err == nil {
			t.Errorf("%s: accepted as %+v", name, got)
		}
	}
	if _, err := evidence.OpenCheckpoint(signed, l.verifier); err != nil {
		t.Errorf("the genuine one: %v", err)
	}
}
