package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeRouteTable        = "AWS::EC2::RouteTable"
	opDescribeRouteTables = "ec2:DescribeRouteTables"

	// routeTablePage is the largest page that EC2 gives of route tables.
	routeTablePage = 100
)

var ec2RouteTables = collector{
	Declaration: ec2Declaration("ec2-route-tables", typeRouteTable, opDescribeRouteTables),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeRouteTablesInput{MaxResults: aws.Int32(routeTablePage)}
		tables := list(ctx, t, opDescribeRouteTables, ec2.NewDescribeRouteTablesPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables },
			typeRouteTable)
		return ec2Each(ctx, t, typeRouteTable, opDescribeRouteTables, tables,
			func(r types.RouteTable) (id, arn *string) { return r.RouteTableId, nil })
	},
}
