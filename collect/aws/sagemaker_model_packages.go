package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerModelPackage = "AWS::SageMaker::ModelPackage"
	opListModelPackages       = "sagemaker:ListModelPackages"
	opDescribeModelPackage    = "sagemaker:DescribeModelPackage"
)

// sagemakerModelPackages lists the versions of each group, and the packages without a
// group, which are what a list that names no group gives.
var sagemakerModelPackages = collector{
	Declaration: collect.Declaration{
		Name: "sagemaker-model-packages", Service: "sagemaker", Scope: collect.Regional, Types: []string{typeSageMakerModelPackage},
		Operations: []collect.Operation{
			{Name: opListModelPackageGroups, Actions: []string{opListModelPackageGroups}},
			{Name: opListModelPackages, Actions: []string{opListModelPackages}},
			{Name: opDescribeModelPackage, Actions: []string{opDescribeModelPackage}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		packages := modelPackages(ctx, t, api, &sagemaker.ListModelPackagesInput{ModelPackageType: types.ModelPackageTypeUnversioned})
		for _, g := range modelPackageGroups(ctx, t, api, typeSageMakerModelPackage) {
			packages = append(packages, modelPackages(ctx, t, api, &sagemaker.ListModelPackagesInput{ModelPackageGroupName: g.ModelPackageGroupName})...)
		}
		key := func(p types.ModelPackageSummary) (string, string) {
			_, id, _ := strings.Cut(aws.ToString(p.ModelPackageArn), ":model-package/")
			return typeSageMakerModelPackage, id
		}
		return each(ctx, t, packages, key, func(ctx context.Context, b *collect.Builder, p types.ModelPackageSummary) {
			b.ARN(aws.ToString(p.ModelPackageArn))
			describe(ctx, b, opDescribeModelPackage, api.DescribeModelPackage,
				&sagemaker.DescribeModelPackageInput{ModelPackageName: p.ModelPackageArn})
		})
	},
}

// modelPackages lists the packages that the input asks for, the newest first.
func modelPackages(ctx context.Context, t *collect.Task, api *sagemaker.Client, in *sagemaker.ListModelPackagesInput) []types.ModelPackageSummary {
	in.MaxResults = aws.Int32(sagemakerPage)
	in.SortBy, in.SortOrder = types.ModelPackageSortByCreationTime, types.SortOrderDescending
	return list(ctx, t, opListModelPackages, sagemaker.NewListModelPackagesPaginator(api, in),
		func(o *sagemaker.ListModelPackagesOutput) []types.ModelPackageSummary {
			return o.ModelPackageSummaryList
		},
		typeSageMakerModelPackage)
}
