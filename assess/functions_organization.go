package assess

import (
	"encoding/json"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

const organizationPolicyType = "AWS::Organizations::Policy"

// organizationFunctions read the policies of an organization.
var organizationFunctions = []ruleFunction{
	{name: "aiServicesOptedOut", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callAIServicesOptedOut},
	{name: "bedrockPolicyEnforces", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callBedrockPolicyEnforces},
	{name: "scpLimitsModels", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callSCPLimitsModels},
}

// unreadable is the unknown of a policy whose text is not what it should be.
func (c *evalContext) unreadable(err error) ref.Val {
	return c.unknown(&assize.Unknown{Cause: assize.WrongAnswer, Detail: "the policy in force cannot be read: " + err.Error()})
}

// callAIServicesOptedOut answers aiServicesOptedOut(policy): whether an AI services opt-out
// policy in force opts out by default, and no service that it names opts in.
func callAIServicesOptedOut(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	var policy struct {
		Services map[string]struct {
			OptOut string `json:"opt_out_policy"`
		} `json:"services"`
	}
	if err := json.Unmarshal([]byte(args[1].(types.String)), &policy); err != nil {
		return c.unreadable(err)
	}
	out := strings.EqualFold(policy.Services["default"].OptOut, "optOut")
	for _, s := range policy.Services {
		out = out && !strings.EqualFold(s.OptOut, "optIn")
	}
	return types.Bool(out)
}

// callBedrockPolicyEnforces answers bedrockPolicyEnforces(policy): whether a Bedrock policy
// in force names a guardrail in at least one Region.
func callBedrockPolicyEnforces(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	var policy struct {
		Bedrock struct {
			Regions map[string]map[string]struct {
				Identifier string `json:"identifier"`
			} `json:"guardrail_inference"`
		} `json:"bedrock"`
	}
	if err := json.Unmarshal([]byte(args[1].(types.String)), &policy); err != nil {
		return c.unreadable(err)
	}
	for _, configs := range policy.Bedrock.Regions {
		for _, config := range configs {
			if config.Identifier != "" {
				return types.True
			}
		}
	}
	return types.False
}

// callSCPLimitsModels answers scpLimitsModels(account): whether a service control policy
// that is attached somewhere in the organization of the management account limits models
// or Regions. One such policy decides; without one, all must have been read.
func callSCPLimitsModels(args []ref.Val) ref.Val {
	c, management := args[0].(*evalContext), string(args[1].(types.String))
	found, missing := c.graph.All(organizationPolicyType, management, "")
	for _, r := range found {
		limits, u := c.scpLimits(r)
		if limits {
			return types.True
		}
		if u != nil {
			missing = u
		}
	}
	if missing != nil {
		return c.unknown(missing)
	}
	return types.False
}

// scpLimits tells whether the policy is attached and limits models, or why that is not known.
func (c *evalContext) scpLimits(r *assize.Resource) (bool, *assize.Unknown) {
	if kind, ok := r.Properties.Get("Type").(string); ok && kind != "SERVICE_CONTROL_POLICY" {
		return false, nil
	}
	if u, ok := r.Properties.Get("Type").(*assize.Unknown); ok {
		return false, u
	}
	targets := elements(r.Properties.Get("TargetIds"))
	if len(targets) == 0 {
		return false, nil
	}
	text, ok := r.Properties.Get("Content").(string)
	if !ok {
		if u, ok := r.Properties.Get("Content").(*assize.Unknown); ok {
			return false, u
		}
		return false, &assize.Unknown{Cause: assize.WrongAnswer, Detail: "policy " + r.ID + " came without its content"}
	}
	d, unread := c.document(text, "")
	if unread != nil {
		return false, of(r, unread)
	}
	p, partial := d.byName() // without its Allow a policy limits nothing, and with a wide one neither
	if partial != nil {
		return false, of(r, partial)
	}
	a := iam.LimitsModels(p)
	if undecided := undecidedBy(a); undecided != nil {
		return false, of(r, undecided)
	}
	u, attachedUnknown := targets[0].(*assize.Unknown)
	if a.Yes() && attachedUnknown {
		return false, u // whether it is attached is not known
	}
	return a.Yes(), nil
}
