package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCorePolicyEngine = "AWS::BedrockAgentCore::PolicyEngine"
	opListPolicyEngines       = "bedrock-agentcore-control:ListPolicyEngines"
	opListEnginePolicies      = "bedrock-agentcore-control:ListPolicies"
)

// agentCorePolicyEngines reads the list, which says of each engine what its
// description would, and which policies each engine has.
var agentCorePolicyEngines = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-policy-engines", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types:      []string{typeAgentCorePolicyEngine},
		Operations: []collect.Operation{agentCoreOperation(opListPolicyEngines), agentCoreOperation(opListEnginePolicies)},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListPolicyEngines,
			bedrockagentcorecontrol.NewListPolicyEnginesPaginator(api, &bedrockagentcorecontrol.ListPolicyEnginesInput{
				MaxResults: aws.Int32(agentCorePage),
			}),
			func(o *bedrockagentcorecontrol.ListPolicyEnginesOutput) []types.PolicyEngine { return o.PolicyEngines },
			typeAgentCorePolicyEngine)
		return each(ctx, t, items,
			func(e types.PolicyEngine) (string, string) {
				return typeAgentCorePolicyEngine, aws.ToString(e.PolicyEngineId)
			},
			func(ctx context.Context, b *collect.Builder, e types.PolicyEngine) {
				b.ARN(aws.ToString(e.PolicyEngineArn))
				b.Answer(opListPolicyEngines, e)
				gather(ctx, b, opListEnginePolicies,
					bedrockagentcorecontrol.NewListPoliciesPaginator(api, &bedrockagentcorecontrol.ListPoliciesInput{
						PolicyEngineId: e.PolicyEngineId, MaxResults: aws.Int32(agentCorePage),
					}),
					"Policies", policySummaries)
			})
	},
}

// policySummaries leaves out what the policies say: a definition may hold names of users,
// and no fact asks for it.
func policySummaries(o *bedrockagentcorecontrol.ListPoliciesOutput) []types.PolicySummary {
	summaries := make([]types.PolicySummary, len(o.Policies))
	for i, p := range o.Policies {
		summaries[i] = types.PolicySummary{
			Name: p.Name, PolicyArn: p.PolicyArn, PolicyEngineId: p.PolicyEngineId, PolicyId: p.PolicyId,
			Status: p.Status, EnforcementMode: p.EnforcementMode, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		}
	}
	return summaries
}
