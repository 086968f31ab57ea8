package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"
)

const (
	typeHub               = "AWS::SecurityHub::Hub"
	typeStandard          = "AWS::SecurityHub::Standard"
	opDescribeHub         = "securityhub:DescribeHub"
	opGetEnabledStandards = "securityhub:GetEnabledStandards"

	standardsPage = 100
)

func (c *clients) securityhub(region string) *securityhub.Client {
	return client(c, "securityhub", region, func(cfg aws.Config) *securityhub.Client { return securityhub.NewFromConfig(cfg) })
}

// securityHubs reads the hub of the account and Region and the standards that it has
// switched on. InvalidAccessException is how the service says that it is off.
var securityHubs = collector{
	Declaration: collect.Declaration{
		Name: "securityhub-hubs", Service: "securityhub", Scope: collect.Regional, Types: []string{typeHub, typeStandard},
		Operations: []collect.Operation{
			{Name: opDescribeHub, Actions: []string{opDescribeHub}},
			{Name: opGetEnabledStandards, Actions: []string{opGetEnabledStandards}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.securityhub(t.Region)
		hub, err := call(ctx, t, opDescribeHub, api.DescribeHub, &securityhub.DescribeHubInput{})
		switch {
		case failedWith(err, "InvalidAccessException", "ResourceNotFoundException"):
			t.Complete(typeHub, typeStandard)
			return nil
		case err != nil:
			t.Gap(opDescribeHub, err, typeHub)
		default:
			t.Complete(typeHub)
			if b := t.New(typeHub, aws.ToString(hub.HubArn)); b != nil {
				b.ARN(b.ID())
				b.Answer(opDescribeHub, hub)
				t.Emit(b)
			}
		}
		standards := list(ctx, t, opGetEnabledStandards,
			securityhub.NewGetEnabledStandardsPaginator(api, &securityhub.GetEnabledStandardsInput{MaxResults: aws.Int32(standardsPage)}),
			func(o *securityhub.GetEnabledStandardsOutput) []types.StandardsSubscription {
				return o.StandardsSubscriptions
			},
			typeStandard)
		key := func(s types.StandardsSubscription) (string, string) {
			return typeStandard, aws.ToString(s.StandardsSubscriptionArn)
		}
		return each(ctx, t, standards, key, func(_ context.Context, b *collect.Builder, s types.StandardsSubscription) {
			b.ARN(b.ID())
			b.Answer(opGetEnabledStandards, s)
		})
	},
}
