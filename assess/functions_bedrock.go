package assess

import (
	"encoding/json"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
	"github.com/assize-dev/assize/iam"
)

const (
	bucketType = "AWS::S3::Bucket"
	userType   = "AWS::IAM::User"
	groupType  = "AWS::IAM::Group"
)

// callRoleAllowsEverywhere answers roleAllowsEverywhere(role, action): whether a policy
// of the role allows the action, without a condition, on every resource that it could
// concern in the subject's account and Region. Denies are not subtracted. One such
// grant decides; without one, every policy must have been read.
func callRoleAllowsEverywhere(args []ref.Val) ref.Val {
	c, name, action := args[0].(*evalContext), string(args[1].(types.String)), string(args[2].(types.String))
	role, u := c.lookup(roleType, name)
	if u != nil {
		return c.unknown(u)
	}
	any := anyResourceOf(action, c.region, c.account)
	return c.anyPolicy(role, func(d *document) (iam.Answer, *assize.Unknown) {
		return d.ask(func(p *iam.Policy) iam.Answer { return c.allowsEverywhere(p, action, any) })
	})
}

// allowsEverywhere asks whether a policy grants the action on every resource that any stands for.
func (c *evalContext) allowsEverywhere(p *iam.Policy, action, any string) iam.Answer {
	grants, _ := iam.ResourcesFor([]*iam.Policy{p}, action)
	out := iam.Answer{Verdict: iam.No, Reason: "no statement allows it everywhere"}
	for _, g := range grants {
		matched := slices.ContainsFunc(g.Resources, func(pattern string) bool { return graph.Glob(pattern, any) })
		somewhere := !c.placeKnown() && slices.ContainsFunc(g.Resources, func(pattern string) bool { return matchesSomewhere(pattern, any) })
		switch {
		case g.Conditional:
		case somewhere && !matched:
			out = iam.Answer{Reason: unknownPlace}
		case matched != g.Negated:
			return iam.Answer{Verdict: iam.Yes, Reason: "a statement allows it everywhere"}
		}
	}
	return out
}

// resourceShapes are how the resources of services end, for those whose ARN has more
// than an account and a name with one slash. "@" stands for a name that nobody gives.
var resourceShapes = map[string]string{
	"s3":             ":::@/@",
	"iam":            "::ACCOUNT:role/@",
	"bedrock":        ":REGION::foundation-model/@",
	"kms":            ":REGION:ACCOUNT:key/@",
	"dynamodb":       ":REGION:ACCOUNT:table/@",
	"lambda":         ":REGION:ACCOUNT:function:@",
	"secretsmanager": ":REGION:ACCOUNT:secret:@",
}

// anyResourceOf is an ARN that only a pattern for all resources of the action's service
// in the Region and account takes.
func anyResourceOf(action, region, account string) string {
	service, _, _ := strings.Cut(action, ":")
	shape, ok := resourceShapes[service]
	if !ok {
		shape = ":REGION:ACCOUNT:@/@"
	}
	return "arn:" + assize.Partition(region) + ":" + service + strings.NewReplacer("REGION", region, "ACCOUNT", account, "@", "\x7f").Replace(shape)
}

// callBucketOwnedBy answers bucketOwnedBy(ref, account): whether the account owns the
// bucket that an S3 URI or ARN names. A bucket that an account's complete list does not
// have is not that account's; names are unique in all of S3.
func callBucketOwnedBy(args []ref.Val) ref.Val {
	c, name, account := args[0].(*evalContext), string(args[1].(types.String)), string(args[2].(types.String))
	bucket, u := c.graph.Find(bucketType, account, c.region, name)
	if _, planned := c.handleOf(name); planned {
		bucket, u = c.lookup(bucketType, name)
	}
	switch {
	case bucket != nil && bucket.Account == "":
		return c.unknown(c.placeUnknown())
	case bucket != nil:
		return types.Bool(bucket.Account == account)
	case u.Cause == assize.Unlinked && c.hasAccount(account):
		return types.False
	}
	return c.unknown(u)
}

func (c *evalContext) hasAccount(id string) bool {
	return slices.ContainsFunc(c.graph.Accounts(), func(a assize.Account) bool { return a.ID == id })
}

// callNotRead answers notRead(what): nothing, because no collector reads it.
func callNotRead(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	return c.unknown(&assize.Unknown{Cause: assize.NotConnected, Detail: string(args[1].(types.String)) + " are not read"})
}

// changing are the methods of HTTP that are made to change something.
var changing = []string{"post", "put", "patch", "delete"}

// callAPIConfirms answers apiConfirms(schema): whether every operation of an OpenAPI
// schema whose method changes something asks the user first. A schema that is not
// JSON, or lies in a bucket (the empty text), is unknown.
func callAPIConfirms(args []ref.Val) ref.Val {
	c, text := args[0].(*evalContext), string(args[1].(types.String))
	if text == "" {
		return c.unknown(&assize.Unknown{Cause: assize.Unlinked, Detail: "the OpenAPI schema lies in a bucket, whose objects are not read"})
	}
	var schema struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if json.Unmarshal([]byte(text), &schema) != nil {
		return c.unknown(&assize.Unknown{Cause: assize.Unlinked, Detail: "the OpenAPI schema is not JSON and was not read"})
	}
	for _, methods := range schema.Paths {
		for method, raw := range methods {
			var operation struct {
				Confirmation string `json:"x-requireConfirmation"`
			}
			if !slices.Contains(changing, strings.ToLower(method)) {
				continue
			}
			if json.Unmarshal(raw, &operation) != nil || operation.Confirmation != "ENABLED" {
				return types.False
			}
		}
	}
	return types.True
}

// guardrailValues are the values that attached identity policies of an account compare
// bedrock:GuardrailIdentifier with, and why there may be more.
type guardrailValues struct {
	values []string
	rest   *assize.Unknown
}

// callGuardrailInPolicies answers guardrailInPolicies(id): whether a condition of an
// identity policy of the account names the guardrail.
func callGuardrailInPolicies(args []ref.Val) ref.Val {
	c, id := args[0].(*evalContext), string(args[1].(types.String))
	if h, ok := c.handleOf(id); ok {
		if id = h.resource.ARN; id == "" {
			return c.unknown(h.unknown)
		}
		// A value that names the guardrail holds its ARN; no other can hold an id that
		// is given to it later.
	}
	v, ok := c.guardrails[c.account]
	if !ok {
		v = c.readGuardrailValues()
		c.guardrails[c.account] = v
	}
	switch {
	case slices.ContainsFunc(v.values, func(value string) bool { return strings.Contains(value, id) }):
		return types.True
	case v.rest != nil:
		return c.unknown(v.rest)
	}
	return types.False
}

func (c *evalContext) readGuardrailValues() guardrailValues {
	var v guardrailValues
	for _, typ := range []string{roleType, userType, groupType, managedPolicyType} {
		found, rest := c.graph.All(typ, c.account, "")
		if rest != nil {
			v.rest = rest
		}
		for _, r := range found {
			if typ == managedPolicyType {
				v.addManaged(r)
				continue
			}
			for _, e := range elements(r.Properties.Get("Policies")) {
				if o, ok := e.(assize.Object); ok {
					v.add(o.Get("PolicyDocument"))
				} else {
					v.add(e)
				}
			}
		}
	}
	return v
}

// addManaged leaves out policies that are attached to nobody.
func (v *guardrailValues) addManaged(policy *assize.Resource) {
	switch n := policy.Properties.Get("AttachmentCount").(type) {
	case *assize.Unknown:
		v.rest = n
		return
	case int64:
		if n == 0 {
			return
		}
	}
	v.add(policy.Properties.Get("PolicyDocument"))
}

func (v *guardrailValues) add(document assize.Value) {
	switch doc := document.(type) {
	case *assize.Unknown:
		v.rest = doc
	case string:
		if strings.Contains(doc, assize.Hole) {
			v.rest = unknownStatement("a policy")
		}
		if !strings.Contains(strings.ToLower(doc), "guardrailidentifier") {
			return
		}
		p, err := iam.Parse([]byte(doc))
		if err != nil {
			v.rest = unreadableBy(err)
			return
		}
		for i := range p.Len() {
			for _, entry := range p.Statement(i).Conditions() {
				if strings.EqualFold(entry.Key, "bedrock:GuardrailIdentifier") {
					v.values = append(v.values, entry.Values...)
				}
			}
		}
	}
}
