package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// The four kinds of monitoring job definitions have operations and types of their own
// in the SDK, but one shape.
var (
	dataQualityJob = sagemakerJob{
		typ:      "AWS::SageMaker::DataQualityJobDefinition",
		list:     "sagemaker:ListDataQualityJobDefinitions",
		describe: "sagemaker:DescribeDataQualityJobDefinition",
	}
	modelBiasJob = sagemakerJob{
		typ:      "AWS::SageMaker::ModelBiasJobDefinition",
		list:     "sagemaker:ListModelBiasJobDefinitions",
		describe: "sagemaker:DescribeModelBiasJobDefinition",
	}
	modelExplainabilityJob = sagemakerJob{
		typ:      "AWS::SageMaker::ModelExplainabilityJobDefinition",
		list:     "sagemaker:ListModelExplainabilityJobDefinitions",
		describe: "sagemaker:DescribeModelExplainabilityJobDefinition",
	}
	modelQualityJob = sagemakerJob{
		typ:      "AWS::SageMaker::ModelQualityJobDefinition",
		list:     "sagemaker:ListModelQualityJobDefinitions",
		describe: "sagemaker:DescribeModelQualityJobDefinition",
	}
)

// sagemakerJob names a kind of monitoring job definition and its operations.
type sagemakerJob struct{ typ, list, describe string }

func (j sagemakerJob) declaration(name string) collect.Declaration {
	return sagemakerDeclaration(name, j.typ, j.list, j.describe)
}

const (
	jobDefinitionsByTime = types.MonitoringJobDefinitionSortKeyCreationTime
	jobDefinitionsNewest = types.SortOrderDescending
)

var sagemakerDataQualityJobs = collector{
	Declaration: dataQualityJob.declaration("sagemaker-data-quality-job-definitions"),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListDataQualityJobDefinitionsInput{
			MaxResults: aws.Int32(sagemakerPage), SortBy: jobDefinitionsByTime, SortOrder: jobDefinitionsNewest,
		}
		return sagemakerJobDefinitions(ctx, t, dataQualityJob, sagemaker.NewListDataQualityJobDefinitionsPaginator(api, in),
			func(o *sagemaker.ListDataQualityJobDefinitionsOutput) []types.MonitoringJobDefinitionSummary {
				return o.JobDefinitionSummaries
			},
			api.DescribeDataQualityJobDefinition,
			func(name *string) *sagemaker.DescribeDataQualityJobDefinitionInput {
				return &sagemaker.DescribeDataQualityJobDefinitionInput{JobDefinitionName: name}
			})
	},
}

var sagemakerModelBiasJobs = collector{
	Declaration: modelBiasJob.declaration("sagemaker-model-bias-job-definitions"),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListModelBiasJobDefinitionsInput{
			MaxResults: aws.Int32(sagemakerPage), SortBy: jobDefinitionsByTime, SortOrder: jobDefinitionsNewest,
		}
		return sagemakerJobDefinitions(ctx, t, modelBiasJob, sagemaker.NewListModelBiasJobDefinitionsPaginator(api, in),
			func(o *sagemaker.ListModelBiasJobDefinitionsOutput) []types.MonitoringJobDefinitionSummary {
				return o.JobDefinitionSummaries
			},
			api.DescribeModelBiasJobDefinition,
			func(name *string) *sagemaker.DescribeModelBiasJobDefinitionInput {
				return &sagemaker.DescribeModelBiasJobDefinitionInput{JobDefinitionName: name}
			})
	},
}

var sagemakerModelExplainabilityJobs = collector{
	Declaration: modelExplainabilityJob.declaration("sagemaker-model-explainability-job-definitions"),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListModelExplainabilityJobDefinitionsInput{
			MaxResults: aws.Int32(sagemakerPage), SortBy: jobDefinitionsByTime, SortOrder: jobDefinitionsNewest,
		}
		return sagemakerJobDefinitions(ctx, t, modelExplainabilityJob, sagemaker.NewListModelExplainabilityJobDefinitionsPaginator(api, in),
			func(o *sagemaker.ListModelExplainabilityJobDefinitionsOutput) []types.MonitoringJobDefinitionSummary {
				return o.JobDefinitionSummaries
			},
			api.DescribeModelExplainabilityJobDefinition,
			func(name *string) *sagemaker.DescribeModelExplainabilityJobDefinitionInput {
				return &sagemaker.DescribeModelExplainabilityJobDefinitionInput{JobDefinitionName: name}
			})
	},
}

var sagemakerModelQualityJobs = collector{
	Declaration: modelQualityJob.declaration("sagemaker-model-quality-job-definitions"),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListModelQualityJobDefinitionsInput{
			MaxResults: aws.Int32(sagemakerPage), SortBy: jobDefinitionsByTime, SortOrder: jobDefinitionsNewest,
		}
		return sagemakerJobDefinitions(ctx, t, modelQualityJob, sagemaker.NewListModelQualityJobDefinitionsPaginator(api, in),
			func(o *sagemaker.ListModelQualityJobDefinitionsOutput) []types.MonitoringJobDefinitionSummary {
				return o.JobDefinitionSummaries
			},
			api.DescribeModelQualityJobDefinition,
			func(name *string) *sagemaker.DescribeModelQualityJobDefinitionInput {
				return &sagemaker.DescribeModelQualityJobDefinitionInput{JobDefinitionName: name}
			})
	},
}

// sagemakerJobDefinitions lists and describes the job definitions of one kind.
func sagemakerJobDefinitions[O, DI, DO any](ctx context.Context, t *collect.Task, j sagemakerJob,
	p pager[O, sagemaker.Options], items func(*O) []types.MonitoringJobDefinitionSummary,
	fn operation[DI, DO, sagemaker.Options], input func(name *string) *DI,
) error {
	jobs := list(ctx, t, j.list, p, items, j.typ)
	return sagemakerEach(ctx, t, j.typ, jobs,
		func(s types.MonitoringJobDefinitionSummary) (name, arn *string) {
			return s.MonitoringJobDefinitionName, s.MonitoringJobDefinitionArn
		},
		func(ctx context.Context, b *collect.Builder, name *string) {
			describe(ctx, b, j.describe, fn, input(name))
		})
}
