package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreCodeInterpreter = "AWS::BedrockAgentCore::CodeInterpreterCustom"
	opListCodeInterpreters       = "bedrock-agentcore-control:ListCodeInterpreters"
	opGetCodeInterpreter         = "bedrock-agentcore-control:GetCodeInterpreter"
)

// agentCoreCodeInterpreters reads the custom code interpreters; the one that AWS provides has no settings.
var agentCoreCodeInterpreters = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-code-interpreters", typeAgentCoreCodeInterpreter, opListCodeInterpreters, opGetCodeInterpreter),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListCodeInterpreters,
			bedrockagentcorecontrol.NewListCodeInterpretersPaginator(api, &bedrockagentcorecontrol.ListCodeInterpretersInput{
				MaxResults: aws.Int32(agentCorePage), Type: types.ResourceTypeCustom,
			}),
			func(o *bedrockagentcorecontrol.ListCodeInterpretersOutput) []types.CodeInterpreterSummary {
				return o.CodeInterpreterSummaries
			},
			typeAgentCoreCodeInterpreter)
		return each(ctx, t, items,
			func(s types.CodeInterpreterSummary) (string, string) {
				return typeAgentCoreCodeInterpreter, aws.ToString(s.CodeInterpreterId)
			},
			func(ctx context.Context, b *collect.Builder, s types.CodeInterpreterSummary) {
				b.ARN(aws.ToString(s.CodeInterpreterArn))
				describe(ctx, b, opGetCodeInterpreter, api.GetCodeInterpreter, &bedrockagentcorecontrol.GetCodeInterpreterInput{CodeInterpreterId: s.CodeInterpreterId})
			})
	},
}
