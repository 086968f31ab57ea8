package aws

import (
	"context"
	"errors"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerModelPackageGroup = "AWS::SageMaker::ModelPackageGroup"
	opListModelPackageGroups       = "sagemaker:ListModelPackageGroups"
	opGetModelPackageGroupPolicy   = "sagemaker:GetModelPackageGroupPolicy"
)

// sagemakerModelPackageGroups keeps what the list says of each group, and reads its policy.
var sagemakerModelPackageGroups = collector{
	Declaration: sagemakerDeclaration("sagemaker-model-package-groups", typeSageMakerModelPackageGroup,
		opListModelPackageGroups, opGetModelPackageGroupPolicy),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		groups := modelPackageGroups(ctx, t, api, typeSageMakerModelPackageGroup)
		key := func(g types.ModelPackageGroupSummary) (string, string) {
			return typeSageMakerModelPackageGroup, aws.ToString(g.ModelPackageGroupName)
		}
		return each(ctx, t, groups, key, func(ctx context.Context, b *collect.Builder, g types.ModelPackageGroupSummary) {
			b.ARN(aws.ToString(g.ModelPackageGroupArn))
			b.Answer(opListModelPackageGroups, g)
			groupPolicy(ctx, b, api, g.ModelPackageGroupName)
		})
	},
}

// modelPackageGroups lists the groups of the account.
func modelPackageGroups(ctx context.Context, t *collect.Task, api *sagemaker.Client, typ string) []types.ModelPackageGroupSummary {
	in := &sagemaker.ListModelPackageGroupsInput{
		MaxResults: aws.Int32(sagemakerPage),
		SortBy:     types.ModelPackageGroupSortByCreationTime, SortOrder: types.SortOrderDescending,
	}
	return list(ctx, t, opListModelPackageGroups, sagemaker.NewListModelPackageGroupsPaginator(api, in),
		func(o *sagemaker.ListModelPackageGroupsOutput) []types.ModelPackageGroupSummary {
			return o.ModelPackageGroupSummaryList
		},
		typ)
}

// groupPolicy reads the policy of a group. That there is none comes as a ValidationException,
// as other refusals do, so its words decide.
func groupPolicy(ctx context.Context, b *collect.Builder, api *sagemaker.Client, name *string) {
	in := &sagemaker.GetModelPackageGroupPolicyInput{ModelPackageGroupName: name}
	out, err := call(ctx, b.Task(), opGetModelPackageGroupPolicy, api.GetModelPackageGroupPolicy, in)
	var f *collect.Failure
	switch {
	case err == nil:
		b.Answer(opGetModelPackageGroupPolicy, out)
	case errors.As(err, &f) && f.Code == "ValidationException" && strings.Contains(strings.ToLower(f.Detail), "cannot find resource policy"):
		b.None(opGetModelPackageGroupPolicy, f.Code)
	default:
		b.Fail(opGetModelPackageGroupPolicy, err)
	}
}
