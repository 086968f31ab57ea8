package assessment

import (
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// Status of an assessment, as Audit Manager's AssessmentStatus. Inactive is reversible here.
type Status string

// The statuses.
const (
	Active   Status = "ACTIVE"
	Inactive Status = "INACTIVE"
)

// Assessment is one application of a framework to accounts.
type Assessment struct {
	// ID is a lower-case UUID.
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Status      Status `json:"status"`
	// Framework is pinned by its digest: the text that controls are judged against.
	Framework FrameworkRef `json:"framework"`
	// Destination of reports: a folder or "s3://bucket/prefix".
	Destination string           `json:"assessment_reports_destination"`
	Accounts    []assize.Account `json:"accounts"`
	// Regions to collect; empty: all that are enabled.
	Regions []string `json:"regions,omitempty"`
	// Workloads that it is limited to, by id; empty: the whole accounts.
	Workloads []string          `json:"workloads,omitempty"`
	Roles     []Role            `json:"roles"`
	Tags      map[string]string `json:"tags,omitempty"`
	// Cadence of collection, an RFC 5545 rule in TimeZone ("FREQ=DAILY").
	Cadence   string    `json:"cadence"`
	TimeZone  string    `json:"time_zone,omitempty"`
	Created   time.Time `json:"creation_time"`
	Updated   time.Time `json:"last_updated"`
	CreatedBy string    `json:"created_by"`
}

// FrameworkRef pins one version of a framework. Its text is a body in the blob store.
type FrameworkRef struct {
	ID      string          `json:"id"`
	Title   string          `json:"title"`
	Version string          `json:"version"`
	Digest  evidence.Digest `json:"digest"`
}

// RoleType is Audit Manager's: the owner of an assessment, or a delegate.
type RoleType string

// The role types.
const (
	ProcessOwner  RoleType = "PROCESS_OWNER"
	ResourceOwner RoleType = "RESOURCE_OWNER"
)

// Role is a person with a part in an assessment, by user name or ARN.
type Role struct {
	Type RoleType `json:"role_type"`
	Name string   `json:"role_arn"`
}

// EvidenceType is Audit Manager's evidenceByType.
type EvidenceType string

// The types of evidence.
const (
	ComplianceCheck   EvidenceType = "Compliance check"
	ConfigurationData EvidenceType = "Configuration data"
	UserActivity      EvidenceType = "User activity"
	ManualEvidence    EvidenceType = "Manual"
)

// Evidence is one fact with three times, its subjects, its source and the digest of its body.
// It is never changed; a correction supersedes it.
type Evidence struct {
	// ID is a lower-case UUID.
	ID   string       `json:"id"`
	Type EvidenceType `json:"evidence_by_type"`
	// DataSource is Audit Manager's: "AWS API calls", "AWS Config", "Manual", … Verdicts of our
	// own checks have "Assize check".
	DataSource string `json:"data_source"`
	// EventSource is the service principal, EventName the keyword, operation or check id.
	EventSource string `json:"event_source,omitempty"`
	EventName   string `json:"event_name,omitempty"`
	// Places are the expectations that it answers; the same evidence may serve several controls.
	Places []Place `json:"places"`
	// Account and Region that it comes from.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Subjects are the resources that it speaks about, at most 100; how many there are in all.
	Subjects      []Subject `json:"subjects,omitempty"`
	SubjectsTotal int       `json:"subjects_total,omitempty"`
	// EffectiveFrom and EffectiveTo say what period it speaks about, Collected when the source was
	// read, Received when it was stored.
	EffectiveFrom time.Time `json:"effective_from"`
	EffectiveTo   time.Time `json:"effective_to"`
	Collected     time.Time `json:"collected_at"`
	Received      time.Time `json:"received_at"`
	// Request that was made of the source; nil for manual evidence.
	Request *Request `json:"request,omitempty"`
	// Outcome and Cause of a verdict; empty where the evidence gives none (inconclusive to people).
	Outcome assize.Outcome `json:"outcome,omitempty"`
	Cause   assize.Cause   `json:"cause,omitempty"`
	Reason  string         `json:"reason,omitempty"`
	// Rule is the digest of the check that judged; Library that of all content.
	Rule    string `json:"rule_digest,omitempty"`
	Library string `json:"library_digest,omitempty"`
	// Run that collected it; empty for manual evidence.
	Run string `json:"run,omitempty"`
	// Body in the blob store: digest of the plain bytes, their number, media type and file name.
	Body      evidence.Digest `json:"body"`
	Size      int64           `json:"size"`
	MediaType string          `json:"media_type"`
	FileName  string          `json:"file_name,omitempty"`
	// Author is who gave it: a user, or "assize".
	Author string `json:"author"`
	// Supersedes is the id of the evidence that it corrects.
	Supersedes string            `json:"supersedes,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Place is one expectation of one control that evidence answers.
type Place struct {
	// ControlSet and Control by id, Expectation by id within the control.
	ControlSet  string `json:"control_set"`
	Control     string `json:"control"`
	Expectation string `json:"expectation"`
	// Occurrence by id, where a due window is answered.
	Occurrence string `json:"occurrence,omitempty"`
}

// Subject is a resource that evidence speaks about.
type Subject struct {
	ARN  string `json:"arn,omitempty"`
	ID   string `json:"id,omitempty"`
	Type string `json:"type,omitempty"`
	// Account and Region where there is no ARN: the same id may be in each.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
}

// Request is what was asked of a source, so that it can be asked again.
type Request struct {
	Operations []string          `json:"operations"`
	Parameters map[string]string `json:"parameters,omitempty"`
	// Identity is the principal that asked.
	Identity string `json:"identity,omitempty"`
	// Rows and Pages that were answered.
	Rows  int `json:"rows"`
	Pages int `json:"pages,omitempty"`
	// Snapshot is the digest of the recorded answers, a body in the blob store.
	Snapshot evidence.Digest `json:"snapshot,omitzero"`
}

// OccurrenceState is the state of a due window.
type OccurrenceState string

// The states.
const (
	// Pending: the window is open and not over.
	Pending OccurrenceState = "pending"
	// Collected: evidence came in time.
	Collected OccurrenceState = "collected"
	// Late: evidence came after it was due, before the next window.
	Late OccurrenceState = "late"
	// Missed: the window ended without evidence.
	Missed OccurrenceState = "missed"
	// Failed: the source was asked and could not answer.
	Failed OccurrenceState = "failed"
	// Excused: a person said, with a reason, that nothing is due.
	Excused OccurrenceState = "excused"
	// Closed: the resource that it was about is gone.
	Closed OccurrenceState = "closed"
	// NotConnected: the source (AWS Config, Security Hub, CloudTrail) is not connected. It is never
	// missed and never met.
	NotConnected OccurrenceState = "source not connected"
)

// Occurrence is one due window of an expectation: when, about what, whose.
type Occurrence struct {
	// ID is derived from assessment, control, expectation, resource and window: the same window is
	// never opened twice.
	ID          string `json:"id"`
	Assessment  string `json:"assessment"`
	ControlSet  string `json:"control_set"`
	Control     string `json:"control"`
	Expectation string `json:"expectation"`
	// Resource that it is about, where the expectation expands over resources.
	Resource *Subject `json:"resource,omitempty"`
	// Start and End of the window, and when evidence is due.
	Start time.Time       `json:"start"`
	End   time.Time       `json:"end"`
	Due   time.Time       `json:"due"`
	State OccurrenceState `json:"state"`
	// Owner who must answer.
	Owner string `json:"owner,omitempty"`
	// Evidence that answered it, by id, without what was superseded.
	Evidence []string `json:"evidence,omitempty"`
	// AsOf is the last moment that the newest of it speaks about: what its age is counted from.
	AsOf time.Time `json:"as_of,omitzero"`
	// Reason of Failed, Excused and Closed.
	Reason string `json:"reason,omitempty"`
}

// Folder is Audit Manager's evidence folder: what came for one control on one UTC day, with
// its counters.
type Folder struct {
	// ID is derived from assessment, control, day and data source.
	ID         string `json:"id"`
	Assessment string `json:"assessment"`
	ControlSet string `json:"control_set"`
	Control    string `json:"control"`
	// Day as "2006-01-02", the folder's name.
	Day        string `json:"name"`
	DataSource string `json:"data_source"`
	// Total and by type; Issues are compliance checks that failed; Resources counts subjects.
	Total             int `json:"total_evidence"`
	ConfigurationData int `json:"configuration_data"`
	UserActivity      int `json:"user_activity"`
	ComplianceCheck   int `json:"compliance_check"`
	Manual            int `json:"manual"`
	Issues            int `json:"compliance_check_issues"`
	Resources         int `json:"resources_included"`
}

// FolderID derives the id of a folder.
func FolderID(f *Folder) string {
	return NameID("folder", f.Assessment, f.ControlSet, f.Control, f.Day, f.DataSource)
}

// Tally counts the verdicts of one run for one expectation: what control status rests on.
type Tally struct {
	Run         string        `json:"run"`
	ControlSet  string        `json:"control_set"`
	Control     string        `json:"control"`
	Expectation string        `json:"expectation"`
	Counts      assize.Counts `json:"counts"`
	AsOf        time.Time     `json:"as_of"`
	// Undecided are the fails of checks whose failure is not one of the control by itself
	// ([assize.Control.Decides]); Counts holds them too.
	Undecided int `json:"undecided,omitempty"`
	// Excepted counts the fails that decide and that an exception covers now; Counts holds them too. It is
	// computed when status is asked for, not stored.
	Excepted int `json:"-"`
}

// RunState is the state of a run of collection.
type RunState string

// The states of a run.
const (
	RunQueued   RunState = "queued"
	RunRunning  RunState = "running"
	RunDone     RunState = "done"
	RunFailed   RunState = "failed"
	RunCanceled RunState = "canceled"
)

// Run is one collection for an assessment.
type Run struct {
	// ID is a lower-case UUID; Assessment is its scope, of which at most one runs at a time.
	ID         string   `json:"id"`
	Assessment string   `json:"assessment"`
	State      RunState `json:"state"`
	// Due is when it should start, Window the start of the window of the cadence that it fills.
	Due      time.Time `json:"due"`
	Started  time.Time `json:"started,omitzero"`
	Finished time.Time `json:"finished,omitzero"`
	// Attempt counts starts; a run that died goes on under the same id.
	Attempt int `json:"attempt"`
	// Holder has leased it until Lease.
	Holder string    `json:"holder,omitempty"`
	Lease  time.Time `json:"lease,omitzero"`
	// Error of a failed run; Gaps counts what could not be read, Evidence what was stored.
	Error    string `json:"error,omitempty"`
	Gaps     int    `json:"gaps"`
	Evidence int    `json:"evidence"`
	// Snapshot is the digest of all that was read, Library and Profile those of what judges it: they are
	// set before the first evidence is stored, so that a run which died goes on with the same.
	Snapshot evidence.Digest `json:"snapshot,omitzero"`
	Library  string          `json:"library_digest,omitempty"`
	Profile  string          `json:"profile_digest,omitempty"`
}
