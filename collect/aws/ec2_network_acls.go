package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeNetworkACL        = "AWS::EC2::NetworkAcl"
	opDescribeNetworkACLs = "ec2:DescribeNetworkAcls"
)

var ec2NetworkACLs = collector{
	Declaration: ec2Declaration("ec2-network-acls", typeNetworkACL, opDescribeNetworkACLs),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeNetworkAclsInput{MaxResults: aws.Int32(ec2Page)}
		found := list(ctx, t, opDescribeNetworkACLs, ec2.NewDescribeNetworkAclsPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl { return o.NetworkAcls }, typeNetworkACL)
		return ec2Each(ctx, t, typeNetworkACL, opDescribeNetworkACLs, found,
			func(x types.NetworkAcl) (id, arn *string) { return x.NetworkAclId, nil })
	},
}
