package assess

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// identityFunctions ask what roles, users and identity policies allow.
var identityFunctions = []ruleFunction{
	principalFunction("principalInvokesUnguarded", invokesUnguarded),
	principalFunction("principalInvokesAnyModel", iam.AllowsAnyModel),
	principalFunction("principalPassesRolesFreely", passesRolesFreely),
	principalFunction("principalBuildsAI", buildsAI),
	principalFunction("principalEscalates", iam.Escalates),
	{name: "principalAllowsAllOf", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callPrincipalAllowsAllOf},
	{name: "principalNames", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callPrincipalNames},
	{name: "principalAllows", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callPrincipalAllows},
	{name: "customerPolicyAllowsAllOf", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callCustomerPolicyAllowsAllOf},
	policyFunction("policyAdministers", iam.HasWildcardAdmin),
	{name: "policyAllowsServiceWildcard", args: 1, params: []*cel.Type{contextType, policyType}, result: cel.BoolType, call: callPolicyAllowsServiceWildcard},
	policyFunction("policyEscalates", func(p *iam.Policy) iam.Answer { return iam.Escalates([]*iam.Policy{p}) }),
	policyFunction("policyDecryptsAnyKey", decryptsAnyKey),
	policyFunction("policySubscribesToAnyProduct", subscribesToAnyProduct),
	policyFunction("trustOpen", trustOpen),
	policyFunction("trustsAccounts", rules.TrustsAccounts),
	policyFunction("keyUseByAIScoped", keyUseByAIScoped),
	{name: "accountsTrusted", args: 1, params: []*cel.Type{contextType, policyType}, result: cel.ListType(cel.StringType), call: callAccountsTrusted},
}

// principalFunction asks one question about all identity policies of a role or user.
func principalFunction(name string, ask func([]*iam.Policy) iam.Answer) ruleFunction {
	call := func(args []ref.Val) ref.Val {
		c, who := args[0].(*evalContext), string(args[1].(types.String))
		principal, u := c.principal(who)
		if last := &c.accessed.identity; u == nil && last.of == principal {
			if v, ok := last.answers[name]; ok {
				return v
			}
		}
		v := c.ofPrincipal(who, ask)
		if u == nil && !types.IsUnknownOrError(v) {
			c.accessed.identity.answers[name] = v
		}
		return v
	}
	return ruleFunction{name: name, args: 1, unknowns: reference, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: call}
}

// policyFunction asks one question about one document.
func policyFunction(name string, ask func(*iam.Policy) iam.Answer) ruleFunction {
	call := func(args []ref.Val) ref.Val {
		return policyAnswerOnce(name, append(args, types.String("")), func(p *iam.Policy, _ string) iam.Answer { return ask(p) })
	}
	return ruleFunction{name: name, args: 1, params: []*cel.Type{contextType, policyType}, result: cel.BoolType, call: call}
}

// ofPrincipal puts a question to all identity policies of a principal together. One
// that was not read may deny what the others allow, so then nothing is known.
func (c *evalContext) ofPrincipal(name string, ask func([]*iam.Policy) iam.Answer) ref.Val {
	documents, u := c.identityPolicies(name)
	if u != nil {
		return c.unknown(u)
	}
	return c.reply(askAll(documents, ask))
}

// principal finds a role, user or group by name or ARN.
func (c *evalContext) principal(name string) (*assize.Resource, *assize.Unknown) {
	typ := roleType
	h, planned := c.handleOf(name)
	switch {
	case planned:
		typ = h.resource.Type
	case strings.Contains(name, ":user/"):
		typ = userType
	case strings.Contains(name, ":group/"):
		typ = groupType
	}
	return c.lookup(typ, name)
}

// identityPolicies are those of a role, user or group, by name or ARN; a user's with
// those of its groups.
func (c *evalContext) identityPolicies(name string) ([]*document, *assize.Unknown) {
	principal, u := c.principal(name)
	if u != nil {
		return nil, u
	}
	last := &c.accessed.identity
	if last.of != principal {
		*last = identityMemo{of: principal, allows: map[string]ref.Val{}, answers: map[string]ref.Val{}}
		last.documents, last.unknown = c.readIdentity(principal)
	}
	return last.documents, last.unknown
}

// identityMemo are the identity policies of the last principal, of which many rules ask.
type identityMemo struct {
	of        *assize.Resource
	documents []*document
	unknown   *assize.Unknown
	allows    map[string]ref.Val // what principalAllows said, by action
	answers   map[string]ref.Val // what the other functions said, by name, where they knew
}

func (c *evalContext) readIdentity(principal *assize.Resource) ([]*document, *assize.Unknown) {
	var out []*document
	for _, holder := range c.holders(principal) {
		if holder.unknown != nil {
			return nil, holder.unknown
		}
		for doc, u := range c.policiesOf(holder.resource) {
			if u != nil {
				return nil, u
			}
			d, u := c.document(doc, false)
			if u != nil {
				return nil, of(holder.resource, u)
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// of says whose policy it is that cannot be read.
func of(holder *assize.Resource, u *assize.Unknown) *assize.Unknown {
	own := *u
	own.Detail = holder.Label() + ": " + u.Detail
	return &own
}

// callPrincipalAllows answers principalAllows(principal, action): whether its identity
// policies allow the action on anything, under conditions that can be met.
func callPrincipalAllows(args []ref.Val) ref.Val {
	c, action := args[0].(*evalContext), string(args[2].(types.String))
	principal, u := c.principal(string(args[1].(types.String)))
	if last := &c.accessed.identity; u == nil && last.of == principal {
		if v, ok := last.allows[action]; ok {
			return v
		}
	}
	v := c.ofPrincipal(string(args[1].(types.String)), func(p []*iam.Policy) iam.Answer { return iam.CanReach(p, iam.Reach{Action: action}) })
	if u == nil {
		c.accessed.identity.allows[action] = v
	}
	return v
}

// callPrincipalAllowsAllOf answers principalAllowsAllOf(principal, service): whether one of
// its identity policies allows every action of the service.
func callPrincipalAllowsAllOf(args []ref.Val) ref.Val {
	c, service := args[0].(*evalContext), string(args[2].(types.String))
	return c.ofPrincipal(string(args[1].(types.String)), func(p []*iam.Policy) iam.Answer {
		return either(p, func(one *iam.Policy) iam.Answer { return iam.AllowsAllOf(one, service) })
	})
}

// callPrincipalNames answers principalNames(principal, service): whether one of its
// identity policies allows something by the name of the service, not by a wildcard that
// takes others in too.
func callPrincipalNames(args []ref.Val) ref.Val {
	c, prefix := args[0].(*evalContext), string(args[2].(types.String))+":"
	documents, u := c.identityPolicies(string(args[1].(types.String)))
	if u != nil {
		return c.unknown(u)
	}
	policies := make([]*iam.Policy, len(documents))
	for i, d := range documents {
		if policies[i], u = d.byName(); u != nil {
			return c.unknown(u)
		}
	}
	a := either(policies, func(p *iam.Policy) iam.Answer { return allowsByName(p, prefix) })
	return c.reply(a, undecidedBy(a))
}

func allowsByName(p *iam.Policy, prefix string) iam.Answer {
	if reason, ok := p.Readable(); !ok {
		return iam.Answer{Verdict: iam.CannotTell, Reason: reason}
	}
	for i := range p.Len() {
		actions, negated := p.Statement(i).Actions()
		named := slices.ContainsFunc(actions, func(a string) bool { return strings.HasPrefix(strings.ToLower(a), prefix) })
		if p.Statement(i).Effect() == iam.Allow && !negated && named {
			return iam.Answer{Verdict: iam.Yes, Reason: "a statement names " + prefix + "*", Statements: []int{i}}
		}
	}
	return iam.Answer{Verdict: iam.No, Reason: "no statement names " + prefix + "*"}
}

// either is Yes when one of the questions is, and No when all are.
func either[T any](of []T, ask func(T) iam.Answer) iam.Answer {
	out := iam.Answer{Verdict: iam.No, Reason: "none of them is allowed"}
	for _, x := range of {
		a := ask(x)
		if a.Yes() {
			return a
		}
		if a.Undecided() {
			out = a
		}
	}
	return out
}

// invocations run a model; Converse and ConverseStream need the same rights.
var invocations = []string{"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}

// invokesUnguarded: a model can be run by a request that names no guardrail.
func invokesUnguarded(p []*iam.Policy) iam.Answer {
	return either(invocations, func(action string) iam.Answer {
		return iam.CanReach(p, iam.Reach{Action: action, Given: map[string][]string{"bedrock:GuardrailIdentifier": nil}})
	})
}

// trustOpen: a wildcard lets everybody take on the role, or a provider of identities that
// everybody can have.
func trustOpen(p *iam.Policy) iam.Answer {
	return either([]func(*iam.Policy) iam.Answer{iam.WildcardTrust, iam.OpenFederation}, func(ask func(*iam.Policy) iam.Answer) iam.Answer { return ask(p) })
}

// aiPrincipals are the service principals of the services that AI workloads are built on.
var aiPrincipals = []string{"bedrock.amazonaws.com", "bedrock-agentcore.amazonaws.com", "sagemaker.amazonaws.com"}

// noService stands for a service that no policy names.
const noService = "unnamed-service.amazonaws.com"

// passesRolesFreely: a role that no policy names can be passed to an AI service, or any
// role to a service that no policy names.
func passesRolesFreely(p []*iam.Policy) iam.Answer {
	pass := func(service, unnamed string) iam.Answer {
		return iam.CanReach(p, iam.Reach{
			Action: "iam:PassRole", Service: "iam", Unnamed: unnamed, Given: map[string][]string{"iam:PassedToService": {service}},
		})
	}
	if a := pass(noService, ""); !a.No() {
		return a
	}
	return either(aiPrincipals, func(s string) iam.Answer { return pass(s, "role/") })
}

// building starts what then runs under a role: agents, jobs, notebooks, models.
var building = []string{
	"bedrock:CreateAgent", "bedrock:CreateKnowledgeBase", "bedrock:CreateModelCustomizationJob", "bedrock:CreateFlow",
	"bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:CreateGateway", "bedrock-agentcore:CreateCodeInterpreter",
	"sagemaker:CreateTrainingJob", "sagemaker:CreateNotebookInstance", "sagemaker:CreateModel", "sagemaker:CreatePipeline", "sagemaker:CreateDomain",
}

// buildsAI: one of the actions that make an AI workload is allowed.
func buildsAI(p []*iam.Policy) iam.Answer {
	return either(building, func(action string) iam.Answer { return iam.CanReach(p, iam.Reach{Action: action}) })
}

// callCustomerPolicyAllowsAllOf answers customerPolicyAllowsAllOf(principal, service):
// whether a policy of the principal that is not one of AWS allows every action of the
// service. One such policy decides; without one, every policy must have been read.
func callCustomerPolicyAllowsAllOf(args []ref.Val) ref.Val {
	c, name, service := args[0].(*evalContext), string(args[1].(types.String)), string(args[2].(types.String))
	principal, u := c.lookup(roleType, name)
	if u != nil {
		return c.unknown(u)
	}
	own := *principal
	own.Properties = assize.NewObject(map[string]assize.Value{
		"Policies": principal.Properties.Get("Policies"), "ManagedPolicyArns": ofCustomer(principal.Properties.Get("ManagedPolicyArns")),
	})
	return c.anyPolicy(&own, func(d *document) (iam.Answer, *assize.Unknown) {
		return d.ask(func(p *iam.Policy) iam.Answer { return iam.AllowsAllOf(p, service) })
	})
}

// ofCustomer leaves out the policies of AWS.
func ofCustomer(arns assize.Value) assize.Value {
	list, ok := arns.(assize.List)
	if !ok {
		return arns
	}
	return slices.DeleteFunc(slices.Clone(list), func(v assize.Value) bool {
		arn, _ := v.(string)
		return strings.Contains(arn, ":iam::aws:policy/")
	})
}

// decryptsAnyKey: data under keys that the policy does not name can be decrypted by
// calling KMS, not only through a service that the policy fixes.
func decryptsAnyKey(p *iam.Policy) iam.Answer {
	return either([]string{"kms:Decrypt", "kms:ReEncryptFrom"}, func(action string) iam.Answer {
		return iam.CanReach([]*iam.Policy{p}, iam.Reach{
			Action: action, Service: "kms", Unnamed: "key/", Given: map[string][]string{"kms:ViaService": nil},
		})
	})
}

// subscribesToAnyProduct: products of the marketplace, third-party models among them,
// can be subscribed to that the policy does not name.
func subscribesToAnyProduct(p *iam.Policy) iam.Answer {
	return iam.CanReach([]*iam.Policy{p}, iam.Reach{
		Action: "aws-marketplace:Subscribe", Given: map[string][]string{"aws-marketplace:ProductId": {"prod-of-no-name"}},
	})
}

// keyUseByAIScoped: what a key policy allows the AI services is limited to known
// accounts, resources or encryption contexts.
func keyUseByAIScoped(p *iam.Policy) iam.Answer {
	open := either(aiPrincipals, func(service string) iam.Answer {
		a := iam.ServiceUseScoped(p, service, "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant")
		switch a.Verdict {
		case iam.Yes:
			a.Verdict = iam.No
		case iam.No:
			a.Verdict = iam.Yes
		case iam.CannotTell:
		}
		return a
	})
	switch open.Verdict {
	case iam.Yes:
		open.Verdict = iam.No
	case iam.No:
		open.Verdict = iam.Yes
	case iam.CannotTell:
	}
	return open
}

// callAccountsTrusted answers accountsTrusted(policy): the accounts that a trust policy
// names, "*" for a wildcard that nothing fixes.
func callAccountsTrusted(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	d, u := args[1].(*policyVal).document(c, "")
	if u != nil {
		return c.unknown(u)
	}
	p, u := d.byName()
	if u != nil {
		return c.unknown(u)
	}
	accounts, a := iam.TrustedAccounts(p)
	if u := undecidedBy(a); u != nil {
		return c.unknown(u)
	}
	return types.NewStringList(types.DefaultTypeAdapter, accounts)
}
