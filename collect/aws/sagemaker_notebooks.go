package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerNotebook      = "AWS::SageMaker::NotebookInstance"
	opListNotebookInstances    = "sagemaker:ListNotebookInstances"
	opDescribeNotebookInstance = "sagemaker:DescribeNotebookInstance"
)

var sagemakerNotebooks = collector{
	Declaration: sagemakerDeclaration("sagemaker-notebooks", typeSageMakerNotebook, opListNotebookInstances, opDescribeNotebookInstance),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListNotebookInstancesInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.NotebookInstanceSortKeyCreationTime, SortOrder: types.NotebookInstanceSortOrderDescending,
		}
		notebooks := list(ctx, t, opListNotebookInstances, sagemaker.NewListNotebookInstancesPaginator(api, in),
			func(o *sagemaker.ListNotebookInstancesOutput) []types.NotebookInstanceSummary {
				return o.NotebookInstances
			},
			typeSageMakerNotebook)
		return sagemakerEach(ctx, t, typeSageMakerNotebook, notebooks,
			func(s types.NotebookInstanceSummary) (name, arn *string) {
				return s.NotebookInstanceName, s.NotebookInstanceArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeNotebookInstance, api.DescribeNotebookInstance,
					&sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: name})
			})
	},
}
