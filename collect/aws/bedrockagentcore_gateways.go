package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreGateway = "AWS::BedrockAgentCore::Gateway"
	opListGateways       = "bedrock-agentcore-control:ListGateways"
	opGetGateway         = "bedrock-agentcore-control:GetGateway"
)

// agentCoreGateways reads each gateway. Its list leaves the ARN out.
var agentCoreGateways = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-gateways", typeAgentCoreGateway, opListGateways, opGetGateway, agentCorePolicyOperation),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListGateways,
			bedrockagentcorecontrol.NewListGatewaysPaginator(api, &bedrockagentcorecontrol.ListGatewaysInput{
				MaxResults: aws.Int32(agentCorePage),
			}),
			func(o *bedrockagentcorecontrol.ListGatewaysOutput) []types.GatewaySummary { return o.Items },
			typeAgentCoreGateway)
		return each(ctx, t, items,
			func(s types.GatewaySummary) (string, string) { return typeAgentCoreGateway, aws.ToString(s.GatewayId) },
			func(ctx context.Context, b *collect.Builder, s types.GatewaySummary) {
				out := describe(ctx, b, opGetGateway, api.GetGateway, &bedrockagentcorecontrol.GetGatewayInput{GatewayIdentifier: s.GatewayId})
				arn := agentCoreARN(t, "gateway/"+aws.ToString(s.GatewayId))
				if out != nil {
					arn = aws.ToString(out.GatewayArn)
				}
				b.ARN(arn)
				agentCorePolicy(ctx, b, api, &arn)
			})
	},
}
