package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	typeLogsAccountPolicy     = "AWS::Logs::AccountPolicy"
	opDescribeAccountPolicies = "logs:DescribeAccountPolicies"
)

var logsAccountPolicies = collector{
	Declaration: collect.Declaration{
		Name: "logs-account-policies", Service: "logs", Scope: collect.Regional, Types: []string{typeLogsAccountPolicy},
		Operations: []collect.Operation{{
			Name: opDescribeAccountPolicies,
			// The kind of policy has a permission of its own beside that of the list.
			Actions: []string{opDescribeAccountPolicies, "logs:GetDataProtectionPolicy"},
		}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		policies := list(ctx, t, opDescribeAccountPolicies, &accountPolicyPager{api: c.cloudwatchlogs(t.Region)},
			func(o *cloudwatchlogs.DescribeAccountPoliciesOutput) []types.AccountPolicy { return o.AccountPolicies },
			typeLogsAccountPolicy)
		key := func(p types.AccountPolicy) (string, string) { return typeLogsAccountPolicy, aws.ToString(p.PolicyName) }
		return each(ctx, t, policies, key, func(_ context.Context, b *collect.Builder, p types.AccountPolicy) {
			b.Answer(opDescribeAccountPolicies, p)
		})
	},
}

// accountPolicyPager follows the pages of a list that the SDK has no paginator for.
type accountPolicyPager struct {
	api   *cloudwatchlogs.Client
	token *string
	begun bool
}

// HasMorePages is true before the first page, and as long as a page names a next one.
func (p *accountPolicyPager) HasMorePages() bool { return !p.begun || aws.ToString(p.token) != "" }

// NextPage reads the next page. After a failure it may be called again.
func (p *accountPolicyPager) NextPage(ctx context.Context, optFns ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeAccountPoliciesOutput, error) {
	out, err := p.api.DescribeAccountPolicies(ctx, &cloudwatchlogs.DescribeAccountPoliciesInput{
		PolicyType: types.PolicyTypeDataProtectionPolicy, NextToken: p.token,
	}, optFns...)
	if err != nil {
		return nil, err
	}
	p.begun, p.token = true, out.NextToken
	return out, nil
}
