package aws

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

// TestBedrockListsFollowEveryPage holds that each collector reads both pages of its
// fixture, and with how many requests an object.
func TestBedrockListsFollowEveryPage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		unit         *collector
		typ          string
		want         []string
		service, get string // the description, called once an object
	}{
		{&bedrockImportedModels, typeImportedModel, []string{"imbad0000001", "imgood000001"}, "bedrock", "GetImportedModel"},
		{&bedrockInferenceProfiles, typeInferenceProfile, []string{"ipbad0000001", "ipgood000001"}, "bedrock", "ListTagsForResource"},
		{&bedrockSystemProfiles, typeSystemProfile, []string{"ipbad0000001", "ipgood000001"}, "", ""},
		{&bedrockProvisionedThroughputs, typeProvisionedThroughput, []string{"pmbad0000001", "pmgood000001"}, "bedrock", "ListTagsForResource"},
		{&bedrockModelDeployments, typeModelDeployment, []string{"mdbad0000001", "mdgood000001"}, "bedrock", "ListTagsForResource"},
		{&bedrockInvocationJobs, typeInvocationJob, []string{"batchbad0001", "batchgood001"}, "", ""},
		{&bedrockEvaluationJobs, typeEvaluationJob, []string{"evalbad00001", "evalgood0001"}, "bedrock", "GetEvaluationJob"},
		{&bedrockEnforcedGuardrails, typeEnforcedGuardrail, []string{"efbad000001", "efgood00001"}, "", ""},
		{&bedrockFlows, typeFlow, []string{"FLBAD00001", "FLGOOD0001"}, "bedrock-agent", "ValidateFlowDefinition"},
		{&bedrockPrompts, typePrompt, []string{"PRBAD00001", "PRGOOD0001"}, "bedrock-agent", "GetPrompt"},
	}
	for _, test := range tests {
		t.Run(test.unit.Name, func(t *testing.T) {
			t.Parallel()
			s := newBedrockStage(t)
			got := s.collect(t, test.unit)
			if diff := cmp.Diff(test.want, idsOf(got, test.typ)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			want := map[string]string{}
			for _, typ := range test.unit.Types {
				want[typ] = "complete"
			}
			if diff := cmp.Diff(want, coverageOf(got)); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
			if n := s.Count(test.service, test.get); test.get != "" && n != len(test.want) {
				t.Errorf("%s was called %d times, want %d", test.get, n, len(test.want))
			}
		})
	}
}

func TestFlowThatCannotBeReadIsNotValidated(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock-agent", Operation: "GetFlow", Path: map[string]string{"flowIdentifier": "FLBAD00001"}})
	got := s.collect(t, &bedrockFlows)
	want := map[string]string{opGetFlow: "denied", opValidateFlow: "denied"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeFlow, "FLBAD00001"))); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeFlow, "FLGOOD0001")), map[string]string{
		"Definition.Nodes[1].Configuration.Prompt.GuardrailConfiguration.GuardrailIdentifier": `"good1guardrl"`,
		"Definition.Nodes[1].Configuration.Prompt.SourceConfiguration.Resource.PromptArn":     `"arn:aws:bedrock:us-east-1:` + s.account + `:prompt/PRGOOD0001"`,
		"DefinitionValidations[0].Severity":                                                   `"Warning"`,
	})
}

func TestAgreementsOfThirdPartiesOnly(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Answer("bedrock", "ListFoundationModels", fakeaws.Match{}, 200, `{"modelSummaries": [
		{"modelId": "amazon.nova-lite-v1:0", "providerName": "Amazon", "inferenceTypesSupported": ["ON_DEMAND"]},
		{"modelId": "anthropic.claude-x-v1:0:48k", "providerName": "Anthropic", "inferenceTypesSupported": ["PROVISIONED"]},
		{"modelId": "anthropic.claude-x-v1:0", "providerName": "Anthropic", "inferenceTypesSupported": ["INFERENCE_PROFILE"]},
		{"modelId": "cohere.command-x-v1:0", "providerName": "Cohere", "inferenceTypesSupported": ["ON_DEMAND"]}]}`)
	s.Answer("bedrock", "GetFoundationModelAvailability", fakeaws.Match{Path: map[string]string{"modelId": "cohere.command-x-v1:0"}}, 200,
		`{"modelId": "cohere.command-x-v1:0", "agreementAvailability": {"status": "NOT_AVAILABLE"}}`)
	got := s.collect(t, &bedrockModelAgreements)
	if diff := cmp.Diff([]string{"anthropic.claude-x-v1:0", "cohere.command-x-v1:0"}, idsOf(got, typeModelAgreement)); diff != "" {
		t.Errorf("models (-want +got):\n%s", diff)
	}
	want := map[string]string{opListFoundationModels: "value", opGetModelAvailability: "value", opListAgreementOffers: "none"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeModelAgreement, "cohere.command-x-v1:0"))); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if n := s.Count("bedrock", "ListFoundationModelAgreementOffers"); n != 1 {
		t.Errorf("offers were asked for %d times, want once: only where there is an agreement", n)
	}
}

func TestDeliveriesAreUnknownWhereTheirListIsDenied(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "logs", Operation: "DescribeDeliveries"})
	got := s.collect(t, &logsDeliveries)
	want := map[string]string{typeDeliverySource: "complete", typeDelivery: "denied"}
	if diff := cmp.Diff(want, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

// Aliases of a flow are records of their own; a flow whose aliases cannot be listed makes the list incomplete.
func TestFlowAliases(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &bedrockFlows)
	want := []string{"FLBAD00001|FAGOOD0001", "FLBAD00001|TSTALIASID", "FLGOOD0001|FAGOOD0001", "FLGOOD0001|TSTALIASID"}
	if diff := cmp.Diff(want, idsOf(got, typeFlowAlias)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeFlowAlias, "FLGOOD0001|FAGOOD0001")), map[string]string{
		"Arn":                  `"arn:aws:bedrock:us-east-1:` + s.account + `:flow/FLGOOD0001/alias/FAGOOD0001"`,
		"FlowId":               `"FLGOOD0001"`,
		"RoutingConfiguration": `[{"FlowVersion":"1"}]`,

		"Version.ExecutionRoleArn": `"arn:aws:iam::` + s.account + `:role/flow-version"`,
		"Version.Definition.Nodes[0].Configuration.Prompt.SourceConfiguration.Inline.ModelId": `"amazon.titan-text-lite-v1"`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeFlowAlias, "FLGOOD0001|TSTALIASID")), map[string]string{"Version.ExecutionRoleArn": ``})
	denied := newBedrockStage(t)
	denied.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock-agent", Operation: "ListFlowAliases", Path: map[string]string{"flowIdentifier": "FLBAD00001"}})
	got = denied.collect(t, &bedrockFlows)
	if diff := cmp.Diff(map[string]string{typeFlow: "complete", typeFlowAlias: "denied"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:], idsOf(got, typeFlowAlias)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// A resource policy is read where there is one, and is unknown where it may not be read.
func TestBedrockResourcePolicies(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Inject(fakeaws.Fault{
		Kind: fakeaws.Denied, Service: "bedrock", Operation: "GetResourcePolicy",
		Path: map[string]string{"resourceArn": "arn:aws:bedrock:us-east-1:" + s.account + ":guardrail/bad01guardrl"},
	})
	got := s.collect(t, &bedrockGuardrails)
	checkFacts(t, properties(t, recordOf(t, got, typeGuardrail, "bad01guardrl")), map[string]string{"ResourcePolicy": "unknown: denied"})
	policy, _ := properties(t, recordOf(t, got, typeGuardrail, "good1guardrl")).At("ResourcePolicy").(string)
	if !strings.Contains(policy, `"bedrock:ApplyGuardrail"`) {
		t.Errorf("policy of the guardrail: %s", policy)
	}
}
