package assize

import "time"

// Run says what was judged, with what: everything that a reader must know to
// repeat it. It is known before the first finding.
type Run struct {
	// Version of Assize, and digest of the library ("sha256:<hex>").
	Version       string `json:"version"`
	LibraryDigest string `json:"library_digest"`
	// AuthorizationData is the version of AWS's service authorization reference that
	// checks on policies use, and the SHA-256 of the package that it comes from.
	AuthorizationData       string `json:"service_authorization_data,omitempty"`
	AuthorizationDataDigest string `json:"service_authorization_digest,omitempty"`
	// Source says what was read: "live account", the path of a snapshot.
	Source         string    `json:"source"`
	SnapshotDigest string    `json:"snapshot_digest,omitempty"`
	AsOf           time.Time `json:"as_of"`
	Accounts       []Account `json:"accounts"`
	ProfilePath    string    `json:"profile,omitempty"`
	ProfileDigest  string    `json:"profile_digest,omitempty"`
	// Scope is "ai" or "account"; of a plan "plan" for all that it shows, or "plan-ai".
	Scope string `json:"scope"`
	// Baseline is the path of the snapshot compared with; empty without one.
	Baseline string `json:"baseline,omitempty"`
	// Framework that groups the result, and the checks that ran, by id.
	Framework *Framework `json:"framework"`
	Checks    []*Check   `json:"checks"`
	// LibraryFolders are the folders of users that were laid over the library, as they were named.
	LibraryFolders []string `json:"library_folders,omitempty"`
	// Workloads of the register that decide which controls apply; empty: all apply.
	Workloads []Workload `json:"workloads,omitempty"`
	// Notes say what a reader of the result must know about what was read.
	Notes []Note `json:"notes,omitempty"`
}

// Note is a heading with lines about the source, such as the types of a plan that no
// check concerns.
type Note struct {
	Title string   `json:"title"`
	Lines []string `json:"lines,omitempty"`
}

// Summary is known after the last finding.
type Summary struct {
	Counts Counts `json:"counts"`
	// Excepted counts the fails that an exception covers; Counts holds them too.
	Excepted int `json:"excepted,omitempty"`
	// Expired counts the fails whose exception has expired.
	Expired int `json:"expired,omitempty"`
	// Deferred counts the inconclusive findings that only the live account can decide;
	// Counts holds them too.
	Deferred int `json:"deferred,omitempty"`
	// Groups in the order of the framework.
	Groups []GroupResult `json:"groups"`
	// Subjects counts the resources of which people must show something, each for itself.
	Subjects Subjects `json:"subjects,omitempty"`
	// OutOfScope counts resources not judged because they are not in scope, by type.
	OutOfScope map[string]int `json:"out_of_scope,omitempty"`
	// Gaps of the collection.
	Gaps []Gap `json:"gaps,omitempty"`
	// Requests counts API requests per collector; empty for a snapshot that has none.
	Requests map[string]int `json:"requests,omitempty"`
	// Changes counts findings per change against the baseline; empty without one.
	Changes map[Change]int `json:"changes,omitempty"`
	// Gone lists findings of the baseline whose subject is no longer there.
	Gone []string `json:"gone,omitempty"`
	// Interrupted: the collection was cut short.
	Interrupted bool `json:"interrupted,omitempty"`
}

// GroupResult is a group's controls with their results.
type GroupResult struct {
	Group    *Group          `json:"-"`
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Controls []ControlResult `json:"controls"`
}

// ControlResult is one control's row: what its findings and what people must show come to.
type ControlResult struct {
	Control *Control `json:"-"`
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	// Outcome: see [Control.Result].
	Outcome Outcome `json:"outcome"`
	// Counts of the findings of its checks.
	Counts Counts `json:"counts"`
	// Class says who answers the control.
	Class EvidenceClass `json:"class,omitempty"`
	// Provenance of the control.
	Provenance string `json:"provenance,omitempty"`
	// Open are the ids of the expectations that people must answer.
	Open []string `json:"open,omitempty"`
	// NotRead are the ids of the expectations whose source this run does not read.
	NotRead []string `json:"not_read,omitempty"`
	// Over names the common controls over which a requirement comes to its checks, in the order
	// of the mappings.
	Over []MappedOver `json:"over,omitempty"`
	// Weakest relation of these: how far the result can answer the requirement at most.
	Weakest Relation `json:"weakest,omitempty"`
	// Undecided counts failures over common controls of which the requirement is a subset, or
	// with which it shares a part: they may lie outside it, and fail nothing by themselves.
	Undecided int `json:"undecided,omitempty"`
	// Reason says why the control is not applicable, or why it concerns the registered workloads.
	Reason string `json:"reason,omitempty"`
}
