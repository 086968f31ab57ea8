package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lexmodelsv2"
	"github.com/aws/aws-sdk-go-v2/service/lexmodelsv2/types"
)

const (
	opListBotLocales = "lexv2-models:ListBotLocales"
	opListIntents    = "lexv2-models:ListIntents"
	opListSlots      = "lexv2-models:ListSlots"
	opDescribeSlot   = "lexv2-models:DescribeSlot"
)

// lexPlace is a place in the tree of a bot: version, locale, intent, slot. What is
// below the place is nil.
type lexPlace struct{ bot, version, locale, intent, slot *string }

// id joins the names of the place.
func (p lexPlace) id() *string {
	var parts []string
	for _, part := range []*string{p.bot, p.version, p.locale, p.intent, p.slot} {
		if part != nil {
			parts = append(parts, *part)
		}
	}
	return aws.String(strings.Join(parts, "|"))
}

// eachSlot walks down from the versions that aliases lead to and describes every slot.
func eachSlot(ctx context.Context, t *collect.Task, api *lexmodelsv2.Client, aliases []lexAlias) error {
	locales := below(ctx, t, opListBotLocales, versionsOf(aliases), func(ctx context.Context, p lexPlace) ([]types.BotLocaleSummary, error) {
		in := &lexmodelsv2.ListBotLocalesInput{BotId: p.bot, BotVersion: p.version, MaxResults: aws.Int32(lexPage)}
		return pages(ctx, t, opListBotLocales, t.Region, lexmodelsv2.NewListBotLocalesPaginator(api, in),
			func(o *lexmodelsv2.ListBotLocalesOutput) []types.BotLocaleSummary { return o.BotLocaleSummaries })
	}, func(p lexPlace, s types.BotLocaleSummary) lexPlace { p.locale = s.LocaleId; return p })
	intents := below(ctx, t, opListIntents, locales, func(ctx context.Context, p lexPlace) ([]types.IntentSummary, error) {
		in := &lexmodelsv2.ListIntentsInput{BotId: p.bot, BotVersion: p.version, LocaleId: p.locale, MaxResults: aws.Int32(lexPage)}
		return pages(ctx, t, opListIntents, t.Region, lexmodelsv2.NewListIntentsPaginator(api, in),
			func(o *lexmodelsv2.ListIntentsOutput) []types.IntentSummary { return o.IntentSummaries })
	}, func(p lexPlace, s types.IntentSummary) lexPlace { p.intent = s.IntentId; return p })
	slots := below(ctx, t, opListSlots, intents, func(ctx context.Context, p lexPlace) ([]types.SlotSummary, error) {
		in := &lexmodelsv2.ListSlotsInput{BotId: p.bot, BotVersion: p.version, LocaleId: p.locale, IntentId: p.intent, MaxResults: aws.Int32(lexPage)}
		return pages(ctx, t, opListSlots, t.Region, lexmodelsv2.NewListSlotsPaginator(api, in),
			func(o *lexmodelsv2.ListSlotsOutput) []types.SlotSummary { return o.SlotSummaries })
	}, func(p lexPlace, s types.SlotSummary) lexPlace { p.slot = s.SlotId; return p })
	return each(ctx, t, slots,
		func(p lexPlace) (string, string) { return typeLexSlot, *p.id() },
		func(ctx context.Context, b *collect.Builder, p lexPlace) {
			describe(ctx, b, opDescribeSlot, api.DescribeSlot, &lexmodelsv2.DescribeSlotInput{
				BotId: p.bot, BotVersion: p.version, LocaleId: p.locale, IntentId: p.intent, SlotId: p.slot,
			})
		})
}

// versionsOf lists the versions that aliases lead to, each once.
func versionsOf(aliases []lexAlias) []lexPlace {
	var out []lexPlace
	seen := map[string]bool{}
	for _, a := range aliases {
		p := lexPlace{bot: a.bot, version: a.BotVersion}
		if a.BotVersion == nil || seen[*p.id()] {
			continue // an alias without a version leads nowhere
		}
		seen[*p.id()] = true
		out = append(out, p)
	}
	return out
}

// below asks every place for what is one step further down.
func below[S any](ctx context.Context, t *collect.Task, op string, places []lexPlace,
	ask func(context.Context, lexPlace) ([]S, error), down func(lexPlace, S) lexPlace,
) []lexPlace {
	answers := listChildren(ctx, t, op, places, lexPlace.id, ask, typeLexSlot)
	var out []lexPlace
	for _, p := range places {
		for _, s := range answers[*p.id()].items {
			out = append(out, down(p, s))
		}
	}
	return out
}
