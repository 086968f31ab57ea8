package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeFlowLog        = "AWS::EC2::FlowLog"
	opDescribeFlowLogs = "ec2:DescribeFlowLogs"
)

var ec2FlowLogs = collector{
	Declaration: ec2Declaration("ec2-flow-logs", typeFlowLog, opDescribeFlowLogs),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeFlowLogsInput{MaxResults: aws.Int32(ec2Page)}
		logs := list(ctx, t, opDescribeFlowLogs, ec2.NewDescribeFlowLogsPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeFlowLogsOutput) []types.FlowLog { return o.FlowLogs }, typeFlowLog)
		return ec2Each(ctx, t, typeFlowLog, opDescribeFlowLogs, logs,
			func(l types.FlowLog) (id, arn *string) { return l.FlowLogId, nil })
	},
}
