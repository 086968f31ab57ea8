package main

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	restypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// TestProofFrontDoorsLeadToAI holds that a distribution, its load balancer and the listeners
// and groups come into AI scope by an instance with the profile's tag, and that
// another load balancer does not.
func TestProofFrontDoorsLeadToAI(t *testing.T) {
	l := startEmpty(t)
	ctx := t.Context()
	network, vpc, subnets := frontNetwork(t, l)
	ran := proved[*ec2.RunInstancesOutput](t)(network.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), SubnetId: &subnets[0],
		TagSpecifications: []ec2types.TagSpecification{{ResourceType: ec2types.ResourceTypeInstance, Tags: []ec2types.Tag{{Key: aws.String("workload"), Value: aws.String("genai")}}}},
	}))
	api := elb.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	ai, dns := balancer(t, api, "Chat", subnets)
	other, _ := balancer(t, api, "shop", subnets)
	made := proved[*elb.CreateTargetGroupOutput](t)(api.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name: aws.String("model"), Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(8080), VpcId: &vpc, TargetType: elbtypes.TargetTypeEnumInstance,
	}))
	group := *made.TargetGroups[0].TargetGroupArn
	_, err := api.RegisterTargets(ctx, &elb.RegisterTargetsInput{TargetGroupArn: &group, Targets: []elbtypes.TargetDescription{{Id: ran.Instances[0].InstanceId}}})
	noError(t, err)
	listener := listenOn(t, api, elb.CreateListenerInput{LoadBalancerArn: &ai, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80)},
		elbtypes.Action{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &group})
	aside := listenOn(t, api, elb.CreateListenerInput{LoadBalancerArn: &other, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80)},
		elbtypes.Action{Type: elbtypes.ActionTypeEnumFixedResponse, FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: aws.String("404")}})
	distribute(t, l, distribution{id: "EDGE", host: "dualstack." + dns, viewer: "allow-all", origin: "http-only"},
		distribution{id: "ASIDE", host: "www.example.com", viewer: "allow-all", origin: "http-only"})
	noError(t, os.WriteFile("profile.yaml", []byte("scope_tags: [workload=genai]\n"), 0o600))

	r, _ := assessJSON(t, "--fail-on", "none", "--allow-gaps", "--config", "profile.yaml",
		"--collectors", "elbv2-load-balancers,elbv2-target-groups,cloudfront-distributions,ec2-instances")
	wantVerdicts(t, r, verdicts{
		"elbv2_listener_http_redirected":            {listener: assize.Fail},
		"elbv2_target_group_protocol_encrypted":     {group: assize.Fail},
		"cloudfront_distribution_viewer_https_only": {"EDGE": assize.Fail},
	})
	for _, f := range r.Findings {
		if f.ID == aside || f.ID == other || f.ID == "ASIDE" {
			t.Errorf("%s on %s: judged, although it leads to nothing of AI", f.Check, f.ID)
		}
	}
}

// TestProofDomainLeadsToAI holds that domain names, edge-optimized and regional, and their
// certificates come into AI scope by the API that they lead to, and that others do not.
func TestProofDomainLeadsToAI(t *testing.T) {
	l := startEmpty(t)
	api := apigateway.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	ai, plain := makeAPI(t, api, "AWS_IAM"), frontAPI(t, api, "shop", "")
	edge, shop := edgeName(t, l, "models.example.com", ai), edgeName(t, l, "shop.example.com", plain)
	const regional = "regional.example.com"
	_, err := api.CreateDomainName(t.Context(), &apigateway.CreateDomainNameInput{
		DomainName: aws.String(regional), SecurityPolicy: restypes.SecurityPolicyTls10,
		EndpointConfiguration: &restypes.EndpointConfiguration{Types: []restypes.EndpointType{restypes.EndpointTypeRegional}},
	})
	noError(t, err)
	// The emulator keeps the names of both versions of the API apart.
	l.Answer("apigatewayv2", "GetApiMappings", fakeaws.Match{Path: map[string]string{"domainName": regional}}, 200,
		`{"items": [{"apiId": "`+ai+`", "apiMappingId": "m1", "apiMappingKey": "", "stage": "prod"}]}`)
	r, _ := assessJSON(t, "--fail-on", "none", "--allow-gaps", "--regions", liveRegion+",us-east-1",
		"--collectors", "apigateway-rest-apis,apigateway-domain-names,acm-certificates")
	wantVerdicts(t, r, verdicts{
		"apigateway_domain_name_tls_current":   {"models.example.com": assize.Pass, regional: assize.Fail},
		"acm_certificate_key_algorithm_strong": {edge: assize.NotApplicable},
	})
	for _, f := range r.Findings {
		if f.ID == "shop.example.com" || f.ID == shop || f.ID == plain {
			t.Errorf("%s on %s: judged, although it leads to nothing of AI", f.Check, f.ID)
		}
	}
}

// edgeName makes an edge-optimized domain name that leads to the API, and returns its
// certificate, which stands in us-east-1.
func edgeName(t *testing.T, l *live, name, id string) string {
	t.Helper()
	ctx := t.Context()
	api := apigateway.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	requested := proved[*acm.RequestCertificateOutput](t)(acm.NewFromConfig(l.AWSConfig("us-east-1", l.account)).RequestCertificate(ctx, &acm.RequestCertificateInput{DomainName: &name}))
	_, err := api.CreateDomainName(ctx, &apigateway.CreateDomainNameInput{
		DomainName: &name, SecurityPolicy: restypes.SecurityPolicyTls12, CertificateArn: requested.CertificateArn,
		EndpointConfiguration: &restypes.EndpointConfiguration{Types: []restypes.EndpointType{restypes.EndpointTypeEdge}},
	})
	noError(t, err)
	_, err = api.CreateBasePathMapping(ctx, &apigateway.CreateBasePathMappingInput{DomainName: &name, RestApiId: &id, Stage: aws.String("prod")})
	noError(t, err)
	return *requested.CertificateArn
}
