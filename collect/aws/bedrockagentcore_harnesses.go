package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreHarness = "AWS::BedrockAgentCore::Harness"
	opListHarnesses      = "bedrock-agentcore-control:ListHarnesses"
	opGetHarness         = "bedrock-agentcore-control:GetHarness"
)

// agentCoreHarnesses reads the agents that AgentCore runs from a description: model, tools, memory, role.
var agentCoreHarnesses = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-harnesses", typeAgentCoreHarness, opListHarnesses, opGetHarness),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListHarnesses,
			bedrockagentcorecontrol.NewListHarnessesPaginator(api, &bedrockagentcorecontrol.ListHarnessesInput{MaxResults: aws.Int32(agentCorePage)}),
			func(o *bedrockagentcorecontrol.ListHarnessesOutput) []types.HarnessSummary { return o.Harnesses },
			typeAgentCoreHarness)
		return each(ctx, t, items,
			func(s types.HarnessSummary) (string, string) { return typeAgentCoreHarness, aws.ToString(s.HarnessId) },
			func(ctx context.Context, b *collect.Builder, s types.HarnessSummary) {
				b.ARN(aws.ToString(s.Arn))
				describe(ctx, b, opGetHarness, api.GetHarness, &bedrockagentcorecontrol.GetHarnessInput{HarnessId: s.HarnessId})
			})
	},
}
