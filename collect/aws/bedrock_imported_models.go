package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeImportedModel    = "AWS::Bedrock::ImportedModel"
	opListImportedModels = "bedrock:ListImportedModels"
	opGetImportedModel   = "bedrock:GetImportedModel"
)

// bedrockImportedModels reads the models whose weights were brought from elsewhere.
var bedrockImportedModels = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-imported-models", Service: "bedrock", Scope: collect.Regional, Types: []string{typeImportedModel},
		Operations: []collect.Operation{
			bedrockOperation(opListImportedModels),
			bedrockOperation(opGetImportedModel),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		models := list(ctx, t, opListImportedModels,
			bedrock.NewListImportedModelsPaginator(api, &bedrock.ListImportedModelsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrock.ListImportedModelsOutput) []types.ImportedModelSummary { return o.ModelSummaries },
			typeImportedModel)
		return each(ctx, t, models,
			func(s types.ImportedModelSummary) (string, string) {
				return typeImportedModel, lastOf(aws.ToString(s.ModelArn))
			},
			func(ctx context.Context, b *collect.Builder, s types.ImportedModelSummary) {
				b.ARN(aws.ToString(s.ModelArn))
				describe(ctx, b, opGetImportedModel, api.GetImportedModel, &bedrock.GetImportedModelInput{ModelIdentifier: s.ModelArn})
			})
	},
}

// lastOf is the identifier at the end of an ARN.
func lastOf(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
