package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
)

const (
	opGetAgentVersion = "bedrock-agent:GetAgentVersion"
	opGetFlowVersion  = "bedrock-agent:GetFlowVersion"

	answersDraft = "the alias answers from the draft"
)

// aliasAgentVersion adds to an alias what its version runs, which may differ from the draft:
// model, role, knowledge bases, agents that it leads.
func aliasAgentVersion(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, a agentAlias) {
	version := ""
	for _, r := range a.summary.RoutingConfiguration {
		version = aws.ToString(r.AgentVersion)
	}
	if version == "" || version == agentDraft {
		for _, op := range []string{opGetAgentVersion, opListAgentKBs, opListAgentCollaborators} {
			b.None(op, answersDraft)
		}
		return
	}
	out := describe(ctx, b, opGetAgentVersion, api.GetAgentVersion, &bedrockagent.GetAgentVersionInput{AgentId: &a.agent, AgentVersion: &version})
	gather(ctx, b, opListAgentKBs,
		bedrockagent.NewListAgentKnowledgeBasesPaginator(api, &bedrockagent.ListAgentKnowledgeBasesInput{
			AgentId: &a.agent, AgentVersion: &version, MaxResults: aws.Int32(bedrockPage),
		}),
		"AgentKnowledgeBaseSummaries",
		func(o *bedrockagent.ListAgentKnowledgeBasesOutput) []types.AgentKnowledgeBaseSummary {
			return o.AgentKnowledgeBaseSummaries
		})
	if out != nil && out.AgentVersion != nil && !supervises(out.AgentVersion.AgentCollaboration) {
		b.None(opListAgentCollaborators, "AgentCollaboration "+string(types.AgentCollaborationDisabled))
		return
	}
	gather(ctx, b, opListAgentCollaborators,
		bedrockagent.NewListAgentCollaboratorsPaginator(api, &bedrockagent.ListAgentCollaboratorsInput{
			AgentId: &a.agent, AgentVersion: &version, MaxResults: aws.Int32(bedrockPage),
		}),
		"AgentCollaboratorSummaries",
		func(o *bedrockagent.ListAgentCollaboratorsOutput) []types.AgentCollaboratorSummary {
			return o.AgentCollaboratorSummaries
		})
}

// aliasFlowVersion adds to an alias the definition and the role of its version.
func aliasFlowVersion(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, s types.FlowAliasSummary) {
	version := ""
	for _, r := range s.RoutingConfiguration {
		version = aws.ToString(r.FlowVersion)
	}
	if version == "" || version == agentDraft {
		b.None(opGetFlowVersion, answersDraft)
		return
	}
	describe(ctx, b, opGetFlowVersion, api.GetFlowVersion, &bedrockagent.GetFlowVersionInput{FlowIdentifier: s.FlowId, FlowVersion: &version})
}
