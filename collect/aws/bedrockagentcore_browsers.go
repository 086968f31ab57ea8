package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreBrowser = "AWS::BedrockAgentCore::BrowserCustom"
	opListBrowsers       = "bedrock-agentcore-control:ListBrowsers"
	opGetBrowser         = "bedrock-agentcore-control:GetBrowser"
)

// agentCoreBrowsers reads the custom browsers; the one that AWS provides has no settings.
var agentCoreBrowsers = collector{
	Declaration: agentCoreDeclaration("bedrock-agentcore-browsers", typeAgentCoreBrowser, opListBrowsers, opGetBrowser),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		items := list(ctx, t, opListBrowsers,
			bedrockagentcorecontrol.NewListBrowsersPaginator(api, &bedrockagentcorecontrol.ListBrowsersInput{
				MaxResults: aws.Int32(agentCorePage), Type: types.ResourceTypeCustom,
			}),
			func(o *bedrockagentcorecontrol.ListBrowsersOutput) []types.BrowserSummary { return o.BrowserSummaries },
			typeAgentCoreBrowser)
		return each(ctx, t, items,
			func(s types.BrowserSummary) (string, string) { return typeAgentCoreBrowser, aws.ToString(s.BrowserId) },
			func(ctx context.Context, b *collect.Builder, s types.BrowserSummary) {
				b.ARN(aws.ToString(s.BrowserArn))
				describe(ctx, b, opGetBrowser, api.GetBrowser, &bedrockagentcorecontrol.GetBrowserInput{BrowserId: s.BrowserId})
			})
	},
}
