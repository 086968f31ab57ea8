package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerEndpoint = "AWS::SageMaker::Endpoint"
	opListEndpoints       = "sagemaker:ListEndpoints"
	opDescribeEndpoint    = "sagemaker:DescribeEndpoint"
)

var sagemakerEndpoints = collector{
	Declaration: sagemakerDeclaration("sagemaker-endpoints", typeSageMakerEndpoint, opListEndpoints, opDescribeEndpoint),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListEndpointsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.EndpointSortKeyCreationTime, SortOrder: types.OrderKeyDescending,
		}
		endpoints := list(ctx, t, opListEndpoints, sagemaker.NewListEndpointsPaginator(api, in),
			func(o *sagemaker.ListEndpointsOutput) []types.EndpointSummary { return o.Endpoints },
			typeSageMakerEndpoint)
		return sagemakerEach(ctx, t, typeSageMakerEndpoint, endpoints,
			func(s types.EndpointSummary) (name, arn *string) { return s.EndpointName, s.EndpointArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeEndpoint, api.DescribeEndpoint,
					&sagemaker.DescribeEndpointInput{EndpointName: name})
			})
	},
}
