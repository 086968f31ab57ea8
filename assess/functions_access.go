package assess

import (
	"cmp"
	"crypto/sha256"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/rules"
)

// accessFunctions ask what principals may do after all layers of policies: identity policies,
// permissions boundary, service control policies.
var accessFunctions = []ruleFunction{
	accessFunction("principalRunsUnnamedModels", (*rules.Judge).UnnamedModels),
	accessFunction("principalRunsUnnamedOtherwise", (*rules.Judge).OtherWays),
	accessFunction("principalRunsUnguarded", (*rules.Judge).Unguarded),
	accessFunction("principalRunsFromAnywhere", (*rules.Judge).FromAnywhere),
	accessFunction("principalRunsWithoutMFA", (*rules.Judge).WithoutFactor),
	accessFunction("principalRunsWithoutTLS", (*rules.Judge).WithoutTLS),
	accessFunction("principalMixesDuties", (*rules.Judge).MixedDuties),
	accessFunction("principalGovernsAI", (*rules.Judge).Governs),
	accessFunction("principalUsesAPIKeys", (*rules.Judge).APIKeys),
	accessFunction("principalPassesToAnyService", (*rules.Judge).PassesToAnyService),
	accessFunction("principalCreatesUnboundRoles", (*rules.Judge).UnboundRoles),
	{name: "principalRunsOutsideRegions", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.ListType(cel.StringType)}, result: cel.BoolType, call: callRunsOutsideRegions},
	{name: "principalBreaksProfiles", args: 1, unknowns: reference, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callBreaksProfiles},
	{name: "principalExceedsIndirectly", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callExceedsIndirectly},
	{name: "trustsStrangers", args: 3, unknowns: []argument{strictly, byReference, strictly, strictly}, params: []*cel.Type{contextType, cel.StringType, policyType, cel.ListType(cel.StringType)}, result: cel.BoolType, call: callTrustsStrangers},
	{name: "trustNeedsNoMFA", args: 2, unknowns: []argument{strictly, byReference, strictly}, params: []*cel.Type{contextType, cel.StringType, policyType}, result: cel.BoolType, call: callTrustNeedsNoMFA},
	{name: "trustNamesDeleted", args: 1, params: []*cel.Type{contextType, policyType}, result: cel.BoolType, call: callTrustNamesDeleted},
	{name: "policyHasFault", args: 2, params: []*cel.Type{contextType, policyType, cel.StringType}, result: cel.BoolType, call: callPolicyHasFault},
	{name: "controlPolicyHasFault", args: 2, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: controlFault(iam.LayerServiceControl)},
	{name: "resourceControlPolicyHasFault", args: 2, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: controlFault(iam.LayerResourceControl)},
}

// accessFunction asks one question about the access of a role or user.
func accessFunction(name string, ask func(*rules.Judge, *rules.Principal) rules.Result) ruleFunction {
	call := func(args []ref.Val) ref.Val {
		c := args[0].(*evalContext)
		return c.accessOf(string(args[1].(types.String)), question{name: name, ask: ask})
	}
	return ruleFunction{name: name, args: 1, unknowns: reference, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: call}
}

// texts reads a list of texts; the value is the unknown of one that is not known in full.
func (c *evalContext) texts(v ref.Val, what string) ([]string, ref.Val) {
	var out []string
	for it := v.(traits.Lister).Iterator(); it.HasNext() == types.True; {
		text, ok := it.Next().(types.String)
		if !ok {
			return nil, c.unknown(&assize.Unknown{Cause: assize.ErrorInRule, Detail: what + " are not all known"})
		}
		out = append(out, string(text))
	}
	return out, nil
}

// callRunsOutsideRegions answers principalRunsOutsideRegions(principal, regions): whether it can
// run a model in a Region that is not in the list, by naming it or through an inference profile.
func callRunsOutsideRegions(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	regions, unknown := c.texts(args[2], "the Regions")
	if unknown != nil {
		return unknown
	}
	name := string(args[1].(types.String))
	l, u := c.layersOf(name)
	if u != nil {
		return c.unknown(u)
	}
	profiles := c.profilesOf(l.principal.Account)
	v := c.accessOf(name, question{
		name: "principalRunsOutsideRegions " + strings.Join(regions, ","),
		ask: func(j *rules.Judge, p *rules.Principal) rules.Result {
			return j.OutsideRegions(p, regions, profiles.plans)
		},
	})
	switch {
	case v == types.False && profiles.rest != nil:
		if calls := c.judge(l, question{ask: (*rules.Judge).CallsSomeProfile}); calls.unknown == nil && !calls.found {
			return v
		}
		return c.unknown(profiles.rest)
	case types.IsUnknown(v) && profiles.hidden != nil && l.missing() == nil:
		return c.unknown(profiles.hidden)
	}
	return v
}

// systemProfileType are the inference profiles that Bedrock defines.
const systemProfileType = "AWS::Bedrock::InferenceProfile"

// profilePlans are what calls of the inference profiles of an account ask for.
type profilePlans struct {
	plans []*plan.Plan
	// rest says why there may be more profiles, hidden why it is not known where one leads.
	rest, hidden *assize.Unknown
}

// callBreaksProfiles answers principalBreaksProfiles(principal): whether it may call an inference
// profile of its account, and its model in some of the Regions that the profile leads to only.
func callBreaksProfiles(args []ref.Val) ref.Val {
	c, name := args[0].(*evalContext), string(args[1].(types.String))
	l, u := c.layersOf(name)
	if u != nil {
		return c.unknown(u)
	}
	profiles := c.profilesOf(l.principal.Account)
	v := c.accessOf(name, question{
		name: "principalBreaksProfiles", exact: true,
		ask: func(j *rules.Judge, p *rules.Principal) rules.Result { return j.BrokenProfiles(p, profiles.plans) },
	})
	switch {
	case v == types.False && profiles.rest != nil:
		return c.unknown(profiles.rest)
	case types.IsUnknown(v) && profiles.hidden != nil && l.missing() == nil:
		return c.unknown(profiles.hidden)
	}
	return v
}

// profilesOf makes the plans of an account's inference profiles once.
func (c *evalContext) profilesOf(account string) *profilePlans {
	out := c.accessed.profiles[account]
	if out != nil {
		return out
	}
	out = &profilePlans{}
	var all []*plan.Resource
	for _, typ := range []string{inferenceProfileType, systemProfileType} {
		if c.graph.Definition(typ) == nil {
			continue
		}
		profiles, rest := c.graph.All(typ, account, "")
		if rest != nil {
			out.rest = rest
		}
		for _, r := range profiles {
			p := profileResource(r)
			if p.ARN == "" { // policies name a profile by an ARN that holds what Bedrock gives it
				out.rest = cmp.Or(out.rest, &assize.Unknown{Cause: assize.UntilApply, Detail: "the ARN of " + r.Label() + " is known after apply"})
				continue
			}
			all = append(all, p)
			out.hidden = cmp.Or(out.hidden, p.MembersUnknown)
		}
	}
	catalog := plan.NewCatalog(all)
	catalog.Data = c.accessed.data
	for _, p := range catalog.All() {
		if made := rules.ProfilePlan(account, p.ARN, catalog); made != nil {
			out.plans = append(out.plans, made)
		}
	}
	c.accessed.profiles[account] = out
	return out
}

// profileResource is an inference profile as plans know it.
func profileResource(r *assize.Resource) *plan.Resource {
	out := &plan.Resource{ARN: r.KnownARN(), Kind: plan.InferenceProfile, Account: r.Account, Region: r.Region}
	if r.Type == inferenceProfileType {
		out.Kind = plan.ApplicationProfile
	}
	for _, v := range elements(r.Properties.Get("Models")) {
		model := v
		if o, ok := v.(assize.Object); ok {
			model = o.Get("ModelArn")
		}
		switch x := model.(type) {
		case string:
			out.Members = append(out.Members, x)
		case *assize.Unknown:
			out.MembersUnknown = x
		}
	}
	return out
}

// callTrustsStrangers answers trustsStrangers(role, trust, accounts): whether principals of an account
// that is neither among those read nor in the list can take on the role without an external id.
func callTrustsStrangers(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	known, unknown := c.texts(args[3], "the accounts")
	if unknown != nil {
		return unknown
	}
	p, u := c.wholly(args[2].(*policyVal))
	if u != nil {
		return c.unknown(u)
	}
	if c.account == "" {
		return c.unknown(c.placeUnknown())
	}
	for _, a := range c.graph.Accounts() {
		known = append(known, a.ID)
	}
	return c.resultOf(c.accessed.judge.Strangers(c.trustOf(args[1], p), known))
}

// trustOf is the trust policy of a role of the subject's account.
func (c *evalContext) trustOf(role ref.Val, policy *iam.Policy) rules.Trust {
	t := rules.Trust{Role: string(role.(types.String)), Account: c.account, Policy: policy}
	if h, planned := c.handleOf(t.Role); planned {
		t.Role, _ = c.plannedShape(h.resource, c.account)
	}
	return t
}

// wholly is a document that is known in full.
func (c *evalContext) wholly(v *policyVal) (*iam.Policy, *assize.Unknown) {
	d, u := v.document(c, "")
	if u != nil {
		return nil, u
	}
	return d.byName()
}

// resultOf is the value of a result.
func (c *evalContext) resultOf(r rules.Result) ref.Val {
	if u := undecidedBy(r.Answer); u != nil {
		return c.unknown(u)
	}
	return c.found(accessReply{found: r.Yes(), evidence: evidenceOf(r)})
}

// callTrustNamesDeleted answers trustNamesDeleted(policy): whether the policy names users or roles
// that were deleted.
func callTrustNamesDeleted(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	p, u := c.wholly(args[1].(*policyVal))
	if u != nil {
		return c.unknown(u)
	}
	return c.resultOf(rules.DeletedPrincipals(p))
}

// callPolicyHasFault answers policyHasFault(policy, rules): whether an identity policy has a fault of
// one of the rules of the linter, separated by spaces.
func callPolicyHasFault(args []ref.Val) ref.Val {
	c, v := args[0].(*evalContext), args[1].(*policyVal)
	return c.faultOf(v.text, iam.LayerIdentity, string(args[2].(types.String)), func() (*iam.Policy, *assize.Unknown) { return c.wholly(v) })
}

// controlFault answers controlPolicyHasFault(text, rules) and resourceControlPolicyHasFault(text, rules):
// what callPolicyHasFault does, for the text of a service control policy or a resource control policy.
func controlFault(layer iam.Layer) func([]ref.Val) ref.Val {
	return func(args []ref.Val) ref.Val {
		c, text := args[0].(*evalContext), string(args[1].(types.String))
		return c.faultOf(text, layer, string(args[2].(types.String)), func() (*iam.Policy, *assize.Unknown) {
			d, u := c.document(text, false)
			if u != nil {
				return nil, u
			}
			return d.byName()
		})
	}
}

// faultOf lints a text once for each set of rules.
func (c *evalContext) faultOf(text string, layer iam.Layer, ids string, read func() (*iam.Policy, *assize.Unknown)) ref.Val {
	key := accessKey{layer.String() + " " + ids, sha256.Sum256([]byte(text))}
	reply, ok := c.accessed.answers[key]
	if !ok {
		p, u := read()
		if u != nil {
			return c.unknown(u)
		}
		r := c.accessed.judge.Faults(p, layer, strings.Fields(ids)...)
		if u := undecidedBy(r.Answer); u != nil {
			return c.unknown(u)
		}
		reply = accessReply{found: r.Yes(), evidence: evidenceOf(r)}
		c.accessed.keep(key, reply)
	}
	return c.found(reply)
}
