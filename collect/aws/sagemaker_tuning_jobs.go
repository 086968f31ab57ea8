package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerTuningJob = "AWS::SageMaker::HyperParameterTuningJob"
	opListTuningJobs       = "sagemaker:ListHyperParameterTuningJobs"
	opDescribeTuningJob    = "sagemaker:DescribeHyperParameterTuningJob"
)

var sagemakerTuningJobs = collector{
	Declaration: sagemakerDeclaration("sagemaker-tuning-jobs", typeSageMakerTuningJob, opListTuningJobs, opDescribeTuningJob),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListHyperParameterTuningJobsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.HyperParameterTuningJobSortByOptionsCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListTuningJobs, sagemaker.NewListHyperParameterTuningJobsPaginator(api, in),
			func(o *sagemaker.ListHyperParameterTuningJobsOutput) []types.HyperParameterTuningJobSummary {
				return o.HyperParameterTuningJobSummaries
			},
			typeSageMakerTuningJob)
		return sagemakerEach(ctx, t, typeSageMakerTuningJob, items,
			func(s types.HyperParameterTuningJobSummary) (name, arn *string) {
				return s.HyperParameterTuningJobName, s.HyperParameterTuningJobArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeTuningJob, api.DescribeHyperParameterTuningJob,
					&sagemaker.DescribeHyperParameterTuningJobInput{HyperParameterTuningJobName: name})
			})
	},
}
