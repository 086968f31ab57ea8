package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreTarget  = "AWS::BedrockAgentCore::GatewayTarget"
	opListGatewayTargets = "bedrock-agentcore-control:ListGatewayTargets"
	opGetGatewayTarget   = "bedrock-agentcore-control:GetGatewayTarget"
)

// agentCoreTargets reads the targets of every gateway. A target is known by its id
// within its gateway only, so its own id here is both.
var agentCoreTargets = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-gateway-targets", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types: []string{typeAgentCoreTarget},
		Operations: []collect.Operation{
			agentCoreOperation(opListGateways), agentCoreOperation(opListGatewayTargets), agentCoreOperation(opGetGatewayTarget),
		},
	},
	run: collectAgentCoreTargets,
}

// gatewayTarget is a target with its gateway.
type gatewayTarget struct {
	gateway string
	types.TargetSummary
}

func collectAgentCoreTargets(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.bedrockagentcorecontrol(t.Region)
	gateways := list(ctx, t, opListGateways,
		bedrockagentcorecontrol.NewListGatewaysPaginator(api, &bedrockagentcorecontrol.ListGatewaysInput{MaxResults: aws.Int32(agentCorePage)}),
		func(o *bedrockagentcorecontrol.ListGatewaysOutput) []types.GatewaySummary { return o.Items },
		typeAgentCoreTarget)
	answers := listChildren(ctx, t, opListGatewayTargets, gateways,
		func(g types.GatewaySummary) *string { return g.GatewayId },
		func(ctx context.Context, g types.GatewaySummary) ([]types.TargetSummary, error) {
			return pages(ctx, t, opListGatewayTargets, t.Region,
				bedrockagentcorecontrol.NewListGatewayTargetsPaginator(api, &bedrockagentcorecontrol.ListGatewayTargetsInput{
					GatewayIdentifier: g.GatewayId, MaxResults: aws.Int32(agentCorePage),
				}),
				func(o *bedrockagentcorecontrol.ListGatewayTargetsOutput) []types.TargetSummary { return o.Items })
		}, typeAgentCoreTarget)
	var targets []gatewayTarget
	for _, g := range gateways {
		id := aws.ToString(g.GatewayId)
		for _, s := range answers[id].items {
			targets = append(targets, gatewayTarget{id, s})
		}
	}
	return each(ctx, t, targets,
		func(s gatewayTarget) (string, string) {
			return typeAgentCoreTarget, s.gateway + "/" + aws.ToString(s.TargetId)
		},
		func(ctx context.Context, b *collect.Builder, s gatewayTarget) {
			b.ARN(agentCoreARN(t, "gateway/"+s.gateway+"/target/"+aws.ToString(s.TargetId)))
			describe(ctx, b, opGetGatewayTarget, api.GetGatewayTarget, &bedrockagentcorecontrol.GetGatewayTargetInput{
				GatewayIdentifier: &s.gateway, TargetId: s.TargetId,
			})
		})
}

// agentCoreARN names a resource of AgentCore in the task's account and Region, for
// answers that leave the ARN out.
func agentCoreARN(t *collect.Task, resource string) string {
	return "arn:" + assize.Partition(t.Region) + ":bedrock-agentcore:" + t.Region + ":" + t.Account + ":" + resource
}
