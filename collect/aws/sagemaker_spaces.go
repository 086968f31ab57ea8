package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerSpace = "AWS::SageMaker::Space"
	opListSpaces       = "sagemaker:ListSpaces"
	opDescribeSpace    = "sagemaker:DescribeSpace"
)

// spaceOwner names the owner of a space as user profiles are identified: their names are
// unique within a domain only.
type spaceOwner struct {
	OwnerUserProfileID *string
}

// sagemakerSpaces reads the spaces of all domains by one list. Names are unique within a
// domain only, so the id has both; the list has no ARN.
var sagemakerSpaces = collector{
	Declaration: sagemakerTagged(sagemakerDeclaration("sagemaker-spaces", typeSageMakerSpace, opListSpaces, opDescribeSpace)),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListSpacesInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.SpaceSortKeyCreationTime, SortOrder: types.SortOrderDescending,
		}
		spaces := list(ctx, t, opListSpaces, sagemaker.NewListSpacesPaginator(api, in),
			func(o *sagemaker.ListSpacesOutput) []types.SpaceDetails { return o.Spaces },
			typeSageMakerSpace)
		key := func(s types.SpaceDetails) (string, string) {
			return typeSageMakerSpace, aws.ToString(s.DomainId) + "/" + aws.ToString(s.SpaceName)
		}
		return each(ctx, t, spaces, key, func(ctx context.Context, b *collect.Builder, s types.SpaceDetails) {
			arn := spaceARN(t, s)
			b.ARN(arn)
			b.Answer(opListSpaces, ownerOf(s))
			describe(ctx, b, opDescribeSpace, api.DescribeSpace,
				&sagemaker.DescribeSpaceInput{DomainId: s.DomainId, SpaceName: s.SpaceName})
			gather(ctx, b, opSageMakerTags, sagemaker.NewListTagsPaginator(api, &sagemaker.ListTagsInput{ResourceArn: aws.String(arn)}), "Tags",
				func(o *sagemaker.ListTagsOutput) []types.Tag { return o.Tags })
		})
	},
}

// spaceARN is the ARN of a space, by the Service Authorization Reference.
func spaceARN(t *collect.Task, s types.SpaceDetails) string {
	return "arn:" + assize.Partition(t.Region) + ":sagemaker:" + t.Region + ":" + t.Account +
		":space/" + aws.ToString(s.DomainId) + "/" + aws.ToString(s.SpaceName)
}

// ownerOf is the owner that the list names; without id where there is none.
func ownerOf(s types.SpaceDetails) spaceOwner {
	if s.OwnershipSettingsSummary == nil || s.OwnershipSettingsSummary.OwnerUserProfileName == nil {
		return spaceOwner{}
	}
	return spaceOwner{aws.String(aws.ToString(s.DomainId) + "/" + *s.OwnershipSettingsSummary.OwnerUserProfileName)}
}
