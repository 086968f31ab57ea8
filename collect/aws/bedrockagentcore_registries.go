package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreRegistry = "AWS::BedrockAgentCore::Registry"
	opListRegistries      = "bedrock-agentcore-control:ListRegistries"
)

// agentCoreRegistries reads each registry, which lists agents, tools and servers for others to find: what the list says of it.
var agentCoreRegistries = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-registries", Service: "bedrock-agentcore-control", Scope: collect.Regional, Types: []string{typeAgentCoreRegistry},
		Operations: []collect.Operation{agentCoreOperation(opListRegistries)},
	},
	run: agentCoreListed(typeAgentCoreRegistry, opListRegistries,
		func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListRegistriesOutput, bedrockagentcorecontrol.Options] {
			return bedrockagentcorecontrol.NewListRegistriesPaginator(api, &bedrockagentcorecontrol.ListRegistriesInput{MaxResults: aws.Int32(agentCorePage)})
		},
		func(o *bedrockagentcorecontrol.ListRegistriesOutput) []types.RegistrySummary { return o.Registries },
		func(s types.RegistrySummary) (id, arn *string) { return s.RegistryId, s.RegistryArn }),
}
