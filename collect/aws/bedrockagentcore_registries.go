package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// agentCoreRegistries reads each registry, which lists agents, tools and servers for others to find: what the list says of it.
var agentCoreRegistries = agentCoreListed("bedrock-agentcore-registries", "AWS::BedrockAgentCore::Registry", "bedrock-agentcore-control:ListRegistries",
	func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListRegistriesOutput, bedrockagentcorecontrol.Options] {
		return bedrockagentcorecontrol.NewListRegistriesPaginator(api, &bedrockagentcorecontrol.ListRegistriesInput{MaxResults: aws.Int32(agentCorePage)})
	},
	func(o *bedrockagentcorecontrol.ListRegistriesOutput) []types.RegistrySummary { return o.Registries },
	func(b *collect.Builder, s types.RegistrySummary) { b.ARN(aws.ToString(s.RegistryArn)) },
	func(s types.RegistrySummary) *string { return s.RegistryId })
