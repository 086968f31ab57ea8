package assize

import (
	"slices"
	"strings"
)

// Definition declares a resource type: the facts a check may use, where each
// comes from, and how the type is found. It is content: library/resources.
type Definition struct {
	// Type is the CloudFormation type name.
	Type string `yaml:"type"`
	// Service groups types: the folder under library/resources.
	Service string `yaml:"-"`
	Title   string `yaml:"title"`
	// Extension says why CloudFormation has no such type; empty when it has one.
	Extension string `yaml:"extension"`
	// Global: the type is listed once an account, not once a Region. Its
	// resources may still stand in a Region (S3 buckets).
	Global bool `yaml:"global"`
	// OnceAnAccount: each Region lists what the account has once (agreements), and people are asked about it once.
	OnceAnAccount bool `yaml:"once_an_account"`
	// AskedWhen: people are asked about a resource of the type only when a fact says so, or is not known; nil: about all.
	AskedWhen *FactIn `yaml:"asked_when"`
	// List is the operation whose complete answer says that there are no others.
	List string `yaml:"list"`
	// One and Many name the look-up functions of rules: kmsKey(ref), kmsKeys().
	One  string `yaml:"one"`
	Many string `yaml:"many"`
	// AI: a resource of the type is in AI scope by itself.
	AI bool `yaml:"ai"`
	// AIWhen: a resource of the type is in AI scope when a fact says so.
	AIWhen *AIWhen `yaml:"ai_when"`
	// AccountWide: the type guards the whole account (trail, root user); always in scope.
	AccountWide bool `yaml:"account_wide"`
	// Terraform are the resource types that make it; NoTerraform says why there is none.
	Terraform   []TerraformSource `yaml:"terraform"`
	NoTerraform string            `yaml:"no_terraform"`
	// Template says what the facts' paths do not say of templates.
	Template TemplateSource `yaml:"template"`
	Facts    []Fact         `yaml:"facts"`
}

// AIWhen tells resources that use AI by a text of theirs, such as a workflow that
// calls models.
type AIWhen struct {
	// Fact is the path of a fact of type string. Within a list of objects, one of them is enough.
	Fact string `yaml:"fact"`
	// Like are patterns, any of which the text has to match; * stands for any text.
	Like []string `yaml:"like"`
}

// FactIn is a condition on a fact of type string.
type FactIn struct {
	Fact string   `yaml:"fact"`
	In   []string `yaml:"in"`
}

// Holds reports whether the fact of a resource is one of the values, or may be: what is not known may be any.
func (f *FactIn) Holds(r *Resource) bool {
	switch v := r.Properties.At(f.Fact).(type) {
	case *Unknown:
		return true
	case string:
		return slices.Contains(f.In, v)
	}
	return false
}

// Fact declares one property that a check may use.
type Fact struct {
	// Path under CloudFormation's names, dots between fields, [] after a list of
	// objects: "ContentPolicyConfig.FiltersConfig[].InputStrength".
	Path string   `yaml:"path"`
	Type FactType `yaml:"type"`
	// From is the operation whose answer holds it, "s3:GetBucketVersioning".
	From string `yaml:"from"`
	// At is the path within the answer, under the SDK's names; the same as Path
	// when empty. See collect.Derive for its grammar.
	At string `yaml:"at"`
	// Default is the value that absence means at the service. nil: the fact is
	// optional, and a rule must guard it with has or default.
	Default Value `yaml:"default"`
	// Absent says in words what absence means. Needed where there is no default.
	Absent string `yaml:"absent"`
	Doc    string `yaml:"doc"`
	// Values lists the enum, where there is one. APIValues are further ones that
	// the API gives and CloudFormation does not list.
	Values    []string `yaml:"values"`
	APIValues []string `yaml:"api_values"`
	// Ref is the type of the resource that the value names.
	Ref string `yaml:"ref"`
	// Scope says how AI scope runs along Ref: "" from this resource to the one
	// named, "reverse" from the one named to this one, "none" not at all.
	Scope string `yaml:"scope"`
	// CloudFormation names the type and path where CloudFormation keeps it, when
	// not here: "AWS::S3::BucketPolicy#PolicyDocument".
	CloudFormation string `yaml:"cloudformation"`
	// Extension says why CloudFormation has no such property; empty when it has.
	Extension string `yaml:"extension"`
	// Terraform are the places in a plan.
	Terraform TerraformPaths `yaml:"terraform"`
	// Template are the places in a CloudFormation template, where what it leaves out means
	// something else than what the service leaves out, or it says it in another way: in the
	// same form, under CloudFormation's names, of the resource itself. Empty: Path, or
	// CloudFormation, then the constants of Terraform. A path that begins with @[]. stands
	// beside the parts that CloudFormation names.
	Template TerraformPaths `yaml:"template"`
}

// FactType is the type of a fact in rules.
type FactType string

// The types of facts.
const (
	String    FactType = "string"
	Int       FactType = "int"
	Double    FactType = "double"
	Bool      FactType = "bool"
	Timestamp FactType = "timestamp"    // RFC 3339
	Policy    FactType = "policy"       // an IAM policy document, as text
	Strings   FactType = "list<string>" // also a list of one string
)

// FactTypes lists all.
var FactTypes = []FactType{String, Int, Double, Bool, Timestamp, Policy, Strings}

// Steps splits the path of a fact: field names; a list of objects keeps its [].
func (f *Fact) Steps() []string { return strings.Split(f.Path, ".") }

// SourcePath is At, or Path where At is empty.
func (f *Fact) SourcePath() string {
	if f.At != "" {
		return f.At
	}
	return f.Path
}
