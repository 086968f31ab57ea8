package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
)

const (
	typeEKSCluster       = "AWS::EKS::Cluster"
	opListEKSClusters    = "eks:ListClusters"
	opDescribeEKSCluster = "eks:DescribeCluster"

	eksPage = 100
)

var eksClusters = collector{
	Declaration: collect.Declaration{
		Name: "eks-clusters", Service: "eks", Scope: collect.Regional, Types: []string{typeEKSCluster},
		Operations: []collect.Operation{
			{Name: opListEKSClusters, Actions: []string{opListEKSClusters}, MayBeEmpty: true},
			{Name: opDescribeEKSCluster, Actions: []string{opDescribeEKSCluster}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.eks(t.Region)
		names := list(ctx, t, opListEKSClusters, eks.NewListClustersPaginator(api, &eks.ListClustersInput{MaxResults: aws.Int32(eksPage)}),
			func(o *eks.ListClustersOutput) []string { return o.Clusters }, typeEKSCluster)
		key := func(name string) (string, string) { return typeEKSCluster, name }
		return each(ctx, t, names, key, func(ctx context.Context, b *collect.Builder, name string) {
			out := describe(ctx, b, opDescribeEKSCluster, api.DescribeCluster, &eks.DescribeClusterInput{Name: &name})
			if out != nil && out.Cluster != nil {
				b.ARN(aws.ToString(out.Cluster.Arn))
			}
		})
	},
}

func (c *clients) eks(region string) *eks.Client {
	return client(c, "eks", region, func(cfg aws.Config) *eks.Client { return eks.NewFromConfig(cfg) })
}
