package assize

import "slices"

// Framework is a set of controls, or of requirements of somebody else, with the facts of
// its page. One version never changes: an assessment pins its digest.
type Framework struct {
	ID      string `yaml:"-" json:"id"`
	Title   string `yaml:"title" json:"title"`
	Version string `yaml:"version" json:"version"`
	// Aliases are names under which people look for it.
	Aliases []string `yaml:"aliases" json:"aliases,omitempty"`
	// Provenance says whose framework it is and what of it is ours.
	Provenance string `yaml:"provenance" json:"provenance"`
	// Licence of the ids and titles that are not ours, with their source; empty where all is ours.
	Licence     string `yaml:"licence" json:"licence,omitempty"`
	Description string `yaml:"description" json:"description"`
	// Requirements: its controls are requirements of others. What is found for them comes over
	// mappings, names its source, and never passes by itself.
	Requirements bool `yaml:"requirements" json:"requirements,omitempty"`
	// Extends: the framework inherits the controls of another.
	Extends *Inheritance `yaml:"extends" json:"extends,omitempty"`
	// ByService: the groups are derived, one a service, with every check.
	ByService bool `yaml:"by_service" json:"-"`
	// Facts of the framework's page, in the order shown.
	Facts  []FrameworkFact `yaml:"facts" json:"facts,omitempty"`
	Groups []Group         `yaml:"groups" json:"groups"`
	// Questions and answers of the framework's page.
	Questions []Question `yaml:"questions" json:"questions,omitempty"`
	Sources   []string   `yaml:"sources" json:"sources,omitempty"`
	// Digest of the framework with what it inherits and the checks that come over mappings,
	// "sha256:<hex>" of its JSON without this field.
	Digest string `yaml:"-" json:"digest,omitempty"`
}

// Inheritance says what a framework takes from another. Controls of its own groups that have
// the id of an inherited one override the fields that they set.
type Inheritance struct {
	// Framework by id, and the version and digest that it was written against; a preview
	// compares them with what is shipped now.
	Framework string `yaml:"framework" json:"framework"`
	Version   string `yaml:"version" json:"version,omitempty"`
	Digest    string `yaml:"digest" json:"digest,omitempty"`
	// Include and Exclude name groups and controls by id. Without Include all are taken.
	Include []string `yaml:"include" json:"include,omitempty"`
	Exclude []string `yaml:"exclude" json:"exclude,omitempty"`
}

// FrameworkFact is one line of a framework's page: "Who validates it": "nobody".
type FrameworkFact struct {
	Name  string `yaml:"name" json:"name"`
	Value string `yaml:"value" json:"value"`
}

// Question is one question and its answer.
type Question struct {
	Question string `yaml:"question" json:"question"`
	Answer   string `yaml:"answer" json:"answer"`
}

// Group is a control set.
type Group struct {
	ID    string `yaml:"id" json:"id"`
	Title string `yaml:"title" json:"title"`
	// Description says what the set is about.
	Description string `yaml:"description" json:"description,omitempty"`
	// Automated says what Assize looks at; Customer what stays with the customer,
	// each line an expectation; Usual the finding met most often.
	Automated []string  `yaml:"automated" json:"automated,omitempty"`
	Customer  []string  `yaml:"customer" json:"customer,omitempty"`
	Usual     string    `yaml:"usual" json:"usual,omitempty"`
	Controls  []Control `yaml:"controls" json:"controls"`
}

// Provenances of a control.
const (
	// ProvenanceAWS: AWS has published the control's name; the texts are ours all the same.
	ProvenanceAWS = "aws"
	// ProvenanceAssize: the control is ours.
	ProvenanceAssize = "assize"
	// ProvenanceImported: the control came with an export that a user has imported, and is the user's own data.
	ProvenanceImported = "imported"
)

// Control is one row of a framework: what it asks, and the evidence that answers it. The
// limits of lengths are those of the Audit Manager API, in characters.
type Control struct {
	ID string `yaml:"id" json:"id"`
	// Title, at most 300.
	Title string `yaml:"title" json:"title"`
	Note  string `yaml:"note" json:"note,omitempty"`
	// Provenance is [ProvenanceAWS], [ProvenanceAssize], [ProvenanceImported], or the body whose requirement it is ("nist").
	Provenance string `yaml:"provenance" json:"provenance,omitempty"`
	// NamedBy and DescribedBy: the AWS documents that name the control, or describe one on the subject without a name.
	NamedBy     string `yaml:"named_by" json:"named_by,omitempty"`
	DescribedBy string `yaml:"described_by" json:"described_by,omitempty"`
	// Description is what the control asks, so that it can be tested; at most 1000.
	Description string `yaml:"description" json:"description,omitempty"`
	Why         string `yaml:"why" json:"why,omitempty"`
	// Testing tells an auditor what to ask for and when it is enough; at most 1000.
	Testing string `yaml:"testing_information" json:"testing_information,omitempty"`
	// ActionPlan is what to do when it is not met; at most 1000. ActionPlanTitle at most 300.
	ActionPlanTitle string `yaml:"action_plan_title" json:"action_plan_title,omitempty"`
	ActionPlan      string `yaml:"action_plan" json:"action_plan,omitempty"`
	// Automated says what Assize answers, Customer what stays with people.
	Automated []string `yaml:"automated" json:"automated,omitempty"`
	Customer  []string `yaml:"customer" json:"customer,omitempty"`
	// Topics of the documented subjects that the control covers.
	Topics []string `yaml:"topics" json:"topics,omitempty"`
	// AppliesTo narrows the workloads that the control concerns; nil: all.
	AppliesTo *Applicability `yaml:"applies_to" json:"applies_to,omitempty"`
	// Responsibility is "provider", "shared" or "customer" (AWS shared responsibility model);
	// Proof says where the provider's part is proved, such as a report in AWS Artifact.
	Responsibility string `yaml:"responsibility" json:"responsibility,omitempty"`
	Proof          string `yaml:"proof" json:"proof,omitempty"`
	// Checks by id: short for one expectation of kind check. Empty and without expectations in
	// a control whose id is that of a check. Of a framework that the library has loaded, all
	// checks of the control: also those that expectations and mappings name.
	Checks       []string      `yaml:"checks" json:"checks"`
	Expectations []Expectation `yaml:"expectations" json:"expectations,omitempty"`
	// Mapped: the checks of a requirement that come over mappings, with the mapping of each. A
	// check that comes over several common controls stands once for each.
	Mapped []MappedCheck `yaml:"-" json:"mapped,omitempty"`
	// Over names the common controls that a requirement is mapped to, in the order of the mappings.
	Over []MappedOver `yaml:"-" json:"over,omitempty"`
}

// Decides reports whether a failure of the check is one of the control: the check is the
// control's own, or it comes over a common control that the requirement contains. A check that
// the short form names and that also comes over a weaker mapping counts as mapped.
func (c *Control) Decides(check string) bool {
	mapped := false
	for _, m := range c.Mapped {
		if m.Check != check {
			continue
		}
		if m.Relation.Contains() {
			return true
		}
		mapped = true
	}
	return !mapped || slices.ContainsFunc(c.Expectations, func(e Expectation) bool {
		return e.Common == "" && slices.Contains(e.Checks, check)
	})
}

// OwnChecks are the checks that the control names by itself, as its short form does: neither in an expectation nor
// over a mapping.
func (c *Control) OwnChecks() []string {
	return slices.DeleteFunc(slices.Clone(c.Checks), func(id string) bool {
		mapped := slices.ContainsFunc(c.Mapped, func(m MappedCheck) bool { return m.Check == id })
		return mapped || slices.ContainsFunc(c.Expectations, func(e Expectation) bool { return slices.Contains(e.Checks, id) })
	})
}

// MappedCheck says over which mapping a requirement comes to a check.
type MappedCheck struct {
	Check    string   `json:"check"`
	Common   string   `json:"common_control"`
	Relation Relation `json:"relation"`
}

// MappedOver is a common control that a requirement is mapped to, and how they relate.
type MappedOver struct {
	Common   string   `json:"common_control"`
	Relation Relation `json:"relation"`
}

// EvidenceClass says who answers a control.
type EvidenceClass string

// The classes of evidence.
const (
	Automated  EvidenceClass = "automated"
	ManualOnly EvidenceClass = "manual"
	// Mixed is automated evidence and a part that only a person can answer.
	Mixed EvidenceClass = "mixed"
)

// Class of the control's evidence. Optional expectations do not make a control mixed.
func (c *Control) Class() EvidenceClass {
	source, person := len(c.Checks) > 0, false
	for i := range c.Expectations {
		e := &c.Expectations[i]
		source = source || !e.Kind.Person()
		person = person || e.Kind.Person() && !e.Optional
	}
	switch {
	case source && person:
		return Mixed
	case source:
		return Automated
	}
	return ManualOnly
}

// Open lists the expectations that only a person can answer and that must be answered.
func (c *Control) Open() []Expectation {
	var open []Expectation
	for _, e := range c.Expectations {
		if e.Kind.Person() && !e.Optional {
			open = append(open, e)
		}
	}
	return open
}

// NotRead lists the expectations that must be met from sources that no check reads: results of
// AWS Config and Security Hub, events, answers of models, and answers of the API kept as they are.
func (c *Control) NotRead() []Expectation {
	var out []Expectation
	for _, e := range c.Expectations {
		if !e.Kind.Person() && e.Kind != ByCheck && !e.Optional {
			out = append(out, e)
		}
	}
	return out
}
