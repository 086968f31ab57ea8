package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
)

const (
	typeFlow       = "AWS::Bedrock::Flow"
	opListFlows    = "bedrock-agent:ListFlows"
	opGetFlow      = "bedrock-agent:GetFlow"
	opValidateFlow = "bedrock-agent:ValidateFlowDefinition"
)

// bedrockFlows reads the working draft of each flow and has its definition validated,
// which reads and changes nothing.
var bedrockFlows = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-flows", Service: "bedrock-agent", Scope: collect.Regional, Types: []string{typeFlow},
		Operations: []collect.Operation{
			bedrockOperation(opListFlows),
			bedrockOperation(opGetFlow),
			mayBeEmpty(bedrockOperation(opValidateFlow)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagent(t.Region)
		flows := list(ctx, t, opListFlows,
			bedrockagent.NewListFlowsPaginator(api, &bedrockagent.ListFlowsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrockagent.ListFlowsOutput) []types.FlowSummary { return o.FlowSummaries },
			typeFlow)
		return each(ctx, t, flows,
			func(s types.FlowSummary) (string, string) { return typeFlow, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.FlowSummary) {
				b.ARN(aws.ToString(s.Arn))
				describeFlow(ctx, b, api, s.Id)
			})
	},
}

// describeFlow adds the draft and what is wrong with its definition. A flow without a
// definition has nothing to validate; of one that could not be read nothing is known.
func describeFlow(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, id *string) {
	flow, err := call(ctx, b.Task(), opGetFlow, api.GetFlow, &bedrockagent.GetFlowInput{FlowIdentifier: id})
	if err != nil {
		b.Fail(opGetFlow, err)
		b.Fail(opValidateFlow, err)
		return
	}
	b.Answer(opGetFlow, flow)
	if flow.Definition == nil {
		b.None(opValidateFlow, "no definition")
		return
	}
	describe(ctx, b, opValidateFlow, api.ValidateFlowDefinition, &bedrockagent.ValidateFlowDefinitionInput{Definition: flow.Definition})
}
