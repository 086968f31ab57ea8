package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/comprehend"
	"github.com/aws/aws-sdk-go-v2/service/comprehend/types"
)

const (
	typeDocumentClassifier    = "AWS::Comprehend::DocumentClassifier"
	typeEntityRecognizer      = "AWS::Comprehend::EntityRecognizer"
	typeComprehendEndpoint    = "AWS::Comprehend::Endpoint"
	opListDocumentClassifiers = "comprehend:ListDocumentClassifiers"
	opListEntityRecognizers   = "comprehend:ListEntityRecognizers"
	opListComprehendEndpoints = "comprehend:ListEndpoints"
)

// comprehendModels reads custom classifiers, custom recognizers and the endpoints
// that serve them. Their lists describe them in full.
var comprehendModels = collector{
	Declaration: collect.Declaration{
		Name: "comprehend-models", Service: "comprehend", Scope: collect.Regional,
		Types:      []string{typeDocumentClassifier, typeEntityRecognizer, typeComprehendEndpoint},
		Operations: sameAction(opListDocumentClassifiers, opListEntityRecognizers, opListComprehendEndpoints, opComprehendTags),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.comprehend(t.Region)
		if err := documentClassifiers(ctx, t, api); err != nil {
			return err
		}
		if err := entityRecognizers(ctx, t, api); err != nil {
			return err
		}
		items := list(ctx, t, opListComprehendEndpoints,
			comprehend.NewListEndpointsPaginator(api, &comprehend.ListEndpointsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListEndpointsOutput) []types.EndpointProperties { return o.EndpointPropertiesList },
			typeComprehendEndpoint)
		return comprehendEach(ctx, t, api, typeComprehendEndpoint, opListComprehendEndpoints, items,
			func(p types.EndpointProperties) *string { return p.EndpointArn })
	},
}

func documentClassifiers(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
	items := list(ctx, t, opListDocumentClassifiers,
		comprehend.NewListDocumentClassifiersPaginator(api, &comprehend.ListDocumentClassifiersInput{MaxResults: aws.Int32(comprehendPage)}),
		func(o *comprehend.ListDocumentClassifiersOutput) []types.DocumentClassifierProperties {
			return o.DocumentClassifierPropertiesList
		},
		typeDocumentClassifier)
	return comprehendEach(ctx, t, api, typeDocumentClassifier, opListDocumentClassifiers, items,
		func(p types.DocumentClassifierProperties) *string { return p.DocumentClassifierArn })
}

func entityRecognizers(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
	items := list(ctx, t, opListEntityRecognizers,
		comprehend.NewListEntityRecognizersPaginator(api, &comprehend.ListEntityRecognizersInput{MaxResults: aws.Int32(comprehendPage)}),
		func(o *comprehend.ListEntityRecognizersOutput) []types.EntityRecognizerProperties {
			return o.EntityRecognizerPropertiesList
		},
		typeEntityRecognizer)
	return comprehendEach(ctx, t, api, typeEntityRecognizer, opListEntityRecognizers, items,
		func(p types.EntityRecognizerProperties) *string { return p.EntityRecognizerArn })
}
