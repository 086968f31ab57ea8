package aws

import (
	"cmp"
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	typeLogGroup              = "AWS::Logs::LogGroup"
	opDescribeLogGroups       = "logs:DescribeLogGroups"
	opGetDataProtectionPolicy = "logs:GetDataProtectionPolicy"

	logGroupPage = 50
)

// logsLogGroups reads a data protection policy only where the list says that there
// is one: accounts have hundreds of thousands of log groups.
var logsLogGroups = collector{
	Declaration: collect.Declaration{
		Name: "logs-log-groups", Service: "logs", Scope: collect.Regional, Types: []string{typeLogGroup},
		Operations: []collect.Operation{
			{Name: opDescribeLogGroups, Actions: []string{opDescribeLogGroups}},
			{Name: opGetDataProtectionPolicy, Actions: []string{opGetDataProtectionPolicy}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.cloudwatchlogs(t.Region)
		in := &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(logGroupPage)}
		groups := list(ctx, t, opDescribeLogGroups, cloudwatchlogs.NewDescribeLogGroupsPaginator(api, in),
			func(o *cloudwatchlogs.DescribeLogGroupsOutput) []types.LogGroup { return o.LogGroups },
			typeLogGroup)
		key := func(g types.LogGroup) (string, string) { return typeLogGroup, aws.ToString(g.LogGroupName) }
		return each(ctx, t, groups, key, func(ctx context.Context, b *collect.Builder, g types.LogGroup) {
			arn := cmp.Or(aws.ToString(g.LogGroupArn), strings.TrimSuffix(aws.ToString(g.Arn), ":*"))
			b.ARN(arn)
			b.Answer(opDescribeLogGroups, g)
			if g.DataProtectionStatus != types.DataProtectionStatusActivated {
				b.None(opGetDataProtectionPolicy, cmp.Or(string(g.DataProtectionStatus), "no DataProtectionStatus"))
				return
			}
			describe(ctx, b, opGetDataProtectionPolicy, api.GetDataProtectionPolicy,
				&cloudwatchlogs.GetDataProtectionPolicyInput{LogGroupIdentifier: &arn})
		})
	},
}
