package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerAppImageConfig = "AWS::SageMaker::AppImageConfig"
	opListAppImageConfigs       = "sagemaker:ListAppImageConfigs"
	opDescribeAppImageConfig    = "sagemaker:DescribeAppImageConfig"
)

var sagemakerAppImageConfigs = collector{
	Declaration: sagemakerTagged(sagemakerDeclaration("sagemaker-app-image-configs", typeSageMakerAppImageConfig, opListAppImageConfigs, opDescribeAppImageConfig)),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListAppImageConfigsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.AppImageConfigSortKeyCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListAppImageConfigs, sagemaker.NewListAppImageConfigsPaginator(api, in),
			func(o *sagemaker.ListAppImageConfigsOutput) []types.AppImageConfigDetails { return o.AppImageConfigs },
			typeSageMakerAppImageConfig)
		return sagemakerEachTagged(ctx, t, api, typeSageMakerAppImageConfig, items,
			func(s types.AppImageConfigDetails) (name, arn *string) {
				return s.AppImageConfigName, s.AppImageConfigArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeAppImageConfig, api.DescribeAppImageConfig,
					&sagemaker.DescribeAppImageConfigInput{AppImageConfigName: name})
			})
	},
}
