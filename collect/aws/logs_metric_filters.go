package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	typeMetricFilter        = "AWS::Logs::MetricFilter"
	opDescribeMetricFilters = "logs:DescribeMetricFilters"
)

// logsMetricFilters reads the filters of all log groups. Their names are unique in a
// log group only.
var logsMetricFilters = collector{
	Declaration: collect.Declaration{
		Name: "logs-metric-filters", Service: "logs", Scope: collect.Regional, Types: []string{typeMetricFilter},
		Operations: []collect.Operation{{Name: opDescribeMetricFilters, Actions: []string{opDescribeMetricFilters}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &cloudwatchlogs.DescribeMetricFiltersInput{Limit: aws.Int32(logGroupPage)}
		filters := list(ctx, t, opDescribeMetricFilters, cloudwatchlogs.NewDescribeMetricFiltersPaginator(c.cloudwatchlogs(t.Region), in),
			func(o *cloudwatchlogs.DescribeMetricFiltersOutput) []types.MetricFilter { return o.MetricFilters }, typeMetricFilter)
		key := func(f types.MetricFilter) (string, string) {
			return typeMetricFilter, aws.ToString(f.LogGroupName) + "|" + aws.ToString(f.FilterName)
		}
		return each(ctx, t, filters, key, func(_ context.Context, b *collect.Builder, f types.MetricFilter) {
			b.Answer(opDescribeMetricFilters, f)
		})
	},
}
