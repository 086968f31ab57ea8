package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typePrefixList        = "AWS::EC2::PrefixList"
	opDescribePrefixLists = "ec2:DescribeManagedPrefixLists"
	opGetPrefixEntries    = "ec2:GetManagedPrefixListEntries"

	// prefixListPage is the largest page of both lists.
	prefixListPage = 100
	// prefixListOfAWS owns the lists of AWS's services.
	prefixListOfAWS = "AWS"
)

// ec2PrefixLists reads the prefix lists of the account, those that are shared with it, and
// their entries. The ranges of AWS's services are AWS's affair and not asked for.
var ec2PrefixLists = collector{
	Declaration: collect.Declaration{
		Name: "ec2-prefix-lists", Service: "ec2", Scope: collect.Regional, Types: []string{typePrefixList},
		Operations: []collect.Operation{
			{Name: opDescribePrefixLists, Actions: []string{opDescribePrefixLists}},
			{Name: opGetPrefixEntries, Actions: []string{opGetPrefixEntries}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.ec2(t.Region)
		in := &ec2.DescribeManagedPrefixListsInput{MaxResults: aws.Int32(prefixListPage)}
		lists := list(ctx, t, opDescribePrefixLists, ec2.NewDescribeManagedPrefixListsPaginator(api, in),
			func(o *ec2.DescribeManagedPrefixListsOutput) []types.ManagedPrefixList { return o.PrefixLists }, typePrefixList)
		key := func(l types.ManagedPrefixList) (string, string) { return typePrefixList, aws.ToString(l.PrefixListId) }
		return each(ctx, t, lists, key, func(ctx context.Context, b *collect.Builder, l types.ManagedPrefixList) {
			b.ARN(aws.ToString(l.PrefixListArn))
			b.Answer(opDescribePrefixLists, l)
			if aws.ToString(l.OwnerId) == prefixListOfAWS {
				b.None(opGetPrefixEntries, prefixListOfAWS)
				return
			}
			entries := &ec2.GetManagedPrefixListEntriesInput{PrefixListId: l.PrefixListId, MaxResults: aws.Int32(prefixListPage)}
			gather(ctx, b, opGetPrefixEntries, ec2.NewGetManagedPrefixListEntriesPaginator(api, entries), "Entries",
				func(o *ec2.GetManagedPrefixListEntriesOutput) []types.PrefixListEntry { return o.Entries })
		})
	},
}
