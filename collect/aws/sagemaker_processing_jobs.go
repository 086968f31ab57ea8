package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerProcessingJob = "AWS::SageMaker::ProcessingJob"
	opListProcessingJobs       = "sagemaker:ListProcessingJobs"
	opDescribeProcessingJob    = "sagemaker:DescribeProcessingJob"
)

// sagemakerProcessingJobs lists the newest first, as with training jobs. The runs of
// monitoring schedules are among them.
var sagemakerProcessingJobs = collector{
	Declaration: sagemakerDeclaration("sagemaker-processing-jobs", typeSageMakerProcessingJob, opListProcessingJobs, opDescribeProcessingJob),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListProcessingJobsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.SortByCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListProcessingJobs, sagemaker.NewListProcessingJobsPaginator(api, in),
			func(o *sagemaker.ListProcessingJobsOutput) []types.ProcessingJobSummary {
				return o.ProcessingJobSummaries
			},
			typeSageMakerProcessingJob)
		return sagemakerEach(ctx, t, typeSageMakerProcessingJob, items,
			func(s types.ProcessingJobSummary) (name, arn *string) { return s.ProcessingJobName, s.ProcessingJobArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeProcessingJob, describeProcessingJob(api),
					&sagemaker.DescribeProcessingJobInput{ProcessingJobName: name})
			})
	},
}
