package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeInvocationJob    = "AWS::Bedrock::ModelInvocationJob"
	opListInvocationJobs = "bedrock:ListModelInvocationJobs"
)

// bedrockInvocationJobs reads the batch inference jobs. The list says all that a
// description would.
var bedrockInvocationJobs = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-invocation-jobs", Service: "bedrock", Scope: collect.Regional, Types: []string{typeInvocationJob},
		Operations: []collect.Operation{bedrockOperation(opListInvocationJobs)},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		jobs := list(ctx, t, opListInvocationJobs,
			bedrock.NewListModelInvocationJobsPaginator(api, &bedrock.ListModelInvocationJobsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrock.ListModelInvocationJobsOutput) []types.ModelInvocationJobSummary {
				return o.InvocationJobSummaries
			},
			typeInvocationJob)
		return each(ctx, t, jobs,
			func(s types.ModelInvocationJobSummary) (string, string) {
				return typeInvocationJob, lastOf(aws.ToString(s.JobArn))
			},
			func(_ context.Context, b *collect.Builder, s types.ModelInvocationJobSummary) {
				b.ARN(aws.ToString(s.JobArn))
				b.Answer(opListInvocationJobs, s)
			})
	},
}
