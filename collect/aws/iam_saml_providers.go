package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	typeSAMLProvider    = "AWS::IAM::SAMLProvider"
	opListSAMLProviders = "iam:ListSAMLProviders"
)

// iamSAMLProviders lists the identity providers of people, among them the one that IAM
// Identity Center makes in each account that it gives access to.
var iamSAMLProviders = collector{
	Declaration: collect.Declaration{
		Name: "iam-saml-providers", Service: "iam", Scope: collect.Global, Types: []string{typeSAMLProvider},
		Operations: []collect.Operation{{Name: opListSAMLProviders, Actions: []string{opListSAMLProviders}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		all := listOnce(ctx, t, opListSAMLProviders, c.iam("").ListSAMLProviders, &iam.ListSAMLProvidersInput{},
			func(o *iam.ListSAMLProvidersOutput) []types.SAMLProviderListEntry { return o.SAMLProviderList }, typeSAMLProvider)
		key := func(p types.SAMLProviderListEntry) (string, string) {
			arn := aws.ToString(p.Arn)
			return typeSAMLProvider, arn[strings.LastIndexByte(arn, '/')+1:]
		}
		return each(ctx, t, all, key, func(_ context.Context, b *collect.Builder, p types.SAMLProviderListEntry) {
			b.ARN(aws.ToString(p.Arn))
			b.Answer(opListSAMLProviders, p)
		})
	},
}
