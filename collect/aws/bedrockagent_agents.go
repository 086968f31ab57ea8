package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
)

const (
	typeAgent                = "AWS::Bedrock::Agent"
	typeAgentAlias           = "AWS::Bedrock::AgentAlias"
	opListAgents             = "bedrock-agent:ListAgents"
	opGetAgent               = "bedrock-agent:GetAgent"
	opListActionGroups       = "bedrock-agent:ListAgentActionGroups"
	opGetActionGroup         = "bedrock-agent:GetAgentActionGroup"
	opListAgentKBs           = "bedrock-agent:ListAgentKnowledgeBases"
	opListAgentCollaborators = "bedrock-agent:ListAgentCollaborators"
	opListAgentVersions      = "bedrock-agent:ListAgentVersions"
	opListAgentAliases       = "bedrock-agent:ListAgentAliases"
	opBedrockAgentTags       = "bedrock-agent:ListTagsForResource"
)

// agentDraft is the version that GetAgent describes and that can be changed.
const agentDraft = "DRAFT"

// bedrockAgents reads each agent's working draft with its action groups, knowledge bases
// and collaborators, which versions there are, where the aliases point, and what those run.
var bedrockAgents = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agents", Service: "bedrock-agent", Scope: collect.Regional,
		Types: []string{typeAgent, typeAgentAlias},
		Operations: []collect.Operation{
			bedrockOperation(opListAgents), bedrockOperation(opGetAgent),
			bedrockOperation(opListActionGroups), bedrockOperation(opGetActionGroup),
			bedrockOperation(opListAgentKBs), bedrockOperation(opListAgentCollaborators),
			bedrockOperation(opListAgentVersions), bedrockOperation(opListAgentAliases), bedrockOperation(opGetAgentVersion),
			mayBeEmpty(bedrockOperation(opBedrockAgentTags)),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagent(t.Region)
		agents := list(ctx, t, opListAgents,
			bedrockagent.NewListAgentsPaginator(api, &bedrockagent.ListAgentsInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrockagent.ListAgentsOutput) []types.AgentSummary { return o.AgentSummaries },
			typeAgent, typeAgentAlias)
		err := each(ctx, t, agents,
			func(s types.AgentSummary) (string, string) { return typeAgent, aws.ToString(s.AgentId) },
			func(ctx context.Context, b *collect.Builder, s types.AgentSummary) {
				describeAgent(ctx, b, api, s.AgentId)
			})
		if err != nil {
			return err
		}
		return eachAgentAlias(ctx, t, api, agentAliases(ctx, t, api, agents))
	},
}

func describeAgent(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, id *string) {
	arn := bedrockARN(b.Task(), "agent/"+b.ID())
	b.ARN(arn)
	out := describe(ctx, b, opGetAgent, api.GetAgent, &bedrockagent.GetAgentInput{AgentId: id})
	agentActionGroups(ctx, b, api, id)
	agentCollaborators(ctx, b, api, id, out)
	gather(ctx, b, opListAgentKBs,
		bedrockagent.NewListAgentKnowledgeBasesPaginator(api, &bedrockagent.ListAgentKnowledgeBasesInput{
			AgentId: id, AgentVersion: aws.String(agentDraft), MaxResults: aws.Int32(bedrockPage),
		}),
		"AgentKnowledgeBaseSummaries",
		func(o *bedrockagent.ListAgentKnowledgeBasesOutput) []types.AgentKnowledgeBaseSummary {
			return o.AgentKnowledgeBaseSummaries
		})
	gather(ctx, b, opListAgentVersions,
		bedrockagent.NewListAgentVersionsPaginator(api, &bedrockagent.ListAgentVersionsInput{
			AgentId: id, MaxResults: aws.Int32(bedrockPage),
		}),
		"AgentVersionSummaries",
		func(o *bedrockagent.ListAgentVersionsOutput) []types.AgentVersionSummary {
			return o.AgentVersionSummaries
		})
	describe(ctx, b, opBedrockAgentTags, api.ListTagsForResource, &bedrockagent.ListTagsForResourceInput{ResourceArn: &arn})
}

// agentActionGroups adds the action groups, whole, as one answer: what is missing of one
// of them makes all of them unknown.
func agentActionGroups(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, id *string) {
	p := bedrockagent.NewListAgentActionGroupsPaginator(api, &bedrockagent.ListAgentActionGroupsInput{
		AgentId: id, AgentVersion: aws.String(agentDraft), MaxResults: aws.Int32(bedrockPage),
	})
	summaries, err := pages(ctx, b.Task(), opListActionGroups, b.StandsIn(), p,
		func(o *bedrockagent.ListAgentActionGroupsOutput) []types.ActionGroupSummary {
			return o.ActionGroupSummaries
		})
	if err != nil {
		b.Fail(opListActionGroups, err)
		b.Fail(opGetActionGroup, err)
		return
	}
	groups := make([]*types.AgentActionGroup, 0, len(summaries))
	for _, s := range summaries {
		out, err := call(ctx, b.Task(), opGetActionGroup, api.GetAgentActionGroup, &bedrockagent.GetAgentActionGroupInput{
			AgentId: id, AgentVersion: aws.String(agentDraft), ActionGroupId: s.ActionGroupId,
		})
		if err != nil {
			b.Fail(opGetActionGroup, err)
			return
		}
		groups = append(groups, out.AgentActionGroup)
	}
	b.Answer(opGetActionGroup, map[string][]*types.AgentActionGroup{"AgentActionGroups": groups})
}

// agentCollaborators adds the agents that this one leads. One that is known to lead none
// is not asked.
func agentCollaborators(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, id *string, agent *bedrockagent.GetAgentOutput) {
	if agent != nil && agent.Agent != nil && !supervises(agent.Agent.AgentCollaboration) {
		b.None(opListAgentCollaborators, "AgentCollaboration "+string(types.AgentCollaborationDisabled))
		return
	}
	gather(ctx, b, opListAgentCollaborators,
		bedrockagent.NewListAgentCollaboratorsPaginator(api, &bedrockagent.ListAgentCollaboratorsInput{
			AgentId: id, AgentVersion: aws.String(agentDraft), MaxResults: aws.Int32(bedrockPage),
		}),
		"AgentCollaboratorSummaries",
		func(o *bedrockagent.ListAgentCollaboratorsOutput) []types.AgentCollaboratorSummary {
			return o.AgentCollaboratorSummaries
		})
}

func supervises(c types.AgentCollaboration) bool {
	return c == types.AgentCollaborationSupervisor || c == types.AgentCollaborationSupervisorRouter
}

// agentAlias is an item of the list of aliases, with the agent that was asked for it:
// the answer itself does not name it.
type agentAlias struct {
	agent   string
	summary types.AgentAliasSummary
}

func (a agentAlias) id() string { return a.agent + "|" + aws.ToString(a.summary.AgentAliasId) }

// answer is what the record keeps.
func (a agentAlias) answer() map[string]any {
	return map[string]any{"AgentId": a.agent, "AgentAliasSummary": a.summary}
}

// agentAliases lists the aliases of every agent.
func agentAliases(ctx context.Context, t *collect.Task, api *bedrockagent.Client, agents []types.AgentSummary) []agentAlias {
	answers := listChildren(ctx, t, opListAgentAliases, agents,
		func(s types.AgentSummary) *string { return s.AgentId },
		func(ctx context.Context, s types.AgentSummary) ([]types.AgentAliasSummary, error) {
			p := bedrockagent.NewListAgentAliasesPaginator(api, &bedrockagent.ListAgentAliasesInput{
				AgentId: s.AgentId, MaxResults: aws.Int32(bedrockPage),
			})
			return pages(ctx, t, opListAgentAliases, t.Region, p,
				func(o *bedrockagent.ListAgentAliasesOutput) []types.AgentAliasSummary { return o.AgentAliasSummaries })
		}, typeAgentAlias)
	var all []agentAlias
	for _, s := range agents {
		for _, alias := range answers[aws.ToString(s.AgentId)].items {
			all = append(all, agentAlias{aws.ToString(s.AgentId), alias})
		}
	}
	return all
}

func eachAgentAlias(ctx context.Context, t *collect.Task, api *bedrockagent.Client, aliases []agentAlias) error {
	return each(ctx, t, aliases,
		func(a agentAlias) (string, string) { return typeAgentAlias, a.id() },
		func(ctx context.Context, b *collect.Builder, a agentAlias) {
			b.ARN(bedrockARN(t, "agent-alias/"+a.agent+"/"+aws.ToString(a.summary.AgentAliasId)))
			b.Answer(opListAgentAliases, a.answer())
			aliasAgentVersion(ctx, b, api, a)
		})
}
