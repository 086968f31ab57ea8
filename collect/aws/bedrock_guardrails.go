package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeGuardrail    = "AWS::Bedrock::Guardrail"
	opListGuardrails = "bedrock:ListGuardrails"
	opGetGuardrail   = "bedrock:GetGuardrail"
)

// bedrockGuardrails reads each guardrail as its working draft is, and which versions of
// it were published. The list answers drafts when it is asked for all guardrails, and
// versions when it is asked for one: the second is what the record keeps.
var bedrockGuardrails = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-guardrails", Service: "bedrock", Scope: collect.Regional, Types: []string{typeGuardrail},
		Operations: []collect.Operation{
			bedrockOperation(opListGuardrails),
			bedrockOperation(opGetGuardrail),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
			bedrockPolicyOperation,
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		drafts := list(ctx, t, opListGuardrails, guardrailPages(api, nil), guardrailItems, typeGuardrail)
		return each(ctx, t, drafts,
			func(s types.GuardrailSummary) (string, string) { return typeGuardrail, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.GuardrailSummary) {
				b.ARN(aws.ToString(s.Arn))
				draft := describe(ctx, b, opGetGuardrail, api.GetGuardrail, &bedrock.GetGuardrailInput{GuardrailIdentifier: s.Id})
				guardrailVersions(ctx, b, api, s.Id, draft)
				bedrockTags(ctx, b, api, s.Arn)
				bedrockPolicy(ctx, b, api, s.Arn)
			})
	},
}

// guardrailPages lists all drafts, or all versions of one guardrail.
func guardrailPages(api *bedrock.Client, id *string) *bedrock.ListGuardrailsPaginator {
	return bedrock.NewListGuardrailsPaginator(api, &bedrock.ListGuardrailsInput{
		GuardrailIdentifier: id, MaxResults: aws.Int32(bedrockPage),
	})
}

func guardrailItems(o *bedrock.ListGuardrailsOutput) []types.GuardrailSummary { return o.Guardrails }
