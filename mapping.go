package assize

// Domain is the top of the common controls: domain, objective, common control, as the AWS
// Control Catalog orders its own. Ours are ours.
type Domain struct {
	ID         string      `yaml:"-" json:"id"`
	Title      string      `yaml:"title" json:"title"`
	Objectives []Objective `yaml:"objectives" json:"objectives"`
}

// Objective is what some common controls are for.
type Objective struct {
	ID     string          `yaml:"id" json:"id"`
	Title  string          `yaml:"title" json:"title"`
	Common []CommonControl `yaml:"common_controls" json:"common_controls"`
}

// CommonControl is the hub of mappings: frameworks map to it, never to each other.
type CommonControl struct {
	// ID is unique over all domains.
	ID          string `yaml:"id" json:"id"`
	Title       string `yaml:"title" json:"title"`
	Description string `yaml:"description" json:"description"`
	// Checks that implement it, by id, and what people must show beside them.
	Checks       []string      `yaml:"checks" json:"checks,omitempty"`
	Expectations []Expectation `yaml:"expectations" json:"expectations,omitempty"`
}

// Relation of a control or requirement to a common control (NIST IR 8477, set theory
// relationship mapping): "the requirement is a subset of the common control".
type Relation string

// The relations.
const (
	Equal Relation = "equal"
	// Subset: the common control asks all that the requirement asks, and more.
	Subset Relation = "subset"
	// Superset: the requirement asks more than the common control.
	Superset Relation = "superset"
	// Intersects: they share a part.
	Intersects Relation = "intersects"
)

// Contains reports whether the requirement asks all that the common control asks: what fails
// the common control then fails the requirement. Of a subset, and of two that share a part, the
// failure may lie in what the requirement does not ask.
func (r Relation) Contains() bool { return r == Equal || r == Superset }

// Relations lists all, the strongest first.
var Relations = []Relation{Equal, Subset, Superset, Intersects}

// Mapping says how a control or requirement of a framework relates to a common control. It
// is directional, from Control to Common.
type Mapping struct {
	Control  string   `yaml:"control" json:"control"`
	Common   string   `yaml:"common" json:"common_control"`
	Relation Relation `yaml:"relation" json:"relation"`
	// Rationale says why, Confidence is "high", "medium" or "low".
	Rationale  string `yaml:"rationale" json:"rationale"`
	Confidence string `yaml:"confidence" json:"confidence"`
}

// MappingSet is all mappings of one framework, with who made them from what.
type MappingSet struct {
	Framework string `yaml:"-" json:"framework"`
	// Version of the mapping set, and of the framework that it was made for.
	Version          string    `yaml:"version" json:"version"`
	FrameworkVersion string    `yaml:"framework_version" json:"framework_version"`
	Author           string    `yaml:"author" json:"author"`
	Sources          []string  `yaml:"sources" json:"sources,omitempty"`
	Licence          string    `yaml:"licence" json:"licence,omitempty"`
	Mappings         []Mapping `yaml:"mappings" json:"mappings"`
}

// RecordSchema is the form of a governance record: a
// questionnaire answered once per occurrence, or a register with rows.
type RecordSchema struct {
	ID    string `yaml:"-" json:"id"`
	Title string `yaml:"title" json:"title"`
	// Kind is "questionnaire" or "register".
	Kind        string        `yaml:"kind" json:"kind"`
	Description string        `yaml:"description" json:"description"`
	Fields      []RecordField `yaml:"fields" json:"fields"`
	// Approvers are roles that must approve, each another person than who wrote it.
	Approvers []string `yaml:"approvers" json:"approvers,omitempty"`
	// Review is the RFC 5545 rule of its review.
	Review  string   `yaml:"review" json:"review,omitempty"`
	Sources []string `yaml:"sources" json:"sources,omitempty"`
}

// RecordField is one question or column.
type RecordField struct {
	Name  string `yaml:"name" json:"name"`
	Title string `yaml:"title" json:"title"`
	// Type: text, choice, choices, date, person, bool, number, resource (an ARN), link, rows.
	Type     string   `yaml:"type" json:"type"`
	Required bool     `yaml:"required" json:"required,omitempty"`
	Choices  []string `yaml:"choices" json:"choices,omitempty"`
	// Fields of each row, of type rows.
	Fields []RecordField `yaml:"fields" json:"fields,omitempty"`
	Help   string        `yaml:"help" json:"help,omitempty"`
	// Enough says when an answer is enough, for who reviews it.
	Enough string `yaml:"enough" json:"enough,omitempty"`
}
