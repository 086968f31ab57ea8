package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// agentCoreBundles reads each configuration bundle, which holds prompts and settings of agents: what the list says of it.
var agentCoreBundles = agentCoreListed("bedrock-agentcore-configuration-bundles", "AWS::BedrockAgentCore::ConfigurationBundle", "bedrock-agentcore-control:ListConfigurationBundles",
	func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListConfigurationBundlesOutput, bedrockagentcorecontrol.Options] {
		return bedrockagentcorecontrol.NewListConfigurationBundlesPaginator(api, &bedrockagentcorecontrol.ListConfigurationBundlesInput{MaxResults: aws.Int32(agentCorePage)})
	},
	func(o *bedrockagentcorecontrol.ListConfigurationBundlesOutput) []types.ConfigurationBundleSummary {
		return o.Bundles
	},
	func(b *collect.Builder, s types.ConfigurationBundleSummary) { b.ARN(aws.ToString(s.BundleArn)) },
	func(s types.ConfigurationBundleSummary) *string { return s.BundleId })
