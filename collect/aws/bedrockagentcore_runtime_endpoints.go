package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreEndpoint = "AWS::BedrockAgentCore::RuntimeEndpoint"
	opListRuntimeEndpoint = "bedrock-agentcore-control:ListAgentRuntimeEndpoints"
)

// agentCoreEndpoints reads the endpoints of every runtime from their lists. Endpoints
// have names that are unique within their runtime, so the id here holds both.
var agentCoreEndpoints = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-runtime-endpoints", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types:      []string{typeAgentCoreEndpoint},
		Operations: []collect.Operation{agentCoreOperation(opListAgentRuntimes), agentCoreOperation(opListRuntimeEndpoint)},
	},
	run: collectAgentCoreEndpoints,
}

// runtimeEndpoint is an endpoint with its runtime.
type runtimeEndpoint struct {
	runtime string
	types.AgentRuntimeEndpoint
}

func collectAgentCoreEndpoints(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.bedrockagentcorecontrol(t.Region)
	runtimes := list(ctx, t, opListAgentRuntimes,
		bedrockagentcorecontrol.NewListAgentRuntimesPaginator(api, &bedrockagentcorecontrol.ListAgentRuntimesInput{MaxResults: aws.Int32(agentCorePage)}),
		func(o *bedrockagentcorecontrol.ListAgentRuntimesOutput) []types.AgentRuntime { return o.AgentRuntimes },
		typeAgentCoreEndpoint)
	answers := listChildren(ctx, t, opListRuntimeEndpoint, runtimes,
		func(r types.AgentRuntime) *string { return r.AgentRuntimeId },
		func(ctx context.Context, r types.AgentRuntime) ([]types.AgentRuntimeEndpoint, error) {
			return pages(ctx, t, opListRuntimeEndpoint, t.Region,
				bedrockagentcorecontrol.NewListAgentRuntimeEndpointsPaginator(api, &bedrockagentcorecontrol.ListAgentRuntimeEndpointsInput{
					AgentRuntimeId: r.AgentRuntimeId, MaxResults: aws.Int32(agentCorePage),
				}),
				func(o *bedrockagentcorecontrol.ListAgentRuntimeEndpointsOutput) []types.AgentRuntimeEndpoint {
					return o.RuntimeEndpoints
				})
		}, typeAgentCoreEndpoint)
	var endpoints []runtimeEndpoint
	for _, r := range runtimes {
		id := aws.ToString(r.AgentRuntimeId)
		for _, e := range answers[id].items {
			endpoints = append(endpoints, runtimeEndpoint{id, e})
		}
	}
	return each(ctx, t, endpoints,
		func(e runtimeEndpoint) (string, string) {
			return typeAgentCoreEndpoint, e.runtime + "/" + aws.ToString(e.Name)
		},
		func(_ context.Context, b *collect.Builder, e runtimeEndpoint) {
			b.ARN(aws.ToString(e.AgentRuntimeEndpointArn))
			b.Answer(opListRuntimeEndpoint, e.AgentRuntimeEndpoint)
		})
}
