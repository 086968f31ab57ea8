package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeEvaluationJob    = "AWS::Bedrock::EvaluationJob"
	opListEvaluationJobs = "bedrock:ListEvaluationJobs"
	opGetEvaluationJob   = "bedrock:GetEvaluationJob"
)

// bedrockEvaluationJobs reads the evaluations of models and knowledge bases: from the
// list what was evaluated, from the description where its data lies.
var bedrockEvaluationJobs = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-evaluation-jobs", Service: "bedrock", Scope: collect.Regional, Types: []string{typeEvaluationJob},
		Operations: []collect.Operation{
			bedrockOperation(opListEvaluationJobs),
			bedrockOperation(opGetEvaluationJob),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		jobs := list(ctx, t, opListEvaluationJobs,
			bedrock.NewListEvaluationJobsPaginator(api, &bedrock.ListEvaluationJobsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrock.ListEvaluationJobsOutput) []types.EvaluationSummary { return o.JobSummaries },
			typeEvaluationJob)
		return each(ctx, t, jobs,
			func(s types.EvaluationSummary) (string, string) {
				return typeEvaluationJob, lastOf(aws.ToString(s.JobArn))
			},
			func(ctx context.Context, b *collect.Builder, s types.EvaluationSummary) {
				b.ARN(aws.ToString(s.JobArn))
				b.Answer(opListEvaluationJobs, s)
				describe(ctx, b, opGetEvaluationJob, api.GetEvaluationJob, &bedrock.GetEvaluationJobInput{JobIdentifier: s.JobArn})
			})
	},
}
