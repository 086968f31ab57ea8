package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kendra"
	"github.com/aws/aws-sdk-go-v2/service/kendra/types"
)

const (
	typeKendraIndex       = "AWS::Kendra::Index"
	opListIndices         = "kendra:ListIndices"
	opDescribeIndex       = "kendra:DescribeIndex"
	opKendraTags          = "kendra:ListTagsForResource"
	kendraPage      int32 = 100
)

func (c *clients) kendra(region string) *kendra.Client {
	return client(c, "kendra", region, func(cfg aws.Config) *kendra.Client { return kendra.NewFromConfig(cfg) })
}

// kendraIndices reads the settings of each index, not what is indexed.
var kendraIndices = collector{
	Declaration: collect.Declaration{
		Name: "kendra-indices", Service: "kendra", Scope: collect.Regional, Types: []string{typeKendraIndex},
		Operations: append(sameAction(opListIndices, opDescribeIndex), mayBeEmpty(collect.Operation{Name: opKendraTags, Actions: []string{opKendraTags}})),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.kendra(t.Region)
		items := list(ctx, t, opListIndices,
			kendra.NewListIndicesPaginator(api, &kendra.ListIndicesInput{MaxResults: aws.Int32(kendraPage)}),
			func(o *kendra.ListIndicesOutput) []types.IndexConfigurationSummary {
				return o.IndexConfigurationSummaryItems
			},
			typeKendraIndex)
		return each(ctx, t, items,
			func(s types.IndexConfigurationSummary) (string, string) { return typeKendraIndex, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.IndexConfigurationSummary) {
				arn := "arn:" + assize.Partition(t.Region) + ":kendra:" + t.Region + ":" + t.Account + ":index/" + b.ID()
				b.ARN(arn)
				describe(ctx, b, opDescribeIndex, api.DescribeIndex, &kendra.DescribeIndexInput{Id: s.Id})
				describe(ctx, b, opKendraTags, api.ListTagsForResource, &kendra.ListTagsForResourceInput{ResourceARN: &arn})
			})
	},
}
