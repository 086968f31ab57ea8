package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeProvisionedThroughput    = "AWS::Bedrock::ProvisionedModelThroughput"
	opListProvisionedThroughputs = "bedrock:ListProvisionedModelThroughputs"
)

// bedrockProvisionedThroughputs reads the throughput that was bought. The list says all
// that matters; a description would add why one failed.
var bedrockProvisionedThroughputs = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-provisioned-throughputs", Service: "bedrock", Scope: collect.Regional, Types: []string{typeProvisionedThroughput},
		Operations: []collect.Operation{
			bedrockOperation(opListProvisionedThroughputs),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		bought := list(ctx, t, opListProvisionedThroughputs,
			bedrock.NewListProvisionedModelThroughputsPaginator(api, &bedrock.ListProvisionedModelThroughputsInput{
				MaxResults: aws.Int32(bedrockPage),
			}),
			func(o *bedrock.ListProvisionedModelThroughputsOutput) []types.ProvisionedModelSummary {
				return o.ProvisionedModelSummaries
			},
			typeProvisionedThroughput)
		return each(ctx, t, bought,
			func(s types.ProvisionedModelSummary) (string, string) {
				return typeProvisionedThroughput, lastOf(aws.ToString(s.ProvisionedModelArn))
			},
			func(ctx context.Context, b *collect.Builder, s types.ProvisionedModelSummary) {
				b.ARN(aws.ToString(s.ProvisionedModelArn))
				b.Answer(opListProvisionedThroughputs, s)
				bedrockTags(ctx, b, api, s.ProvisionedModelArn)
			})
	},
}
