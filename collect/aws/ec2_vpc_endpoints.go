package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeVPCEndpoint        = "AWS::EC2::VPCEndpoint"
	opDescribeVPCEndpoints = "ec2:DescribeVpcEndpoints"
)

var ec2VPCEndpoints = collector{
	Declaration: ec2Declaration("ec2-vpc-endpoints", typeVPCEndpoint, opDescribeVPCEndpoints),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeVpcEndpointsInput{MaxResults: aws.Int32(ec2Page)}
		endpoints := list(ctx, t, opDescribeVPCEndpoints, ec2.NewDescribeVpcEndpointsPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return o.VpcEndpoints },
			typeVPCEndpoint)
		return ec2Each(ctx, t, typeVPCEndpoint, opDescribeVPCEndpoints, endpoints,
			func(e types.VpcEndpoint) (id, arn *string) { return e.VpcEndpointId, nil })
	},
}
