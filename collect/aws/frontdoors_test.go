package aws

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/google/go-cmp/cmp"
)

// TestDistributionOf holds what origins are told to be from their names, and that the
// headers which CloudFront adds are not kept.
func TestDistributionOf(t *testing.T) {
	t.Parallel()
	got := distributionOf(&cftypes.DistributionSummary{
		Enabled: aws.Bool(true), DomainName: aws.String("d1.cloudfront.net"),
		DefaultCacheBehavior: &cftypes.DefaultCacheBehavior{TargetOriginId: aws.String("api"), ViewerProtocolPolicy: "https-only"},
		CacheBehaviors:       &cftypes.CacheBehaviors{Items: []cftypes.CacheBehavior{{PathPattern: aws.String("/v1/*"), TargetOriginId: aws.String("lb"), ViewerProtocolPolicy: "allow-all"}}},
		Origins: &cftypes.Origins{Items: []cftypes.Origin{
			{Id: aws.String("api"), DomainName: aws.String("a1b2.execute-api.eu-west-1.amazonaws.com"), CustomHeaders: &cftypes.CustomHeaders{
				Items: []cftypes.OriginCustomHeader{{HeaderName: aws.String("x-origin"), HeaderValue: aws.String("hush")}},
			}, CustomOriginConfig: &cftypes.CustomOriginConfig{
				OriginProtocolPolicy: "https-only", OriginSslProtocols: &cftypes.OriginSslProtocols{Items: []cftypes.SslProtocol{"TLSv1.2"}},
			}},
			{Id: aws.String("lb"), DomainName: aws.String("Chat-1.eu-west-1.elb.amazonaws.com"), VpcOriginConfig: &cftypes.VpcOriginConfig{}},
			{Id: aws.String("bucket"), DomainName: aws.String("web.s3.eu-west-1.amazonaws.com"), S3OriginConfig: &cftypes.S3OriginConfig{}},
		}},
	})
	want := distribution{
		DomainName: "d1.cloudfront.net", Enabled: true,
		Behaviors: []behavior{{"*", "api", "https-only"}, {"/v1/*", "lb", "allow-all"}},
		Origins: []origin{
			{"api", "a1b2.execute-api.eu-west-1.amazonaws.com", &customOrigin{OriginProtocolPolicy: "https-only", OriginSSLProtocols: []string{"TLSv1.2"}}},
			{"lb", "Chat-1.eu-west-1.elb.amazonaws.com", &customOrigin{OriginSSLProtocols: []string{}, Private: true}},
			{"bucket", "web.s3.eu-west-1.amazonaws.com", nil},
		},
		OriginDomainNames: " a1b2.execute-api.eu-west-1.amazonaws.com chat-1.eu-west-1.elb.amazonaws.com web.s3.eu-west-1.amazonaws.com",
		RestAPIArns:       []string{"arn:aws:apigateway:eu-west-1::/restapis/a1b2"},
		HTTPAPIArns:       []string{"arn:aws:apigateway:eu-west-1::/apis/a1b2"},
		LoadBalancerNames: []string{"chat-1.eu-west-1.elb.amazonaws.com"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("distribution (-want +got):\n%s", diff)
	}
}

// TestHTTPIntegrations holds where an API leads, by the kinds of address.
func TestHTTPIntegrations(t *testing.T) {
	t.Parallel()
	const function, listener = "arn:aws:lambda:eu-west-1:111122223333:function:chat", "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/chat/1/2"
	const invoked = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/" + function + ":live/invocations"
	leads := func(uri string, by v2types.ConnectionType) v2types.Integration {
		return v2types.Integration{IntegrationUri: &uri, IntegrationType: v2types.IntegrationTypeHttpProxy, ConnectionType: by}
	}
	got := httpIntegrationsOf([]v2types.Integration{
		leads(function, ""), leads(invoked, v2types.ConnectionTypeInternet), leads(listener, v2types.ConnectionTypeVpcLink),
		leads("http://inside.example.com", v2types.ConnectionTypeVpcLink), leads("http://inside.example.com", v2types.ConnectionTypeVpcLink),
		{},
	})
	want := httpIntegrations{
		Integrations: []integration{
			{},
			{invoked, "HTTP_PROXY", "INTERNET"},
			{listener, "HTTP_PROXY", "VPC_LINK"},
			{function, "HTTP_PROXY", ""},
			{"http://inside.example.com", "HTTP_PROXY", "VPC_LINK"},
		},
		LambdaArns: []string{function, function + ":live"}, ListenerArns: []string{listener},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("integrations (-want +got):\n%s", diff)
	}
}

// TestTargetsOf holds that targets are told apart by the kind of their group.
func TestTargetsOf(t *testing.T) {
	t.Parallel()
	found := []elbtypes.TargetHealthDescription{{Target: &elbtypes.TargetDescription{Id: aws.String("x")}}, {Target: &elbtypes.TargetDescription{Id: aws.String("x")}}, {}}
	for kind, want := range map[elbtypes.TargetTypeEnum]targets{
		elbtypes.TargetTypeEnumInstance: {InstanceIDs: []string{"x"}},
		elbtypes.TargetTypeEnumLambda:   {FunctionArns: []string{"x"}},
		elbtypes.TargetTypeEnumAlb:      {BalancerArns: []string{"x"}},
		elbtypes.TargetTypeEnumIp:       {Addresses: []string{"x"}},
		"new":                           {},
	} {
		if diff := cmp.Diff(want, targetsOf(kind, found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

// TestLimitsBodies holds which rules of AWS WAF turn every large body away.
func TestLimitsBodies(t *testing.T) {
	t.Parallel()
	body := func(by waftypes.ComparisonOperator, size int64, oversize waftypes.OversizeHandling) *waftypes.Statement {
		return &waftypes.Statement{SizeConstraintStatement: &waftypes.SizeConstraintStatement{
			ComparisonOperator: by, Size: size, FieldToMatch: &waftypes.FieldToMatch{Body: &waftypes.Body{OversizeHandling: oversize}},
		}}
	}
	blocks, counts := &waftypes.RuleAction{Block: &waftypes.BlockAction{}}, &waftypes.RuleAction{Count: &waftypes.CountAction{}}
	common := func(m waftypes.ManagedRuleGroupStatement) *waftypes.Statement {
		m.VendorName, m.Name = aws.String("AWS"), aws.String(commonRules)
		return &waftypes.Statement{ManagedRuleGroupStatement: &m}
	}
	large := body("GT", 8000, "MATCH")
	override := func(to *waftypes.RuleAction) waftypes.ManagedRuleGroupStatement {
		return waftypes.ManagedRuleGroupStatement{RuleActionOverrides: []waftypes.RuleActionOverride{{Name: aws.String(commonBodyRule), ActionToUse: to}}}
	}
	for name, c := range map[string]struct {
		rule waftypes.Rule
		want bool
	}{
		"over a size":                     {waftypes.Rule{Action: blocks, Statement: large}, true},
		"it only counts":                  {waftypes.Rule{Action: counts, Statement: large}, false},
		"under a size":                    {waftypes.Rule{Action: blocks, Statement: body("LT", 8000, "MATCH")}, false},
		"within the part that is seen":    {waftypes.Rule{Action: blocks, Statement: body("GE", 8000, "CONTINUE")}, true},
		"behind the part that is seen":    {waftypes.Rule{Action: blocks, Statement: body("GE", 100_000, "CONTINUE")}, false},
		"all that is not seen":            {waftypes.Rule{Action: blocks, Statement: body("GE", 100_000, "MATCH")}, true},
		"what is not seen goes":           {waftypes.Rule{Action: blocks, Statement: body("GE", 8000, "NO_MATCH")}, false},
		"or":                              {waftypes.Rule{Action: blocks, Statement: &waftypes.Statement{OrStatement: &waftypes.OrStatement{Statements: []waftypes.Statement{{}, *large}}}}, true},
		"and":                             {waftypes.Rule{Action: blocks, Statement: &waftypes.Statement{AndStatement: &waftypes.AndStatement{Statements: []waftypes.Statement{*large}}}}, false},
		"the managed group":               {waftypes.Rule{Statement: common(waftypes.ManagedRuleGroupStatement{})}, true},
		"the managed group only counts":   {waftypes.Rule{OverrideAction: &waftypes.OverrideAction{Count: &waftypes.CountAction{}}, Statement: common(waftypes.ManagedRuleGroupStatement{})}, false},
		"its rule only counts":            {waftypes.Rule{Statement: common(override(counts))}, false},
		"its rule blocks by an override":  {waftypes.Rule{Statement: common(override(blocks))}, true},
		"its rule is excluded":            {waftypes.Rule{Statement: common(waftypes.ManagedRuleGroupStatement{ExcludedRules: []waftypes.ExcludedRule{{Name: aws.String(commonBodyRule)}}})}, false},
		"the managed group for some only": {waftypes.Rule{Statement: common(waftypes.ManagedRuleGroupStatement{ScopeDownStatement: &waftypes.Statement{}})}, false},
		"no statement":                    {waftypes.Rule{Action: blocks}, false},
	} {
		if got := limitsBodies(c.rule); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
