package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerEndpointConfig = "AWS::SageMaker::EndpointConfig"
	opListEndpointConfigs       = "sagemaker:ListEndpointConfigs"
	opDescribeEndpointConfig    = "sagemaker:DescribeEndpointConfig"
)

var sagemakerEndpointConfigs = collector{
	Declaration: sagemakerDeclaration("sagemaker-endpoint-configs", typeSageMakerEndpointConfig, opListEndpointConfigs, opDescribeEndpointConfig),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListEndpointConfigsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.EndpointConfigSortKeyCreationTime, SortOrder: types.OrderKeyDescending,
		}
		configs := list(ctx, t, opListEndpointConfigs, sagemaker.NewListEndpointConfigsPaginator(api, in),
			func(o *sagemaker.ListEndpointConfigsOutput) []types.EndpointConfigSummary { return o.EndpointConfigs },
			typeSageMakerEndpointConfig)
		return sagemakerEach(ctx, t, typeSageMakerEndpointConfig, configs,
			func(s types.EndpointConfigSummary) (name, arn *string) {
				return s.EndpointConfigName, s.EndpointConfigArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeEndpointConfig, api.DescribeEndpointConfig,
					&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: name})
			})
	},
}
