package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeEnforcedGuardrail    = "AWS::Bedrock::EnforcedGuardrailConfiguration"
	opListEnforcedGuardrails = "bedrock:ListEnforcedGuardrailsConfiguration"
)

// bedrockEnforcedGuardrails reads which guardrails apply to every call of a model in the
// account and Region. An empty answer means that none does.
var bedrockEnforcedGuardrails = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-enforced-guardrails", Service: "bedrock", Scope: collect.Regional, Types: []string{typeEnforcedGuardrail},
		Operations: []collect.Operation{bedrockOperation(opListEnforcedGuardrails)},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		configs := list(ctx, t, opListEnforcedGuardrails,
			bedrock.NewListEnforcedGuardrailsConfigurationPaginator(c.bedrock(t.Region), &bedrock.ListEnforcedGuardrailsConfigurationInput{}),
			func(o *bedrock.ListEnforcedGuardrailsConfigurationOutput) []types.AccountEnforcedGuardrailOutputConfiguration {
				return o.GuardrailsConfig
			},
			typeEnforcedGuardrail)
		return each(ctx, t, configs,
			func(s types.AccountEnforcedGuardrailOutputConfiguration) (string, string) {
				return typeEnforcedGuardrail, aws.ToString(s.ConfigId)
			},
			func(_ context.Context, b *collect.Builder, s types.AccountEnforcedGuardrailOutputConfiguration) {
				b.Answer(opListEnforcedGuardrails, s)
			})
	},
}
