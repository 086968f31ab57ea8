package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreBrowserProfile = "AWS::BedrockAgentCore::BrowserProfile"
	opListBrowserProfiles       = "bedrock-agentcore-control:ListBrowserProfiles"
)

// agentCoreBrowserProfiles reads each browser profile, which keeps cookies and sign-ins of browser sessions: what the list says of it.
var agentCoreBrowserProfiles = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-browser-profiles", Service: "bedrock-agentcore-control", Scope: collect.Regional, Types: []string{typeAgentCoreBrowserProfile},
		Operations: []collect.Operation{agentCoreOperation(opListBrowserProfiles)},
	},
	run: agentCoreListed(typeAgentCoreBrowserProfile, opListBrowserProfiles,
		func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListBrowserProfilesOutput, bedrockagentcorecontrol.Options] {
			return bedrockagentcorecontrol.NewListBrowserProfilesPaginator(api, &bedrockagentcorecontrol.ListBrowserProfilesInput{MaxResults: aws.Int32(agentCorePage)})
		},
		func(o *bedrockagentcorecontrol.ListBrowserProfilesOutput) []types.BrowserProfileSummary {
			return o.ProfileSummaries
		},
		func(s types.BrowserProfileSummary) (id, arn *string) { return s.ProfileId, s.ProfileArn }),
}
