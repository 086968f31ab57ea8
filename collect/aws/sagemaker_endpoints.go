package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerEndpoint = "AWS::SageMaker::Endpoint"
	opListEndpoints       = "sagemaker:ListEndpoints"
	opDescribeEndpoint    = "sagemaker:DescribeEndpoint"
	opListContexts        = "sagemaker:ListContexts"
	opListAssociations    = "sagemaker:ListAssociations"
)

// sagemakerEndpoints reads the endpoints, and what the lineage knows of each: two
// calls more an endpoint, of which there are few.
var sagemakerEndpoints = collector{
	Declaration: collect.Declaration{
		Name: "sagemaker-endpoints", Service: "sagemaker", Scope: collect.Regional, Types: []string{typeSageMakerEndpoint},
		Operations: []collect.Operation{
			{Name: opListEndpoints, Actions: []string{opListEndpoints}},
			{Name: opDescribeEndpoint, Actions: []string{opDescribeEndpoint}},
			{Name: opListContexts, Actions: []string{opListContexts}},
			{Name: opListAssociations, Actions: []string{opListAssociations}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListEndpointsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.EndpointSortKeyCreationTime, SortOrder: types.OrderKeyDescending,
		}
		endpoints := list(ctx, t, opListEndpoints, sagemaker.NewListEndpointsPaginator(api, in),
			func(o *sagemaker.ListEndpointsOutput) []types.EndpointSummary { return o.Endpoints },
			typeSageMakerEndpoint)
		key := func(s types.EndpointSummary) (string, string) {
			return typeSageMakerEndpoint, aws.ToString(s.EndpointName)
		}
		return each(ctx, t, endpoints, key, func(ctx context.Context, b *collect.Builder, s types.EndpointSummary) {
			b.ARN(aws.ToString(s.EndpointArn))
			describe(ctx, b, opDescribeEndpoint, api.DescribeEndpoint, &sagemaker.DescribeEndpointInput{EndpointName: s.EndpointName})
			endpointLineage(ctx, b, api, s.EndpointArn)
		})
	},
}

// endpointLineage reads the lineage of an endpoint: the context that stands for it, and
// the associations that lead from there to the deployments of models.
func endpointLineage(ctx context.Context, b *collect.Builder, api *sagemaker.Client, arn *string) {
	contexts := gather(ctx, b, opListContexts, sagemaker.NewListContextsPaginator(api, &sagemaker.ListContextsInput{SourceUri: arn}),
		"ContextSummaries", func(o *sagemaker.ListContextsOutput) []types.ContextSummary { return o.ContextSummaries })
	if contexts == nil {
		return // why is in the record; of the associations nothing is known
	}
	found := []types.AssociationSummary{}
	for _, c := range contexts {
		in := &sagemaker.ListAssociationsInput{SourceArn: c.ContextArn}
		more, err := pages(ctx, b.Task(), opListAssociations, b.StandsIn(), sagemaker.NewListAssociationsPaginator(api, in),
			func(o *sagemaker.ListAssociationsOutput) []types.AssociationSummary { return o.AssociationSummaries })
		if err != nil {
			b.Fail(opListAssociations, err)
			return
		}
		found = append(found, more...)
	}
	b.Answer(opListAssociations, map[string][]types.AssociationSummary{"AssociationSummaries": found})
}
