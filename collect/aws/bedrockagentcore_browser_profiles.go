package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// agentCoreBrowserProfiles reads each browser profile, which keeps cookies and sign-ins of browser sessions: what the list says of it.
var agentCoreBrowserProfiles = agentCoreListed("bedrock-agentcore-browser-profiles", "AWS::BedrockAgentCore::BrowserProfile", "bedrock-agentcore-control:ListBrowserProfiles",
	func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListBrowserProfilesOutput, bedrockagentcorecontrol.Options] {
		return bedrockagentcorecontrol.NewListBrowserProfilesPaginator(api, &bedrockagentcorecontrol.ListBrowserProfilesInput{MaxResults: aws.Int32(agentCorePage)})
	},
	func(o *bedrockagentcorecontrol.ListBrowserProfilesOutput) []types.BrowserProfileSummary {
		return o.ProfileSummaries
	},
	func(b *collect.Builder, s types.BrowserProfileSummary) { b.ARN(aws.ToString(s.ProfileArn)) },
	func(s types.BrowserProfileSummary) *string { return s.ProfileId })
