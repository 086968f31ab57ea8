package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerModelCard = "AWS::SageMaker::ModelCard"
	opListModelCards       = "sagemaker:ListModelCards"
	opDescribeModelCard    = "sagemaker:DescribeModelCard"
)

var sagemakerModelCards = collector{
	Declaration: sagemakerDeclaration("sagemaker-model-cards", typeSageMakerModelCard, opListModelCards, opDescribeModelCard),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListModelCardsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.ModelCardSortByCreationTime, SortOrder: types.ModelCardSortOrderDescending,
		}
		items := list(ctx, t, opListModelCards, sagemaker.NewListModelCardsPaginator(api, in),
			func(o *sagemaker.ListModelCardsOutput) []types.ModelCardSummary { return o.ModelCardSummaries },
			typeSageMakerModelCard)
		return sagemakerEach(ctx, t, typeSageMakerModelCard, items,
			func(s types.ModelCardSummary) (name, arn *string) { return s.ModelCardName, s.ModelCardArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeModelCard, api.DescribeModelCard,
					&sagemaker.DescribeModelCardInput{ModelCardName: name})
			})
	},
}
