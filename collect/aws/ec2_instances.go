package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeInstance        = "AWS::EC2::Instance"
	opDescribeInstances = "ec2:DescribeInstances"
)

// ec2Instances reads the instances from their list; what they were started with (user
// data) is not asked for.
var ec2Instances = collector{
	Declaration: ec2Declaration("ec2-instances", typeInstance, opDescribeInstances),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeInstancesInput{MaxResults: aws.Int32(ec2Page)}
		instances := list(ctx, t, opDescribeInstances, ec2.NewDescribeInstancesPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeInstancesOutput) []types.Instance {
				var all []types.Instance
				for _, r := range o.Reservations {
					all = append(all, r.Instances...)
				}
				return all
			}, typeInstance)
		return ec2Each(ctx, t, typeInstance, opDescribeInstances, instances,
			func(i types.Instance) (id, arn *string) { return i.InstanceId, instanceARN(t, i.InstanceId) })
	},
}

// instanceARN makes the ARN, which the answer does not hold.
func instanceARN(t *collect.Task, id *string) *string {
	return aws.String("arn:" + assize.Partition(t.Region) + ":ec2:" + t.Region + ":" + t.Account + ":instance/" + aws.ToString(id))
}
