package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerModel = "AWS::SageMaker::Model"
	opListModels       = "sagemaker:ListModels"
	opDescribeModel    = "sagemaker:DescribeModel"
)

var sagemakerModels = collector{
	Declaration: sagemakerDeclaration("sagemaker-models", typeSageMakerModel, opListModels, opDescribeModel),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListModelsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.ModelSortKeyCreationTime, SortOrder: types.OrderKeyDescending,
		}
		models := list(ctx, t, opListModels, sagemaker.NewListModelsPaginator(api, in),
			func(o *sagemaker.ListModelsOutput) []types.ModelSummary { return o.Models },
			typeSageMakerModel)
		return sagemakerEach(ctx, t, typeSageMakerModel, models,
			func(s types.ModelSummary) (name, arn *string) { return s.ModelName, s.ModelArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeModel, api.DescribeModel,
					&sagemaker.DescribeModelInput{ModelName: name})
			})
	},
}
