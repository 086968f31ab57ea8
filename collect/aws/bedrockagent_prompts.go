package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
)

const (
	typePrompt    = "AWS::Bedrock::Prompt"
	opListPrompts = "bedrock-agent:ListPrompts"
	opGetPrompt   = "bedrock-agent:GetPrompt"
)

// bedrockPrompts reads the working draft of each managed prompt and which versions of it
// there are. The list answers drafts when it is asked for all prompts, and versions when
// it is asked for one: the second is what the record keeps.
var bedrockPrompts = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-prompts", Service: "bedrock-agent", Scope: collect.Regional, Types: []string{typePrompt},
		Operations: []collect.Operation{
			bedrockOperation(opListPrompts),
			bedrockOperation(opGetPrompt),
			mayBeEmpty(bedrockOperation(opBedrockAgentTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagent(t.Region)
		drafts := list(ctx, t, opListPrompts, promptPages(api, nil), promptItems, typePrompt)
		return each(ctx, t, drafts,
			func(s types.PromptSummary) (string, string) { return typePrompt, aws.ToString(s.Id) },
			func(ctx context.Context, b *collect.Builder, s types.PromptSummary) {
				b.ARN(aws.ToString(s.Arn))
				describe(ctx, b, opGetPrompt, api.GetPrompt, &bedrockagent.GetPromptInput{PromptIdentifier: s.Id})
				gather(ctx, b, opListPrompts, promptPages(api, s.Id), "PromptSummaries", promptItems)
				describe(ctx, b, opBedrockAgentTags, api.ListTagsForResource, &bedrockagent.ListTagsForResourceInput{ResourceArn: s.Arn})
			})
	},
}

// promptPages lists all drafts, or all versions of one prompt.
func promptPages(api *bedrockagent.Client, id *string) *bedrockagent.ListPromptsPaginator {
	return bedrockagent.NewListPromptsPaginator(api, &bedrockagent.ListPromptsInput{
		PromptIdentifier: id, MaxResults: aws.Int32(bedrockPage),
	})
}

func promptItems(o *bedrockagent.ListPromptsOutput) []types.PromptSummary { return o.PromptSummaries }
