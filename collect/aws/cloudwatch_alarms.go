package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
)

const (
	typeAlarm          = "AWS::CloudWatch::Alarm"
	typeCompositeAlarm = "AWS::CloudWatch::CompositeAlarm"
	opDescribeAlarms   = "cloudwatch:DescribeAlarms"

	alarmPage = 100
)

// cloudwatch is the client of CloudWatch. Stand-ins speak its older protocol only.
func (c *clients) cloudwatch(region string) *cloudwatch.Client {
	return client(c, "cloudwatch", region, func(cfg aws.Config) *cloudwatch.Client {
		return cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
			if o.BaseEndpoint != nil {
				o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
				o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery))
			}
		})
	})
}

// cloudwatchAlarms reads metric and composite alarms, which one list gives.
var cloudwatchAlarms = collector{
	Declaration: collect.Declaration{
		Name: "cloudwatch-alarms", Service: "cloudwatch", Scope: collect.Regional, Types: []string{typeAlarm, typeCompositeAlarm},
		Operations: []collect.Operation{{Name: opDescribeAlarms, Actions: []string{opDescribeAlarms}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &cloudwatch.DescribeAlarmsInput{
			AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}, MaxRecords: aws.Int32(alarmPage),
		}
		alarms := list(ctx, t, opDescribeAlarms, cloudwatch.NewDescribeAlarmsPaginator(c.cloudwatch(t.Region), in), alarmsOf,
			typeAlarm, typeCompositeAlarm)
		return each(ctx, t, alarms, func(a alarm) (string, string) { return a.typ, a.name },
			func(_ context.Context, b *collect.Builder, a alarm) {
				b.ARN(a.arn)
				b.Answer(opDescribeAlarms, a.answer)
			})
	},
}

// alarm is an alarm of either kind.
type alarm struct {
	typ, name, arn string
	answer         any
}

func alarmsOf(o *cloudwatch.DescribeAlarmsOutput) []alarm {
	var all []alarm
	for _, a := range o.MetricAlarms {
		all = append(all, alarm{typeAlarm, aws.ToString(a.AlarmName), aws.ToString(a.AlarmArn), a})
	}
	for _, a := range o.CompositeAlarms {
		all = append(all, alarm{typeCompositeAlarm, aws.ToString(a.AlarmName), aws.ToString(a.AlarmArn), a})
	}
	return all
}
