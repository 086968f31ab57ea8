package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeVolume        = "AWS::EC2::Volume"
	opDescribeVolumes = "ec2:DescribeVolumes"
)

// ec2Volumes reads EBS volumes from their list, attached ones and others.
var ec2Volumes = collector{
	Declaration: ec2Declaration("ec2-volumes", typeVolume, opDescribeVolumes),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeVolumesInput{MaxResults: aws.Int32(ec2Page)}
		found := list(ctx, t, opDescribeVolumes, ec2.NewDescribeVolumesPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeVolumesOutput) []types.Volume { return o.Volumes }, typeVolume)
		return ec2Each(ctx, t, typeVolume, opDescribeVolumes, found,
			func(x types.Volume) (id, arn *string) { return x.VolumeId, x.VolumeArn })
	},
}
