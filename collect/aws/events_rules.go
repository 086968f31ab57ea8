package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

const (
	typeEventRule     = "AWS::Events::Rule"
	opListEventBuses  = "events:ListEventBuses"
	opListEventRules  = "events:ListRules"
	opListRuleTargets = "events:ListTargetsByRule"

	eventsPage = 100
)

func (c *clients) eventbridge(region string) *eventbridge.Client {
	return client(c, "events", region, func(cfg aws.Config) *eventbridge.Client { return eventbridge.NewFromConfig(cfg) })
}

// eventRules reads the rules of every event bus with their targets.
var eventRules = collector{
	Declaration: collect.Declaration{
		Name: "events-rules", Service: "events", Scope: collect.Regional, Types: []string{typeEventRule},
		Operations: []collect.Operation{
			{Name: opListEventBuses, Actions: []string{opListEventBuses}},
			{Name: opListEventRules, Actions: []string{opListEventRules}},
			{Name: opListRuleTargets, Actions: []string{opListRuleTargets}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.eventbridge(t.Region)
		buses := list(ctx, t, opListEventBuses,
			tokens(func(ctx context.Context, token *string) (*eventbridge.ListEventBusesOutput, error) {
				return api.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{NextToken: token, Limit: aws.Int32(eventsPage)})
			}, func(o *eventbridge.ListEventBusesOutput) *string { return o.NextToken }),
			func(o *eventbridge.ListEventBusesOutput) []types.EventBus { return o.EventBuses }, typeEventRule)
		var rules []types.Rule
		for _, bus := range buses {
			rules = append(rules, rulesOfBus(ctx, t, api, bus.Name)...)
		}
		key := func(r types.Rule) (string, string) {
			return typeEventRule, aws.ToString(r.EventBusName) + "|" + aws.ToString(r.Name)
		}
		return each(ctx, t, rules, key, func(ctx context.Context, b *collect.Builder, r types.Rule) {
			b.ARN(aws.ToString(r.Arn))
			b.Answer(opListEventRules, r)
			gather(ctx, b, opListRuleTargets,
				tokens(func(ctx context.Context, token *string) (*eventbridge.ListTargetsByRuleOutput, error) {
					return api.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: r.Name, EventBusName: r.EventBusName, NextToken: token})
				}, func(o *eventbridge.ListTargetsByRuleOutput) *string { return o.NextToken }),
				"Targets", func(o *eventbridge.ListTargetsByRuleOutput) []types.Target { return o.Targets })
		})
	},
}

func rulesOfBus(ctx context.Context, t *collect.Task, api *eventbridge.Client, bus *string) []types.Rule {
	return list(ctx, t, opListEventRules,
		tokens(func(ctx context.Context, token *string) (*eventbridge.ListRulesOutput, error) {
			return api.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: bus, NextToken: token, Limit: aws.Int32(eventsPage)})
		}, func(o *eventbridge.ListRulesOutput) *string { return o.NextToken }),
		func(o *eventbridge.ListRulesOutput) []types.Rule { return o.Rules }, typeEventRule)
}

// tokenPager pages through an operation for which the SDK has no paginator.
type tokenPager[O any] struct {
	fetch func(context.Context, *string) (*O, error)
	next  func(*O) *string
	token *string
	ended bool
}

// tokens makes a pager of an operation and of the token that its output ends with.
func tokens[O any](fetch func(context.Context, *string) (*O, error), next func(*O) *string) *tokenPager[O] {
	return &tokenPager[O]{fetch: fetch, next: next}
}

// HasMorePages is false after the page without a token.
func (p *tokenPager[O]) HasMorePages() bool { return !p.ended }

// NextPage reads one page. A failed call leaves the pager where it was.
func (p *tokenPager[O]) NextPage(ctx context.Context, _ ...func(*struct{})) (*O, error) {
	out, err := p.fetch(ctx, p.token)
	if err != nil {
		return nil, err
	}
	p.token = p.next(out)
	p.ended = aws.ToString(p.token) == ""
	return out, nil
}
