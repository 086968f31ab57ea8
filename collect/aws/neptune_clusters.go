package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/neptune"
	"github.com/aws/aws-sdk-go-v2/service/neptune/types"
)

const (
	typeNeptuneCluster        = "AWS::Neptune::DBCluster"
	opDescribeNeptuneClusters = "neptune:DescribeDBClusters"
	opListNeptuneTags         = "neptune:ListTagsForResource"

	engineNeptune = "neptune"
)

// neptuneClusters reads by way of the API that Neptune shares with RDS, whose actions
// a caller needs; clusters of other engines are left to their collectors.
var neptuneClusters = collector{
	Declaration: collect.Declaration{
		Name: "neptune-clusters", Service: "neptune", Scope: collect.Regional, Types: []string{typeNeptuneCluster},
		Operations: []collect.Operation{
			{Name: opDescribeNeptuneClusters, Actions: []string{opDescribeDBClusters}, MayBeEmpty: true},
			{Name: opListNeptuneTags, Actions: []string{"rds:ListTagsForResource"}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.neptune(t.Region)
		in := &neptune.DescribeDBClustersInput{
			MaxRecords: aws.Int32(rdsPage), Filters: []types.Filter{{Name: aws.String("engine"), Values: []string{engineNeptune}}},
		}
		clusters := list(ctx, t, opDescribeNeptuneClusters, neptune.NewDescribeDBClustersPaginator(api, in),
			func(o *neptune.DescribeDBClustersOutput) []types.DBCluster {
				return slices.DeleteFunc(o.DBClusters, func(x types.DBCluster) bool { return aws.ToString(x.Engine) != engineNeptune })
			}, typeNeptuneCluster)
		key := func(x types.DBCluster) (string, string) {
			return typeNeptuneCluster, aws.ToString(x.DBClusterIdentifier)
		}
		return each(ctx, t, clusters, key, func(ctx context.Context, b *collect.Builder, x types.DBCluster) {
			b.ARN(aws.ToString(x.DBClusterArn))
			b.Answer(opDescribeNeptuneClusters, x)
			describe(ctx, b, opListNeptuneTags, api.ListTagsForResource, &neptune.ListTagsForResourceInput{ResourceName: x.DBClusterArn})
		})
	},
}

func (c *clients) neptune(region string) *neptune.Client {
	return client(c, "neptune", region, func(cfg aws.Config) *neptune.Client {
		return neptune.NewFromConfig(cfg, func(o *neptune.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}
