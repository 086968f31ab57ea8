package bundle

import (
	"context"
	"io"
	"iter"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Ledger is what a bundle needs of a store; every assessment.Store is one.
type Ledger interface {
	// ScopeLeaves yields the leaves of an assessment after a sequence number, in order, as
	// [assessment.Ledger] does.
	ScopeLeaves(ctx context.Context, scope string, after int64, kinds ...evidence.Kind) iter.Seq2[assessment.Stored, error]
	// Hashes reads stored hashes of the tree by index.
	Hashes(ctx context.Context, indexes []int64) ([]evidence.Hash, error)
	// Locate says where bodies lie; those that are not stored are not in the answer.
	Locate(ctx context.Context, digests []evidence.Digest) (map[evidence.Digest]assessment.BlobLocation, error)
}

// Bodies opens bodies of evidence; blob.Store does.
type Bodies interface {
	// Open yields the plain bytes of a body.
	Open(ctx context.Context, at assessment.BlobLocation) (io.ReadCloser, error)
}

// Input is all that a bundle is made of.
type Input struct {
	Ledger Ledger
	Bodies Bodies
	// Assessment by id.
	Assessment string
	// Report as it was asked for ([assessment.Service.AskReport]), with the sequence number of its leaf in Last:
	// the bundle holds the assessment up to that leaf, of all evidence or of what was selected by then.
	Report assessment.Report
	// Status of every control at that time ([assessment.Service.Status]).
	Status []assessment.Derived
	// Framework is the canonical JSON that the assessment has pinned, byte for byte.
	Framework []byte
	// Checkpoint is a signed checkpoint whose tree holds the leaf Last.
	Checkpoint []byte
	// Key is the verifier's key as text, Signer signs the manifest with the same key.
	Key    string
	Signer note.Signer
	// Version of the program.
	Version string
}

// Result says what was written.
type Result struct {
	// Items of evidence, Bodies of them that are in the bundle, and Files of the archive.
	Items, Bodies, Files int
	// Size and Digest of the archive.
	Size   int64
	Digest evidence.Digest
	// Folder is the folder in which all files are: "<assessment>-<id8>/<report>-<id8>/".
	Folder string
}
