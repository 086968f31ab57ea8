package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeInternetGateway        = "AWS::EC2::InternetGateway"
	opDescribeInternetGateways = "ec2:DescribeInternetGateways"
)

var ec2InternetGateways = collector{
	Declaration: ec2Declaration("ec2-internet-gateways", typeInternetGateway, opDescribeInternetGateways),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeInternetGatewaysInput{MaxResults: aws.Int32(ec2Page)}
		found := list(ctx, t, opDescribeInternetGateways, ec2.NewDescribeInternetGatewaysPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeInternetGatewaysOutput) []types.InternetGateway { return o.InternetGateways }, typeInternetGateway)
		return ec2Each(ctx, t, typeInternetGateway, opDescribeInternetGateways, found,
			func(x types.InternetGateway) (id, arn *string) { return x.InternetGatewayId, nil })
	},
}
