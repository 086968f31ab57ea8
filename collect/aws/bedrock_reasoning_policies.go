package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeReasoningPolicy     = "AWS::Bedrock::AutomatedReasoningPolicy"
	opListReasoningPolicies = "bedrock:ListAutomatedReasoningPolicies"
	opGetReasoningPolicy    = "bedrock:GetAutomatedReasoningPolicy"
)

// bedrockReasoningPolicies reads the working draft of each automated reasoning policy and
// which versions of it there are. The list answers drafts when it is asked for all
// policies, and versions when it is asked for one: the second is what the record keeps.
var bedrockReasoningPolicies = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-reasoning-policies", Service: "bedrock", Scope: collect.Regional, Types: []string{typeReasoningPolicy},
		Operations: []collect.Operation{
			bedrockOperation(opListReasoningPolicies),
			bedrockOperation(opGetReasoningPolicy),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		drafts := list(ctx, t, opListReasoningPolicies, reasoningPolicyPages(api, nil), reasoningPolicyItems, typeReasoningPolicy)
		return each(ctx, t, drafts,
			func(s types.AutomatedReasoningPolicySummary) (string, string) {
				return typeReasoningPolicy, aws.ToString(s.PolicyId)
			},
			func(ctx context.Context, b *collect.Builder, s types.AutomatedReasoningPolicySummary) {
				b.ARN(aws.ToString(s.PolicyArn))
				describe(ctx, b, opGetReasoningPolicy, api.GetAutomatedReasoningPolicy,
					&bedrock.GetAutomatedReasoningPolicyInput{PolicyArn: s.PolicyArn})
				gather(ctx, b, opListReasoningPolicies, reasoningPolicyPages(api, s.PolicyArn), "AutomatedReasoningPolicySummaries", reasoningPolicyItems)
				bedrockTags(ctx, b, api, s.PolicyArn)
			})
	},
}

// reasoningPolicyPages lists all drafts, or all versions of one policy.
func reasoningPolicyPages(api *bedrock.Client, arn *string) *bedrock.ListAutomatedReasoningPoliciesPaginator {
	return bedrock.NewListAutomatedReasoningPoliciesPaginator(api, &bedrock.ListAutomatedReasoningPoliciesInput{
		PolicyArn: arn, MaxResults: aws.Int32(bedrockPage),
	})
}

func reasoningPolicyItems(o *bedrock.ListAutomatedReasoningPoliciesOutput) []types.AutomatedReasoningPolicySummary {
	return o.AutomatedReasoningPolicySummaries
}
