package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

const (
	typeRepository         = "AWS::ECR::Repository"
	opDescribeRepositories = "ecr:DescribeRepositories"
	opGetRepositoryPolicy  = "ecr:GetRepositoryPolicy"
	opGetLifecyclePolicy   = "ecr:GetLifecyclePolicy"
	opListRepositoryTags   = "ecr:ListTagsForResource"

	typeRegistryScanning  = "AWS::ECR::RegistryScanningConfiguration"
	opGetRegistryScanning = "ecr:GetRegistryScanningConfiguration"

	repositoryPage = 1000
)

var ecrRepositories = collector{
	Declaration: collect.Declaration{
		Name: "ecr-repositories", Service: "ecr", Scope: collect.Regional, Types: []string{typeRepository, typeRegistryScanning},
		Operations: []collect.Operation{
			{Name: opDescribeRepositories, Actions: []string{opDescribeRepositories}},
			{Name: opGetRepositoryPolicy, Actions: []string{opGetRepositoryPolicy}},
			{Name: opGetLifecyclePolicy, Actions: []string{opGetLifecyclePolicy}},
			{Name: opListRepositoryTags, Actions: []string{opListRepositoryTags}, MayBeEmpty: true},
			{Name: opGetRegistryScanning, Actions: []string{opGetRegistryScanning}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.ecr(t.Region)
		collectRegistryScanning(ctx, api, t)
		items := list(ctx, t, opDescribeRepositories,
			ecr.NewDescribeRepositoriesPaginator(api, &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(repositoryPage)}),
			func(o *ecr.DescribeRepositoriesOutput) []types.Repository { return o.Repositories }, typeRepository)
		return each(ctx, t, items,
			func(r types.Repository) (string, string) { return typeRepository, aws.ToString(r.RepositoryName) },
			func(ctx context.Context, b *collect.Builder, r types.Repository) {
				b.ARN(aws.ToString(r.RepositoryArn))
				b.Answer(opDescribeRepositories, r)
				describe(ctx, b, opGetRepositoryPolicy, api.GetRepositoryPolicy,
					&ecr.GetRepositoryPolicyInput{RepositoryName: r.RepositoryName}, "RepositoryPolicyNotFoundException")
				describe(ctx, b, opGetLifecyclePolicy, api.GetLifecyclePolicy,
					&ecr.GetLifecyclePolicyInput{RepositoryName: r.RepositoryName}, "LifecyclePolicyNotFoundException")
				describe(ctx, b, opListRepositoryTags, api.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: r.RepositoryArn})
			})
	},
}

func (c *clients) ecr(region string) *ecr.Client {
	return client(c, "ecr", region, func(cfg aws.Config) *ecr.Client { return ecr.NewFromConfig(cfg) })
}

// collectRegistryScanning reads what the registry of the Region has scanned, whatever
// the repositories say themselves.
func collectRegistryScanning(ctx context.Context, api *ecr.Client, t *collect.Task) {
	t.Complete(typeRegistryScanning)
	b := t.New(typeRegistryScanning, t.Account)
	if b == nil {
		return
	}
	describe(ctx, b, opGetRegistryScanning, api.GetRegistryScanningConfiguration, &ecr.GetRegistryScanningConfigurationInput{})
	t.Emit(b)
}
