package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeFoundationModel    = "AWS::Bedrock::FoundationModel"
	opListFoundationModels = "bedrock:ListFoundationModels"
)

// bedrockFoundationModels reads the models on offer in the Region. The list says all that
// a description would.
var bedrockFoundationModels = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-foundation-models", Service: "bedrock", Scope: collect.Regional, Types: []string{typeFoundationModel},
		Operations: []collect.Operation{bedrockOperation(opListFoundationModels)},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		models := listOnce(ctx, t, opListFoundationModels, api.ListFoundationModels, &bedrock.ListFoundationModelsInput{},
			func(o *bedrock.ListFoundationModelsOutput) []types.FoundationModelSummary { return o.ModelSummaries },
			typeFoundationModel)
		return each(ctx, t, models,
			func(s types.FoundationModelSummary) (string, string) {
				return typeFoundationModel, aws.ToString(s.ModelId)
			},
			func(_ context.Context, b *collect.Builder, s types.FoundationModelSummary) {
				b.ARN(aws.ToString(s.ModelArn))
				b.Answer(opListFoundationModels, s)
			})
	},
}
