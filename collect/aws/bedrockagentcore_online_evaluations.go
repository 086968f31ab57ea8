package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreOnlineEvaluation = "AWS::BedrockAgentCore::OnlineEvaluationConfig"
	opListOnlineEvaluations       = "bedrock-agentcore-control:ListOnlineEvaluationConfigs"
	opGetOnlineEvaluation         = "bedrock-agentcore-control:GetOnlineEvaluationConfig"
)

// agentCoreOnlineEvaluations reads what lets evaluators judge agents while they work.
var agentCoreOnlineEvaluations = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-online-evaluations", typeAgentCoreOnlineEvaluation, opListOnlineEvaluations, opGetOnlineEvaluation),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListOnlineEvaluations,
			bedrockagentcorecontrol.NewListOnlineEvaluationConfigsPaginator(api, &bedrockagentcorecontrol.ListOnlineEvaluationConfigsInput{
				MaxResults: aws.Int32(agentCorePage),
			}),
			func(o *bedrockagentcorecontrol.ListOnlineEvaluationConfigsOutput) []types.OnlineEvaluationConfigSummary {
				return o.OnlineEvaluationConfigs
			},
			typeAgentCoreOnlineEvaluation)
		return each(ctx, t, items,
			func(s types.OnlineEvaluationConfigSummary) (string, string) {
				return typeAgentCoreOnlineEvaluation, aws.ToString(s.OnlineEvaluationConfigId)
			},
			func(ctx context.Context, b *collect.Builder, s types.OnlineEvaluationConfigSummary) {
				b.ARN(aws.ToString(s.OnlineEvaluationConfigArn))
				describe(ctx, b, opGetOnlineEvaluation, api.GetOnlineEvaluationConfig,
					&bedrockagentcorecontrol.GetOnlineEvaluationConfigInput{OnlineEvaluationConfigId: s.OnlineEvaluationConfigId})
			})
	},
}
