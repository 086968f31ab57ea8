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
)

// agentCorePolicyEngines reads the list, which says of each engine what its
// description would.
var agentCorePolicyEngines = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-policy-engines", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types:      []string{typeAgentCorePolicyEngine},
		Operations: []collect.Operation{agentCoreOperation(opListPolicyEngines)},
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
			func(_ context.Context, b *collect.Builder, e types.PolicyEngine) {
				b.ARN(aws.ToString(e.PolicyEngineArn))
				b.Answer(opListPolicyEngines, e)
			})
	},
}
