package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerFeatureGroup = "AWS::SageMaker::FeatureGroup"
	opListFeatureGroups       = "sagemaker:ListFeatureGroups"
	opDescribeFeatureGroup    = "sagemaker:DescribeFeatureGroup"
)

// sagemakerFeatureGroups reads the feature groups: of the features only the first
// page, because no fact is made of them.
var sagemakerFeatureGroups = collector{
	Declaration: sagemakerTagged(sagemakerDeclaration("sagemaker-feature-groups", typeSageMakerFeatureGroup, opListFeatureGroups, opDescribeFeatureGroup)),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListFeatureGroupsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.FeatureGroupSortByCreationTime, SortOrder: types.FeatureGroupSortOrderDescending,
		}
		groups := list(ctx, t, opListFeatureGroups, sagemaker.NewListFeatureGroupsPaginator(api, in),
			func(o *sagemaker.ListFeatureGroupsOutput) []types.FeatureGroupSummary { return o.FeatureGroupSummaries },
			typeSageMakerFeatureGroup)
		return sagemakerEachTagged(ctx, t, api, typeSageMakerFeatureGroup, groups,
			func(s types.FeatureGroupSummary) (name, arn *string) { return s.FeatureGroupName, s.FeatureGroupArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeFeatureGroup, api.DescribeFeatureGroup,
					&sagemaker.DescribeFeatureGroupInput{FeatureGroupName: name})
			})
	},
}
