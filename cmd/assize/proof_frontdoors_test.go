package main

import (
	"os"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	restypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	httptypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	nftypes "github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// frontNetwork makes a VPC with two subnets.
func frontNetwork(t *testing.T, l *live) (api *ec2.Client, vpc string, subnets []string) {
	t.Helper()
	api = ec2.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	made := proved[*ec2.CreateVpcOutput](t)(api.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.7.0.0/16")}))
	vpc = *made.Vpc.VpcId
	for zone, block := range map[string]string{liveRegion + "a": "10.7.1.0/24", liveRegion + "b": "10.7.2.0/24"} {
		out := proved[*ec2.CreateSubnetOutput](t)(api.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: &vpc, CidrBlock: aws.String(block), AvailabilityZone: aws.String(zone),
		}))
		subnets = append(subnets, *out.Subnet.SubnetId)
	}
	return api, vpc, subnets
}

// balancer makes an application load balancer that faces the internet.
func balancer(t *testing.T, api *elb.Client, name string, subnets []string) (arn, dns string) {
	t.Helper()
	out := proved[*elb.CreateLoadBalancerOutput](t)(api.CreateLoadBalancer(t.Context(), &elb.CreateLoadBalancerInput{
		Name: &name, Subnets: subnets, Scheme: elbtypes.LoadBalancerSchemeEnumInternetFacing,
	}))
	return *out.LoadBalancers[0].LoadBalancerArn, *out.LoadBalancers[0].DNSName
}

// listenOn makes a listener with one action.
func listenOn(t *testing.T, api *elb.Client, in elb.CreateListenerInput, action elbtypes.Action) string {
	t.Helper()
	in.DefaultActions = []elbtypes.Action{action}
	out := proved[*elb.CreateListenerOutput](t)(api.CreateListener(t.Context(), &in))
	return *out.Listeners[0].ListenerArn
}

// TestProofLoadBalancers proves the checks of load balancers: one ends TLS well, redirects
// and is protected; the other does none of it.
func TestProofLoadBalancers(t *testing.T) {
	l := startEmpty(t)
	ctx := t.Context()
	_, vpc, subnets := frontNetwork(t, l)
	api := elb.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	good, _ := balancer(t, api, "good", subnets)
	bad, _ := balancer(t, api, "bad", subnets)
	group := func(name string, protocol elbtypes.ProtocolEnum) string {
		out := proved[*elb.CreateTargetGroupOutput](t)(api.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
			Name: &name, Protocol: protocol, Port: aws.Int32(443), VpcId: &vpc, TargetType: elbtypes.TargetTypeEnumInstance,
		}))
		return *out.TargetGroups[0].TargetGroupArn
	}
	sealed, clear := group("sealed", elbtypes.ProtocolEnumHttps), group("clear", elbtypes.ProtocolEnumHttp)
	https := func(balancer, policy, target string) string {
		return listenOn(t, api, elb.CreateListenerInput{
			LoadBalancerArn: &balancer, Protocol: elbtypes.ProtocolEnumHttps, Port: aws.Int32(443), SslPolicy: &policy,
			Certificates: []elbtypes.Certificate{{CertificateArn: aws.String("arn:aws:iam::111122223333:server-certificate/front")}},
		}, elbtypes.Action{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &target})
	}
	current, old := https(good, "ELBSecurityPolicy-TLS13-1-2-2021-06", sealed), https(bad, "ELBSecurityPolicy-2016-08", clear)
	redirects := listenOn(t, api, elb.CreateListenerInput{LoadBalancerArn: &good, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80)},
		elbtypes.Action{Type: elbtypes.ActionTypeEnumRedirect, RedirectConfig: &elbtypes.RedirectActionConfig{
			Protocol: aws.String("HTTPS"), Port: aws.String("443"), StatusCode: elbtypes.RedirectActionStatusCodeEnumHttp301,
		}})
	forwards := listenOn(t, api, elb.CreateListenerInput{LoadBalancerArn: &bad, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80)},
		elbtypes.Action{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &clear})
	hardenBalancer(t, l, api, good)

	const collectors = "elbv2-load-balancers,elbv2-target-groups,wafv2-web-acls"
	r, _ := assessJSON(t, proofArgs(collectors)...)
	wantVerdicts(t, r, verdicts{
		"elbv2_listener_tls_policy_secure":            {current: assize.Pass, old: assize.Fail, redirects: assize.NotApplicable},
		"elbv2_listener_http_redirected":              {redirects: assize.Pass, forwards: assize.Fail, current: assize.NotApplicable},
		"elbv2_target_group_protocol_encrypted":       {sealed: assize.Pass, clear: assize.Fail},
		"elbv2_load_balancer_waf_attached":            {good: assize.Pass, bad: assize.Fail},
		"elbv2_load_balancer_invalid_headers_dropped": {good: assize.Pass, bad: assize.Fail},
		"elbv2_load_balancer_access_logged":           {good: assize.Pass, bad: assize.Fail},
	})
	l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "elbv2", Operation: "DescribeSSLPolicies"})
	r, _ = assessJSON(t, proofArgs(collectors)...)
	wantVerdicts(t, r, verdicts{"elbv2_listener_tls_policy_secure": {current: assize.Inconclusive, old: assize.Inconclusive}})
}

// hardenBalancer drops invalid headers, logs requests, and associates a web ACL.
func hardenBalancer(t *testing.T, l *live, api *elb.Client, arn string) {
	t.Helper()
	_, err := api.ModifyLoadBalancerAttributes(t.Context(), &elb.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: &arn, Attributes: []elbtypes.LoadBalancerAttribute{
			{Key: aws.String("routing.http.drop_invalid_header_fields.enabled"), Value: aws.String("true")},
			{Key: aws.String("access_logs.s3.enabled"), Value: aws.String("true")},
			{Key: aws.String("access_logs.s3.bucket"), Value: aws.String("log-archive")},
		},
	})
	noError(t, err)
	frontACL(t, l, nil)
	// The emulator knows what it associated, and does not say.
	l.Answer("wafv2", "ListResourcesForWebACL", fakeaws.Match{Params: map[string]string{"ResourceType": "APPLICATION_LOAD_BALANCER"}}, 200, `{"ResourceArns": ["`+arn+`"]}`)
}

// frontACL makes a regional web ACL with the rules.
func frontACL(t *testing.T, l *live, rules []waftypes.Rule) string {
	t.Helper()
	out := proved[*wafv2.CreateWebACLOutput](t)(wafv2.NewFromConfig(l.AWSConfig(liveRegion, l.account)).CreateWebACL(t.Context(), &wafv2.CreateWebACLInput{
		Name: aws.String("front"), Scope: waftypes.ScopeRegional, Rules: rules,
		DefaultAction: &waftypes.DefaultAction{Allow: &waftypes.AllowAction{}}, VisibilityConfig: frontSeen,
	}))
	return *out.Summary.ARN
}

var frontSeen = &waftypes.VisibilityConfig{CloudWatchMetricsEnabled: true, MetricName: aws.String("front"), SampledRequestsEnabled: true}

// distribution is a distribution with one origin.
type distribution struct {
	id, host, viewer, origin, protocol, acl, certificate string
}

// xml is the distribution as the list holds it.
func (d distribution) xml() string {
	return `<DistributionSummary><Id>` + d.id + `</Id><ARN>arn:aws:cloudfront::111122223333:distribution/` + d.id + `</ARN><Status>Deployed</Status>
<DomainName>` + d.id + `.cloudfront.net</DomainName><Aliases><Quantity>0</Quantity></Aliases><Enabled>true</Enabled><WebACLId>` + d.acl + `</WebACLId>
<Origins><Quantity>1</Quantity><Items><Origin><Id>model</Id><DomainName>` + d.host + `</DomainName><CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>
<OriginProtocolPolicy>` + d.origin + `</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>` + d.protocol + `</SslProtocol></Items></OriginSslProtocols>
</CustomOriginConfig></Origin></Items></Origins>
<DefaultCacheBehavior><TargetOriginId>model</TargetOriginId><ViewerProtocolPolicy>` + d.viewer + `</ViewerProtocolPolicy></DefaultCacheBehavior>
<CacheBehaviors><Quantity>0</Quantity></CacheBehaviors><ViewerCertificate>` + d.certificate + `</ViewerCertificate></DistributionSummary>`
}

// distribute answers the list of distributions: the emulator's leaves out how they are set.
func distribute(t *testing.T, l *live, all ...distribution) {
	t.Helper()
	items := ""
	for _, d := range all {
		items += d.xml()
	}
	l.Answer("cloudfront", "ListDistributions", fakeaws.Match{}, 200, `<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>
<MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>`+strconv.Itoa(len(all))+`</Quantity><Items>`+items+`</Items></DistributionList>`)
	l.Answer("cloudfront", "ListTagsForResource", fakeaws.Match{}, 200, `<Tags xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Items></Items></Tags>`)
}

// TestProofDistributions proves the checks of CloudFront.
func TestProofDistributions(t *testing.T) {
	l := startEmpty(t)
	distribute(t, l, distribution{
		"EGOOD", "models.example.com", "https-only", "https-only", "TLSv1.2", "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/1",
		"<ACMCertificateArn>arn:aws:acm:us-east-1:111122223333:certificate/1</ACMCertificateArn><MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>",
	}, distribution{
		"EBAD", "old.example.com", "allow-all", "match-viewer", "TLSv1", "",
		"<CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate><MinimumProtocolVersion>TLSv1</MinimumProtocolVersion>",
	})
	r, _ := assessJSON(t, proofArgs("cloudfront-distributions")...)
	want := verdicts{}
	for _, check := range []string{"viewer_https_only", "minimum_tls_current", "origin_https_only", "origin_tls_current", "waf_attached"} {
		want["cloudfront_distribution_"+check] = passAndFail("EGOOD", "EBAD")
	}
	wantVerdicts(t, r, want)
	l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "cloudfront", Operation: "ListDistributions"})
	r, _ = assessJSON(t, proofArgs("cloudfront-distributions")...)
	wantVerdicts(t, r, verdicts{"cloudfront_distribution_viewer_https_only": {"": assize.Inconclusive}})
}

// TestProofHTTPAPIs proves the checks of HTTP and WebSocket APIs.
func TestProofHTTPAPIs(t *testing.T) {
	l := startEmpty(t)
	api, ctx := apigatewayv2.NewFromConfig(l.AWSConfig(liveRegion, l.account)), t.Context()
	newAPI := func(name string, protocol httptypes.ProtocolType, uri string) string {
		out := proved[*apigatewayv2.CreateApiOutput](t)(api.CreateApi(ctx, &apigatewayv2.CreateApiInput{
			Name: &name, ProtocolType: protocol, RouteSelectionExpression: aws.String("$request.body.action"),
		}))
		_, err := api.CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{
			ApiId: out.ApiId, IntegrationType: httptypes.IntegrationTypeHttpProxy, IntegrationUri: &uri, IntegrationMethod: aws.String("POST"),
		})
		noError(t, err)
		return *out.ApiId
	}
	route := func(id, key string, authorization httptypes.AuthorizationType) string {
		out := proved[*apigatewayv2.CreateRouteOutput](t)(api.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{ApiId: &id, RouteKey: &key, AuthorizationType: authorization}))
		return id + "/" + *out.RouteId
	}
	good := newAPI("chat", httptypes.ProtocolTypeHttp, "https://models.example.com/invoke")
	bad := newAPI("old", httptypes.ProtocolTypeHttp, "http://models.example.com/invoke")
	socket := newAPI("talk", httptypes.ProtocolTypeWebsocket, "https://models.example.com/talk")
	signed, open, preflight := route(good, "POST /chat", httptypes.AuthorizationTypeAwsIam), route(bad, "POST /chat", httptypes.AuthorizationTypeNone), route(good, "OPTIONS /chat", httptypes.AuthorizationTypeNone)
	connect, message := route(socket, "$connect", httptypes.AuthorizationTypeAwsIam), route(socket, "ask", httptypes.AuthorizationTypeNone)
	r, _ := assessJSON(t, proofArgs("apigatewayv2-apis")...)
	wantVerdicts(t, r, verdicts{
		"apigatewayv2_route_authorizer_configured": {
			signed: assize.Pass, open: assize.Fail, preflight: assize.NotApplicable, connect: assize.Pass, message: assize.Pass,
		},
		"apigatewayv2_api_integration_encrypted": {good: assize.Pass, bad: assize.Fail, socket: assize.Pass},
	})
}

// TestProofRestFront proves what is asked of REST APIs as front doors: the size of bodies,
// by a model and by a web ACL, the way behind, and their domain names.
func TestProofRestFront(t *testing.T) {
	l := startEmpty(t)
	api, ctx := apigateway.NewFromConfig(l.AWSConfig(liveRegion, l.account)), t.Context()
	open, modelled, guarded := frontAPI(t, api, "open", ""), frontAPI(t, api, "modelled", `{"type": "string", "maxLength": 4000}`), frontAPI(t, api, "guarded", "")
	unbounded := frontAPI(t, api, "unbounded", `{"type": "string"}`)
	acl := frontACL(t, l, []waftypes.Rule{{
		Name: aws.String("large"), VisibilityConfig: frontSeen, Action: &waftypes.RuleAction{Block: &waftypes.BlockAction{}},
		Statement: &waftypes.Statement{SizeConstraintStatement: &waftypes.SizeConstraintStatement{
			ComparisonOperator: waftypes.ComparisonOperatorGt, Size: 8000,
			FieldToMatch:        &waftypes.FieldToMatch{Body: &waftypes.Body{OversizeHandling: waftypes.OversizeHandlingMatch}},
			TextTransformations: []waftypes.TextTransformation{{Type: waftypes.TextTransformationTypeNone}},
		}},
	}})
	_, err := wafv2.NewFromConfig(l.AWSConfig(liveRegion, l.account)).AssociateWebACL(ctx, &wafv2.AssociateWebACLInput{
		ResourceArn: aws.String("arn:aws:apigateway:" + liveRegion + "::/restapis/" + guarded + "/stages/prod"), WebACLArn: &acl,
	})
	noError(t, err)
	for name, policy := range map[string]restypes.SecurityPolicy{"new.example.com": restypes.SecurityPolicyTls12, "old.example.com": restypes.SecurityPolicyTls10} {
		_, err := api.CreateDomainName(ctx, &apigateway.CreateDomainNameInput{
			DomainName: &name, SecurityPolicy: policy, RegionalCertificateArn: aws.String("arn:aws:acm:eu-west-1:111122223333:certificate/1"),
			EndpointConfiguration: &restypes.EndpointConfiguration{Types: []restypes.EndpointType{restypes.EndpointTypeRegional}},
		})
		noError(t, err)
	}
	r, _ := assessJSON(t, proofArgs("apigateway-rest-apis,apigateway-domain-names,wafv2-web-acls")...)
	wantVerdicts(t, r, verdicts{
		"apigateway_request_size_limited":           {open: assize.Fail, modelled: assize.Pass, guarded: assize.Pass, unbounded: assize.Fail},
		"apigateway_rest_api_integration_encrypted": {open: assize.Fail, modelled: assize.Pass},
		"apigateway_rest_api_tls_current":           {open: assize.Fail},
		"apigateway_domain_name_tls_current":        {"new.example.com": assize.Pass, "old.example.com": assize.Fail},
	})
	l.Answer("apigateway", "GetRestApis", fakeaws.Match{}, 200, `{"item": [{"id": "`+open+`", "name": "open", "securityPolicy": "SecurityPolicy_TLS13_1_2_2021_06",
		"endpointConfiguration": {"types": ["REGIONAL"]}}]}`)
	r, _ = assessJSON(t, proofArgs("apigateway-rest-apis")...)
	wantVerdicts(t, r, verdicts{"apigateway_rest_api_tls_current": {open: assize.Pass}})
}

// frontAPI makes an API with one method, whose body is validated against the schema where
// there is one, and which leads to a server over TLS where there is one.
func frontAPI(t *testing.T, api *apigateway.Client, name, schema string) string {
	t.Helper()
	ctx := t.Context()
	made := proved[*apigateway.CreateRestApiOutput](t)(api.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: &name}))
	roots := proved[*apigateway.GetResourcesOutput](t)(api.GetResources(ctx, &apigateway.GetResourcesInput{RestApiId: made.Id}))
	root, uri := roots.Items[0].Id, "http://models.example.com/invoke"
	method := &apigateway.PutMethodInput{RestApiId: made.Id, ResourceId: root, HttpMethod: aws.String("POST"), AuthorizationType: aws.String("AWS_IAM")}
	if schema != "" {
		uri = "https://models.example.com/invoke"
		validator := proved[*apigateway.CreateRequestValidatorOutput](t)(api.CreateRequestValidator(ctx, &apigateway.CreateRequestValidatorInput{
			RestApiId: made.Id, Name: aws.String("body"), ValidateRequestBody: true,
		}))
		_, err := api.CreateModel(ctx, &apigateway.CreateModelInput{RestApiId: made.Id, Name: aws.String("Prompt"), ContentType: aws.String("application/json"), Schema: &schema})
		noError(t, err)
		method.RequestValidatorId, method.RequestModels = validator.Id, map[string]string{"$default": "Prompt"}
	}
	_, err := api.PutMethod(ctx, method)
	noError(t, err)
	_, err = api.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: made.Id, ResourceId: root, HttpMethod: aws.String("POST"), Type: restypes.IntegrationTypeHttp, IntegrationHttpMethod: aws.String("POST"), Uri: &uri,
	})
	noError(t, err)
	_, err = api.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: made.Id, StageName: aws.String("prod")})
	noError(t, err)
	return *made.Id
}

// TestProofNetworkFirewall proves that a firewall counts where a route leads to it.
func TestProofNetworkFirewall(t *testing.T) {
	l := startEmpty(t)
	ctx := t.Context()
	api, guarded, subnets := frontNetwork(t, l)
	_, open, _ := frontNetwork(t, l)
	for _, vpc := range []string{guarded, open} {
		gateway := proved[*ec2.CreateInternetGatewayOutput](t)(api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})).InternetGateway.InternetGatewayId
		_, err := api.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: gateway, VpcId: &vpc})
		noError(t, err)
		routeOut(t, api, vpc, &ec2.CreateRouteInput{GatewayId: gateway})
	}
	endpoint := proved[*ec2.CreateVpcEndpointOutput](t)(api.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{
		VpcId: &guarded, ServiceName: aws.String("com.amazonaws." + liveRegion + ".s3"),
	})).VpcEndpoint.VpcEndpointId
	routeOut(t, api, guarded, &ec2.CreateRouteInput{GatewayId: endpoint})
	made := proved[*networkfirewall.CreateFirewallOutput](t)(networkfirewall.NewFromConfig(l.AWSConfig(liveRegion, l.account)).CreateFirewall(ctx, &networkfirewall.CreateFirewallInput{
		FirewallName: aws.String("egress"), FirewallPolicyArn: aws.String("arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/egress"),
		VpcId: &guarded, SubnetMappings: []nftypes.SubnetMapping{{SubnetId: &subnets[0]}},
	}))
	// The emulator's firewalls have no endpoints.
	l.Answer("network-firewall", "DescribeFirewall", fakeaws.Match{}, 200, `{"Firewall": {"FirewallArn": "`+*made.Firewall.FirewallArn+`", "FirewallName": "egress",
		"FirewallId": "1", "FirewallPolicyArn": "arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/egress", "VpcId": "`+guarded+`", "SubnetMappings": []},
		"FirewallStatus": {"Status": "READY", "SyncStates": {"eu-west-1a": {"Attachment": {"EndpointId": "`+*endpoint+`", "SubnetId": "`+subnets[0]+`", "Status": "READY"}}}}}`)
	noError(t, os.WriteFile("profile.yaml", []byte("network_firewall_required: true\n"), 0o600))
	r, _ := assessJSON(t, proofArgs("ec2-vpcs,ec2-route-tables,networkfirewall-firewalls", "--config", "profile.yaml")...)
	wantVerdicts(t, r, verdicts{"networkfirewall_configured": {guarded: assize.Pass, open: assize.Fail}})
}

// routeOut makes a route table of the VPC with one route to the internet.
func routeOut(t *testing.T, api *ec2.Client, vpc string, route *ec2.CreateRouteInput) {
	t.Helper()
	ctx := t.Context()
	table := proved[*ec2.CreateRouteTableOutput](t)(api.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: &vpc}))
	route.RouteTableId, route.DestinationCidrBlock = table.RouteTable.RouteTableId, aws.String("0.0.0.0/0")
	_, err := api.CreateRoute(ctx, route)
	noError(t, err)
}
