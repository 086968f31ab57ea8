package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeInferenceProfile    = "AWS::Bedrock::ApplicationInferenceProfile"
	opListInferenceProfiles = "bedrock:ListInferenceProfiles"
)

// bedrockInferenceProfiles reads the inference profiles that the account made. The list
// says all that a description would. Those that Bedrock defines are the same in every
// account and not asked for.
var bedrockInferenceProfiles = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-inference-profiles", Service: "bedrock", Scope: collect.Regional, Types: []string{typeInferenceProfile},
		Operations: []collect.Operation{
			bedrockOperation(opListInferenceProfiles),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		profiles := list(ctx, t, opListInferenceProfiles,
			bedrock.NewListInferenceProfilesPaginator(api, &bedrock.ListInferenceProfilesInput{
				MaxResults: aws.Int32(bedrockPage), TypeEquals: types.InferenceProfileTypeApplication,
			}),
			func(o *bedrock.ListInferenceProfilesOutput) []types.InferenceProfileSummary {
				return o.InferenceProfileSummaries
			},
			typeInferenceProfile)
		return each(ctx, t, profiles,
			func(s types.InferenceProfileSummary) (string, string) {
				return typeInferenceProfile, aws.ToString(s.InferenceProfileId)
			},
			func(ctx context.Context, b *collect.Builder, s types.InferenceProfileSummary) {
				b.ARN(aws.ToString(s.InferenceProfileArn))
				b.Answer(opListInferenceProfiles, s)
				bedrockTags(ctx, b, api, s.InferenceProfileArn)
			})
	},
}
