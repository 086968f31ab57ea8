package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
)

const (
	typeOpenSearchDomain       = "AWS::OpenSearchService::Domain"
	opListDomainNames          = "opensearch:ListDomainNames"
	opDescribeOpenSearchDomain = "opensearch:DescribeDomain"
	opOpenSearchTags           = "opensearch:ListTags"
)

func (c *clients) opensearch(region string) *opensearch.Client {
	return client(c, "opensearch", region, func(cfg aws.Config) *opensearch.Client { return opensearch.NewFromConfig(cfg) })
}

// opensearchDomains reads the managed domains that run OpenSearch or Elasticsearch.
var opensearchDomains = collector{
	Declaration: collect.Declaration{
		Name: "opensearch-domains", Service: "opensearch", Scope: collect.Regional, Types: []string{typeOpenSearchDomain},
		Operations: prefixedAction("es", opListDomainNames, opDescribeOpenSearchDomain, opOpenSearchTags),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.opensearch(t.Region)
		items := listOnce(ctx, t, opListDomainNames, api.ListDomainNames, &opensearch.ListDomainNamesInput{},
			func(o *opensearch.ListDomainNamesOutput) []types.DomainInfo { return o.DomainNames },
			typeOpenSearchDomain)
		return each(ctx, t, items,
			func(d types.DomainInfo) (string, string) { return typeOpenSearchDomain, aws.ToString(d.DomainName) },
			func(ctx context.Context, b *collect.Builder, d types.DomainInfo) {
				arn := "arn:" + assize.Partition(t.Region) + ":es:" + t.Region + ":" + t.Account + ":domain/" + b.ID()
				b.ARN(arn)
				describe(ctx, b, opDescribeOpenSearchDomain, api.DescribeDomain, &opensearch.DescribeDomainInput{DomainName: d.DomainName})
				describe(ctx, b, opOpenSearchTags, api.ListTags, &opensearch.ListTagsInput{ARN: &arn})
			})
	},
}
