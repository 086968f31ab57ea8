package aws

import (
	"context"
	"regexp"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

const (
	typeDistribution     = "AWS::CloudFront::Distribution"
	opListDistributions  = "cloudfront:ListDistributions"
	opDistributionTags   = "cloudfront:ListTagsForResource"
	distributionPageSize = 100
)

// cloudFrontDistributions reads distributions from their list; what headers they add to
// requests, which may be secret, is not kept.
var cloudFrontDistributions = collector{
	Declaration: collect.Declaration{
		Name: "cloudfront-distributions", Service: "cloudfront", Scope: collect.Global, Types: []string{typeDistribution},
		Operations: []collect.Operation{
			{Name: opListDistributions, Actions: []string{opListDistributions}},
			{Name: opDistributionTags, Actions: []string{opDistributionTags}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.cloudfront(t.Region)
		found := list(ctx, t, opListDistributions,
			cloudfront.NewListDistributionsPaginator(api, &cloudfront.ListDistributionsInput{MaxItems: aws.Int32(distributionPageSize)}),
			func(o *cloudfront.ListDistributionsOutput) []types.DistributionSummary {
				if o.DistributionList == nil {
					return nil
				}
				return o.DistributionList.Items
			}, typeDistribution)
		return each(ctx, t, found,
			func(d types.DistributionSummary) (string, string) { return typeDistribution, aws.ToString(d.Id) },
			func(ctx context.Context, b *collect.Builder, d types.DistributionSummary) {
				b.ARN(aws.ToString(d.ARN))
				b.Answer(opListDistributions, distributionOf(&d))
				describe(ctx, b, opDistributionTags, api.ListTagsForResource, &cloudfront.ListTagsForResourceInput{Resource: d.ARN})
			})
	},
}

func (c *clients) cloudfront(region string) *cloudfront.Client {
	return client(c, "cloudfront", region, func(cfg aws.Config) *cloudfront.Client {
		return cloudfront.NewFromConfig(cfg, func(o *cloudfront.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeCloudFront)) })
	})
}

// judgeCloudFront knows the root elements of the answers of CloudFront.
func judgeCloudFront(operation, root string) error {
	want := map[string]string{"ListDistributions": "DistributionList", "ListTagsForResource": "Tags"}[operation]
	if root != want {
		return collect.Wrong("the answer begins with %q, not with %q", root, want)
	}
	return nil
}

// distribution is what clients and origins see of a distribution.
type distribution struct {
	DomainName, WebACLID string
	Enabled              bool
	ViewerCertificate    *types.ViewerCertificate
	Behaviors            []behavior
	Origins              []origin
	// OriginDomainNames are all of them in one text, with spaces between and before.
	OriginDomainNames string
	// What origins are, as far as their names tell.
	RestAPIArns, HTTPAPIArns, LoadBalancerNames []string
}

// behavior is how requests for a path are answered; the default one has the path "*".
type behavior struct{ PathPattern, TargetOriginID, ViewerProtocolPolicy string }

type origin struct {
	ID, DomainName string
	CustomOrigin   *customOrigin
}

// customOrigin is the connection to an origin that is not a bucket.
type customOrigin struct {
	OriginProtocolPolicy string
	OriginSSLProtocols   []string
	// Private says that the origin stands in a VPC and is reached there.
	Private bool
}

func distributionOf(d *types.DistributionSummary) distribution {
	out := distribution{
		DomainName: aws.ToString(d.DomainName), WebACLID: aws.ToString(d.WebACLId), Enabled: aws.ToBool(d.Enabled),
		ViewerCertificate: d.ViewerCertificate, Behaviors: behaviorsOf(d), Origins: []origin{},
		RestAPIArns: []string{}, HTTPAPIArns: []string{}, LoadBalancerNames: []string{},
	}
	if d.Origins == nil {
		return out
	}
	for _, o := range d.Origins.Items {
		host := strings.ToLower(aws.ToString(o.DomainName))
		out.Origins = append(out.Origins, originOf(&o))
		out.OriginDomainNames += " " + host
		if m := executeAPIHost.FindStringSubmatch(host); m != nil {
			gateway := "arn:" + assize.Partition(m[2]) + ":apigateway:" + m[2] + "::"
			out.RestAPIArns = append(out.RestAPIArns, gateway+"/restapis/"+m[1])
			out.HTTPAPIArns = append(out.HTTPAPIArns, gateway+"/apis/"+m[1])
		}
		if balancerHost.MatchString(host) {
			out.LoadBalancerNames = append(out.LoadBalancerNames, host)
		}
	}
	return out
}

var (
	// executeAPIHost is the name of an API of API Gateway, of either version: id, Region.
	executeAPIHost = regexp.MustCompile(`^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$`)
	// balancerHost is the name of a load balancer.
	balancerHost = regexp.MustCompile(`\.(?:elb\.[a-z0-9-]+|[a-z0-9-]+\.elb)\.amazonaws\.com(?:\.cn)?$`)
)

func behaviorsOf(d *types.DistributionSummary) []behavior {
	out := []behavior{}
	if b := d.DefaultCacheBehavior; b != nil {
		out = append(out, behavior{"*", aws.ToString(b.TargetOriginId), string(b.ViewerProtocolPolicy)})
	}
	if d.CacheBehaviors != nil {
		for _, b := range d.CacheBehaviors.Items {
			out = append(out, behavior{aws.ToString(b.PathPattern), aws.ToString(b.TargetOriginId), string(b.ViewerProtocolPolicy)})
		}
	}
	return out
}

func originOf(o *types.Origin) origin {
	out := origin{ID: aws.ToString(o.Id), DomainName: aws.ToString(o.DomainName)}
	if o.VpcOriginConfig != nil {
		out.CustomOrigin = &customOrigin{Private: true, OriginSSLProtocols: []string{}}
		return out
	}
	if c := o.CustomOriginConfig; c != nil {
		out.CustomOrigin = &customOrigin{OriginProtocolPolicy: string(c.OriginProtocolPolicy), OriginSSLProtocols: []string{}}
		if c.OriginSslProtocols != nil {
			for _, p := range c.OriginSslProtocols.Items {
				out.CustomOrigin.OriginSSLProtocols = append(out.CustomOrigin.OriginSSLProtocols, string(p))
			}
		}
	}
	return out
}
