package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreMemory = "AWS::BedrockAgentCore::Memory"
	opListMemories      = "bedrock-agentcore-control:ListMemories"
	opGetMemory         = "bedrock-agentcore-control:GetMemory"
)

// agentCoreMemories reads each memory with its strategies, not what it remembers.
var agentCoreMemories = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-memories", typeAgentCoreMemory, opListMemories, opGetMemory),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListMemories,
			bedrockagentcorecontrol.NewListMemoriesPaginator(api, &bedrockagentcorecontrol.ListMemoriesInput{
				MaxResults: aws.Int32(agentCorePage),
			}),
			func(o *bedrockagentcorecontrol.ListMemoriesOutput) []types.MemorySummary { return o.Memories },
			typeAgentCoreMemory)
		return each(ctx, t, items,
			func(s types.MemorySummary) (string, string) { return typeAgentCoreMemory, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.MemorySummary) {
				b.ARN(aws.ToString(s.Arn))
				describe(ctx, b, opGetMemory, api.GetMemory, &bedrockagentcorecontrol.GetMemoryInput{MemoryId: s.Id})
			})
	},
}
