package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeVPC        = "AWS::EC2::VPC"
	opDescribeVPCs = "ec2:DescribeVpcs"
)

var ec2VPCs = collector{
	Declaration: ec2Declaration("ec2-vpcs", typeVPC, opDescribeVPCs),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeVpcsInput{MaxResults: aws.Int32(ec2Page)}
		vpcs := list(ctx, t, opDescribeVPCs, ec2.NewDescribeVpcsPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeVpcsOutput) []types.Vpc { return o.Vpcs }, typeVPC)
		return ec2Each(ctx, t, typeVPC, opDescribeVPCs, vpcs,
			func(v types.Vpc) (id, arn *string) { return v.VpcId, nil })
	},
}
