package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

const (
	typeLoadBalancer       = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	typeListener           = "AWS::ElasticLoadBalancingV2::Listener"
	opBalancerAttributes   = "elbv2:DescribeLoadBalancerAttributes"
	opDescribeListeners    = "elbv2:DescribeListeners"
	opListenerCertificates = "elbv2:DescribeListenerCertificates"
	opListenerRules        = "elbv2:DescribeRules"
	opTLSPolicies          = "elbv2:DescribeSSLPolicies"
)

// loadBalancers reads application, network and gateway load balancers and their listeners.
var loadBalancers = collector{
	Declaration: collect.Declaration{
		Name: "elbv2-load-balancers", Service: "elbv2", Scope: collect.Regional, Types: []string{typeLoadBalancer, typeListener},
		Operations: emptyToo(elbOperations(opDescribeBalancers, opBalancerTags, opBalancerAttributes, opDescribeListeners,
			opListenerCertificates, opListenerRules, opTLSPolicies)),
	},
	run: collectLoadBalancers,
}

// emptyToo marks operations whose answers hold nothing but a list, which may be empty: the
// root element of the answers is looked at, so an answer of another kind is not taken for one.
func emptyToo(operations []collect.Operation) []collect.Operation {
	for i := range operations {
		operations[i].MayBeEmpty = true
	}
	return operations
}

// loadBalancer is a load balancer, and by which name others know it.
type loadBalancer struct {
	Name, Scheme, Type, VpcID, DNSName string
	SecurityGroups, SubnetIDs          []string
	// Aliases is the DNS name in lower case.
	Aliases []string
}

func loadBalancerOf(l *types.LoadBalancer) loadBalancer {
	dns := aws.ToString(l.DNSName)
	out := loadBalancer{
		Name: aws.ToString(l.LoadBalancerName), Scheme: string(l.Scheme), Type: string(l.Type), VpcID: aws.ToString(l.VpcId),
		DNSName: dns, SecurityGroups: l.SecurityGroups, SubnetIDs: []string{}, Aliases: []string{strings.ToLower(dns)},
	}
	for _, z := range l.AvailabilityZones {
		if z.SubnetId != nil {
			out.SubnetIDs = append(out.SubnetIDs, *z.SubnetId)
		}
	}
	return out
}

func collectLoadBalancers(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.elbv2(t.Region)
	balancers := list(ctx, t, opDescribeBalancers,
		elb.NewDescribeLoadBalancersPaginator(api, &elb.DescribeLoadBalancersInput{PageSize: aws.Int32(balancerPage)}),
		func(o *elb.DescribeLoadBalancersOutput) []types.LoadBalancer { return o.LoadBalancers }, typeLoadBalancer, typeListener)
	var arns []string
	for _, l := range balancers {
		arns = append(arns, aws.ToString(l.LoadBalancerArn))
	}
	tags := balancerTags(ctx, t, api, arns)
	err := each(ctx, t, balancers,
		func(l types.LoadBalancer) (string, string) { return typeLoadBalancer, aws.ToString(l.LoadBalancerArn) },
		func(ctx context.Context, b *collect.Builder, l types.LoadBalancer) {
			b.ARN(b.ID())
			b.Answer(opDescribeBalancers, loadBalancerOf(&l))
			tags[b.ID()].answer(b)
			describeBalancerAttributes(ctx, b, api)
		})
	if err != nil {
		return err
	}
	return collectListeners(ctx, api, t, balancers)
}

// describeBalancerAttributes turns the list of attributes, which has keys and values, into an object.
func describeBalancerAttributes(ctx context.Context, b *collect.Builder, api *elb.Client) {
	out, err := call(ctx, b.Task(), opBalancerAttributes, api.DescribeLoadBalancerAttributes,
		&elb.DescribeLoadBalancerAttributesInput{LoadBalancerArn: aws.String(b.ID())})
	if err != nil {
		b.Fail(opBalancerAttributes, err)
		return
	}
	var answer struct {
		DropInvalidHeaderFields *bool
		AccessLogsEnabled       *bool
	}
	for _, a := range out.Attributes {
		on := aws.Bool(aws.ToString(a.Value) == "true")
		switch aws.ToString(a.Key) {
		case "routing.http.drop_invalid_header_fields.enabled":
			answer.DropInvalidHeaderFields = on
		case "access_logs.s3.enabled":
			answer.AccessLogsEnabled = on
		}
	}
	b.Answer(opBalancerAttributes, answer)
}

// collectListeners asks every load balancer for its listeners.
func collectListeners(ctx context.Context, api *elb.Client, t *collect.Task, balancers []types.LoadBalancer) error {
	answers := listChildren(ctx, t, opDescribeListeners, balancers, func(l types.LoadBalancer) *string { return l.LoadBalancerArn },
		func(ctx context.Context, l types.LoadBalancer) ([]types.Listener, error) {
			return pages(ctx, t, opDescribeListeners, t.Region,
				elb.NewDescribeListenersPaginator(api, &elb.DescribeListenersInput{LoadBalancerArn: l.LoadBalancerArn}),
				func(o *elb.DescribeListenersOutput) []types.Listener { return o.Listeners })
		}, typeListener)
	var listeners []types.Listener
	for _, l := range balancers {
		listeners = append(listeners, answers[aws.ToString(l.LoadBalancerArn)].items...)
	}
	policies, err := tlsPolicies(ctx, api, t, listeners)
	return each(ctx, t, listeners,
		func(l types.Listener) (string, string) { return typeListener, aws.ToString(l.ListenerArn) },
		func(ctx context.Context, b *collect.Builder, l types.Listener) {
			b.ARN(b.ID())
			b.Answer(opDescribeListeners, l)
			describeListener(ctx, b, api, &l)
			switch name := aws.ToString(l.SslPolicy); {
			case name == "":
				b.None(opTLSPolicies, "NoPolicy")
			case err != nil:
				b.Fail(opTLSPolicies, err)
			case policies[name] == nil:
				b.Fail(opTLSPolicies, collect.Wrong("the answer leaves policy %s out", name))
			default:
				b.Answer(opTLSPolicies, policies[name])
			}
		})
}

// tlsPolicies reads the TLS policies of the Region when a listener has one, by name.
func tlsPolicies(ctx context.Context, api *elb.Client, t *collect.Task, listeners []types.Listener) (map[string]*types.SslPolicy, error) {
	policies := map[string]*types.SslPolicy{}
	if !slices.ContainsFunc(listeners, func(l types.Listener) bool { return aws.ToString(l.SslPolicy) != "" }) {
		return policies, nil
	}
	found, err := pages(ctx, t, opTLSPolicies, t.Region, &markerPages[elb.DescribeSSLPoliciesOutput, elb.Options]{
		ask: func(ctx context.Context, marker *string, optFns ...func(*elb.Options)) (*elb.DescribeSSLPoliciesOutput, error) {
			return api.DescribeSSLPolicies(ctx, &elb.DescribeSSLPoliciesInput{Marker: marker, PageSize: aws.Int32(balancerPage)}, optFns...)
		},
		next: func(o *elb.DescribeSSLPoliciesOutput) *string { return o.NextMarker },
	}, func(o *elb.DescribeSSLPoliciesOutput) []types.SslPolicy { return o.SslPolicies })
	for _, p := range found {
		policies[aws.ToString(p.Name)] = &p
	}
	return policies, err
}

// describeListener reads the certificates of a listener with TLS, and the rules of one of HTTP:
// others have none.
func describeListener(ctx context.Context, b *collect.Builder, api *elb.Client, l *types.Listener) {
	if l.Protocol == types.ProtocolEnumHttps || l.Protocol == types.ProtocolEnumTls {
		gather(ctx, b, opListenerCertificates,
			elb.NewDescribeListenerCertificatesPaginator(api, &elb.DescribeListenerCertificatesInput{ListenerArn: l.ListenerArn}),
			"Certificates", func(o *elb.DescribeListenerCertificatesOutput) []types.Certificate { return o.Certificates })
	} else {
		b.None(opListenerCertificates, string(l.Protocol))
	}
	if l.Protocol == types.ProtocolEnumHttps || l.Protocol == types.ProtocolEnumHttp {
		gather(ctx, b, opListenerRules, elb.NewDescribeRulesPaginator(api, &elb.DescribeRulesInput{ListenerArn: l.ListenerArn}),
			"Rules", func(o *elb.DescribeRulesOutput) []types.Rule { return o.Rules })
	} else {
		b.None(opListenerRules, string(l.Protocol))
	}
}
