package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerPipeline = "AWS::SageMaker::Pipeline"
	opListPipelines       = "sagemaker:ListPipelines"
	opDescribePipeline    = "sagemaker:DescribePipeline"
)

var sagemakerPipelines = collector{
	Declaration: sagemakerDeclaration("sagemaker-pipelines", typeSageMakerPipeline, opListPipelines, opDescribePipeline),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListPipelinesInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.SortPipelinesByCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListPipelines, sagemaker.NewListPipelinesPaginator(api, in),
			func(o *sagemaker.ListPipelinesOutput) []types.PipelineSummary { return o.PipelineSummaries },
			typeSageMakerPipeline)
		return sagemakerEach(ctx, t, typeSageMakerPipeline, items,
			func(s types.PipelineSummary) (name, arn *string) { return s.PipelineName, s.PipelineArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribePipeline, api.DescribePipeline,
					&sagemaker.DescribePipelineInput{PipelineName: name})
			})
	},
}
