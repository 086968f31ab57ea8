package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeModelDeployment    = "AWS::Bedrock::CustomModelDeployment"
	opListModelDeployments = "bedrock:ListCustomModelDeployments"
)

// bedrockModelDeployments reads where custom models are deployed for inference on demand. The
// list says all that matters.
var bedrockModelDeployments = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-model-deployments", Service: "bedrock", Scope: collect.Regional, Types: []string{typeModelDeployment},
		Operations: []collect.Operation{
			bedrockOperation(opListModelDeployments),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		deployments := list(ctx, t, opListModelDeployments,
			bedrock.NewListCustomModelDeploymentsPaginator(api, &bedrock.ListCustomModelDeploymentsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrock.ListCustomModelDeploymentsOutput) []types.CustomModelDeploymentSummary {
				return o.ModelDeploymentSummaries
			},
			typeModelDeployment)
		return each(ctx, t, deployments,
			func(s types.CustomModelDeploymentSummary) (string, string) {
				return typeModelDeployment, lastOf(aws.ToString(s.CustomModelDeploymentArn))
			},
			func(ctx context.Context, b *collect.Builder, s types.CustomModelDeploymentSummary) {
				b.ARN(aws.ToString(s.CustomModelDeploymentArn))
				b.Answer(opListModelDeployments, s)
				bedrockTags(ctx, b, api, s.CustomModelDeploymentArn)
			})
	},
}
