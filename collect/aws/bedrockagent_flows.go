package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
)

const (
	typeFlow          = "AWS::Bedrock::Flow"
	typeFlowAlias     = "AWS::Bedrock::FlowAlias"
	opListFlows       = "bedrock-agent:ListFlows"
	opGetFlow         = "bedrock-agent:GetFlow"
	opValidateFlow    = "bedrock-agent:ValidateFlowDefinition"
	opListFlowAliases = "bedrock-agent:ListFlowAliases"
)

// bedrockFlows reads the working draft of each flow, has its definition validated, which
// reads and changes nothing, and lists the aliases by which the flows are invoked, with the
// versions that answer.
var bedrockFlows = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-flows", Service: "bedrock-agent", Scope: collect.Regional, Types: []string{typeFlow, typeFlowAlias},
		Operations: []collect.Operation{
			bedrockOperation(opListFlows),
			bedrockOperation(opGetFlow),
			mayBeEmpty(bedrockOperation(opValidateFlow)),
			bedrockOperation(opListFlowAliases), bedrockOperation(opGetFlowVersion),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagent(t.Region)
		flows := list(ctx, t, opListFlows,
			bedrockagent.NewListFlowsPaginator(api, &bedrockagent.ListFlowsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrockagent.ListFlowsOutput) []types.FlowSummary { return o.FlowSummaries },
			typeFlow, typeFlowAlias)
		err := each(ctx, t, flows,
			func(s types.FlowSummary) (string, string) { return typeFlow, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.FlowSummary) {
				b.ARN(aws.ToString(s.Arn))
				describeFlow(ctx, b, api, s.Id)
			})
		if err != nil {
			return err
		}
		return eachFlowAlias(ctx, t, api, flows)
	},
}

// eachFlowAlias makes a record of each alias of the flows.
func eachFlowAlias(ctx context.Context, t *collect.Task, api *bedrockagent.Client, flows []types.FlowSummary) error {
	answers := listChildren(ctx, t, opListFlowAliases, flows,
		func(s types.FlowSummary) *string { return s.Id },
		func(ctx context.Context, s types.FlowSummary) ([]types.FlowAliasSummary, error) {
			p := bedrockagent.NewListFlowAliasesPaginator(api, &bedrockagent.ListFlowAliasesInput{
				FlowIdentifier: s.Id, MaxResults: aws.Int32(bedrockPage),
			})
			return pages(ctx, t, opListFlowAliases, t.Region, p,
				func(o *bedrockagent.ListFlowAliasesOutput) []types.FlowAliasSummary { return o.FlowAliasSummaries })
		}, typeFlowAlias)
	var all []types.FlowAliasSummary
	for _, s := range flows {
		all = append(all, answers[aws.ToString(s.Id)].items...)
	}
	return each(ctx, t, all,
		func(s types.FlowAliasSummary) (string, string) {
			return typeFlowAlias, aws.ToString(s.FlowId) + "|" + aws.ToString(s.Id)
		},
		func(ctx context.Context, b *collect.Builder, s types.FlowAliasSummary) {
			b.ARN(aws.ToString(s.Arn))
			b.Answer(opListFlowAliases, s)
			aliasFlowVersion(ctx, b, api, s)
		})
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
