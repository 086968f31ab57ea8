package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreConfigurationBundle = "AWS::BedrockAgentCore::ConfigurationBundle"
	opListConfigurationBundles       = "bedrock-agentcore-control:ListConfigurationBundles"
)

// agentCoreBundles reads each configuration bundle, which holds prompts and settings of agents: what the list says of it.
var agentCoreBundles = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-configuration-bundles", Service: "bedrock-agentcore-control", Scope: collect.Regional, Types: []string{typeAgentCoreConfigurationBundle},
		Operations: []collect.Operation{agentCoreOperation(opListConfigurationBundles)},
	},
	run: agentCoreListed(typeAgentCoreConfigurationBundle, opListConfigurationBundles,
		func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListConfigurationBundlesOutput, bedrockagentcorecontrol.Options] {
			return bedrockagentcorecontrol.NewListConfigurationBundlesPaginator(api, &bedrockagentcorecontrol.ListConfigurationBundlesInput{MaxResults: aws.Int32(agentCorePage)})
		},
		func(o *bedrockagentcorecontrol.ListConfigurationBundlesOutput) []types.ConfigurationBundleSummary {
			return o.Bundles
		},
		func(s types.ConfigurationBundleSummary) (id, arn *string) { return s.BundleId, s.BundleArn }),
}
