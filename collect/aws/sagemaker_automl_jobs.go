package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerAutoMLJob = "AWS::SageMaker::AutoMLJob"
	opListAutoMLJobs       = "sagemaker:ListAutoMLJobs"
	opDescribeAutoMLJob    = "sagemaker:DescribeAutoMLJobV2"
)

// sagemakerAutoMLJobs asks the second version of the description, which knows the
// jobs of both.
var sagemakerAutoMLJobs = collector{
	Declaration: sagemakerDeclaration("sagemaker-automl-jobs", typeSageMakerAutoMLJob, opListAutoMLJobs, opDescribeAutoMLJob),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListAutoMLJobsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.AutoMLSortByCreationTime, SortOrder: types.AutoMLSortOrderDescending,
		}
		items := list(ctx, t, opListAutoMLJobs, sagemaker.NewListAutoMLJobsPaginator(api, in),
			func(o *sagemaker.ListAutoMLJobsOutput) []types.AutoMLJobSummary { return o.AutoMLJobSummaries },
			typeSageMakerAutoMLJob)
		return sagemakerEach(ctx, t, typeSageMakerAutoMLJob, items,
			func(s types.AutoMLJobSummary) (name, arn *string) { return s.AutoMLJobName, s.AutoMLJobArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeAutoMLJob, api.DescribeAutoMLJobV2,
					&sagemaker.DescribeAutoMLJobV2Input{AutoMLJobName: name})
			})
	},
}
