package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerExperiment = "AWS::SageMaker::Experiment"
	opListExperiments       = "sagemaker:ListExperiments"
)

// sagemakerExperiments keeps what the list says of each experiment; a description
// would add nothing that is judged.
var sagemakerExperiments = collector{
	Declaration: collect.Declaration{
		Name: "sagemaker-experiments", Service: "sagemaker", Scope: collect.Regional, Types: []string{typeSageMakerExperiment},
		Operations: []collect.Operation{{Name: opListExperiments, Actions: []string{opListExperiments}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &sagemaker.ListExperimentsInput{
			MaxResults: aws.Int32(sagemakerPage), SortBy: types.SortExperimentsByCreationTime, SortOrder: types.SortOrderDescending,
		}
		items := list(ctx, t, opListExperiments, sagemaker.NewListExperimentsPaginator(c.sagemaker(t.Region), in),
			func(o *sagemaker.ListExperimentsOutput) []types.ExperimentSummary { return o.ExperimentSummaries },
			typeSageMakerExperiment)
		key := func(s types.ExperimentSummary) (string, string) {
			return typeSageMakerExperiment, aws.ToString(s.ExperimentName)
		}
		return each(ctx, t, items, key, func(_ context.Context, b *collect.Builder, s types.ExperimentSummary) {
			b.ARN(aws.ToString(s.ExperimentArn))
			b.Answer(opListExperiments, s)
		})
	},
}
