package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"
)

const (
	typeAnomalyMonitor  = "AWS::CE::AnomalyMonitor"
	opGetMonitors       = "ce:GetAnomalyMonitors"
	opGetSubscriptions  = "ce:GetAnomalySubscriptions"
	anomalyPage         = 100
	costExplorerService = "ce"
)

// anomalyMonitors reads monitors and with each those subscriptions that name it: a
// monitor that nobody hears of finds nothing for anyone.
var anomalyMonitors = collector{
	Declaration: collect.Declaration{
		Name: "ce-anomaly-monitors", Service: costExplorerService, Scope: collect.Global, Types: []string{typeAnomalyMonitor},
		Operations: []collect.Operation{
			{Name: opGetMonitors, Actions: []string{opGetMonitors}, MayBeEmpty: true},
			{Name: opGetSubscriptions, Actions: []string{opGetSubscriptions}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.costexplorer(t.Region)
		monitors := list(ctx, t, opGetMonitors,
			costexplorer.NewGetAnomalyMonitorsPaginator(api, &costexplorer.GetAnomalyMonitorsInput{MaxResults: aws.Int32(anomalyPage)}),
			func(o *costexplorer.GetAnomalyMonitorsOutput) []types.AnomalyMonitor { return o.AnomalyMonitors }, typeAnomalyMonitor)
		key := func(m types.AnomalyMonitor) (string, string) { return typeAnomalyMonitor, aws.ToString(m.MonitorArn) }
		return each(ctx, t, monitors, key, func(ctx context.Context, b *collect.Builder, m types.AnomalyMonitor) {
			b.ARN(aws.ToString(m.MonitorArn))
			b.Answer(opGetMonitors, m)
			gather(ctx, b, opGetSubscriptions, costexplorer.NewGetAnomalySubscriptionsPaginator(api, &costexplorer.GetAnomalySubscriptionsInput{
				MonitorArn: m.MonitorArn, MaxResults: aws.Int32(anomalyPage),
			}), "AnomalySubscriptions", func(o *costexplorer.GetAnomalySubscriptionsOutput) []types.AnomalySubscription {
				return o.AnomalySubscriptions
			})
		})
	},
}

func (c *clients) costexplorer(region string) *costexplorer.Client {
	return client(c, costExplorerService, region, func(cfg aws.Config) *costexplorer.Client { return costexplorer.NewFromConfig(cfg) })
}
