package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const typeSystemProfile = "AWS::Bedrock::InferenceProfile"

// bedrockSystemProfiles reads the inference profiles that Bedrock defines: who calls one needs
// rights on the model in every Region that it leads to.
var bedrockSystemProfiles = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-system-profiles", Service: "bedrock", Scope: collect.Regional, Types: []string{typeSystemProfile},
		Operations: []collect.Operation{bedrockOperation(opListInferenceProfiles)},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		profiles := list(ctx, t, opListInferenceProfiles,
			bedrock.NewListInferenceProfilesPaginator(c.bedrock(t.Region), &bedrock.ListInferenceProfilesInput{
				MaxResults: aws.Int32(bedrockPage), TypeEquals: types.InferenceProfileTypeSystemDefined,
			}),
			func(o *bedrock.ListInferenceProfilesOutput) []types.InferenceProfileSummary {
				return o.InferenceProfileSummaries
			},
			typeSystemProfile)
		return each(ctx, t, profiles,
			func(s types.InferenceProfileSummary) (string, string) {
				return typeSystemProfile, aws.ToString(s.InferenceProfileId)
			},
			func(_ context.Context, b *collect.Builder, s types.InferenceProfileSummary) {
				b.ARN(aws.ToString(s.InferenceProfileArn))
				b.Answer(opListInferenceProfiles, s)
			})
	},
}
