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
	typeDBInstance        = "AWS::RDS::DBInstance"
	opDescribeDBInstances = "rds:DescribeDBInstances"
)

var rdsInstances = collector{
	Declaration: collect.Declaration{
		Name: "rds-instances", Service: "rds", Scope: collect.Regional, Types: []string{typeDBInstance},
		Operations: []collect.Operation{{Name: opDescribeDBInstances, Actions: []string{opDescribeDBInstances}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &rds.DescribeDBInstancesInput{MaxRecords: aws.Int32(rdsPage)}
		instances := list(ctx, t, opDescribeDBInstances, rds.NewDescribeDBInstancesPaginator(c.rds(t.Region), in),
			func(o *rds.DescribeDBInstancesOutput) []types.DBInstance {
				return slices.DeleteFunc(o.DBInstances, func(x types.DBInstance) bool { return slices.Contains(notOfRDS, aws.ToString(x.Engine)) })
			}, typeDBInstance)
		key := func(x types.DBInstance) (string, string) { return typeDBInstance, aws.ToString(x.DBInstanceIdentifier) }
		return each(ctx, t, instances, key, func(_ context.Context, b *collect.Builder, x types.DBInstance) {
			b.ARN(aws.ToString(x.DBInstanceArn))
			b.Answer(opDescribeDBInstances, x)
		})
	},
}
