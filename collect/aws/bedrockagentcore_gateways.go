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

// agentCoreGateways reads each gateway; only its description gives the ARN.
var agentCoreGateways = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-gateways", typeAgentCoreGateway, opListGateways, opGetGateway),
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
				if out != nil {
					b.ARN(aws.ToString(out.GatewayArn))
				}
			})
	},
}
