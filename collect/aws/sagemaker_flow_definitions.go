package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerFlowDefinition = "AWS::SageMaker::FlowDefinition"
	opListFlowDefinitions       = "sagemaker:ListFlowDefinitions"
	opDescribeFlowDefinition    = "sagemaker:DescribeFlowDefinition"
)

var sagemakerFlowDefinitions = collector{
	Declaration: sagemakerDeclaration("sagemaker-flow-definitions", typeSageMakerFlowDefinition, opListFlowDefinitions, opDescribeFlowDefinition),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListFlowDefinitionsInput{
			MaxResults: aws.Int32(sagemakerPage),
		}
		items := list(ctx, t, opListFlowDefinitions, sagemaker.NewListFlowDefinitionsPaginator(api, in),
			func(o *sagemaker.ListFlowDefinitionsOutput) []types.FlowDefinitionSummary {
				return o.FlowDefinitionSummaries
			},
			typeSageMakerFlowDefinition)
		return sagemakerEach(ctx, t, typeSageMakerFlowDefinition, items,
			func(s types.FlowDefinitionSummary) (name, arn *string) {
				return s.FlowDefinitionName, s.FlowDefinitionArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeFlowDefinition, api.DescribeFlowDefinition,
					&sagemaker.DescribeFlowDefinitionInput{FlowDefinitionName: name})
			})
	},
}
