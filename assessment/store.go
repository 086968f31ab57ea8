package assessment

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// Errors of stores. Every store wraps these, so that errors.Is finds them.
var (
	// ErrNotFound: there is no such object.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody else has written to the scope since it was read; read and try again.
	ErrConflict = errors.New("changed meanwhile")
	// ErrTaken: a run of the scope is held by another holder.
	ErrTaken = errors.New("held by another")
)

// Batch is what one transaction writes: leaves of one scope in order, and the projections that
// change with them. All of it is written, or nothing.
type Batch struct {
	// Scope is the id of the assessment, "" for the deployment.
	Scope string
	// Guard and After protect what the writer has decided on: a store answers ErrConflict when a leaf
	// of the scope of one of these kinds stands behind the sequence number After. No kinds: no guard.
	Guard []evidence.Kind
	After int64
	// OccurrencesAt protects due windows that the writer has read: it is the size of the ledger before that. A
	// store answers ErrConflict when a leaf of KindOccurrence of the scope stands at that index or behind it. 0: no
	// guard.
	OccurrencesAt int64
	// HoldsAt protects what no legal hold may stand on: it is the size of the ledger before it was looked for holds. A
	// store answers ErrConflict when a leaf of KindHold of any scope stands at that index or behind it. 0: no guard.
	HoldsAt int64
	// Quota is what a day takes of manual evidence: a store answers ErrConflict when that much is there. nil: no guard.
	Quota *Quota
	// Key makes the batch idempotent: a store that has committed one of the same scope and key writes
	// nothing and answers the positions of then. Empty: no such promise.
	Key string
	// Leaves without Scope and Sequence, which the store fills in.
	Leaves []Entry
	// Assessment, Run and Occurrences are the new states of these; nil and empty: unchanged. Deleted takes
	// the assessment out of all lists; its leaves stay.
	Assessment  *Assessment
	Deleted     bool
	Run         *Run
	Occurrences []Occurrence
	// Tallies of a run; they replace those of the same run, control and expectation.
	Tallies []Tally
	// Blobs that the leaves refer to, where they have been written; and those that are gone. Of what is gone only
	// Digest and Segment count: a body that was written to another segment meanwhile stays. An empty Segment: wherever
	// it is, unless it is the body of evidence, too.
	Blobs []BlobLocation
	Gone  []BlobLocation
}

// Quota bounds the manual evidence of a control that is collected on a UTC day, "2006-01-02".
type Quota struct {
	ControlSet, Control, Day string
	Most                     int
}

// Entry is a leaf to append. Evidence is set exactly for leaves of KindEvidence: stores keep it
// in columns so that it can be found; the leaf's body is its JSON.
type Entry struct {
	Leaf     evidence.Leaf
	Evidence *Evidence
}

// Position is where a leaf stands.
type Position struct {
	Scope    string
	Sequence int64
	// Index in the ledger, from 0.
	Index int64
}

// BlobLocation says where a body lies: in which segment, from which byte, how many (encrypted).
type BlobLocation struct {
	Digest  evidence.Digest
	Segment string
	Offset  int64
	Length  int64
	// Size of the plain bytes.
	Size int64
}

// Stored is a leaf as it was read back.
type Stored struct {
	Position
	// Bytes are those hashed into the tree; Leaf is them, parsed.
	Bytes []byte
	Leaf  *evidence.Leaf
}

// Ledger is the append-only part of a store.
type Ledger interface {
	// Commit writes a batch in one transaction and returns the positions of its leaves. When it
	// returns without error the batch survives a crash. Concurrent calls are put in an order.
	Commit(ctx context.Context, b Batch) ([]Position, error)
	// Size is the number of leaves in the ledger.
	Size(ctx context.Context) (int64, error)
	// Leaves yields the leaves with from <= index < to, in order.
	Leaves(ctx context.Context, from, to int64) iter.Seq2[Stored, error]
	// ScopeLeaves yields the leaves of a scope after a sequence number, in order: of the kinds given,
	// or of all when none is.
	ScopeLeaves(ctx context.Context, scope string, after int64, kinds ...evidence.Kind) iter.Seq2[Stored, error]
	// Hashes reads stored hashes of the tree by index, as [evidence.HashReader] does.
	Hashes(ctx context.Context, indexes []int64) ([]evidence.Hash, error)
}

// Checkpoints keeps the signed checkpoints.
type Checkpoints interface {
	// LastCheckpoint is the newest one; nil bytes when there is none.
	LastCheckpoint(ctx context.Context) (size int64, signed []byte, err error)
	// SaveCheckpoint keeps one. A size smaller than the newest one's is refused with ErrConflict.
	SaveCheckpoint(ctx context.Context, size int64, signed []byte) error
}

// Reader is what lists and status need.
type Reader interface {
	// Assessments lists all, newest first.
	Assessments(ctx context.Context) ([]Assessment, error)
	// Assessment returns one; ErrNotFound.
	Assessment(ctx context.Context, id string) (*Assessment, error)
	// Tallies of the newest finished run of each expectation of an assessment.
	Tallies(ctx context.Context, assessment string) ([]Tally, error)
	// Folders of an assessment, newest day first; of one control when it is named.
	Folders(ctx context.Context, assessment, control string) ([]Folder, error)
	// Occurrences that match, by due time.
	Occurrences(ctx context.Context, q OccurrenceQuery) ([]Occurrence, error)
	// Evidence that matches, in the order of the ledger. It streams: nothing is held.
	Evidence(ctx context.Context, q EvidenceQuery) iter.Seq2[StoredEvidence, error]
}

// StoredEvidence is evidence with its place in the ledger.
type StoredEvidence struct {
	Position
	Evidence Evidence
}

// EvidenceQuery selects evidence of one assessment; empty fields select all.
type EvidenceQuery struct {
	Assessment  string
	IDs         []string
	ControlSet  string
	Control     string
	Expectation string
	Occurrence  string
	DataSource  string
	Run         string
	Outcome     assize.Outcome
	// From and To limit the UTC days of collection, "2006-01-02", both inclusive.
	From, To string
	// After selects what stands behind that ledger index, 0: from the first; at most Limit, 0: all.
	After int64
	Limit int
}

// OccurrenceQuery selects occurrences; empty fields select all.
type OccurrenceQuery struct {
	Assessment  string
	Control     string
	Expectation string
	Owner       string
	States      []OccurrenceState
	// DueBefore selects those due before that time.
	DueBefore time.Time
	Limit     int
}

// Runs is the queue of runs.
type Runs interface {
	// Enqueue adds a run. A run of the same assessment with the same Due is added once: the one that
	// stands is returned.
	Enqueue(ctx context.Context, r Run) (*Run, error)
	// Claim leases the run that has been due longest to the holder until a time, and counts an attempt: one
	// that is queued, or that runs and whose lease is over. At most one run of an assessment is held at
	// a time. nil without error when there is none.
	Claim(ctx context.Context, holder string, now, until time.Time) (*Run, error)
	// Renew prolongs the lease; ErrTaken when another holds it now.
	Renew(ctx context.Context, id, holder string, until time.Time) error
	// RunsOf lists the runs of an assessment, newest first, at most limit.
	RunsOf(ctx context.Context, assessment string, limit int) ([]Run, error)
}

// Bodies finds bodies and what may be destroyed.
type Bodies interface {
	// Locate says where bodies lie; those that are not stored are not in the answer.
	Locate(ctx context.Context, digests []evidence.Digest) (map[evidence.Digest]BlobLocation, error)
	// Segment lists the bodies of a segment.
	Segment(ctx context.Context, name string) ([]BlobLocation, error)
	// Segments lists the names of all segments with bodies.
	Segments(ctx context.Context) ([]string, error)
	// Expired yields bodies of evidence collected before a time that no younger evidence needs.
	Expired(ctx context.Context, before time.Time) iter.Seq2[StoredEvidence, error]
}

// Store is all of it, as wiring needs it; consumers ask for the parts.
type Store interface {
	Ledger
	Checkpoints
	Reader
	Runs
	Bodies
	Close() error
}
