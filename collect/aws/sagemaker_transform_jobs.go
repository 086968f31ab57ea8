package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerTransformJob = "AWS::SageMaker::TransformJob"
	opListTransformJobs       = "sagemaker:ListTransformJobs"
	opDescribeTransformJob    = "sagemaker:DescribeTransformJob"
)

var sagemakerTransformJobs = collector{
	Declaration: sagemakerDeclaration("sagemaker-transform-jobs", typeSageMakerTransformJob, opListTransformJobs, opDescribeTransformJob),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListTransformJobsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.SortByCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListTransformJobs, sagemaker.NewListTransformJobsPaginator(api, in),
			func(o *sagemaker.ListTransformJobsOutput) []types.TransformJobSummary { return o.TransformJobSummaries },
			typeSageMakerTransformJob)
		return sagemakerEach(ctx, t, typeSageMakerTransformJob, items,
			func(s types.TransformJobSummary) (name, arn *string) { return s.TransformJobName, s.TransformJobArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeTransformJob, api.DescribeTransformJob,
					&sagemaker.DescribeTransformJobInput{TransformJobName: name})
			})
	},
}
