package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

const (
	typeDBCluster        = "AWS::RDS::DBCluster"
	opDescribeDBClusters = "rds:DescribeDBClusters"

	rdsPage = 100
)

// notOfRDS are the engines whose clusters the API of RDS lists and that are services
// of their own.
var notOfRDS = []string{"neptune", "docdb"}

var rdsClusters = collector{
	Declaration: collect.Declaration{
		Name: "rds-clusters", Service: "rds", Scope: collect.Regional, Types: []string{typeDBCluster},
		Operations: []collect.Operation{{Name: opDescribeDBClusters, Actions: []string{opDescribeDBClusters}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &rds.DescribeDBClustersInput{MaxRecords: aws.Int32(rdsPage)}
		clusters := list(ctx, t, opDescribeDBClusters, rds.NewDescribeDBClustersPaginator(c.rds(t.Region), in),
			func(o *rds.DescribeDBClustersOutput) []types.DBCluster {
				return slices.DeleteFunc(o.DBClusters, func(x types.DBCluster) bool { return slices.Contains(notOfRDS, aws.ToString(x.Engine)) })
			}, typeDBCluster)
		key := func(x types.DBCluster) (string, string) { return typeDBCluster, aws.ToString(x.DBClusterIdentifier) }
		return each(ctx, t, clusters, key, func(_ context.Context, b *collect.Builder, x types.DBCluster) {
			b.ARN(aws.ToString(x.DBClusterArn))
			b.Answer(opDescribeDBClusters, x)
		})
	},
}

func (c *clients) rds(region string) *rds.Client {
	return client(c, "rds", region, func(cfg aws.Config) *rds.Client {
		return rds.NewFromConfig(cfg, func(o *rds.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}
