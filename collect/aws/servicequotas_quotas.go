package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
)

const (
	typeQuota           = "AWS::ServiceQuotas::Quota"
	opListServiceQuotas = "service-quotas:ListServiceQuotas"
	opListDefaultQuotas = "service-quotas:ListAWSDefaultServiceQuotas"

	quotaPage    = 100
	quotaService = "bedrock"
	// codeNoQuotas is the answer where the Region has no Bedrock.
	codeNoQuotas = "NoSuchResourceException"
)

// serviceQuotas reads the quotas of Bedrock as they apply and as they come from AWS.
var serviceQuotas = collector{
	Declaration: collect.Declaration{
		Name: "service-quotas", Service: "service-quotas", Scope: collect.Regional, Types: []string{typeQuota},
		Operations: []collect.Operation{
			{Name: opListServiceQuotas, Actions: []string{"servicequotas:ListServiceQuotas"}, MayBeEmpty: true},
			{Name: opListDefaultQuotas, Actions: []string{"servicequotas:ListAWSDefaultServiceQuotas"}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.servicequotas(t.Region)
		service := aws.String(quotaService)
		quotas, err := pages(ctx, t, opListServiceQuotas, t.Region,
			servicequotas.NewListServiceQuotasPaginator(api, &servicequotas.ListServiceQuotasInput{ServiceCode: service, MaxResults: aws.Int32(quotaPage)}),
			func(o *servicequotas.ListServiceQuotasOutput) []types.ServiceQuota { return o.Quotas })
		if err != nil && !failedWith(err, codeNoQuotas) {
			t.Gap(opListServiceQuotas, err, typeQuota)
		} else {
			t.Complete(typeQuota)
		}
		if len(quotas) == 0 {
			return nil
		}
		defaults, err := pages(ctx, t, opListDefaultQuotas, t.Region,
			servicequotas.NewListAWSDefaultServiceQuotasPaginator(api, &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: service, MaxResults: aws.Int32(quotaPage)}),
			func(o *servicequotas.ListAWSDefaultServiceQuotasOutput) []types.ServiceQuota { return o.Quotas })
		byCode := map[string]types.ServiceQuota{}
		for _, q := range defaults {
			byCode[aws.ToString(q.QuotaCode)] = q
		}
		key := func(q types.ServiceQuota) (string, string) { return typeQuota, aws.ToString(q.QuotaCode) }
		return each(ctx, t, quotas, key, func(_ context.Context, b *collect.Builder, q types.ServiceQuota) {
			b.ARN(aws.ToString(q.QuotaArn))
			b.Answer(opListServiceQuotas, q)
			d, known := byCode[b.ID()]
			switch {
			case known:
				b.Answer(opListDefaultQuotas, d)
			case err != nil:
				b.Fail(opListDefaultQuotas, err)
			default:
				b.None(opListDefaultQuotas, "no default")
			}
		})
	},
}

func (c *clients) servicequotas(region string) *servicequotas.Client {
	return client(c, "service-quotas", region, func(cfg aws.Config) *servicequotas.Client { return servicequotas.NewFromConfig(cfg) })
}
