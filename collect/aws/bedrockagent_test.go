package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
	"github.com/google/go-cmp/cmp"
)

func seedAgent(t *testing.T, s *bedrockStage, name string) (id string) {
	t.Helper()
	out, err := bedrockagent.NewFromConfig(s.cfg).CreateAgent(t.Context(), &bedrockagent.CreateAgentInput{
		AgentName: aws.String(name), AgentResourceRoleArn: aws.String(bedrockRole), FoundationModel: aws.String("amazon.nova-lite-v1:0"),
		Instruction: aws.String("You answer questions about orders and nothing else."), IdleSessionTTLInSeconds: aws.Int32(600),
		CustomerEncryptionKeyArn: aws.String(bedrockKey), Tags: map[string]string{"owner": "support-team"},
		PromptOverrideConfiguration: &types.PromptOverrideConfiguration{
			OverrideLambda: aws.String("arn:aws:lambda:us-east-1:111122223333:function:parse"),
			PromptConfigurations: []types.PromptConfiguration{{
				PromptType: types.PromptTypeOrchestration, PromptCreationMode: types.CreationModeOverridden, PromptState: types.PromptStateEnabled,
			}},
		},
	})
	must(t, out, err)
	return aws.ToString(out.Agent.AgentId)
}

func seedKnowledgeBase(t *testing.T, s *bedrockStage, name string) (id string) {
	t.Helper()
	out, err := bedrockagent.NewFromConfig(s.cfg).CreateKnowledgeBase(t.Context(), &bedrockagent.CreateKnowledgeBaseInput{
		Name: aws.String(name), RoleArn: aws.String(bedrockRole), Tags: map[string]string{"owner": "support-team"},
		KnowledgeBaseConfiguration: &types.KnowledgeBaseConfiguration{
			Type: types.KnowledgeBaseTypeVector,
			VectorKnowledgeBaseConfiguration: &types.VectorKnowledgeBaseConfiguration{
				EmbeddingModelArn: aws.String("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"),
			},
		},
		StorageConfiguration: &types.StorageConfiguration{
			Type: types.KnowledgeBaseStorageTypeOpensearchServerless,
			OpensearchServerlessConfiguration: &types.OpenSearchServerlessConfiguration{
				CollectionArn:   aws.String("arn:aws:aoss:us-east-1:111122223333:collection/abc"),
				VectorIndexName: aws.String("index"),
				FieldMapping:    &types.OpenSearchServerlessFieldMapping{MetadataField: aws.String("m"), TextField: aws.String("t"), VectorField: aws.String("v")},
			},
		},
	})
	must(t, out, err)
	return aws.ToString(out.KnowledgeBase.KnowledgeBaseId)
}

// agentAnswers is how everything about an agent is answered when all goes well.
func agentAnswers() map[string]string {
	return map[string]string{
		opGetAgent: "value", opGetActionGroup: "value", opListAgentKBs: "value", opListAgentVersions: "value",
		opBedrockAgentTags: "value", opListAgentCollaborators: "none",
	}
}

func TestAgentsAndAliases(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	one, two := seedAgent(t, s, "one"), seedAgent(t, s, "two")
	got := s.collect(t, &bedrockAgents)
	if diff := cmp.Diff(map[string]string{typeAgent: "complete", typeAgentAlias: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	agent := recordOf(t, got, typeAgent, one)
	if diff := cmp.Diff(agentAnswers(), answersOf(agent)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, agent), map[string]string{
		"AgentArn":                 `"arn:aws:bedrock:us-east-1:` + s.account + `:agent/` + one + `"`,
		"AgentStatus":              `"PREPARED"`,
		"AgentResourceRoleArn":     `"` + bedrockRole + `"`,
		"FoundationModel":          `"amazon.nova-lite-v1:0"`,
		"CustomerEncryptionKeyArn": `"` + bedrockKey + `"`,
		"IdleSessionTTLInSeconds":  "600",
		"GuardrailConfiguration":   "",
		"Tags":                     `[{"Key":"owner","Value":"support-team"}]`,
		"PromptOverrideConfiguration.PromptConfigurations": `[{"PromptCreationMode":"OVERRIDDEN","PromptState":"ENABLED","PromptType":"ORCHESTRATION"}]`,
		"ActionGroups[0].FunctionSchema.Functions[0]":      `{"Description":"Cancels an order","Name":"cancelOrder","RequireConfirmation":"ENABLED"}`,
		"ActionGroups[1].ActionGroupExecutor.Lambda":       `"arn:aws:lambda:us-east-1:` + s.account + `:function:shell"`,
		"KnowledgeBases[1].KnowledgeBaseState":             `"DISABLED"`,
		"AgentCollaborators":                               "",
		"Versions[0].GuardrailConfiguration":               `{"GuardrailIdentifier":"good1guardrl","GuardrailVersion":"1"}`,
		"Versions[1].GuardrailConfiguration":               "",
	})
	wantAliases := []string{one + "|ALGOOD0001", one + "|TSTALIASID", two + "|ALGOOD0001", two + "|TSTALIASID"}
	slices.Sort(wantAliases)
	if diff := cmp.Diff(wantAliases, idsOf(got, typeAgentAlias)); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeAgentAlias, one+"|TSTALIASID")), map[string]string{
		"Version.FoundationModel": ``, "Version.AgentResourceRoleArn": ``, "Version.KnowledgeBases": ``,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeAgentAlias, one+"|ALGOOD0001")), map[string]string{
		"Version.FoundationModel": `"amazon.titan-text-lite-v1"`, "Version.AgentResourceRoleArn": `"arn:aws:iam::` + s.account + `:role/agent-version"`,
		"Version.KnowledgeBases": `[{"KnowledgeBaseId":"KBGOOD0001"},{"KnowledgeBaseId":"KBBAD00001"}]`,
	})
	alias := recordOf(t, got, typeAgentAlias, one+"|ALGOOD0001")
	if want := "arn:aws:bedrock:us-east-1:" + s.account + ":agent-alias/" + one + "/ALGOOD0001"; alias.ARN != want {
		t.Errorf("ARN of the alias: got %s, want %s", alias.ARN, want)
	}
	checkFacts(t, properties(t, alias), map[string]string{"AgentId": `"` + one + `"`, "RoutingConfiguration": `[{"AgentVersion":"1"}]`})
	if n := s.Count("bedrock-agent", "ListAgentCollaborators"); n != 0 {
		t.Errorf("collaborators of agents that lead none: asked %d times", n)
	}
}

func TestAgentFaultsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		fault    fakeaws.Fault
		answers  map[string]string // what differs in the record of the agent
		coverage map[string]string // what differs in coverage
	}{
		{
			name: "description", fault: fakeaws.Fault{Kind: fakeaws.Denied, Operation: "GetAgent"},
			// It is not known whether the agent leads others, so that is asked.
			answers: map[string]string{opGetAgent: "denied", opListAgentCollaborators: "value"},
		},
		{
			name: "one action group", fault: fakeaws.Fault{Kind: fakeaws.Denied, Operation: "GetAgentActionGroup", Path: map[string]string{"actionGroupId": "AGBAD00001"}},
			answers: map[string]string{opGetActionGroup: "denied"},
		},
		{
			name: "list of action groups", fault: fakeaws.Fault{Kind: fakeaws.ServerError, Operation: "ListAgentActionGroups", Page: 2},
			answers: map[string]string{opGetActionGroup: "service error", opListActionGroups: "service error"},
		},
		{
			name: "versions", fault: fakeaws.Fault{Kind: fakeaws.Denied, Operation: "ListAgentVersions"},
			answers: map[string]string{opListAgentVersions: "denied"},
		},
		{
			name: "aliases", fault: fakeaws.Fault{Kind: fakeaws.Denied, Operation: "ListAgentAliases"},
			coverage: map[string]string{typeAgentAlias: "denied"},
		},
		{
			name: "second page of aliases", fault: fakeaws.Fault{Kind: fakeaws.ServerError, Operation: "ListAgentAliases", Page: 2},
			coverage: map[string]string{typeAgentAlias: "service error"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newBedrockStage(t)
			s.Answer("bedrock-agent", "ListAgentCollaborators", fakeaws.Match{}, 200, `{"agentCollaboratorSummaries":[]}`)
			id := seedAgent(t, s, "one")
			c.fault.Service = "bedrock-agent"
			s.Inject(c.fault)
			got := s.collect(t, &bedrockAgents)
			if diff := cmp.Diff(changed(agentAnswers(), c.answers), answersOf(recordOf(t, got, typeAgent, id))); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			want := changed(map[string]string{typeAgent: "complete", typeAgentAlias: "complete"}, c.coverage)
			if diff := cmp.Diff(want, coverageOf(got)); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
		})
	}
}

func changed(m, with map[string]string) map[string]string {
	for k, v := range with {
		m[k] = v
	}
	return m
}

func TestAgentThatLeadsOthers(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Answer("bedrock-agent", "ListAgents", fakeaws.Match{}, 200, `{"agentSummaries":[{"agentId":"LEAD000001","agentName":"lead","agentStatus":"PREPARED","updatedAt":"2026-03-02T09:15:00Z"}]}`)
	s.Answer("bedrock-agent", "GetAgent", fakeaws.Match{}, 200, `{"agent":{"agentId":"LEAD000001","agentName":"lead","agentStatus":"PREPARED","agentCollaboration":"SUPERVISOR"}}`)
	s.AnswerPaged("bedrock-agent", "ListAgentCollaborators", fakeaws.Match{}, fakeaws.Paging{Items: "agentCollaboratorSummaries", Size: 1},
		`{"agentCollaboratorSummaries":[{"collaboratorName":"orders"},{"collaboratorName":"returns"}]}`)
	got := s.collect(t, &bedrockAgents)
	checkFacts(t, properties(t, recordOf(t, got, typeAgent, "LEAD000001")), map[string]string{
		"AgentCollaboration": `"SUPERVISOR"`, "AgentCollaborators": `[{"CollaboratorName":"orders"},{"CollaboratorName":"returns"}]`,
	})
}

func TestKnowledgeBasesAndDataSources(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	id := seedKnowledgeBase(t, s, "manuals")
	got := s.collect(t, &bedrockKnowledgeBases)
	if diff := cmp.Diff(map[string]string{typeKnowledgeBase: "complete", typeDataSource: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	want := map[string]string{opGetKnowledgeBase: "value", opListDataSources: "value", opBedrockAgentTags: "value", opBedrockPolicy: "none"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeKnowledgeBase, id))); diff != "" {
		t.Errorf("answers of the knowledge base (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{id + "|DSBAD00001", id + "|DSGOOD0001"}, idsOf(got, typeDataSource)); diff != "" {
		t.Errorf("data sources (-want +got):\n%s", diff)
	}
	want = map[string]string{opGetDataSource: "value", opListIngestionJobs: "value"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeDataSource, id+"|DSGOOD0001"))); diff != "" {
		t.Errorf("answers of the data source (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeKnowledgeBase, id)), map[string]string{
		"RoleArn":                     `"` + bedrockRole + `"`,
		"StorageConfiguration.Type":   `"OPENSEARCH_SERVERLESS"`,
		"DataSources[0].DataSourceId": `"DSGOOD0001"`,
		"StorageConfiguration.OpensearchServerlessConfiguration.CollectionArn":          `"arn:aws:aoss:us-east-1:111122223333:collection/abc"`,
		"KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn": `"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"`,
		"Tags": `[{"Key":"owner","Value":"support-team"}]`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeDataSource, id+"|DSGOOD0001")), map[string]string{
		"KnowledgeBaseId": `"` + id + `"`,
		"ServerSideEncryptionConfiguration.KmsKeyArn":                         `"arn:aws:kms:us-east-1:` + s.account + `:key/7d0c1f1e-52a4-4c55-9f0d-6a1f0c3b2e11"`,
		"DataSourceConfiguration.S3Configuration":                             `{"BucketArn":"arn:aws:s3:::manuals-` + s.account + `","BucketOwnerAccountId":"` + s.account + `","InclusionPrefixes":["manuals/"]}`,
		"VectorIngestionConfiguration.ChunkingConfiguration.ChunkingStrategy": `"FIXED_SIZE"`,
		"DataDeletionPolicy":      `"DELETE"`,
		"IngestionJobs[0].Status": `"COMPLETE"`,
		"IngestionJobs[1]":        "",
	})
	checkFacts(t, properties(t, recordOf(t, got, typeDataSource, id+"|DSBAD00001")), map[string]string{
		"ServerSideEncryptionConfiguration": "", "VectorIngestionConfiguration": "", "DataSourceStatus": `"DELETE_UNSUCCESSFUL"`,
	})
	if got, want := s.Count("bedrock-agent", "ListIngestionJobs"), 2; got != want {
		t.Errorf("ingestion jobs asked for: got %d, want %d: only the latest one counts", got, want)
	}
}

func TestDataSourcesThatCannotBeListed(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	open, closed := seedKnowledgeBase(t, s, "open"), seedKnowledgeBase(t, s, "closed")
	s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock-agent", Operation: "ListDataSources", Path: map[string]string{"knowledgeBaseId": closed}})
	got := s.collect(t, &bedrockKnowledgeBases)
	if diff := cmp.Diff(map[string]string{typeKnowledgeBase: "complete", typeDataSource: "denied"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if got, want := answersOf(recordOf(t, got, typeKnowledgeBase, closed))[opListDataSources], "denied"; got != want {
		t.Errorf("data sources of the closed one: got %s, want %s", got, want)
	}
	for _, id := range idsOf(got, typeDataSource) {
		if !strings.HasPrefix(id, open+"|") {
			t.Errorf("data source %s of a knowledge base that did not list it", id)
		}
	}
}

func TestChildrenWhoseQuestionPanics(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	seedAgent(t, s, "one")
	broken := bedrockAgents
	broken.Operations = slices.DeleteFunc(slices.Clone(broken.Operations), func(o collect.Operation) bool { return o.Name == opListAgentAliases })
	got := coverageOf(s.collect(t, &broken))
	if got[typeAgentAlias] == "complete" {
		t.Error("aliases are complete although an undeclared operation was to list them")
	}
}
