package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreRuntime = "AWS::BedrockAgentCore::Runtime"
	opListAgentRuntimes  = "bedrock-agentcore-control:ListAgentRuntimes"
	opGetAgentRuntime    = "bedrock-agentcore-control:GetAgentRuntime"
)

// agentCoreRuntimes reads each runtime in its latest version.
var agentCoreRuntimes = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-runtimes", typeAgentCoreRuntime, opListAgentRuntimes, opGetAgentRuntime, agentCorePolicyOperation),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListAgentRuntimes,
			bedrockagentcorecontrol.NewListAgentRuntimesPaginator(api, &bedrockagentcorecontrol.ListAgentRuntimesInput{
				MaxResults: aws.Int32(agentCorePage),
			}),
			func(o *bedrockagentcorecontrol.ListAgentRuntimesOutput) []types.AgentRuntime { return o.AgentRuntimes },
			typeAgentCoreRuntime)
		return each(ctx, t, items,
			func(s types.AgentRuntime) (string, string) {
				return typeAgentCoreRuntime, aws.ToString(s.AgentRuntimeId)
			},
			func(ctx context.Context, b *collect.Builder, s types.AgentRuntime) {
				b.ARN(aws.ToString(s.AgentRuntimeArn))
				describe(ctx, b, opGetAgentRuntime, api.GetAgentRuntime, &bedrockagentcorecontrol.GetAgentRuntimeInput{AgentRuntimeId: s.AgentRuntimeId})
				agentCorePolicy(ctx, b, api, s.AgentRuntimeArn)
			})
	},
}
