package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerNotebookLifecycleConfig = "AWS::SageMaker::NotebookInstanceLifecycleConfig"
	opListNotebookLifecycleConfigs       = "sagemaker:ListNotebookInstanceLifecycleConfigs"
	opDescribeNotebookLifecycleConfig    = "sagemaker:DescribeNotebookInstanceLifecycleConfig"
)

var sagemakerLifecycleConfigs = collector{
	Declaration: sagemakerDeclaration("sagemaker-lifecycle-configs", typeSageMakerNotebookLifecycleConfig, opListNotebookLifecycleConfigs, opDescribeNotebookLifecycleConfig),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListNotebookInstanceLifecycleConfigsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.NotebookInstanceLifecycleConfigSortKeyCreationTime, SortOrder: types.NotebookInstanceLifecycleConfigSortOrderDescending,
		}
		items := list(ctx, t, opListNotebookLifecycleConfigs, sagemaker.NewListNotebookInstanceLifecycleConfigsPaginator(api, in),
			func(o *sagemaker.ListNotebookInstanceLifecycleConfigsOutput) []types.NotebookInstanceLifecycleConfigSummary {
				return o.NotebookInstanceLifecycleConfigs
			},
			typeSageMakerNotebookLifecycleConfig)
		return sagemakerEach(ctx, t, typeSageMakerNotebookLifecycleConfig, items,
			func(s types.NotebookInstanceLifecycleConfigSummary) (name, arn *string) {
				return s.NotebookInstanceLifecycleConfigName, s.NotebookInstanceLifecycleConfigArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeNotebookLifecycleConfig, api.DescribeNotebookInstanceLifecycleConfig,
					&sagemaker.DescribeNotebookInstanceLifecycleConfigInput{NotebookInstanceLifecycleConfigName: name})
			})
	},
}
