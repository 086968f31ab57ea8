package assize

import (
	"cmp"
	"slices"
	"time"
)

// Global is the Region of resources of global services (IAM, account settings).
const Global = "global"

// UnknownRegion is the Region of a planned resource whose provider does not say it.
const UnknownRegion = "unknown"

// Resource is one thing that a check can judge, under CloudFormation's names.
type Resource struct {
	// Type is the CloudFormation type name, "AWS::S3::Bucket", or one of ours in
	// the same style where CloudFormation has none.
	Type    string `json:"type"`
	Account string `json:"account"`
	Region  string `json:"region"`
	// ID is unique for the type in account and Region: the name or identifier
	// that the service uses.
	ID string `json:"id"`
	// ARN is empty where the service gives none.
	ARN string `json:"arn,omitempty"`
	// Names are further names, beside ID and ARN, by which others refer to it.
	Names []string `json:"names,omitempty"`
	// Properties under their CloudFormation names; see [Definition].
	Properties Object `json:"properties"`
	// Origin says where a planned resource stands; nil for one that was read from AWS.
	// The ID of a planned one is its address, and its ARN may be made up of it.
	Origin *Origin `json:"origin,omitempty"`
	// Sensitive are paths of properties, as facts have them, whose values are judged
	// and never shown, with all that is below them.
	Sensitive []string `json:"sensitive,omitempty"`
	// Secrets are sensitive texts that stand in the ARN or a name, and in no property: an ARN or
	// name that holds one is not shown. They are written nowhere.
	Secrets []string `json:"-"`
}

// Key orders and identifies a resource within an inventory.
func (r *Resource) Key() string {
	return r.Account + "/" + r.Region + "/" + r.Type + "/" + r.ID
}

// KnownARN is the ARN, empty where there is none or it is known only after apply.
func (r *Resource) KnownARN() string {
	if _, _, planned := CutPlannedARN(r.ARN); planned {
		return ""
	}
	return r.ARN
}

// ShownARN is the ARN as reports may show it: as [Resource.KnownARN], and empty where a part of
// it is sensitive.
func (r *Resource) ShownARN() string {
	if arn := r.KnownARN(); !r.hides(arn) {
		return arn
	}
	return ""
}

// ShownNames are the names that hold nothing sensitive.
func (r *Resource) ShownNames() []string {
	return slices.DeleteFunc(slices.Clone(r.Names), r.hides)
}

// Label is the address of a planned resource, the ARN of another, or the id where there is none.
func (r *Resource) Label() string {
	if r.Origin != nil {
		return r.Origin.Address
	}
	return cmp.Or(r.ARN, r.ID)
}

// Compare orders resources by account, Region, type, id.
func (r *Resource) Compare(s *Resource) int {
	return cmp.Or(
		cmp.Compare(r.Account, s.Account), cmp.Compare(r.Region, s.Region),
		cmp.Compare(r.Type, s.Type), cmp.Compare(r.ID, s.ID))
}

// Coverage says how completely one resource type was listed in one account and
// Region. A type without a Coverage was not looked at: "there is none" is known
// only from a complete one.
type Coverage struct {
	Type    string `json:"type"`
	Account string `json:"account"`
	Region  string `json:"region"`
	// Complete: every page of the list was read and understood.
	Complete bool `json:"complete,omitempty"`
	// NotOffered: the service is not offered in the Region; the table's source and date.
	NotOffered string `json:"not_offered,omitempty"`
	// Gap says why it is not complete; set exactly when neither of the above is.
	Gap *Gap `json:"gap,omitempty"`
}

// Account is one AWS account of an inventory.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Regions that were asked for, sorted, without "global".
	Regions []string `json:"regions"`
	// Partition of the account: aws, aws-cn, aws-us-gov.
	Partition string `json:"partition,omitempty"`
}

// Inventory is what one collection knows: resources, how complete their lists
// are, and the gaps. It is the only input of the engine besides the checks and
// the profile.
type Inventory struct {
	// AsOf is when the collection began; rules about age use it and no clock.
	AsOf      time.Time
	Accounts  []Account
	Resources []*Resource
	Coverage  []Coverage
	Gaps      []Gap
	// Requests counts API requests per collector.
	Requests map[string]int
	// Digest identifies the snapshot it was read from, "sha256:<hex>"; empty for a live one.
	Digest string
	// Complete is false when the collection was cut short.
	Interrupted bool
}
