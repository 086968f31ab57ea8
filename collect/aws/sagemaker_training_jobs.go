package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerTrainingJob = "AWS::SageMaker::TrainingJob"
	opListTrainingJobs       = "sagemaker:ListTrainingJobs"
	opDescribeTrainingJob    = "sagemaker:DescribeTrainingJob"
)

// sagemakerTrainingJobs lists the newest jobs first: jobs are never deleted, an
// account may have tens of thousands, and what the item budget leaves out should be
// the oldest.
var sagemakerTrainingJobs = collector{
	Declaration: sagemakerDeclaration("sagemaker-training-jobs", typeSageMakerTrainingJob, opListTrainingJobs, opDescribeTrainingJob),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListTrainingJobsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.SortByCreationTime, SortOrder: types.SortOrderDescending,
		}
		jobs := list(ctx, t, opListTrainingJobs, sagemaker.NewListTrainingJobsPaginator(api, in),
			func(o *sagemaker.ListTrainingJobsOutput) []types.TrainingJobSummary { return o.TrainingJobSummaries },
			typeSageMakerTrainingJob)
		return sagemakerEach(ctx, t, typeSageMakerTrainingJob, jobs,
			func(s types.TrainingJobSummary) (name, arn *string) { return s.TrainingJobName, s.TrainingJobArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeTrainingJob, describeTrainingJob(api),
					&sagemaker.DescribeTrainingJobInput{TrainingJobName: name})
			})
	},
}
