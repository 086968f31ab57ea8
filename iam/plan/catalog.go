package plan

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

// Kind is what a resource is, as its ARN says it where the ARN does.
type Kind string

// The kinds that plans know.
const (
	FoundationModel    Kind = "foundation-model"
	InferenceProfile   Kind = "inference-profile"
	ApplicationProfile Kind = "application-inference-profile"
	PromptRouter       Kind = "prompt-router"
	DefaultRouter      Kind = "default-prompt-router"
	ProvisionedModel   Kind = "provisioned-model"
	CustomModel        Kind = "custom-model"
	ModelDeployment    Kind = "custom-model-deployment"
	ImportedModel      Kind = "imported-model"
	Guardrail          Kind = "guardrail"
	GuardrailProfile   Kind = "guardrail-profile"
	Prompt             Kind = "prompt"
	Agent              Kind = "agent"
	AgentAlias         Kind = "agent-alias"
	Flow               Kind = "flow"
	FlowAlias          Kind = "flow-alias"
	KnowledgeBase      Kind = "knowledge-base"
	Project            Kind = "project"
	Runtime            Kind = "runtime"
	Gateway            Kind = "gateway"
	Harness            Kind = "harness"
	Memory             Kind = "memory"
	Browser            Kind = "browser-custom"
	CodeInterpreter    Kind = "code-interpreter-custom"
	Endpoint           Kind = "endpoint"
	InferenceComponent Kind = "inference-component"
	Model              Kind = "model"
	Notebook           Kind = "notebook-instance"
	Domain             Kind = "domain"
	UserProfile        Kind = "user-profile"
	Instance           Kind = "instance"
	ContainerService   Kind = "service"
	Job                Kind = "job"
	Function           Kind = "function"
	Role               Kind = "role"
	Bucket             Kind = "bucket"
	LogGroup           Kind = "log-group"
	Key                Kind = "key"
	Secret             Kind = "secret"
)

// Resource is what the catalog knows of one thing that calls name.
type Resource struct {
	ARN     string `json:"arn"`
	Kind    Kind   `json:"kind"`
	Name    string `json:"name,omitempty"`
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Members are the ARNs that it leads to: models and profiles of a profile, router, prompt,
	// agent, flow or knowledge base; alias to the agent or flow, or what its version runs; profile
	// of a guardrail.
	Members []string `json:"members,omitempty"`
	// MembersUnknown says why Members may lack some.
	MembersUnknown *assize.Unknown `json:"members_unknown,omitempty"`
	// Role under which it works, ARN; RoleUnknown says why that is not known.
	Role        string          `json:"role,omitempty"`
	RoleUnknown *assize.Unknown `json:"role_unknown,omitempty"`
	// Guardrail that it applies by itself, ARN.
	Guardrail string `json:"guardrail,omitempty"`
	// Key that encrypts it: ARN, id or alias of a KMS key; KeyUnknown says why that is not known.
	Key        string          `json:"key,omitempty"`
	KeyUnknown *assize.Unknown `json:"key_unknown,omitempty"`
	// BucketKey: an S3 bucket asks KMS for keys of the bucket, not of each object.
	BucketKey bool `json:"bucket_key,omitempty"`
	// Versioned: an S3 bucket keeps old versions of objects.
	Versioned bool `json:"versioned,omitempty"`
	// Tags are known where TagsKnown.
	Tags      map[string]string `json:"tags,omitempty"`
	TagsKnown bool              `json:"tags_known,omitempty"`
	// Policy is the resource's own; nil when it has none. One that exists and could not be read
	// is [iam.Unreadable].
	Policy *iam.Policy `json:"-"`
	// NoExec: the containers of an ECS service take no commands until the service is updated.
	NoExec bool `json:"no_exec,omitempty"`
	// JWT: callers come with a token of an identity provider, not with IAM.
	JWT bool `json:"jwt,omitempty"`
}

// Catalog is what exists. It does not change once plans are made of it.
type Catalog struct {
	byARN  map[string]*Resource
	all    []*Resource
	byKind map[Kind][]*Resource
	// Mentioned are the condition keys that policies speak of. A check fixes those of them as
	// absent that no request for its action carries, and the tags that its resource lacks.
	Mentioned []string
	// Objects are, by the ARN of a bucket, names of objects that policies let somebody at and not
	// at all others.
	Objects map[string][]string
	// Organisations are the ids of the organisations that accounts are in, "" for none. An
	// account that is not there is not known.
	Organisations map[string]string
	// Data is the Service Authorization Reference by which plans are made; nil is the one built in.
	Data *sar.Data
	// Unlisted says for kinds whose list could not be read to its end why.
	Unlisted map[Kind]*assize.Unknown
}

// NewCatalog makes a catalog. Of several resources with one ARN the first counts.
func NewCatalog(all []*Resource) *Catalog {
	c := &Catalog{byARN: make(map[string]*Resource, len(all)), byKind: map[Kind][]*Resource{}, Unlisted: map[Kind]*assize.Unknown{}}
	for _, r := range all {
		if r.ARN == "" || c.byARN[r.ARN] != nil {
			continue
		}
		c.byARN[r.ARN] = r
		c.all = append(c.all, r)
	}
	slices.SortFunc(c.all, func(a, b *Resource) int { return strings.Compare(a.ARN, b.ARN) })
	for _, r := range c.all {
		c.byKind[r.Kind] = append(c.byKind[r.Kind], r)
	}
	return c
}

// Find gives the resource of an ARN; nil when the catalog has none.
func (c *Catalog) Find(arn string) *Resource { return c.byARN[arn] }

// Of lists the resources of some kinds in the order of their ARNs. The list must not be changed.
func (c *Catalog) Of(kinds ...Kind) []*Resource {
	if len(kinds) == 1 {
		return c.byKind[kinds[0]]
	}
	var out []*Resource
	for _, r := range c.all {
		if slices.Contains(kinds, r.Kind) {
			out = append(out, r)
		}
	}
	return out
}

// All lists every resource in the order of the ARNs.
func (c *Catalog) All() []*Resource { return c.all }

// Reference is the Service Authorization Reference by which plans are made.
func (c *Catalog) Reference() *sar.Data {
	if c.Data == nil {
		return sar.Default()
	}
	return c.Data
}

// mentions says whether policies speak of a condition key.
func (c *Catalog) mentions(key string) bool {
	return slices.ContainsFunc(c.Mentioned, func(m string) bool { return strings.EqualFold(m, key) })
}

// missing says why nothing is known of an ARN.
func (c *Catalog) missing(k Kind, arn string) *assize.Unknown {
	if u := c.Unlisted[k]; u != nil {
		return u
	}
	return &assize.Unknown{Cause: assize.Unlinked, Detail: string(k) + " " + arn + " is not in the inventory"}
}

// holder is the resource whose policy and tags a check on an ARN meets: the bucket of an
// object, the prompt of a version, the runtime of an endpoint has its own.
func (c *Catalog) holder(text string) *Resource {
	if r := c.byARN[text]; r != nil {
		return r
	}
	a, ok := parseARN(text)
	if !ok {
		return nil
	}
	switch a.service {
	case "s3":
		bucket, _, _ := strings.Cut(a.resource, "/")
		a.resource = bucket
	case "logs":
		group, _, _ := strings.Cut(strings.TrimPrefix(a.resource, "log-group:"), ":")
		a.resource = "log-group:" + group
	default:
		return nil
	}
	return c.byARN[a.String()]
}

// Holder is the resource whose policy a check on an ARN meets: the ARN's own, or the bucket
// of an object, or the group of a log stream; nil when the catalog has none.
func (c *Catalog) Holder(arn string) *Resource { return c.holder(arn) }
