package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	typeDeliverySource        = "AWS::Logs::DeliverySource"
	typeDelivery              = "AWS::Logs::Delivery"
	opDescribeDeliverySources = "logs:DescribeDeliverySources"
	opDescribeDeliveries      = "logs:DescribeDeliveries"
)

// deliveryPage is the most that the lists of deliveries answer at once.
const deliveryPage = 50

// logsDeliveries reads which resources send vended logs (sources), and where these go
// (deliveries). A source without a delivery sends nothing.
var logsDeliveries = collector{
	Declaration: collect.Declaration{
		Name: "logs-deliveries", Service: "logs", Scope: collect.Regional, Types: []string{typeDeliverySource, typeDelivery},
		Operations: []collect.Operation{
			{Name: opDescribeDeliverySources, Actions: []string{opDescribeDeliverySources}},
			{Name: opDescribeDeliveries, Actions: []string{opDescribeDeliveries}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.cloudwatchlogs(t.Region)
		sources := list(ctx, t, opDescribeDeliverySources,
			cloudwatchlogs.NewDescribeDeliverySourcesPaginator(api, &cloudwatchlogs.DescribeDeliverySourcesInput{Limit: aws.Int32(deliveryPage)}),
			func(o *cloudwatchlogs.DescribeDeliverySourcesOutput) []types.DeliverySource { return o.DeliverySources },
			typeDeliverySource)
		err := each(ctx, t, sources,
			func(s types.DeliverySource) (string, string) { return typeDeliverySource, aws.ToString(s.Name) },
			func(_ context.Context, b *collect.Builder, s types.DeliverySource) {
				b.ARN(aws.ToString(s.Arn))
				b.Answer(opDescribeDeliverySources, s)
			})
		if err != nil {
			return err
		}
		deliveries := list(ctx, t, opDescribeDeliveries,
			cloudwatchlogs.NewDescribeDeliveriesPaginator(api, &cloudwatchlogs.DescribeDeliveriesInput{Limit: aws.Int32(deliveryPage)}),
			func(o *cloudwatchlogs.DescribeDeliveriesOutput) []types.Delivery { return o.Deliveries },
			typeDelivery)
		return each(ctx, t, deliveries,
			func(d types.Delivery) (string, string) { return typeDelivery, aws.ToString(d.Id) },
			func(_ context.Context, b *collect.Builder, d types.Delivery) {
				b.ARN(aws.ToString(d.Arn))
				b.Answer(opDescribeDeliveries, d)
			})
	},
}
