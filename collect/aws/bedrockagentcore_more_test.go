package aws

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

// Vaults are known by the providers in them, and each is read once.
func TestTokenVaults(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &agentCoreCredentialProviders)
	if diff := cmp.Diff([]string{"default"}, idsOf(got, typeAgentCoreTokenVault)); diff != "" {
		t.Fatalf("vaults (-want +got):\n%s", diff)
	}
	vault := recordOf(t, got, typeAgentCoreTokenVault, "default")
	if want := "arn:aws:bedrock-agentcore:us-east-1:" + s.account + ":token-vault/default"; vault.ARN != want {
		t.Errorf("arn %s, want %s", vault.ARN, want)
	}
	checkFacts(t, properties(t, vault), map[string]string{
		"TokenVaultId": `"default"`, "KmsConfiguration.KeyType": `"ServiceManagedKey"`, "KmsConfiguration.KmsKeyArn": ``,
	})
	want := map[string]string{typeAgentCoreAPIKeyProvider: "complete", typeAgentCoreOAuthProvider: "complete", typeAgentCoreTokenVault: "complete"}
	if diff := cmp.Diff(want, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

// Where providers of one kind could not be listed, there may be further vaults.
func TestTokenVaultsInPart(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock-agentcore-control", Operation: "ListApiKeyCredentialProviders"})
	got := s.collect(t, &agentCoreCredentialProviders)
	want := map[string]string{typeAgentCoreAPIKeyProvider: "denied", typeAgentCoreOAuthProvider: "complete", typeAgentCoreTokenVault: "denied"}
	if diff := cmp.Diff(want, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"default"}, idsOf(got, typeAgentCoreTokenVault)); diff != "" {
		t.Errorf("vaults (-want +got):\n%s", diff)
	}
}

func TestVaultOf(t *testing.T) {
	t.Parallel()
	const vault = "arn:aws:bedrock-agentcore:us-east-1:111122223333:token-vault/default"
	for arn, want := range map[string]string{
		vault + "/apikeycredentialprovider/weather": vault,
		vault: "", "arn:aws:bedrock-agentcore:us-east-1:111122223333:provider/weather": "", "": "",
	} {
		got, ok := vaultOf(arn)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v, want %q", arn, got, ok, want)
		}
	}
}

func TestWorkloadIdentities(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &agentCoreWorkloadIdentities)
	if diff := cmp.Diff([]string{"claims-bad", "claims-good"}, idsOf(got, typeAgentCoreWorkloadIdentity)); diff != "" {
		t.Fatalf("identities (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreWorkloadIdentity, "claims-bad")), map[string]string{
		"Name": `"claims-bad"`, "AllowedResourceOauth2ReturnUrls": `["http://localhost:8080/callback"]`,
	})
}

func TestOnlineEvaluations(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &agentCoreOnlineEvaluations)
	if diff := cmp.Diff([]string{"judge_bad-f6g7h8i9j0", "judge_good-a1b2c3d4e5"}, idsOf(got, typeAgentCoreOnlineEvaluation)); diff != "" {
		t.Fatalf("evaluations (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreOnlineEvaluation, "judge_good-a1b2c3d4e5")), map[string]string{
		"Status": `"ACTIVE"`, "ExecutionStatus": `"ENABLED"`, "Evaluators": `[{"EvaluatorId":"Builtin.Helpfulness"}]`,
		"EvaluationExecutionRoleArn":                    `"arn:aws:iam::` + s.account + `:role/evaluations"`,
		"DataSourceConfig.CloudWatchLogs.LogGroupNames": `["/aws/bedrock-agentcore/runtimes/support"]`,
		"OutputConfig.CloudWatchConfig.LogGroupName":    `"/aws/bedrock-agentcore/evaluations/results/judge_good-a1b2c3d4e5"`,
		"Rule.SamplingConfig.SamplingPercentage":        `12.5`,
	})
}

// Of the policies of an engine is kept whether they decide, and not what they say.
func TestEnginePolicies(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &agentCorePolicyEngines)
	rec := recordOf(t, got, typeAgentCorePolicyEngine, "tools_bad-f6g7h8i9j0")
	checkFacts(t, properties(t, rec), map[string]string{
		"Policies": `[{"EnforcementMode":"LOG_ONLY","Name":"refunds","Status":"ACTIVE"}]`,
	})
	text, err := json.Marshal(rec)
	if err != nil || bytes.Contains(text, []byte("OAuthUser")) {
		t.Errorf("the record holds what a policy says: %s, %v", text, err)
	}
}

// A harness is read with its model, tools and role; what a header of a tool holds is not kept.
func TestHarnesses(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &agentCoreHarnesses)
	if diff := cmp.Diff([]string{"claims_bad-f6g7h8i9j0", "claims_good-a1b2c3d4e5"}, idsOf(got, typeAgentCoreHarness)); diff != "" {
		t.Fatalf("harnesses (-want +got):\n%s", diff)
	}
	core := "arn:aws:bedrock-agentcore:us-east-1:" + s.account + ":"
	good, bad := recordOf(t, got, typeAgentCoreHarness, "claims_good-a1b2c3d4e5"), recordOf(t, got, typeAgentCoreHarness, "claims_bad-f6g7h8i9j0")
	checkFacts(t, properties(t, good), map[string]string{
		"HarnessName": `"claims_good"`, "ExecutionRoleArn": `"arn:aws:iam::` + s.account + `:role/harness-good"`,
		"Model.BedrockModelConfig.ModelId":        `"anthropic.claude-3-haiku-20240307-v1:0"`,
		"Memory.AgentCoreMemoryConfiguration.Arn": `"` + core + `memory/claims-a1b2c3d4e5"`,
		"Tools": `[{"Config":{"AgentCoreGateway":{"GatewayArn":"` + core + `gateway/claims-a1b2c3d4e5"}}}]`,
		"Environment.AgentCoreRuntimeEnvironment.NetworkConfiguration.NetworkModeConfig.Subnets": `["subnet-1"]`,
	})
	checkFacts(t, properties(t, bad), map[string]string{
		"Model.BedrockModelConfig.ModelId": ``, "Model.OpenAiModelConfig.ModelId": `"gpt-4o"`,
		"Tools": `[{"Config":{"RemoteMcp":{"Url":"https://mcp.example.com/"}}}]`,
		"Environment.AgentCoreRuntimeEnvironment.NetworkConfiguration.NetworkMode": `"PUBLIC"`,
	})
	kept, err := json.Marshal(bad)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(kept, []byte("made-up-4f9d2c7a1b8e")) {
		t.Errorf("the token of a header is kept: %s", kept)
	}
}

// Of some kinds the list says all that is kept; a list that is denied is a gap.
func TestAgentCoreListed(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	const id = "claims-a1b2c3d4e5"
	units := []*collector{&agentCoreBrowserProfiles, &agentCoreRegistries, &agentCoreBundles, &agentCorePaymentManagers}
	got := s.collect(t, units...)
	account := "arn:aws:iam::" + s.account + ":role/"
	for typ, facts := range map[string]map[string]string{
		"AWS::BedrockAgentCore::BrowserProfile":      {"Name": `"claims"`, "Status": `"READY"`, "LastSavedAt": `"2026-10-05T14:30:00Z"`},
		"AWS::BedrockAgentCore::Registry":            {"Name": `"claims"`, "AuthorizerType": `"AWS_IAM"`},
		"AWS::BedrockAgentCore::ConfigurationBundle": {"BundleName": `"claims"`, "CreatedAt": `"2026-03-02T09:15:00Z"`},
		"AWS::BedrockAgentCore::PaymentManager":      {"Name": `"claims"`, "RoleArn": `"` + account + `payments"`, "Status": `"READY"`},
	} {
		if diff := cmp.Diff([]string{id}, idsOf(got, typ)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", typ, diff)
			continue
		}
		r := recordOf(t, got, typ, id)
		if !strings.HasPrefix(r.ARN, "arn:aws:bedrock-agentcore:us-east-1:"+s.account+":") {
			t.Errorf("%s: ARN %s", typ, r.ARN)
		}
		checkFacts(t, properties(t, r), facts)
	}
	for _, unit := range units {
		_, operation, _ := strings.Cut(unit.Operations[0].Name, ":")
		s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock-agentcore-control", Operation: operation})
		if diff := cmp.Diff(map[string]string{unit.Types[0]: "denied"}, coverageOf(s.collect(t, unit))); diff != "" {
			t.Errorf("%s denied (-want +got):\n%s", operation, diff)
		}
	}
}
