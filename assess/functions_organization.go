package assess

import (
	"encoding/json"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
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
