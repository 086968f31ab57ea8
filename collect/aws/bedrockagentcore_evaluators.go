package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreEvaluator = "AWS::BedrockAgentCore::Evaluator"
	opListEvaluators       = "bedrock-agentcore-control:ListEvaluators"
)

// agentCoreEvaluators reads the account's own evaluators. Those that AWS provides are in
// every account's list and tell nothing about it.
var agentCoreEvaluators = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-evaluators", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types:      []string{typeAgentCoreEvaluator},
		Operations: []collect.Operation{agentCoreOperation(opListEvaluators)},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListEvaluators,
			bedrockagentcorecontrol.NewListEvaluatorsPaginator(api, &bedrockagentcorecontrol.ListEvaluatorsInput{
				MaxResults: aws.Int32(agentCorePage),
			}),
			func(o *bedrockagentcorecontrol.ListEvaluatorsOutput) []types.EvaluatorSummary { return o.Evaluators },
			typeAgentCoreEvaluator)
		provided := []types.EvaluatorType{types.EvaluatorTypeBuiltin, types.EvaluatorTypeThirdParty}
		items = slices.DeleteFunc(items, func(e types.EvaluatorSummary) bool { return slices.Contains(provided, e.EvaluatorType) })
		return each(ctx, t, items,
			func(e types.EvaluatorSummary) (string, string) {
				return typeAgentCoreEvaluator, aws.ToString(e.EvaluatorId)
			},
			func(_ context.Context, b *collect.Builder, e types.EvaluatorSummary) {
				b.ARN(aws.ToString(e.EvaluatorArn))
				b.Answer(opListEvaluators, e)
			})
	},
}
