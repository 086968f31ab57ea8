package plan

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/sar"
)

// ErrUnknownOperation is wrapped by the error for an operation that no plan is known of.
var ErrUnknownOperation = errors.New("no plan is known for the operation")

// ErrTarget is wrapped by the error for a target that the operation does not take.
var ErrTarget = errors.New("the operation does not take the target")

// builder makes one plan.
type builder struct {
	*Plan
	cat *Catalog
	at  arn // the target
	// set are the keys of every check that runs a model.
	set map[string][]string
}

// operation is how the plan of an API is made.
type operation struct {
	action    string // the IAM action, where there is one
	endpoints []string
	build     func(*builder, string) error
}

// Build makes the plan of a call. The error is about the call: an operation without plan, a
// target that is none of it. What the catalog lacks is in Plan.Unknown.
func Build(call Call, c *Catalog) (*Plan, error) {
	op, ok := operations[call.Operation]
	if !ok {
		op, ok = generic(call.Operation, c.Reference())
	}
	if !ok {
		return nil, fmt.Errorf("plan %s: %w", call, ErrUnknownOperation)
	}
	b := &builder{Plan: &Plan{Call: call, Endpoints: op.endpoints}, cat: c, set: map[string][]string{}}
	if call.Target != "" && call.Target != anything {
		if b.at, ok = parseARN(call.Target); !ok {
			return nil, fmt.Errorf("plan %s: %q is no ARN: %w", call, call.Target, ErrTarget)
		}
	}
	b.Call.Region = cmp.Or(call.Region, b.at.region)
	b.Call.Account = cmp.Or(call.Account, b.at.account)
	if err := op.build(b, op.action); err != nil {
		return nil, fmt.Errorf("plan %s: %w", call, err)
	}
	if err := b.bearer(); err != nil {
		return nil, fmt.Errorf("plan %s: %w", call, err)
	}
	for i := range b.Checks {
		b.finish(&b.Checks[i])
	}
	if call.Created {
		b.Unknown = nil
	}
	return b.Plan, nil
}

// anything is the resource of actions without resource type.
const anything = "*"

// Operations lists the operations that have a plan of their own, sorted. Beside them every
// action of an AI service is a plan of one check.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// generic is the plan of one check that any other action of AWS has.
func generic(name string, data *sar.Data) (operation, bool) {
	service, action, ok := strings.Cut(name, ":")
	if !ok {
		return operation{}, false
	}
	a, ok := data.Action(service, action)
	if !ok {
		return operation{}, false
	}
	return operation{action: a.String(), endpoints: endpointsOf(a), build: (*builder).one}, true
}

// endpointsOf are the endpoint services of an action by its namespace. For a namespace whose
// endpoints are not known the list is empty: any endpoint may do.
func endpointsOf(a *sar.Action) []string {
	switch a.Service {
	case "bedrock":
		switch {
		case a.Class == sar.Inference:
			return []string{"bedrock-runtime"}
		case a.Class == sar.InferenceIndirect:
			return []string{"bedrock-agent-runtime"}
		}
		return []string{"bedrock", "bedrock-agent"}
	case "bedrock-mantle":
		return []string{"bedrock-mantle"}
	case "bedrock-agentcore":
		if a.Class.Runs() {
			return []string{"bedrock-agentcore", "bedrock-agentcore.gateway"}
		}
		return []string{"bedrock-agentcore-control"}
	case "sagemaker":
		if a.Class == sar.Inference {
			return []string{"sagemaker.runtime"}
		}
		return []string{"sagemaker.api"}
	}
	return []string{a.Service}
}

// one is a single check on the target, with the role that is passed.
func (b *builder) one(action string) error {
	resource := cmp.Or(b.Call.Target, anything)
	service, name, _ := strings.Cut(action, ":")
	if a, ok := b.cat.Reference().Action(service, name); ok && !a.Scopable() {
		resource = anything
	}
	b.add(action, resource, "the call itself", nil)
	if b.Call.Role != "" {
		b.passRole(service)
	}
	return nil
}

// bearer adds the check of an API key, which each namespace has of its own.
func (b *builder) bearer() error {
	if b.Call.Key == "" {
		return nil
	}
	service, _, _ := strings.Cut(b.Checks[0].Action, ":")
	key, ok := bearerKeys[service]
	if !ok {
		return fmt.Errorf("%s takes no API keys: %w", service, ErrTarget)
	}
	fixed := map[string][]string{}
	if b.Call.Key != AnyKey {
		fixed[key] = []string{string(b.Call.Key)}
	}
	b.add(service+":CallWithBearerToken", anything, "use of an API key", fixed)
	return nil
}

var bearerKeys = map[string]string{
	"bedrock":        "bedrock:BearerTokenType",
	"bedrock-mantle": "bedrock-mantle:BearerTokenType",
	"sagemaker":      "sagemaker:BearerTokenType",
}

// finish fixes what follows from the call and from the resource.
func (b *builder) finish(c *Check) {
	fixed := map[string][]string{}
	service, name, _ := strings.Cut(c.Action, ":")
	if b.Call.Region != "" && service != "iam" {
		fixed[keyRequestedRegion] = []string{b.Call.Region}
	}
	data := b.cat.Reference()
	action, known := data.Action(service, name)
	holder := b.cat.holder(c.Resource)
	for _, key := range b.cat.Mentioned {
		switch tag, isTag := cutFold(key, resourceTag); {
		case isTag:
			if written, values, ok := tagOf(c, holder, tag); ok {
				fixed[resourceTag+written] = values
			}
		case known && ownTag(key, service) != "" && holder != nil && holder.TagsKnown && data.KeyApplies(action, key):
			prefix := service + ownTagKey
			written, values, _ := tagOf(c, holder, ownTag(key, service))
			fixed[prefix+written] = values
		case known && absentKey(data, action, key):
			fixed[key] = nil
		}
	}
	a, _ := parseARN(c.Resource)
	owner := a.account
	if holder != nil && owner == "" {
		owner = holder.Account
		c.ResourceAccount = owner
	}
	if id, ok := b.cat.Organisations[owner]; ok && b.cat.mentions(keyResourceOrgID) {
		fixed[keyResourceOrgID] = nil
		if id != "" {
			fixed[keyResourceOrgID] = []string{id}
		}
	}
	maps.Copy(fixed, c.Fixed)
	for name, values := range b.Call.Given {
		if !holds(fixed, name) { // what follows from the call is not open to the question
			fixed[name] = values
		}
	}
	c.Fixed = fixed
	if holder == nil && a.service == "bedrock" && slices.Contains(withPolicy, Kind(a.kind())) {
		b.lacks(&assize.Unknown{Cause: assize.NotConnected, Detail: "the resource policy of " + c.Resource + ", which is not in the inventory"})
	}
}

// withPolicy are the kinds of Bedrock that can have a policy of their own (GetResourcePolicy in
// the Service Authorization Reference).
var withPolicy = []Kind{CustomModel, Guardrail, GuardrailProfile, KnowledgeBase}

// absentKey says whether requests for an action are known not to carry a key of its service. Of
// a key that the Service Authorization Reference does not have nothing is known: it may be newer.
func absentKey(data *sar.Data, a *sar.Action, key string) bool {
	if !ownKey(a.Service, key) || data.KeyApplies(a, key) {
		return false
	}
	_, listed := data.Key(a.Service, key)
	return listed
}

// holds says whether keys hold a name, whatever its letter case.
func holds(keys map[string][]string, name string) bool {
	for k := range keys {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

const (
	keyRequestedRegion  = "aws:RequestedRegion"
	keyResourceOrgID    = "aws:ResourceOrgID"
	resourceTag         = "aws:ResourceTag/"
	keyInferenceProfile = "bedrock:InferenceProfileArn"
	keyPromptRouter     = "bedrock:PromptRouterArn"
	keyGuardrail        = "bedrock:GuardrailIdentifier"
	// unspecified is the Region of a check on a model without Region.
	unspecified = "unspecified"
)

// tagOf is what a check says of a tag of its resource, with the name as it is written there:
// whether its letter case counts is not documented. ok is false where that is not known.
func tagOf(c *Check, holder *Resource, tag string) (written string, values []string, ok bool) {
	if holder == nil {
		a, _ := parseARN(c.Resource)
		return tag, nil, c.Resource == anything || slices.Contains(untagged, Kind(a.kind()))
	}
	if !holder.TagsKnown {
		return tag, nil, slices.Contains(untagged, holder.Kind)
	}
	for name, value := range holder.Tags {
		if strings.EqualFold(name, tag) {
			return name, []string{value}, true
		}
	}
	return tag, nil, true
}

// ownTagKey is the key of a service for tags of its resources, older than aws:ResourceTag: "ec2:ResourceTag/".
const ownTagKey = ":ResourceTag/"

// ownTag is the tag that such a key is about, "" for another key.
func ownTag(key, service string) string {
	tag, ok := cutFold(key, service+ownTagKey)
	if !ok {
		return ""
	}
	return tag
}

// untagged are the kinds of Bedrock without aws:ResourceTag (Service Authorization Reference).
var untagged = []Kind{FoundationModel, InferenceProfile, GuardrailProfile, DefaultRouter}

// ownKey says whether a key belongs to the namespace of a service.
func ownKey(service, key string) bool {
	_, ok := cutFold(key, service+":")
	return ok
}

func cutFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}
