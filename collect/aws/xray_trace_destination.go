package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
)

const (
	typeTransactionSearch = "AWS::XRay::TransactionSearchConfig"
	opGetTraceDestination = "xray:GetTraceSegmentDestination"
)

// xrayTraceDestination reads where the Region keeps spans, which decides whether
// those of AgentCore can be searched.
var xrayTraceDestination = collector{
	Declaration: collect.Declaration{
		Name: "xray-trace-destination", Service: "xray", Scope: collect.Regional, Types: []string{typeTransactionSearch},
		Operations: []collect.Operation{{Name: opGetTraceDestination, Actions: []string{opGetTraceDestination}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		t.Complete(typeTransactionSearch)
		b := t.New(typeTransactionSearch, t.Account)
		if b == nil {
			return nil
		}
		api := c.xray(t.Region)
		describe(ctx, b, opGetTraceDestination, api.GetTraceSegmentDestination, &xray.GetTraceSegmentDestinationInput{})
		t.Emit(b)
		return nil
	},
}

func (c *clients) xray(region string) *xray.Client {
	return client(c, "xray", region, func(cfg aws.Config) *xray.Client { return xray.NewFromConfig(cfg) })
}
