package assize

// SubjectKind is what one finding of a check is about.
type SubjectKind string

// The kinds of subject.
const (
	// SubjectResource: each resource of the type.
	SubjectResource SubjectKind = "resource"
	// SubjectAccountRegion: all resources of the type in one account and Region together.
	SubjectAccountRegion SubjectKind = "account-region"
	// SubjectAccount: all resources of the type in one account together.
	SubjectAccount SubjectKind = "account"
	// SubjectOrganisation: all resources of the type in all accounts together.
	SubjectOrganisation SubjectKind = "organisation"
)

// SubjectKinds lists all.
var SubjectKinds = []SubjectKind{SubjectResource, SubjectAccountRegion, SubjectAccount, SubjectOrganisation}

// None says what it means that there is no resource of the subject's type.
type None string

// What none means.
const (
	// NoneFails: there should be one.
	NoneFails None = "fail"
	// NoneNotApplicable: nothing to judge.
	NoneNotApplicable None = "not_applicable"
	// NoneAsProfile: a profile field of type bool says whether there should be one.
	NoneAsProfile None = "profile"
)

// Check is one condition: what it demands, of what, why, and what to do. Its id
// is the name of its folder and reads as a statement that is true when all is well.
type Check struct {
	ID      string `yaml:"-" json:"id"`
	Service string `yaml:"-" json:"service"`
	Title   string `yaml:"title" json:"title"`
	// Why it matters for AI workloads, in plain sentences.
	Why      string   `yaml:"why" json:"why"`
	Severity Severity `yaml:"severity" json:"severity"`
	Subject  Subject  `yaml:"subject" json:"subject"`
	// Applies is a CEL expression: where false, the check is not applicable.
	Applies string `yaml:"applies" json:"applies,omitempty"`
	// NotApplicableWhen says Applies in words.
	NotApplicableWhen string `yaml:"not_applicable_when" json:"not_applicable_when,omitempty"`
	// Rule is a CEL expression of type bool: true is good.
	Rule string `yaml:"rule" json:"rule"`
	// Fails says in one sentence what a failure means.
	Fails       string      `yaml:"fails" json:"fails"`
	Remediation Remediation `yaml:"remediation" json:"remediation"`
	// Retrofit is what it costs to mend an existing resource.
	Retrofit Retrofit `yaml:"retrofit" json:"retrofit"`
	// Pitfalls are mistakes made while mending it.
	Pitfalls []string `yaml:"pitfalls" json:"pitfalls,omitempty"`
	// Peers are the nearest ids of other tools and services, by tool.
	Peers Peers `yaml:"peers" json:"peers,omitzero"`
	// Sources are the pages that the rule rests on.
	Sources []string `yaml:"sources" json:"sources"`
	// Note tells what a reader must know about the rule's origin ("our reading").
	Note string `yaml:"note" json:"note,omitempty"`
}

// Subject is what a check is about.
type Subject struct {
	Kind SubjectKind `yaml:"kind" json:"kind"`
	// Type is the resource type.
	Type string `yaml:"type" json:"type"`
	None None   `yaml:"none" json:"none"`
	// Profile is the field that NoneAsProfile asks.
	Profile string `yaml:"profile" json:"profile,omitempty"`
}

// Remediation tells how to mend a failure.
type Remediation struct {
	Text string `yaml:"text" json:"text"`
	// CLI is one or more AWS CLI commands.
	CLI string `yaml:"cli" json:"cli,omitempty"`
	// Terraform is the argument or block that makes it right.
	Terraform string `yaml:"terraform" json:"terraform,omitempty"`
}

// Retrofit says what mending costs an existing resource.
type Retrofit struct {
	// Cost: none (in place), low (in place with side effects), medium (restart or
	// new version), high (replacement or migration of data).
	Cost string `yaml:"cost" json:"cost"`
	Note string `yaml:"note" json:"note"`
}

// RetrofitCosts lists the costs.
var RetrofitCosts = []string{"none", "low", "medium", "high"}

// Peers are ids that others use for the nearest condition.
type Peers struct {
	Prowler     string `yaml:"prowler" json:"prowler,omitempty"`
	Powerpipe   string `yaml:"powerpipe" json:"powerpipe,omitempty"`
	Config      string `yaml:"config" json:"config,omitempty"`
	SecurityHub string `yaml:"security_hub" json:"security_hub,omitempty"`
	Checkov     string `yaml:"checkov" json:"checkov,omitempty"`
	Trivy       string `yaml:"trivy" json:"trivy,omitempty"`
	// Other holds "PREFIX:id" of further tools, space separated.
	Other string `yaml:"other" json:"other,omitempty"`
}
