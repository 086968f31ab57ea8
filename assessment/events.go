package assessment

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// The bodies of leaves, by kind. Fields are only ever added.

// AssessmentEvent is the body of [evidence.KindAssessment].
type AssessmentEvent struct { //nolint:revive // bodies of leaves are named by their kinds
	// Action is Audit Manager's: CREATE, UPDATE_METADATA, ACTIVE, INACTIVE, DELETE.
	Action     string     `json:"action"`
	Assessment Assessment `json:"assessment"`
}

// ReviewStatus is the status that a person gives to a control or control set.
type ReviewStatus string

// The statuses of review: of a control UnderReview, Reviewed, ControlInactive; of a control set
// SetActive, UnderReview, Reviewed. All are reversible, with history.
const (
	SetActive       ReviewStatus = "ACTIVE"
	UnderReview     ReviewStatus = "UNDER_REVIEW"
	Reviewed        ReviewStatus = "REVIEWED"
	ControlInactive ReviewStatus = "INACTIVE"
)

// DecisionEvent is the body of [evidence.KindDecision]: on a control, on a control set (Control is
// empty), or on a piece of evidence (Evidence is set, Accepted says how).
type DecisionEvent struct {
	ControlSet string       `json:"control_set"`
	Control    string       `json:"control,omitempty"`
	Status     ReviewStatus `json:"status,omitempty"`
	// ControlDigest is that of the control's text which was judged.
	ControlDigest string `json:"control_digest,omitempty"`
	Evidence      string `json:"evidence,omitempty"`
	Accepted      bool   `json:"accepted,omitempty"`
	Comment       string `json:"comment,omitempty"`
}

// CommentEvent is the body of [evidence.KindComment].
type CommentEvent struct {
	ControlSet string `json:"control_set"`
	Control    string `json:"control"`
	Text       string `json:"comment_body"`
}

// DelegationStatus is Audit Manager's.
type DelegationStatus string

// The statuses of a delegation.
const (
	DelegationInProgress  DelegationStatus = "IN_PROGRESS"
	DelegationUnderReview DelegationStatus = "UNDER_REVIEW"
	DelegationComplete    DelegationStatus = "COMPLETE"
	DelegationDeleted     DelegationStatus = "DELETED"
)

// Delegation gives a control set to a subject expert. It is the body of [evidence.KindDelegation], in
// its new state.
type Delegation struct {
	ID         string           `json:"id"`
	ControlSet string           `json:"control_set"`
	Role       Role             `json:"role"`
	Status     DelegationStatus `json:"status"`
	Comment    string           `json:"comment,omitempty"`
	Created    time.Time        `json:"creation_time"`
	CreatedBy  string           `json:"created_by"`
	Updated    time.Time        `json:"last_updated"`
}

// ExceptionState is where an exception stands.
type ExceptionState string

// The states of an exception. Expired is not written: it follows from the expiry.
const (
	ExceptionInReview ExceptionState = "in_review"
	ExceptionApproved ExceptionState = "approved"
	ExceptionRejected ExceptionState = "rejected"
	ExceptionExpired  ExceptionState = "expired"
	ExceptionRevoked  ExceptionState = "revoked"
)

// Exception lets failing evidence count as excepted for a time; it never hides it. It is the body
// of [evidence.KindException], in its new state.
type Exception struct {
	ID         string         `json:"id"`
	State      ExceptionState `json:"state"`
	ControlSet string         `json:"control_set"`
	Control    string         `json:"control"`
	// Resources are patterns of ARNs or ids in which * stands for any text; Accounts limit further.
	// Empty: all.
	Resources []string `json:"resources,omitempty"`
	Accounts  []string `json:"accounts,omitempty"`
	Reason    string   `json:"reason"`
	// Compensating control that holds meanwhile.
	Compensating string `json:"compensating_control"`
	// Expires at the end of this UTC day, "2006-01-02".
	Expires   string `json:"expires"`
	Requester string `json:"requester"`
	// Approver decided; never the requester.
	Approver string `json:"approver,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

// OccurrenceEvent is the body of [evidence.KindOccurrence].
type OccurrenceEvent struct {
	Occurrence Occurrence `json:"occurrence"`
}

// RunEvent is the body of [evidence.KindRun]: what a run covered and what it could not.
type RunEvent struct {
	Run Run `json:"run"`
	// Outcomes of all verdicts; Gaps by cause.
	Counts   assize.Counts        `json:"counts"`
	Gaps     map[assize.Cause]int `json:"gaps,omitempty"`
	Accounts []string             `json:"accounts"`
	Regions  []string             `json:"regions"`
	Library  string               `json:"library_digest"`
	Profile  string               `json:"profile_digest,omitempty"`
	Version  string               `json:"version"`
}

// WorkloadEvent is the body of [evidence.KindWorkload], in the scope of the deployment.
type WorkloadEvent struct {
	Workload assize.Workload `json:"workload"`
	Retired  bool            `json:"retired,omitempty"`
}

// SelectionEvent is the body of [evidence.KindSelection]: evidence chosen for the next report, by id or
// by folder.
type SelectionEvent struct {
	Evidence []string `json:"evidence,omitempty"`
	Folders  []string `json:"folders,omitempty"`
	Selected bool     `json:"selected"`
}

// ReportStatus is Audit Manager's.
type ReportStatus string

// The statuses of a report.
const (
	ReportInProgress ReportStatus = "IN_PROGRESS"
	ReportComplete   ReportStatus = "COMPLETE"
	ReportFailed     ReportStatus = "FAILED"
	ReportDeleted    ReportStatus = "DELETED"
)

// Report is an assessment report, the body of [evidence.KindReport] in its new state.
type Report struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Author      string       `json:"author"`
	Status      ReportStatus `json:"status"`
	Created     time.Time    `json:"creation_time"`
	// All evidence, or what was selected.
	All bool `json:"all"`
	// Last is the sequence number of the leaf that asked for the report: the report holds the
	// assessment up to it.
	Last int64 `json:"last_sequence,omitempty"`
	// Items in it, its bytes, and their digest; Location where it was written.
	Items    int             `json:"items,omitempty"`
	Size     int64           `json:"size,omitempty"`
	Digest   evidence.Digest `json:"digest,omitzero"`
	Location string          `json:"location,omitempty"`
	Error    string          `json:"error,omitempty"`
}

// FrameworkEvent is the body of [evidence.KindFramework], in the scope of the deployment. The leaf's
// digest is that of the framework's canonical JSON, a body in the blob store.
type FrameworkEvent struct {
	Framework FrameworkRef `json:"framework"`
}

// DeletionEvent is the body of [evidence.KindDeletion]: the tombstone of a body.
type DeletionEvent struct {
	Body   evidence.Digest `json:"body"`
	Size   int64           `json:"size"`
	Reason string          `json:"reason"`
}

// HoldEvent is the body of [evidence.KindHold]: while a hold stands nothing of the assessment is destroyed.
type HoldEvent struct {
	Matter string `json:"matter"`
	Lifted bool   `json:"lifted,omitempty"`
}

// AcknowledgementEvent is the body of [evidence.KindAcknowledgement]: the database had been set back
// behind a published checkpoint, and an operator knows.
type AcknowledgementEvent struct {
	Published string `json:"published_checkpoint"`
	Found     int64  `json:"size_found"`
	Reason    string `json:"reason"`
}

// KeyEvent is the body of [evidence.KindKey].
type KeyEvent struct {
	Verifier string `json:"verifier"`
	Retired  bool   `json:"retired,omitempty"`
}

// maxActor is the longest ARN of a principal (IAM quotas), in bytes.
const maxActor = 2048

// entry makes a leaf with a body that is no evidence.
func entry(kind evidence.Kind, at time.Time, actor, subject string, body any) (Entry, error) {
	if person(actor) == "" || len(actor) > maxActor {
		return Entry{}, &ValidationError{Fields: []Fault{{"actor", fmt.Sprintf("say who does it: 1 to %d bytes", maxActor)}}}
	}
	data, err := json.Marshal(body)
	if err != nil {
		return Entry{}, fmt.Errorf("%s leaf about %s: %w", kind, subject, err)
	}
	return Entry{Leaf: evidence.Leaf{Kind: kind, Recorded: whole(at), Actor: actor, Subject: subject, Body: data}}, nil
}

// evidenceEntry makes the leaf of a piece of evidence.
func evidenceEntry(at time.Time, e *Evidence) (Entry, error) {
	e.Received = whole(at)
	en, err := entry(evidence.KindEvidence, at, e.Author, "evidence/"+e.ID, e)
	if err != nil {
		return Entry{}, err
	}
	en.Leaf.Digest, en.Evidence = e.Body, e
	return en, nil
}

// whole is a time as leaves keep it: UTC, whole microseconds.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
