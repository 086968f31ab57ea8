package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lexmodelsv2"
	"github.com/aws/aws-sdk-go-v2/service/lexmodelsv2/types"
)

const (
	typeLexBot                  = "AWS::Lex::Bot"
	typeLexBotAlias             = "AWS::Lex::BotAlias"
	typeLexSlot                 = "AWS::Lex::Slot"
	opListBots                  = "lexv2-models:ListBots"
	opDescribeBot               = "lexv2-models:DescribeBot"
	opListBotAliases            = "lexv2-models:ListBotAliases"
	opDescribeBotAlias          = "lexv2-models:DescribeBotAlias"
	opDescribeLexResourcePolicy = "lexv2-models:DescribeResourcePolicy"
	opLexTags                   = "lexv2-models:ListTagsForResource"

	lexPage        = 1000
	lexNotFound    = "ResourceNotFoundException"
	lexBotPrefix   = "bot/"
	lexAliasPrefix = "bot-alias/"
)

func (c *clients) lexmodelsv2(region string) *lexmodelsv2.Client {
	return client(c, "lexv2-models", region, func(cfg aws.Config) *lexmodelsv2.Client { return lexmodelsv2.NewFromConfig(cfg) })
}

// lexBots reads bots, their aliases, and the slots of the versions that aliases lead
// to: versions that nobody can talk to are left out.
var lexBots = collector{
	Declaration: collect.Declaration{
		Name: "lex-bots", Service: "lexv2-models", Scope: collect.Regional, Types: []string{typeLexBot, typeLexBotAlias, typeLexSlot},
		Operations: append(
			prefixedAction("lex", opListBots, opDescribeBot, opListBotAliases, opDescribeBotAlias,
				opListBotLocales, opListIntents, opListSlots, opDescribeSlot),
			collect.Operation{Name: opDescribeLexResourcePolicy, Actions: []string{"lex:DescribeResourcePolicy"}, MayBeEmpty: true},
			collect.Operation{Name: opLexTags, Actions: []string{"lex:ListTagsForResource"}, MayBeEmpty: true},
		),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.lexmodelsv2(t.Region)
		bots := list(ctx, t, opListBots,
			lexmodelsv2.NewListBotsPaginator(api, &lexmodelsv2.ListBotsInput{MaxResults: aws.Int32(lexPage)}),
			func(o *lexmodelsv2.ListBotsOutput) []types.BotSummary { return o.BotSummaries },
			typeLexBot, typeLexBotAlias, typeLexSlot)
		err := each(ctx, t, bots,
			func(s types.BotSummary) (string, string) { return typeLexBot, aws.ToString(s.BotId) },
			func(ctx context.Context, b *collect.Builder, s types.BotSummary) {
				describe(ctx, b, opDescribeBot, api.DescribeBot, &lexmodelsv2.DescribeBotInput{BotId: s.BotId})
				lexCommon(ctx, b, api, lexARN(t, lexBotPrefix+b.ID()))
			})
		if err != nil {
			return err
		}
		aliases := lexAliases(ctx, t, api, bots)
		err = each(ctx, t, aliases,
			func(a lexAlias) (string, string) {
				return typeLexBotAlias, aws.ToString(a.BotAliasId) + "|" + aws.ToString(a.bot)
			},
			func(ctx context.Context, b *collect.Builder, a lexAlias) {
				describe(ctx, b, opDescribeBotAlias, api.DescribeBotAlias, &lexmodelsv2.DescribeBotAliasInput{BotId: a.bot, BotAliasId: a.BotAliasId})
				lexCommon(ctx, b, api, lexARN(t, lexAliasPrefix+aws.ToString(a.bot)+"/"+aws.ToString(a.BotAliasId)))
			})
		if err != nil {
			return err
		}
		return eachSlot(ctx, t, api, aliases)
	},
}

// lexAlias is an alias and its bot.
type lexAlias struct {
	bot *string
	types.BotAliasSummary
}

// lexAliases lists the aliases of every bot.
func lexAliases(ctx context.Context, t *collect.Task, api *lexmodelsv2.Client, bots []types.BotSummary) []lexAlias {
	answers := listChildren(ctx, t, opListBotAliases, bots,
		func(s types.BotSummary) *string { return s.BotId },
		func(ctx context.Context, s types.BotSummary) ([]types.BotAliasSummary, error) {
			p := lexmodelsv2.NewListBotAliasesPaginator(api, &lexmodelsv2.ListBotAliasesInput{BotId: s.BotId, MaxResults: aws.Int32(lexPage)})
			return pages(ctx, t, opListBotAliases, t.Region, p,
				func(o *lexmodelsv2.ListBotAliasesOutput) []types.BotAliasSummary { return o.BotAliasSummaries })
		}, typeLexBotAlias, typeLexSlot)
	var all []lexAlias
	for _, s := range bots {
		for _, a := range answers[aws.ToString(s.BotId)].items {
			all = append(all, lexAlias{s.BotId, a})
		}
	}
	return all
}

// lexCommon adds what bots and aliases have alike: ARN, policy and tags.
func lexCommon(ctx context.Context, b *collect.Builder, api *lexmodelsv2.Client, arn string) {
	b.ARN(arn)
	describe(ctx, b, opDescribeLexResourcePolicy, api.DescribeResourcePolicy, &lexmodelsv2.DescribeResourcePolicyInput{ResourceArn: &arn}, lexNotFound)
	describe(ctx, b, opLexTags, api.ListTagsForResource, &lexmodelsv2.ListTagsForResourceInput{ResourceARN: &arn})
}

// lexARN names a resource of Lex in the task's account and Region.
func lexARN(t *collect.Task, resource string) string {
	return "arn:" + assize.Partition(t.Region) + ":lex:" + t.Region + ":" + t.Account + ":" + resource
}
