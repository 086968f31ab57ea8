package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
)

const (
	typeFaceCollection   = "AWS::Rekognition::Collection"
	opListCollections    = "rekognition:ListCollections"
	opDescribeCollection = "rekognition:DescribeCollection"
	opRekognitionTags    = "rekognition:ListTagsForResource"

	rekognitionPage = 100
)

func (c *clients) rekognition(region string) *rekognition.Client {
	return client(c, "rekognition", region, func(cfg aws.Config) *rekognition.Client { return rekognition.NewFromConfig(cfg) })
}

// tagsOfRekognition declares the reading of tags.
var tagsOfRekognition = collect.Operation{Name: opRekognitionTags, Actions: []string{opRekognitionTags}, MayBeEmpty: true}

// rekognitionARN names a resource in the task's account and Region.
func rekognitionARN(t *collect.Task, resource string) string {
	return "arn:" + assize.Partition(t.Region) + ":rekognition:" + t.Region + ":" + t.Account + ":" + resource
}

// rekognitionCollections reads how large face collections are and their tags, no faces.
var rekognitionCollections = collector{
	Declaration: collect.Declaration{
		Name: "rekognition-collections", Service: "rekognition", Scope: collect.Regional, Types: []string{typeFaceCollection},
		Operations: append(sameAction(opListCollections, opDescribeCollection), tagsOfRekognition),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.rekognition(t.Region)
		items := list(ctx, t, opListCollections,
			rekognition.NewListCollectionsPaginator(api, &rekognition.ListCollectionsInput{MaxResults: aws.Int32(rekognitionPage)}),
			func(o *rekognition.ListCollectionsOutput) []string { return o.CollectionIds },
			typeFaceCollection)
		return each(ctx, t, items,
			func(id string) (string, string) { return typeFaceCollection, id },
			func(ctx context.Context, b *collect.Builder, id string) {
				arn := rekognitionARN(t, "collection/"+id)
				b.ARN(arn)
				describe(ctx, b, opDescribeCollection, api.DescribeCollection, &rekognition.DescribeCollectionInput{CollectionId: &id})
				describe(ctx, b, opRekognitionTags, api.ListTagsForResource, &rekognition.ListTagsForResourceInput{ResourceArn: &arn})
			})
	},
}
