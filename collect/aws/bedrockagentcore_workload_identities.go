package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreWorkloadIdentity = "AWS::BedrockAgentCore::WorkloadIdentity"
	opListWorkloadIdentities      = "bedrock-agentcore-control:ListWorkloadIdentities"
	opGetWorkloadIdentity         = "bedrock-agentcore-control:GetWorkloadIdentity"

	workloadIdentityPage = 20
)

// agentCoreWorkloadIdentities reads the identities as which agents ask for tokens.
var agentCoreWorkloadIdentities = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-workload-identities", typeAgentCoreWorkloadIdentity, opListWorkloadIdentities, opGetWorkloadIdentity),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListWorkloadIdentities,
			bedrockagentcorecontrol.NewListWorkloadIdentitiesPaginator(api, &bedrockagentcorecontrol.ListWorkloadIdentitiesInput{
				MaxResults: aws.Int32(workloadIdentityPage),
			}),
			func(o *bedrockagentcorecontrol.ListWorkloadIdentitiesOutput) []types.WorkloadIdentityType {
				return o.WorkloadIdentities
			},
			typeAgentCoreWorkloadIdentity)
		return each(ctx, t, items,
			func(w types.WorkloadIdentityType) (string, string) {
				return typeAgentCoreWorkloadIdentity, aws.ToString(w.Name)
			},
			func(ctx context.Context, b *collect.Builder, w types.WorkloadIdentityType) {
				b.ARN(aws.ToString(w.WorkloadIdentityArn))
				describe(ctx, b, opGetWorkloadIdentity, api.GetWorkloadIdentity, &bedrockagentcorecontrol.GetWorkloadIdentityInput{Name: w.Name})
			})
	},
}
