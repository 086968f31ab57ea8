package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeNatGateway        = "AWS::EC2::NatGateway"
	opDescribeNATGateways = "ec2:DescribeNatGateways"
)

var ec2NATGateways = collector{
	Declaration: ec2Declaration("ec2-nat-gateways", typeNatGateway, opDescribeNATGateways),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeNatGatewaysInput{MaxResults: aws.Int32(ec2Page)}
		found := list(ctx, t, opDescribeNATGateways, ec2.NewDescribeNatGatewaysPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return o.NatGateways }, typeNatGateway)
		return ec2Each(ctx, t, typeNatGateway, opDescribeNATGateways, found,
			func(x types.NatGateway) (id, arn *string) { return x.NatGatewayId, nil })
	},
}
