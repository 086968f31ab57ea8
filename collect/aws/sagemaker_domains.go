package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerDomain = "AWS::SageMaker::Domain"
	opListDomains       = "sagemaker:ListDomains"
	opDescribeDomain    = "sagemaker:DescribeDomain"
)

var sagemakerDomains = collector{
	Declaration: sagemakerTagged(sagemakerDeclaration("sagemaker-domains", typeSageMakerDomain, opListDomains, opDescribeDomain)),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListDomainsInput{
			MaxResults: aws.Int32(sagemakerPage),
		}
		items := list(ctx, t, opListDomains, sagemaker.NewListDomainsPaginator(api, in),
			func(o *sagemaker.ListDomainsOutput) []types.DomainDetails { return o.Domains },
			typeSageMakerDomain)
		return sagemakerEachTagged(ctx, t, api, typeSageMakerDomain, items,
			func(s types.DomainDetails) (name, arn *string) { return s.DomainId, s.DomainArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeDomain, api.DescribeDomain,
					&sagemaker.DescribeDomainInput{DomainId: name})
			})
	},
}
