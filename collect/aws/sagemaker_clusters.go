package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerCluster = "AWS::SageMaker::Cluster"
	opListClusters       = "sagemaker:ListClusters"
	opDescribeCluster    = "sagemaker:DescribeCluster"
)

var sagemakerClusters = collector{
	Declaration: sagemakerDeclaration("sagemaker-clusters", typeSageMakerCluster, opListClusters, opDescribeCluster),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListClustersInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.ClusterSortByCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListClusters, sagemaker.NewListClustersPaginator(api, in),
			func(o *sagemaker.ListClustersOutput) []types.ClusterSummary { return o.ClusterSummaries },
			typeSageMakerCluster)
		return sagemakerEach(ctx, t, typeSageMakerCluster, items,
			func(s types.ClusterSummary) (name, arn *string) { return s.ClusterName, s.ClusterArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeCluster, api.DescribeCluster,
					&sagemaker.DescribeClusterInput{ClusterName: name})
			})
	},
}
