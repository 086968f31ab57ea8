package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerCompilationJob = "AWS::SageMaker::CompilationJob"
	opListCompilationJobs       = "sagemaker:ListCompilationJobs"
	opDescribeCompilationJob    = "sagemaker:DescribeCompilationJob"
)

var sagemakerCompilationJobs = collector{
	Declaration: sagemakerDeclaration("sagemaker-compilation-jobs", typeSageMakerCompilationJob, opListCompilationJobs, opDescribeCompilationJob),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListCompilationJobsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.ListCompilationJobsSortByCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListCompilationJobs, sagemaker.NewListCompilationJobsPaginator(api, in),
			func(o *sagemaker.ListCompilationJobsOutput) []types.CompilationJobSummary {
				return o.CompilationJobSummaries
			},
			typeSageMakerCompilationJob)
		return sagemakerEach(ctx, t, typeSageMakerCompilationJob, items,
			func(s types.CompilationJobSummary) (name, arn *string) {
				return s.CompilationJobName, s.CompilationJobArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeCompilationJob, api.DescribeCompilationJob,
					&sagemaker.DescribeCompilationJobInput{CompilationJobName: name})
			})
	},
}
