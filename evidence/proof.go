package evidence

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// proofHeader is the first line of a C2SP tlog-proof@v1.
const proofHeader = "c2sp.org/tlog-proof@v1\n"

// maxProofHashes bounds a proof: a tree of 2^63 leaves needs 63.
const maxProofHashes = 63

// Proof shows that a leaf stands at an index of the tree of a checkpoint: C2SP tlog-proof.
type Proof struct {
	Index  int64
	Hashes []Hash
	// Checkpoint is the signed note.
	Checkpoint []byte
}

// Prove makes the proof of the leaf at index for the checkpoint of that size.
func Prove(index, size int64, checkpoint []byte, stored HashReader) (*Proof, error) {
	hashes, err := tlog.ProveRecord(size, index, stored)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", index, size, err)
	}
	return &Proof{Index: index, Hashes: hashes, Checkpoint: checkpoint}, nil
}

// Bytes is the text form.
func (p *Proof) Bytes() []byte {
	b := fmt.Appendf(nil, "%sindex %d\n", proofHeader, p.Index)
	for _, h := range p.Hashes {
		b = base64.StdEncoding.AppendEncode(b, h[:])
		b = append(b, '\n')
	}
	b = append(b, '\n')
	return append(b, p.Checkpoint...)
}

// ParseProof reads the text form. Proofs with an "extra" line are refused: ours have none.
func ParseProof(data []byte) (*Proof, error) {
	if len(data) > maxCheckpoint+maxProofHashes*64 {
		return nil, fmt.Errorf("proof: %d bytes are too many", len(data))
	}
	rest, ok := bytes.CutPrefix(data, []byte(proofHeader))
	head, checkpoint, found := bytes.Cut(rest, []byte("\n\n"))
	if !ok || !found {
		return nil, errors.New("proof: want " + strings.TrimSpace(proofHeader) + ", an index, hashes, an empty line and a checkpoint")
	}
	lines := strings.Split(string(head), "\n")
	digits, ok := strings.CutPrefix(lines[0], "index ")
	index, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || index < 0 {
		return nil, fmt.Errorf("proof: %.40q is no index line", lines[0])
	}
	p := &Proof{Index: index, Checkpoint: checkpoint}
	if len(lines)-1 > maxProofHashes {
		return nil, fmt.Errorf("proof: %d hashes are too many", len(lines)-1)
	}
	for _, line := range lines[1:] {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("proof: %.80q is no base64 of 32 bytes", line)
		}
		p.Hashes = append(p.Hashes, Hash(raw))
	}
	if !bytes.Equal(p.Bytes(), data) {
		return nil, errors.New("proof: it is not in its one form")
	}
	return p, nil
}

// Check verifies the checkpoint with the key of the log, and that the leaf stands at the index.
func (p *Proof) Check(leaf []byte, log note.Verifier) (*Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, log)
	if err != nil {
		return nil, err
	}
	return c, p.CheckAgainst(leaf, c)
}

// CheckAgainst verifies that the leaf stands at the index of the tree of a checkpoint that was
// verified before.
func (p *Proof) CheckAgainst(leaf []byte, c *Checkpoint) error {
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, LeafHash(leaf)); err != nil {
		return fmt.Errorf("leaf %d of %d: %w", p.Index, c.Size, err)
	}
	return nil
}

// CheckConsistency verifies that the tree of an older checkpoint is the beginning of a newer
// one's, with the proof of [tlog.ProveTree].
func CheckConsistency(proof []Hash, older, newer *Checkpoint) error {
	if older.Origin != newer.Origin {
		return fmt.Errorf("checkpoints of two logs: %q and %q", older.Origin, newer.Origin)
	}
	if older.Size == 0 {
		return nil
	}
	if err := tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("checkpoint of size %d is not the beginning of that of size %d: %w", older.Size, newer.Size, err)
	}
	return nil
}
