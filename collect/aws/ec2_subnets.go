package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeSubnet        = "AWS::EC2::Subnet"
	opDescribeSubnets = "ec2:DescribeSubnets"
)

var ec2Subnets = collector{
	Declaration: ec2Declaration("ec2-subnets", typeSubnet, opDescribeSubnets),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(ec2Page)}
		subnets := list(ctx, t, opDescribeSubnets, ec2.NewDescribeSubnetsPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeSubnetsOutput) []types.Subnet { return o.Subnets }, typeSubnet)
		return ec2Each(ctx, t, typeSubnet, opDescribeSubnets, subnets,
			func(s types.Subnet) (id, arn *string) { return s.SubnetId, s.SubnetArn })
	},
}
