package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerUserProfile = "AWS::SageMaker::UserProfile"
	opListUserProfiles       = "sagemaker:ListUserProfiles"
	opDescribeUserProfile    = "sagemaker:DescribeUserProfile"
)

// sagemakerUserProfiles reads the profiles of all domains by one list. Names are unique
// within a domain only, so the id has both; the list has no ARN.
var sagemakerUserProfiles = collector{
	Declaration: sagemakerDeclaration("sagemaker-user-profiles", typeSageMakerUserProfile, opListUserProfiles, opDescribeUserProfile),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListUserProfilesInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.UserProfileSortKeyCreationTime, SortOrder: types.SortOrderDescending,
		}
		profiles := list(ctx, t, opListUserProfiles, sagemaker.NewListUserProfilesPaginator(api, in),
			func(o *sagemaker.ListUserProfilesOutput) []types.UserProfileDetails { return o.UserProfiles },
			typeSageMakerUserProfile)
		key := func(p types.UserProfileDetails) (string, string) {
			return typeSageMakerUserProfile, aws.ToString(p.DomainId) + "/" + aws.ToString(p.UserProfileName)
		}
		return each(ctx, t, profiles, key, func(ctx context.Context, b *collect.Builder, p types.UserProfileDetails) {
			out := describe(ctx, b, opDescribeUserProfile, api.DescribeUserProfile,
				&sagemaker.DescribeUserProfileInput{DomainId: p.DomainId, UserProfileName: p.UserProfileName})
			if out != nil {
				b.ARN(aws.ToString(out.UserProfileArn))
			}
		})
	},
}
