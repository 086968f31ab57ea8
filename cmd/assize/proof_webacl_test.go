package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// TestProofRuleGroups holds that a limit in a rule group counts, that a rule which only
// counts does not, and that CloudFront's web ACLs are read in us-east-1.
func TestProofRuleGroups(t *testing.T) {
	l := startEmpty(t)
	const region, group = "us-east-1", "arn:aws:wafv2:us-east-1:111122223333:regional/rulegroup/own/1"
	api, ctx := wafv2.NewFromConfig(l.AWSConfig(region, l.account)), t.Context()
	l.Answer("wafv2", "GetRuleGroup", fakeaws.Match{}, 200, `{"LockToken": "1", "RuleGroup": {"ARN": "`+group+`", "Id": "1", "Name": "own", "Capacity": 2,
		"Rules": [{"Name": "flood", "Priority": 0, "Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 500, "AggregateKeyType": "IP"}}}]}}`)
	seen := &waftypes.VisibilityConfig{CloudWatchMetricsEnabled: true, MetricName: aws.String("m"), SampledRequestsEnabled: true}
	acl := func(name string, scope waftypes.Scope, override *waftypes.OverrideAction) string {
		out := proved[*wafv2.CreateWebACLOutput](t)(api.CreateWebACL(ctx, &wafv2.CreateWebACLInput{
			Name: &name, Scope: scope, VisibilityConfig: seen, DefaultAction: &waftypes.DefaultAction{Allow: &waftypes.AllowAction{}},
			Rules: []waftypes.Rule{{
				Name: aws.String("own"), VisibilityConfig: seen, OverrideAction: override,
				Statement: &waftypes.Statement{RuleGroupReferenceStatement: &waftypes.RuleGroupReferenceStatement{ARN: aws.String(group)}},
			}},
		}))
		return aws.ToString(out.Summary.Id)
	}
	none, count := &waftypes.OverrideAction{None: &waftypes.NoneAction{}}, &waftypes.OverrideAction{Count: &waftypes.CountAction{}}
	blocks, counts := acl("blocks", waftypes.ScopeRegional, none), acl("counts", waftypes.ScopeRegional, count)
	cloudFront := acl("cloudfront", waftypes.ScopeCloudfront, none)
	r, _ := assessJSON(t, proofArgs("wafv2-web-acls", "--regions", region)...)
	wantVerdicts(t, r, verdicts{
		"wafv2_web_acl_rate_limited": {blocks: assize.Pass, counts: assize.Fail, cloudFront: assize.Pass},
	})
	l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "wafv2", Operation: "GetRuleGroup"})
	r, _ = assessJSON(t, proofArgs("wafv2-web-acls", "--regions", region)...)
	wantVerdicts(t, r, verdicts{"wafv2_web_acl_rate_limited": {blocks: assize.Inconclusive}})
}
