package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeCustomizationJob    = "AWS::Bedrock::ModelCustomizationJob"
	opListCustomizationJobs = "bedrock:ListModelCustomizationJobs"
	opGetCustomizationJob   = "bedrock:GetModelCustomizationJob"
)

// bedrockCustomizationJobs reads the jobs that trained or are training custom models.
// Names need not be unique over time, so the id is that of the ARN.
var bedrockCustomizationJobs = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-customization-jobs", Service: "bedrock", Scope: collect.Regional, Types: []string{typeCustomizationJob},
		Operations: []collect.Operation{
			bedrockOperation(opListCustomizationJobs),
			bedrockOperation(opGetCustomizationJob),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		jobs := list(ctx, t, opListCustomizationJobs,
			bedrock.NewListModelCustomizationJobsPaginator(api, &bedrock.ListModelCustomizationJobsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrock.ListModelCustomizationJobsOutput) []types.ModelCustomizationJobSummary {
				return o.ModelCustomizationJobSummaries
			},
			typeCustomizationJob)
		return each(ctx, t, jobs,
			func(s types.ModelCustomizationJobSummary) (string, string) {
				return typeCustomizationJob, lastOf(aws.ToString(s.JobArn))
			},
			func(ctx context.Context, b *collect.Builder, s types.ModelCustomizationJobSummary) {
				b.ARN(aws.ToString(s.JobArn))
				describe(ctx, b, opGetCustomizationJob, api.GetModelCustomizationJob, &bedrock.GetModelCustomizationJobInput{JobIdentifier: s.JobArn})
			})
	},
}
