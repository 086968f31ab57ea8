package aws

import (
	"context"
	"net/url"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
	endpoints "github.com/aws/smithy-go/endpoints"
)

const (
	typeAccessPoint    = "AWS::S3::AccessPoint"
	opListAccessPoints = "s3control:ListAccessPoints"
	opGetAccessPoint   = "s3control:GetAccessPoint"
)

// s3control is the client of S3's account settings. Its end points begin with the
// account's id; a stand-in answers at its own host only.
func (c *clients) s3control(region string) *s3control.Client {
	return client(c, "s3control", region, func(cfg aws.Config) *s3control.Client {
		return s3control.NewFromConfig(cfg, func(o *s3control.Options) {
			if o.BaseEndpoint != nil {
				o.EndpointResolverV2 = standInHost{s3control.NewDefaultEndpointResolverV2(), *o.BaseEndpoint}
			}
			o.APIOptions = append(o.APIOptions, checkRoots(judgeS3Control))
		})
	})
}

// standInHost takes the account's id out of the host of a stand-in.
type standInHost struct {
	s3control.EndpointResolverV2
	base string
}

// ResolveEndpoint resolves as S3 Control does, but to the host of the stand-in.
func (r standInHost) ResolveEndpoint(ctx context.Context, params s3control.EndpointParameters) (endpoints.Endpoint, error) {
	end, err := r.EndpointResolverV2.ResolveEndpoint(ctx, params)
	if err != nil {
		return end, err
	}
	base, err := url.Parse(r.base)
	if err != nil {
		return end, err
	}
	end.URI.Host = base.Host
	return end, nil
}

// judgeS3Control refuses an answer whose root element is not the operation's; only the
// account's setting is named after what it holds.
func judgeS3Control(operation, root string) error {
	if root == operation+"Result" || root == operation+"Response" || root == "PublicAccessBlockConfiguration" && operation == "GetPublicAccessBlock" {
		return nil
	}
	return collect.Wrong("the answer begins with %q, not with %q", root, operation+"Result")
}

// s3AccessPoints reads the access points of the account and Region. Their list does not
// say how they block public access.
var s3AccessPoints = collector{
	Declaration: collect.Declaration{
		Name: "s3-access-points", Service: "s3", Scope: collect.Regional, Types: []string{typeAccessPoint},
		Operations: []collect.Operation{
			{Name: opListAccessPoints, Actions: []string{"s3:ListAccessPoints"}, MayBeEmpty: true},
			{Name: opGetAccessPoint, Actions: []string{"s3:GetAccessPoint"}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api, account := c.s3control(t.Region), aws.String(t.Account)
		points := list(ctx, t, opListAccessPoints,
			s3control.NewListAccessPointsPaginator(api, &s3control.ListAccessPointsInput{AccountId: account}),
			func(o *s3control.ListAccessPointsOutput) []types.AccessPoint { return o.AccessPointList }, typeAccessPoint)
		key := func(p types.AccessPoint) (string, string) { return typeAccessPoint, aws.ToString(p.Name) }
		return each(ctx, t, points, key, func(ctx context.Context, b *collect.Builder, p types.AccessPoint) {
			b.ARN(aws.ToString(p.AccessPointArn))
			b.Answer(opListAccessPoints, p)
			describe(ctx, b, opGetAccessPoint, api.GetAccessPoint,
				&s3control.GetAccessPointInput{AccountId: account, Name: p.Name}, "NoSuchAccessPoint")
		})
	},
}
