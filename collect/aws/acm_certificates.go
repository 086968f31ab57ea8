package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
)

const (
	typeCertificate       = "AWS::CertificateManager::Certificate"
	opListCertificates    = "acm:ListCertificates"
	opListCertificateTags = "acm:ListTagsForCertificate"

	certificatePage = 1000
)

// acmCertificates reads certificates from their list; the certificate itself is not
// asked for.
var acmCertificates = collector{
	Declaration: collect.Declaration{
		Name: "acm-certificates", Service: "acm", Scope: collect.Regional, Types: []string{typeCertificate},
		Operations: []collect.Operation{
			{Name: opListCertificates, Actions: []string{opListCertificates}},
			{Name: opListCertificateTags, Actions: []string{opListCertificateTags}, MayBeEmpty: true},
		},
	},
	run: collectCertificates,
}

func (c *clients) acm(region string) *acm.Client {
	return client(c, "acm", region, func(cfg aws.Config) *acm.Client { return acm.NewFromConfig(cfg) })
}

func collectCertificates(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.acm(t.Region)
	in := &acm.ListCertificatesInput{
		MaxItems: aws.Int32(certificatePage),
		// Without the filter the list holds keys of RSA up to 2,048 bits only.
		Includes: &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()},
	}
	certificates := list(ctx, t, opListCertificates, acm.NewListCertificatesPaginator(api, in),
		func(o *acm.ListCertificatesOutput) []types.CertificateSummary { return o.CertificateSummaryList }, typeCertificate)
	return each(ctx, t, certificates,
		func(s types.CertificateSummary) (string, string) {
			return typeCertificate, aws.ToString(s.CertificateArn)
		},
		func(ctx context.Context, b *collect.Builder, s types.CertificateSummary) {
			b.ARN(aws.ToString(s.CertificateArn))
			b.Answer(opListCertificates, s)
			describe(ctx, b, opListCertificateTags, api.ListTagsForCertificate, &acm.ListTagsForCertificateInput{CertificateArn: s.CertificateArn})
		})
}
