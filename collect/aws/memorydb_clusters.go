package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/memorydb"
	"github.com/aws/aws-sdk-go-v2/service/memorydb/types"
)

const (
	typeMemoryDB               = "AWS::MemoryDB::Cluster"
	opDescribeMemoryDBClusters = "memorydb:DescribeClusters"
	opListMemoryDBTags         = "memorydb:ListTags"

	memoryDBPage = 100
)

var memorydbClusters = collector{
	Declaration: collect.Declaration{
		Name: "memorydb-clusters", Service: "memorydb", Scope: collect.Regional, Types: []string{typeMemoryDB},
		Operations: []collect.Operation{
			{Name: opDescribeMemoryDBClusters, Actions: []string{opDescribeMemoryDBClusters}, MayBeEmpty: true},
			{Name: opListMemoryDBTags, Actions: []string{opListMemoryDBTags}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.memorydb(t.Region)
		in := &memorydb.DescribeClustersInput{MaxResults: aws.Int32(memoryDBPage)}
		clusters := list(ctx, t, opDescribeMemoryDBClusters, memorydb.NewDescribeClustersPaginator(api, in),
			func(o *memorydb.DescribeClustersOutput) []types.Cluster { return o.Clusters }, typeMemoryDB)
		key := func(x types.Cluster) (string, string) { return typeMemoryDB, aws.ToString(x.Name) }
		return each(ctx, t, clusters, key, func(ctx context.Context, b *collect.Builder, x types.Cluster) {
			b.ARN(aws.ToString(x.ARN))
			b.Answer(opDescribeMemoryDBClusters, x)
			describe(ctx, b, opListMemoryDBTags, api.ListTags, &memorydb.ListTagsInput{ResourceArn: x.ARN})
		})
	},
}

func (c *clients) memorydb(region string) *memorydb.Client {
	return client(c, "memorydb", region, func(cfg aws.Config) *memorydb.Client { return memorydb.NewFromConfig(cfg) })
}
