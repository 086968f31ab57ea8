package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
)

const (
	typeWebACL           = "AWS::WAFv2::WebACL"
	opListWebACLs        = "wafv2:ListWebACLs"
	opGetWebACL          = "wafv2:GetWebACL"
	opGetRuleGroup       = "wafv2:GetRuleGroup"
	opGetWAFLogging      = "wafv2:GetLoggingConfiguration"
	opListWebACLResource = "wafv2:ListResourcesForWebACL"

	webACLPage = 100
	// codeNoWAFItem is how AWS WAF answers where there is no logging.
	codeNoWAFItem = "WAFNonexistentItemException"
	// cloudFrontRegion keeps the web ACLs of CloudFront.
	cloudFrontRegion = "us-east-1"
)

// wafWebACLs reads the web ACLs of the Region, and in us-east-1 those of CloudFront.
var wafWebACLs = collector{
	Declaration: collect.Declaration{
		Name: "wafv2-web-acls", Service: "wafv2", Scope: collect.Regional, Types: []string{typeWebACL},
		Operations: []collect.Operation{
			{Name: opListWebACLs, Actions: []string{opListWebACLs}, MayBeEmpty: true},
			{Name: opGetWebACL, Actions: []string{opGetWebACL}},
			{Name: opGetRuleGroup, Actions: []string{opGetRuleGroup}},
			{Name: opGetWAFLogging, Actions: []string{opGetWAFLogging}},
			// For user pools AWS WAF asks Cognito in the name of the caller.
			{Name: opListWebACLResource, Actions: []string{opListWebACLResource, "cognito-idp:ListResourcesForWebACL"}, MayBeEmpty: true},
		},
	},
	run: collectWebACLs,
}

func (c *clients) wafv2(region string) *wafv2.Client {
	return client(c, "wafv2", region, func(cfg aws.Config) *wafv2.Client { return wafv2.NewFromConfig(cfg) })
}

// webACLPages is the paginator that the SDK does not have.
type webACLPages struct {
	api  *wafv2.Client
	in   wafv2.ListWebACLsInput
	done bool
}

// HasMorePages reports whether there is a further page.
func (p *webACLPages) HasMorePages() bool { return !p.done }

// NextPage reads it. AWS WAF gives a marker with the last items too, and then a page without any.
func (p *webACLPages) NextPage(ctx context.Context, optFns ...func(*wafv2.Options)) (*wafv2.ListWebACLsOutput, error) {
	out, err := p.api.ListWebACLs(ctx, &p.in, optFns...)
	if err != nil {
		return nil, err
	}
	p.in.NextMarker = out.NextMarker
	p.done = aws.ToString(out.NextMarker) == "" || len(out.WebACLs) == 0
	return out, nil
}

// webACL is a web ACL with its scope.
type webACL struct {
	scope types.Scope
	types.WebACLSummary
}

func collectWebACLs(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.wafv2(t.Region)
	scopes := []types.Scope{types.ScopeRegional}
	if t.Region == cloudFrontRegion {
		scopes = append(scopes, types.ScopeCloudfront)
	}
	var acls []webACL
	complete := true
	for _, scope := range scopes {
		found, err := pages(ctx, t, opListWebACLs, t.Region,
			&webACLPages{api: api, in: wafv2.ListWebACLsInput{Scope: scope, Limit: aws.Int32(webACLPage)}},
			func(o *wafv2.ListWebACLsOutput) []types.WebACLSummary { return o.WebACLs })
		if err != nil {
			complete = false
			t.Gap(opListWebACLs, err, typeWebACL)
		}
		for _, s := range found {
			acls = append(acls, webACL{scope, s})
		}
	}
	if complete {
		t.Complete(typeWebACL)
	}
	return each(ctx, t, acls,
		func(a webACL) (string, string) { return typeWebACL, aws.ToString(a.Id) },
		func(ctx context.Context, b *collect.Builder, a webACL) { describeWebACL(ctx, b, api, a) })
}

// webACLAnswer is a web ACL and which of its rules only count. The SDK says so by a
// field that is there and holds nothing, which a path cannot ask for.
type webACLAnswer struct {
	WebACL       *types.WebACL
	CountedRules []string
	// NarrowedRules are those whose managed group does not act in full.
	NarrowedRules []narrowedRule
	// BodySizeLimited says whether a rule of its own, or of AWS, turns large bodies away.
	BodySizeLimited bool
}

// ruleGroupAnswer is the same of a rule group.
type ruleGroupAnswer struct {
	ARN, Name       *string
	Rules           []types.Rule
	CountedRules    []string
	BodySizeLimited bool
}

func countedRules(rules []types.Rule) []string {
	names := []string{}
	for _, r := range rules {
		if r.Action != nil && r.Action.Count != nil || r.OverrideAction != nil && r.OverrideAction.Count != nil {
			names = append(names, aws.ToString(r.Name))
		}
	}
	return names
}

// countedGroups names the groups of Firewall Manager whose override is Count.
func countedGroups(acl *types.WebACL) []string {
	names := []string{}
	for _, groups := range [][]types.FirewallManagerRuleGroup{acl.PreProcessFirewallManagerRuleGroups, acl.PostProcessFirewallManagerRuleGroups} {
		for _, g := range groups {
			if g.OverrideAction != nil && g.OverrideAction.Count != nil {
				names = append(names, aws.ToString(g.Name))
			}
		}
	}
	return names
}

func describeWebACL(ctx context.Context, b *collect.Builder, api *wafv2.Client, a webACL) {
	b.ARN(aws.ToString(a.ARN))
	// The scope is what the list was asked for; no answer says it.
	b.Answer(opListWebACLs, map[string]string{"Scope": string(a.scope)})
	out, err := call(ctx, b.Task(), opGetWebACL, api.GetWebACL, &wafv2.GetWebACLInput{Id: a.Id, Name: a.Name, Scope: a.scope})
	switch {
	case err != nil:
		b.Fail(opGetWebACL, err)
	case out.WebACL == nil:
		b.Fail(opGetWebACL, collect.Wrong("the answer holds no web ACL"))
	default:
		b.Answer(opGetWebACL, webACLAnswer{
			WebACL: out.WebACL, CountedRules: append(countedRules(out.WebACL.Rules), countedGroups(out.WebACL)...),
			NarrowedRules:   narrowedRules(out.WebACL),
			BodySizeLimited: slices.ContainsFunc(out.WebACL.Rules, limitsBodies),
		})
		describeRuleGroups(ctx, b, api, out.WebACL.Rules)
	}
	describe(ctx, b, opGetWAFLogging, api.GetLoggingConfiguration, &wafv2.GetLoggingConfigurationInput{ResourceArn: a.ARN}, codeNoWAFItem)
	if a.scope == types.ScopeCloudfront {
		b.None(opListWebACLResource, string(a.scope)) // CloudFront itself lists its distributions
		return
	}
	describeProtected(ctx, b, api, a.ARN)
}

// describeRuleGroups reads the rule groups that rules refer to, in one answer.
func describeRuleGroups(ctx context.Context, b *collect.Builder, api *wafv2.Client, rules []types.Rule) {
	groups := []ruleGroupAnswer{}
	for _, r := range rules {
		if r.Statement == nil || r.Statement.RuleGroupReferenceStatement == nil {
			continue
		}
		out, err := call(ctx, b.Task(), opGetRuleGroup, api.GetRuleGroup, &wafv2.GetRuleGroupInput{ARN: r.Statement.RuleGroupReferenceStatement.ARN})
		if err != nil {
			b.Fail(opGetRuleGroup, err)
			return
		}
		if out.RuleGroup != nil {
			g := out.RuleGroup
			groups = append(groups, ruleGroupAnswer{
				ARN: g.ARN, Name: g.Name, Rules: g.Rules, CountedRules: countedRules(g.Rules), BodySizeLimited: slices.ContainsFunc(g.Rules, limitsBodies),
			})
		}
	}
	b.Answer(opGetRuleGroup, map[string][]ruleGroupAnswer{"RuleGroups": groups})
}

// protectedTypes are the kinds of resource that lead to AI, and the names under which the
// answer has them.
var protectedTypes = map[string]types.ResourceType{
	"LoadBalancerArns": types.ResourceTypeApplicationLoadBalancer,
	"ApiStageArns":     types.ResourceTypeApiGateway,
	"UserPoolArns":     types.ResourceTypeCognitioUserPool,
}

// describeProtected reads what the web ACL protects, in one answer.
func describeProtected(ctx context.Context, b *collect.Builder, api *wafv2.Client, arn *string) {
	answer := map[string][]string{}
	for name, typ := range protectedTypes {
		out, err := call(ctx, b.Task(), opListWebACLResource, api.ListResourcesForWebACL, &wafv2.ListResourcesForWebACLInput{WebACLArn: arn, ResourceType: typ})
		if err != nil {
			b.Fail(opListWebACLResource, err)
			return
		}
		answer[name] = out.ResourceArns
	}
	b.Answer(opListWebACLResource, answer)
}
