package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typePromptRouter    = "AWS::Bedrock::IntelligentPromptRouter"
	opListPromptRouters = "bedrock:ListPromptRouters"
)

// bedrockPromptRouters reads the prompt routers that the account made and those that
// Bedrock defines: the list says all that a description would. It is asked for each kind
// by its name, because the API Reference does not say which it gives when it is not.
var bedrockPromptRouters = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-prompt-routers", Service: "bedrock", Scope: collect.Regional, Types: []string{typePromptRouter},
		Operations: []collect.Operation{
			bedrockOperation(opListPromptRouters),
			mayBeEmpty(bedrockOperation(opBedrockTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		routers, complete := []types.PromptRouterSummary{}, true
		for _, kind := range types.PromptRouterType("").Values() {
			some, err := pages(ctx, t, opListPromptRouters, t.Region,
				bedrock.NewListPromptRoutersPaginator(api, &bedrock.ListPromptRoutersInput{MaxResults: aws.Int32(bedrockPage), Type: kind}),
				func(o *bedrock.ListPromptRoutersOutput) []types.PromptRouterSummary { return o.PromptRouterSummaries })
			if err != nil {
				t.Gap(opListPromptRouters, err, typePromptRouter)
				complete = false
			}
			routers = append(routers, some...)
		}
		if complete {
			t.Complete(typePromptRouter)
		}
		return each(ctx, t, routers,
			func(s types.PromptRouterSummary) (string, string) {
				return typePromptRouter, lastOf(aws.ToString(s.PromptRouterArn))
			},
			func(ctx context.Context, b *collect.Builder, s types.PromptRouterSummary) {
				b.ARN(aws.ToString(s.PromptRouterArn))
				b.Answer(opListPromptRouters, s)
				if s.Type == types.PromptRouterTypeDefault {
					b.None(opBedrockTags, "DefaultPromptRouter") // Bedrock's own take no tags
					return
				}
				bedrockTags(ctx, b, api, s.PromptRouterArn)
			})
	},
}
