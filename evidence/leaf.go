package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// MaxLeaf is the largest leaf in bytes: entry bundles of C2SP tlog-tiles give lengths 16 bits.
const MaxLeaf = 1<<16 - 1

// Types of the in-toto Statement that every leaf is.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://assize.dev/ledger/v1"
)

// Kind says what a leaf records. The list is closed: a verifier refuses a leaf of another kind.
type Kind string

// The kinds of leaf.
const (
	// KindEvidence: a piece of evidence; its subject is the body in the blob store.
	KindEvidence Kind = "evidence"
	// KindAssessment: an assessment was created, changed, completed or reopened.
	KindAssessment Kind = "assessment"
	// KindFramework: a version of a framework was published to the deployment.
	KindFramework Kind = "framework"
	// KindDecision: a person decided on the status of a control or control set.
	KindDecision Kind = "decision"
	// KindComment: a person wrote a comment.
	KindComment Kind = "comment"
	// KindDelegation: a control set was delegated, submitted back or completed.
	KindDelegation Kind = "delegation"
	// KindException: an exception was requested, approved, rejected or revoked.
	KindException Kind = "exception"
	// KindOccurrence: a due window was opened, answered, missed, excused or closed.
	KindOccurrence Kind = "occurrence"
	// KindRun: a run of collection ended, with what it covered and what it could not.
	KindRun Kind = "run"
	// KindWorkload: an AI workload was registered, changed or retired.
	KindWorkload Kind = "workload"
	// KindSelection: evidence was selected for a report, or no longer.
	KindSelection Kind = "selection"
	// KindReport: a report was asked for, issued, failed or deleted.
	KindReport Kind = "report"
	// KindDeletion: a body was destroyed by retention or on demand; this is its tombstone.
	KindDeletion Kind = "deletion"
	// KindHold: a legal hold was set or lifted.
	KindHold Kind = "hold"
	// KindKey: a signing or wrapping key came or went.
	KindKey Kind = "key"
	// KindAcknowledgement: an operator acknowledged that the database had been set back.
	KindAcknowledgement Kind = "acknowledgement"
)

// Kinds lists all.
var Kinds = []Kind{
	KindEvidence, KindAssessment, KindFramework, KindDecision, KindComment, KindDelegation, KindException, KindOccurrence,
	KindRun, KindWorkload, KindSelection, KindReport, KindDeletion, KindHold, KindKey, KindAcknowledgement,
}

// Leaf is one entry of the ledger.
type Leaf struct {
	// Scope is the id of the assessment; empty for what concerns the whole deployment.
	Scope string
	// Sequence numbers the leaves of a scope 1, 2, 3, …: a leaf left out is a gap.
	Sequence int64
	Kind     Kind
	// Recorded is the ledger's clock, UTC, whole microseconds. It proves nothing by itself.
	Recorded time.Time
	// Actor who did it: a user name or ARN, or "assize" for the program itself.
	Actor string
	// Subject names what the leaf is about ("evidence/<id>"), Digest is that of its body in the
	// blob store, or of the canonical Body where there is none.
	Subject string
	Digest  Digest
	// Body is a JSON object, the fact itself; it is written in canonical form.
	Body json.RawMessage
}

type statement struct {
	Type          string             `json:"_type"`
	Predicate     predicate          `json:"predicate"`
	PredicateType string             `json:"predicateType"`
	Subject       []statementSubject `json:"subject"`
}

type predicate struct {
	Actor    string          `json:"actor"`
	Body     json.RawMessage `json:"body"`
	Kind     Kind            `json:"kind"`
	Recorded string          `json:"recorded"`
	Scope    string          `json:"scope"`
	Sequence int64           `json:"sequence"`
}

type statementSubject struct {
	Digest struct {
		SHA256 string `json:"sha256"`
	} `json:"digest"`
	Name string `json:"name"`
}

// recordedLayout is RFC 3339 with microseconds always, so that texts sort as times do.
const recordedLayout = "2006-01-02T15:04:05.000000Z"

// Bytes returns the canonical form, which is hashed into the tree. An empty Digest is filled in
// with that of the body. It fails on a body that is no canonical JSON object can be made of, and
// on a leaf larger than [MaxLeaf].
func (l *Leaf) Bytes() ([]byte, error) {
	d, err := l.Draft()
	if err != nil {
		return nil, err
	}
	return d.Bytes(l.Sequence)
}

// Draft is the canonical form of a leaf but for its sequence number, so that the work is done before it is known.
type Draft struct{ head, tail []byte }

// Bytes returns the canonical form with a sequence number. It fails on more than [MaxLeaf] bytes.
func (d Draft) Bytes(sequence int64) ([]byte, error) {
	b := append(make([]byte, 0, len(d.head)+len(d.tail)+20), d.head...)
	b = append(strconv.AppendInt(b, sequence, 10), d.tail...)
	if len(b) > MaxLeaf {
		return nil, fmt.Errorf("leaf %d has %d bytes, more than the %d of an entry: keep what is long in the blob store",
			sequence, len(b), MaxLeaf)
	}
	return b, nil
}

// Draft does what [Leaf.Bytes] does, whatever the Sequence.
func (l *Leaf) Draft() (Draft, error) {
	var none Draft
	body, err := CanonicalJSON(l.Body)
	if err != nil {
		return none, fmt.Errorf("leaf of kind %s about %.80q: body: %w", l.Kind, l.Subject, err)
	}
	if len(body) == 0 || body[0] != '{' {
		return none, fmt.Errorf("leaf of kind %s about %.80q: the body is no JSON object", l.Kind, l.Subject)
	}
	if l.Digest.IsZero() {
		l.Digest = DigestOf(body)
	}
	for _, s := range []string{l.Actor, l.Scope, l.Subject, string(l.Kind)} {
		if !utf8.ValidString(s) {
			return none, fmt.Errorf("leaf of kind %s about %.80q: %q is not UTF-8", l.Kind, l.Subject, s)
		}
	}
	return l.draft(body), nil
}

// What stands between the parts of a leaf in canonical form, in their order.
const (
	leafActor    = `{"_type":"` + StatementType + `","predicate":{"actor":`
	leafBody     = `,"body":`
	leafKind     = `,"kind":`
	leafRecorded = `,"recorded":`
	leafScope    = `,"scope":`
	leafSequence = `,"sequence":`
	leafDigest   = `},"predicateType":"` + PredicateType + `","subject":[{"digest":{"sha256":`
	leafName     = `},"name":`
	leafEnd      = `}]}`
)

// draft puts a leaf together around a body in canonical form.
func (l *Leaf) draft(body []byte) Draft {
	b := make([]byte, 0, len(body)+len(l.Actor)+len(l.Scope)+len(l.Subject)+400)
	b = appendText(append(b, leafActor...), l.Actor)
	b = append(append(b, leafBody...), body...)
	b = appendText(append(b, leafKind...), string(l.Kind))
	b = appendText(append(b, leafRecorded...), l.Recorded.UTC().Format(recordedLayout))
	b = appendText(append(b, leafScope...), l.Scope)
	b = append(b, leafSequence...)
	head := len(b)
	b = appendText(append(b, leafDigest...), l.Digest.Hex())
	b = appendText(append(b, leafName...), l.Subject)
	b = append(b, leafEnd...)
	return Draft{head: b[:head:head], tail: b[head:]}
}

// ParseLeaf reads a leaf. It refuses what [Leaf.Bytes] would not have written byte for byte,
// so that one leaf has one form.
func ParseLeaf(data []byte) (*Leaf, error) {
	if len(data) > MaxLeaf {
		return nil, fmt.Errorf("leaf: %d bytes, more than %d", len(data), MaxLeaf)
	}
	if l := strictLeaf(data); l != nil {
		return l, nil
	}
	return decodeLeaf(data)
}

// decodeLeaf is [ParseLeaf] by way of a decoder, which says of what is no leaf why not.
func decodeLeaf(data []byte) (*Leaf, error) {
	var s statement
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("leaf: %w", err)
	}
	if s.Type != StatementType || s.PredicateType != PredicateType || len(s.Subject) != 1 {
		return nil, fmt.Errorf("leaf: want an in-toto statement of type %s about one subject, got %.80q", PredicateType, s.PredicateType)
	}
	l := &Leaf{
		Scope: s.Predicate.Scope, Sequence: s.Predicate.Sequence, Kind: s.Predicate.Kind,
		Actor: s.Predicate.Actor, Subject: s.Subject[0].Name, Body: s.Predicate.Body,
	}
	var err error
	if l.Recorded, err = time.Parse(recordedLayout, s.Predicate.Recorded); err != nil {
		return nil, fmt.Errorf("leaf: recorded: %w", err)
	}
	if l.Digest, err = ParseDigest(digestPrefix + s.Subject[0].Digest.SHA256); err != nil {
		return nil, fmt.Errorf("leaf: subject: %w", err)
	}
	again, err := l.Bytes()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, fmt.Errorf("leaf %s %d: it is not in canonical form", l.Scope, l.Sequence)
	}
	return l, nil
}
