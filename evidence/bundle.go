package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// BundleFormat names the format of report bundles; docs/report-format.md is its description.
const BundleFormat = "assize-report/1"

// Names of files in a bundle, below its two folders.
const (
	BundleManifest   = "manifest.jsonl"
	BundleDigest     = "digest.txt"
	BundleCheckpoint = "ledger/checkpoint"
	BundleKey        = "ledger/key.pub"
	BundleFramework  = "framework.json"
	// BundleLeaves is the beginning of the names of files with leaves: "ledger/leaves-00001.jsonl".
	BundleLeaves = "ledger/leaves-"
)

// BundleHeader is the first line of the manifest.
type BundleHeader struct {
	Format string `json:"format"`
	// Folder in which all files of the archive are, with two names that end in "/".
	Folder string `json:"folder"`
	// Assessment and Report by id; Origin is the log's.
	Assessment string `json:"assessment"`
	Report     string `json:"report"`
	Origin     string `json:"origin"`
	// Last is the sequence number of the leaf that asked for the report, the last one in the bundle.
	Last int64 `json:"last_sequence"`
	// All evidence is in the bundle, not a selection.
	All bool `json:"all"`
	// Framework is the digest of framework.json, as the assessment has pinned it.
	Framework Digest    `json:"framework"`
	Created   time.Time `json:"created"`
	Version   string    `json:"version"`
}

// BundleFile is each further line of the manifest, one a file, in the order of the archive.
type BundleFile struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 Digest `json:"sha256"`
	// Leaf is the ledger index of the evidence whose body the file is; nil for other files.
	Leaf *int64 `json:"leaf,omitempty"`
}

// Bytes is the canonical form of the line, without its end.
func (f *BundleFile) Bytes() []byte {
	b := append(make([]byte, 0, len(f.Path)+160), '{')
	if f.Leaf != nil {
		b = append(strconv.AppendInt(append(b, `"leaf":`...), *f.Leaf, 10), ',')
	}
	b = appendText(append(b, `"path":`...), f.Path)
	b = append(append(b, `,"sha256":"`...), f.SHA256.String()...)
	return append(strconv.AppendInt(append(b, `","size":`...), f.Size, 10), '}')
}

// ParseBundleFile reads a line. It refuses what [BundleFile.Bytes] would not have written byte for byte.
func ParseBundleFile(line []byte) (*BundleFile, error) {
	if f := strictFile(line); f != nil {
		return f, nil
	}
	f := &BundleFile{}
	if err := json.Unmarshal(line, f); err != nil {
		return nil, fmt.Errorf("line of the manifest: %w", err)
	}
	if !bytes.Equal(f.Bytes(), line) {
		return nil, fmt.Errorf("line of the manifest about %.200q: it is not in canonical form", f.Path)
	}
	return f, nil
}

// BundleLeaf is a line of a file of leaves: a leaf with its proof for the bundle's checkpoint.
type BundleLeaf struct {
	Index int64 `json:"index"`
	// Leaf is the exact text that is hashed.
	Leaf   string `json:"leaf"`
	Hashes []Hash `json:"hashes"`
}

// Bytes is the canonical form of the line, without its end.
func (l *BundleLeaf) Bytes() []byte {
	b := make([]byte, 0, len(l.Leaf)+len(l.Leaf)/4+len(l.Hashes)*(hashText+3)+64)
	b = append(b, `{"hashes":[`...)
	for i := range l.Hashes {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, l.Hashes[i][:])
		b = append(b, '"')
	}
	b = strconv.AppendInt(append(b, `],"index":`...), l.Index, 10)
	b = appendText(append(b, `,"leaf":`...), l.Leaf)
	return append(b, '}')
}

// hashText is the length of a hash in base64.
const hashText = 44

// ParseBundleLeaf reads a line. It refuses what [BundleLeaf.Bytes] would not have written byte for byte.
func ParseBundleLeaf(line []byte) (*BundleLeaf, error) {
	if l := strictBundleLeaf(line); l != nil {
		return l, nil
	}
	l := &BundleLeaf{}
	if err := json.Unmarshal(line, l); err != nil {
		return nil, fmt.Errorf("line of leaves: %w", err)
	}
	if !bytes.Equal(l.Bytes(), line) {
		return nil, fmt.Errorf("line of leaf %d: it is not in canonical form", l.Index)
	}
	return l, nil
}

// BundleSignature is the content of digest.txt.
type BundleSignature struct {
	Format    string `json:"format"`
	Algorithm string `json:"algorithm"`
	// Manifest is the digest of manifest.jsonl.
	Manifest Digest `json:"manifest"`
	// Signature is a C2SP signed note of the ledger's key over [BundleText].
	Signature string `json:"signature"`
}

// BundleText is what is signed of a bundle: the format and the digest of the manifest, each on a line.
func BundleText(manifest Digest) string { return BundleFormat + "\n" + manifest.String() + "\n" }

// SignBundle makes the content of digest.txt.
func SignBundle(manifest Digest, signer note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: BundleText(manifest)}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign bundle: %w", err)
	}
	text, err := Canonical(BundleSignature{Format: BundleFormat, Algorithm: "SHA-256", Manifest: manifest, Signature: string(signed)})
	return append(text, '\n'), err
}

// OpenBundle verifies digest.txt against a manifest. Text that is not the one form of it is refused.
func OpenBundle(text []byte, manifest Digest, log note.Verifier) error {
	var s BundleSignature
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%s: %w", BundleDigest, err)
	}
	again, err := Canonical(s)
	if err != nil || !bytes.Equal(append(again, '\n'), text) {
		return errors.New(BundleDigest + ": it is not in its one form")
	}
	if s.Format != BundleFormat || s.Algorithm != "SHA-256" {
		return fmt.Errorf("%s: format %.40q with %.40q: want %s with SHA-256", BundleDigest, s.Format, s.Algorithm, BundleFormat)
	}
	if s.Manifest != manifest {
		return fmt.Errorf("%s: it is for the manifest %s, this one is %s", BundleDigest, s.Manifest, manifest)
	}
	n, err := note.Open([]byte(s.Signature), note.VerifierList(log))
	if err != nil {
		return fmt.Errorf("%s: signature: %w", BundleDigest, err)
	}
	if n.Text != BundleText(manifest) || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 || strings.Count(s.Signature, "\n") != 4 || oneSignature([]byte(s.Signature), log) != nil {
		return errors.New(BundleDigest + ": the signature is over something else")
	}
	return nil
}
