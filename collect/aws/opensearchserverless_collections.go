package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless/types"
)

const (
	typeServerlessCollection = "AWS::OpenSearchServerless::Collection"
	opListAOSSCollections    = "opensearchserverless:ListCollections"
	opBatchGetCollection     = "opensearchserverless:BatchGetCollection"
	opAOSSTags               = "opensearchserverless:ListTagsForResource"

	aossPage = 100 // also the most ids of a BatchGetCollection
)

func (c *clients) opensearchserverless(region string) *opensearchserverless.Client {
	return client(c, "opensearchserverless", region, func(cfg aws.Config) *opensearchserverless.Client {
		return opensearchserverless.NewFromConfig(cfg)
	})
}

// serverlessCollections reads the collections of OpenSearch Serverless.
var serverlessCollections = collector{
	Declaration: collect.Declaration{
		Name: "opensearchserverless-collections", Service: "opensearchserverless", Scope: collect.Regional,
		Types:      []string{typeServerlessCollection},
		Operations: prefixedAction("aoss", opListAOSSCollections, opBatchGetCollection, opAOSSTags),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.opensearchserverless(t.Region)
		items := list(ctx, t, opListAOSSCollections,
			opensearchserverless.NewListCollectionsPaginator(api, &opensearchserverless.ListCollectionsInput{MaxResults: aws.Int32(aossPage)}),
			func(o *opensearchserverless.ListCollectionsOutput) []types.CollectionSummary {
				return o.CollectionSummaries
			},
			typeServerlessCollection)
		details := collectionDetails(ctx, t, api, items)
		return each(ctx, t, items,
			func(s types.CollectionSummary) (string, string) { return typeServerlessCollection, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.CollectionSummary) {
				b.ARN(aws.ToString(s.Arn))
				if d := details[b.ID()]; d.err != nil {
					b.Fail(opBatchGetCollection, d.err)
				} else {
					b.Answer(opBatchGetCollection, d.detail)
				}
				describe(ctx, b, opAOSSTags, api.ListTagsForResource, &opensearchserverless.ListTagsForResourceInput{ResourceArn: s.Arn})
			})
	},
}

// collectionDetail is what is known of one collection, or why it is not.
type collectionDetail struct {
	detail *types.CollectionDetail
	err    error
}

// collectionDetails describes the collections, many with one call, by their ids.
func collectionDetails(ctx context.Context, t *collect.Task, api *opensearchserverless.Client, items []types.CollectionSummary) map[string]collectionDetail {
	out := map[string]collectionDetail{}
	for start := 0; start < len(items); start += aossPage {
		var ids []string
		for _, s := range items[start:min(start+aossPage, len(items))] {
			ids = append(ids, aws.ToString(s.Id))
		}
		answer, err := call(ctx, t, opBatchGetCollection, api.BatchGetCollection, &opensearchserverless.BatchGetCollectionInput{Ids: ids})
		for _, id := range ids {
			out[id] = collectionDetail{err: err}
			if err == nil {
				out[id] = collectionDetail{err: collect.Wrong("the answer leaves collection %s out", id)}
			}
		}
		if err != nil {
			continue
		}
		for _, d := range answer.CollectionDetails {
			out[aws.ToString(d.Id)] = collectionDetail{detail: &d}
		}
	}
	return out
}
