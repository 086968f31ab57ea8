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
	typeCustomModel    = "AWS::Bedrock::CustomModel"
	opListCustomModels = "bedrock:ListCustomModels"
	opGetCustomModel   = "bedrock:GetCustomModel"
)

// bedrockCustomModels reads the models that were customized here or are shared with the
// account; a shared one may have the name of an own one, so the id is that of the ARN.
var bedrockCustomModels = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-custom-models", Service: "bedrock", Scope: collect.Regional, Types: []string{typeCustomModel},
		Operations: []collect.Operation{
			bedrockOperation(opListCustomModels),
			bedrockOperation(opGetCustomModel),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
			bedrockPolicyOperation,
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		models := list(ctx, t, opListCustomModels,
			bedrock.NewListCustomModelsPaginator(api, &bedrock.ListCustomModelsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrock.ListCustomModelsOutput) []types.CustomModelSummary { return o.ModelSummaries },
			typeCustomModel)
		return each(ctx, t, models,
			func(s types.CustomModelSummary) (string, string) { return typeCustomModel, customModelID(s) },
			func(ctx context.Context, b *collect.Builder, s types.CustomModelSummary) {
				b.ARN(aws.ToString(s.ModelArn))
				b.Answer(opListCustomModels, s)
				describe(ctx, b, opGetCustomModel, api.GetCustomModel, &bedrock.GetCustomModelInput{ModelIdentifier: s.ModelArn})
				bedrockTags(ctx, b, api, s.ModelArn)
				bedrockPolicy(ctx, b, api, s.ModelArn)
			})
	},
}

// customModelID is what follows custom-model/ in the ARN: the base model and an identifier.
func customModelID(s types.CustomModelSummary) string {
	arn := aws.ToString(s.ModelArn)
	if _, id, ok := strings.Cut(arn, ":custom-model/"); ok {
		return id
	}
	return arn
}
