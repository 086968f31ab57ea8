package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
)

const (
	typeRecorder             = "AWS::Config::ConfigurationRecorder"
	opDescribeRecorders      = "config:DescribeConfigurationRecorders"
	opDescribeRecorderStatus = "config:DescribeConfigurationRecorderStatus"
	noSuchRecorder           = "NoSuchConfigurationRecorderException"
)

func (c *clients) configservice(region string) *configservice.Client {
	return client(c, "config", region, func(cfg aws.Config) *configservice.Client { return configservice.NewFromConfig(cfg) })
}

// configRecorders reads the recorders that the customer manages, and whether they record.
var configRecorders = collector{
	Declaration: collect.Declaration{
		Name: "config-recorders", Service: "config", Scope: collect.Regional, Types: []string{typeRecorder},
		Operations: []collect.Operation{
			{Name: opDescribeRecorders, Actions: []string{opDescribeRecorders}},
			{Name: opDescribeRecorderStatus, Actions: []string{opDescribeRecorderStatus}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.configservice(t.Region)
		recorders := listOnce(ctx, t, opDescribeRecorders, api.DescribeConfigurationRecorders,
			&configservice.DescribeConfigurationRecordersInput{},
			func(o *configservice.DescribeConfigurationRecordersOutput) []types.ConfigurationRecorder {
				return o.ConfigurationRecorders
			},
			typeRecorder)
		key := func(r types.ConfigurationRecorder) (string, string) { return typeRecorder, aws.ToString(r.Name) }
		return each(ctx, t, recorders, key, func(ctx context.Context, b *collect.Builder, r types.ConfigurationRecorder) {
			b.ARN(aws.ToString(r.Arn))
			b.Answer(opDescribeRecorders, r)
			describe(ctx, b, opDescribeRecorderStatus, api.DescribeConfigurationRecorderStatus,
				&configservice.DescribeConfigurationRecorderStatusInput{ConfigurationRecorderNames: []string{b.ID()}}, noSuchRecorder)
		})
	},
}
