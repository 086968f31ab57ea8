package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

const (
	typeStateMachine       = "AWS::StepFunctions::StateMachine"
	opListStateMachines    = "stepfunctions:ListStateMachines"
	opDescribeStateMachine = "stepfunctions:DescribeStateMachine"
	opListStateMachineTags = "stepfunctions:ListTagsForResource"

	stateMachinePage = 1000
)

var stepFunctionsStateMachines = collector{
	Declaration: collect.Declaration{
		Name: "stepfunctions-state-machines", Service: "stepfunctions", Scope: collect.Regional, Types: []string{typeStateMachine},
		Operations: []collect.Operation{
			{Name: opListStateMachines, Actions: []string{"states:ListStateMachines"}},
			{Name: opDescribeStateMachine, Actions: []string{"states:DescribeStateMachine"}},
			{Name: opListStateMachineTags, Actions: []string{"states:ListTagsForResource"}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.stepfunctions(t.Region)
		items := list(ctx, t, opListStateMachines,
			sfn.NewListStateMachinesPaginator(api, &sfn.ListStateMachinesInput{MaxResults: stateMachinePage}),
			func(o *sfn.ListStateMachinesOutput) []types.StateMachineListItem { return o.StateMachines }, typeStateMachine)
		return each(ctx, t, items,
			func(m types.StateMachineListItem) (string, string) { return typeStateMachine, aws.ToString(m.Name) },
			func(ctx context.Context, b *collect.Builder, m types.StateMachineListItem) {
				b.ARN(aws.ToString(m.StateMachineArn))
				describe(ctx, b, opDescribeStateMachine, api.DescribeStateMachine, &sfn.DescribeStateMachineInput{StateMachineArn: m.StateMachineArn})
				describe(ctx, b, opListStateMachineTags, api.ListTagsForResource, &sfn.ListTagsForResourceInput{ResourceArn: m.StateMachineArn})
			})
	},
}

func (c *clients) stepfunctions(region string) *sfn.Client {
	return client(c, "stepfunctions", region, func(cfg aws.Config) *sfn.Client { return sfn.NewFromConfig(cfg) })
}
