package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

const (
	typeTargetGroup        = "AWS::ElasticLoadBalancingV2::TargetGroup"
	opDescribeTargetGroups = "elbv2:DescribeTargetGroups"
	opTargetHealth         = "elbv2:DescribeTargetHealth"
)

// targetGroups reads target groups and what is registered in them.
var targetGroups = collector{
	Declaration: collect.Declaration{
		Name: "elbv2-target-groups", Service: "elbv2", Scope: collect.Regional, Types: []string{typeTargetGroup},
		Operations: emptyToo(elbOperations(opDescribeTargetGroups, opTargetHealth, opBalancerTags)),
	},
	run: collectTargetGroups,
}

// targets is what a group sends requests to, by kind. The ids of a group are all of one
// kind, which the group says and the answer does not.
type targets struct {
	InstanceIDs, FunctionArns, BalancerArns, Addresses []string
}

func targetsOf(kind types.TargetTypeEnum, found []types.TargetHealthDescription) targets {
	var ids []string
	for _, d := range found {
		if d.Target != nil {
			ids = append(ids, aws.ToString(d.Target.Id))
		}
	}
	ids = sortedUnique(ids)
	switch kind {
	case types.TargetTypeEnumInstance:
		return targets{InstanceIDs: ids}
	case types.TargetTypeEnumLambda:
		return targets{FunctionArns: ids}
	case types.TargetTypeEnumAlb:
		return targets{BalancerArns: ids}
	case types.TargetTypeEnumIp:
		return targets{Addresses: ids}
	}
	return targets{}
}

func collectTargetGroups(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.elbv2(t.Region)
	groups := list(ctx, t, opDescribeTargetGroups,
		elb.NewDescribeTargetGroupsPaginator(api, &elb.DescribeTargetGroupsInput{PageSize: aws.Int32(balancerPage)}),
		func(o *elb.DescribeTargetGroupsOutput) []types.TargetGroup { return o.TargetGroups }, typeTargetGroup)
	var arns []string
	for _, g := range groups {
		arns = append(arns, aws.ToString(g.TargetGroupArn))
	}
	tags := balancerTags(ctx, t, api, arns)
	return each(ctx, t, groups,
		func(g types.TargetGroup) (string, string) { return typeTargetGroup, aws.ToString(g.TargetGroupArn) },
		func(ctx context.Context, b *collect.Builder, g types.TargetGroup) {
			b.ARN(b.ID())
			b.Answer(opDescribeTargetGroups, g)
			tags[b.ID()].answer(b)
			out, err := call(ctx, t, opTargetHealth, api.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: g.TargetGroupArn})
			if err != nil {
				b.Fail(opTargetHealth, err)
				return
			}
			b.Answer(opTargetHealth, targetsOf(g.TargetType, out.TargetHealthDescriptions))
		})
}
