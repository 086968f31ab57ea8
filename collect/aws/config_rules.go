package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
)

const (
	typeConfigRule        = "AWS::Config::ConfigRule"
	opDescribeConfigRules = "config:DescribeConfigRules"
)

// configRules reads all rules; those of conformance packs and of Security Hub are among them.
var configRules = collector{
	Declaration: collect.Declaration{
		Name: "config-rules", Service: "config", Scope: collect.Regional, Types: []string{typeConfigRule},
		Operations: []collect.Operation{{Name: opDescribeConfigRules, Actions: []string{opDescribeConfigRules}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		rules := list(ctx, t, opDescribeConfigRules,
			configservice.NewDescribeConfigRulesPaginator(c.configservice(t.Region), &configservice.DescribeConfigRulesInput{}),
			func(o *configservice.DescribeConfigRulesOutput) []types.ConfigRule { return o.ConfigRules }, typeConfigRule)
		key := func(r types.ConfigRule) (string, string) { return typeConfigRule, aws.ToString(r.ConfigRuleName) }
		return each(ctx, t, rules, key, func(_ context.Context, b *collect.Builder, r types.ConfigRule) {
			b.ARN(aws.ToString(r.ConfigRuleArn))
			b.Answer(opDescribeConfigRules, r)
		})
	},
}
