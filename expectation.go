package assize

import "slices"

// ExpectationKind is where the evidence of an expectation comes from.
type ExpectationKind string

// The kinds. Those of sources are collected; those of people are demanded of somebody.
const (
	// ByCheck: checks of the library judge the account.
	ByCheck ExpectationKind = "check"
	// ByAPI: the answers of an API operation are kept; keyword "bedrock_ListGuardrails".
	ByAPI ExpectationKind = "api"
	// ByConfig: results of an AWS Config rule; keyword as Audit Manager's, "CLOUD_TRAIL_ENABLED".
	ByConfig ExpectationKind = "config"
	// BySecurityHub: findings of a Security Hub control; keyword "SageMaker.1".
	BySecurityHub ExpectationKind = "securityhub"
	// ByCloudTrail: events; keyword "bedrock_DeleteGuardrail".
	ByCloudTrail ExpectationKind = "cloudtrail"
	// ByInference: answers of models to a list of prompts.
	ByInference ExpectationKind = "inference"
	// ByFile: a person uploads a document.
	ByFile ExpectationKind = "file"
	// ByText: a person writes an answer.
	ByText ExpectationKind = "text"
	// ByAttestation: a person signs a statement.
	ByAttestation ExpectationKind = "attestation"
	// ByQuestionnaire: a person fills in a governance record of the library.
	ByQuestionnaire ExpectationKind = "questionnaire"
)

// ExpectationKinds lists all, sources first.
var ExpectationKinds = []ExpectationKind{
	ByCheck, ByAPI, ByConfig, BySecurityHub, ByCloudTrail, ByInference, ByFile, ByText, ByAttestation, ByQuestionnaire,
}

// Person reports whether only a person can give the evidence.
func (k ExpectationKind) Person() bool {
	return slices.Contains([]ExpectationKind{ByFile, ByText, ByAttestation, ByQuestionnaire}, k)
}

// Expectation is one demand for evidence of a control: of what kind, how often, how fresh.
type Expectation struct {
	// ID is unique within the control and never reused: lower-case words joined by "-".
	ID   string          `yaml:"id" json:"id"`
	Kind ExpectationKind `yaml:"kind" json:"kind"`
	// Title says in one sentence what is asked.
	Title string `yaml:"title" json:"title,omitempty"`
	// Checks of kind check, by id.
	Checks []string `yaml:"checks" json:"checks,omitempty"`
	// Keyword of the source, in the form of Audit Manager's; prompts of kind inference are named by it.
	Keyword string `yaml:"keyword" json:"keyword,omitempty"`
	// Record is the id of the governance record that a questionnaire fills in.
	Record string `yaml:"record" json:"record,omitempty"`
	// Per expands the expectation over resources of this type: one occurrence for each, with
	// owner and due date; empty: one for the whole assessment.
	Per string `yaml:"per" json:"per,omitempty"`
	// Cadence is an RFC 5545 recurrence rule such as "FREQ=MONTHLY;INTERVAL=3", in the time zone
	// named (IANA; empty: UTC). Empty: once, at the start of an assessment.
	Cadence  string `yaml:"cadence" json:"cadence,omitempty"`
	TimeZone string `yaml:"time_zone" json:"time_zone,omitempty"`
	// DueDays is how long after the start of a window the evidence is due; 0: by its end.
	DueDays int `yaml:"due_days" json:"due_days,omitempty"`
	// FreshDays is how old evidence may be before it is stale; 0: as long as its window.
	FreshDays int `yaml:"fresh_days" json:"fresh_days,omitempty"`
	// Owner is the role that answers ("model owner"), Reviewers how many others must look.
	Owner     string `yaml:"owner" json:"owner,omitempty"`
	Reviewers int    `yaml:"reviewers" json:"reviewers,omitempty"`
	// Example of evidence that is enough.
	Example string `yaml:"example" json:"example,omitempty"`
	// Optional evidence supplements: without it the control is not open.
	Optional bool `yaml:"optional" json:"optional,omitempty"`
	// Common is the common control that it comes from over a mapping; empty: it is the control's own.
	Common string `yaml:"-" json:"common_control,omitempty"`
}
