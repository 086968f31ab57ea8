package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

const (
	typeTaskDefinition           = "AWS::ECS::TaskDefinition"
	opListTaskDefinitionFamilies = "ecs:ListTaskDefinitionFamilies"
	opDescribeTaskDefinition     = "ecs:DescribeTaskDefinition"

	familyPage = 100
)

// ecsTaskDefinitions reads the latest active revision of each family: accounts keep
// thousands of older ones that nothing runs.
var ecsTaskDefinitions = collector{
	Declaration: collect.Declaration{
		Name: "ecs-task-definitions", Service: "ecs", Scope: collect.Regional, Types: []string{typeTaskDefinition},
		Operations: []collect.Operation{
			{Name: opListTaskDefinitionFamilies, Actions: []string{opListTaskDefinitionFamilies}, MayBeEmpty: true},
			{Name: opDescribeTaskDefinition, Actions: []string{opDescribeTaskDefinition}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.ecs(t.Region)
		in := &ecs.ListTaskDefinitionFamiliesInput{Status: types.TaskDefinitionFamilyStatusActive, MaxResults: aws.Int32(familyPage)}
		families := list(ctx, t, opListTaskDefinitionFamilies, ecs.NewListTaskDefinitionFamiliesPaginator(api, in),
			func(o *ecs.ListTaskDefinitionFamiliesOutput) []string { return o.Families }, typeTaskDefinition)
		key := func(family string) (string, string) { return typeTaskDefinition, family }
		return each(ctx, t, families, key, func(ctx context.Context, b *collect.Builder, family string) {
			out := describe(ctx, b, opDescribeTaskDefinition, api.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{
				TaskDefinition: &family, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
			})
			if out != nil && out.TaskDefinition != nil {
				b.ARN(aws.ToString(out.TaskDefinition.TaskDefinitionArn))
			}
		})
	},
}

func (c *clients) ecs(region string) *ecs.Client {
	return client(c, "ecs", region, func(cfg aws.Config) *ecs.Client { return ecs.NewFromConfig(cfg) })
}
