package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerInferenceExperiment = "AWS::SageMaker::InferenceExperiment"
	opListInferenceExperiments       = "sagemaker:ListInferenceExperiments"
	opDescribeInferenceExperiment    = "sagemaker:DescribeInferenceExperiment"
)

// sagemakerInferenceExperiments takes the ARN from the description: the list has none.
var sagemakerInferenceExperiments = collector{
	Declaration: sagemakerDeclaration("sagemaker-inference-experiments", typeSageMakerInferenceExperiment,
		opListInferenceExperiments, opDescribeInferenceExperiment),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListInferenceExperimentsInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.SortInferenceExperimentsByCreationTime, SortOrder: types.SortOrderDescending,
		}
		experiments := list(ctx, t, opListInferenceExperiments, sagemaker.NewListInferenceExperimentsPaginator(api, in),
			func(o *sagemaker.ListInferenceExperimentsOutput) []types.InferenceExperimentSummary {
				return o.InferenceExperiments
			},
			typeSageMakerInferenceExperiment)
		return sagemakerEach(ctx, t, typeSageMakerInferenceExperiment, experiments,
			func(s types.InferenceExperimentSummary) (name, arn *string) { return s.Name, nil },
			func(ctx context.Context, b *collect.Builder, name *string) {
				out := describe(ctx, b, opDescribeInferenceExperiment, api.DescribeInferenceExperiment,
					&sagemaker.DescribeInferenceExperimentInput{Name: name})
				if out != nil {
					b.ARN(aws.ToString(out.Arn))
				}
			})
	},
}
