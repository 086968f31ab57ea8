package main

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	control "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"

	"github.com/assize-dev/assize"
)

// proved fails the test when a resource could not be made.
func proved[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// proofArgs judges the whole account with the collectors named.
func proofArgs(collectors string, more ...string) []string {
	return append([]string{"--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors", collectors}, more...)
}

const proofAgentRole = "arn:aws:iam::111122223333:role/agent"

// proofRuntimes makes a runtime in a VPC with tokens and one in the open with IAM.
func proofRuntimes(t *testing.T, api *control.Client) (good, bad string) {
	t.Helper()
	image := &types.AgentRuntimeArtifactMemberContainerConfiguration{Value: types.ContainerConfiguration{
		ContainerUri: aws.String("111122223333.dkr.ecr.eu-west-1.amazonaws.com/agents/support:1"),
	}}
	in := &control.CreateAgentRuntimeInput{
		AgentRuntimeName: aws.String("support"), RoleArn: aws.String(proofAgentRole), AgentRuntimeArtifact: image,
		AuthorizerConfiguration: &types.AuthorizerConfigurationMemberCustomJWTAuthorizer{Value: types.CustomJWTAuthorizerConfiguration{
			DiscoveryUrl: aws.String("https://id.example.com/.well-known/openid-configuration"), AllowedAudience: []string{"support"},
		}},
		NetworkConfiguration: &types.NetworkConfiguration{
			NetworkMode: types.NetworkModeVpc, NetworkModeConfig: &types.VpcConfig{SecurityGroups: []string{"sg-1"}, Subnets: []string{"subnet-1"}},
		},
	}
	g := proved[*control.CreateAgentRuntimeOutput](t)(api.CreateAgentRuntime(t.Context(), in))
	in = &control.CreateAgentRuntimeInput{
		AgentRuntimeName: aws.String("crm"), RoleArn: aws.String(proofAgentRole), AgentRuntimeArtifact: image,
		NetworkConfiguration:  &types.NetworkConfiguration{NetworkMode: types.NetworkModePublic},
		ProtocolConfiguration: &types.ProtocolConfiguration{ServerProtocol: types.ServerProtocolMcp},
	}
	b := proved[*control.CreateAgentRuntimeOutput](t)(api.CreateAgentRuntime(t.Context(), in))
	return aws.ToString(g.AgentRuntimeId), aws.ToString(b.AgentRuntimeId)
}

// proofGateways makes a gateway that enforces policies and has a target with credentials,
// one that shows errors and has a target without, and one without targets.
func proofGateways(t *testing.T, api *control.Client) (good, bad, empty, goodTarget, badTarget string) {
	t.Helper()
	gateway := func(in *control.CreateGatewayInput) string {
		in.RoleArn, in.AuthorizerType, in.ProtocolType = aws.String(proofAgentRole), types.AuthorizerTypeAwsIam, types.GatewayProtocolTypeMcp
		return aws.ToString(proved[*control.CreateGatewayOutput](t)(api.CreateGateway(t.Context(), in)).GatewayId)
	}
	target := func(gateway string, credentials ...types.CredentialProviderConfiguration) string {
		out := proved[*control.CreateGatewayTargetOutput](t)(api.CreateGatewayTarget(t.Context(), &control.CreateGatewayTargetInput{
			GatewayIdentifier: &gateway, Name: aws.String("crm"), CredentialProviderConfigurations: credentials,
			TargetConfiguration: &types.TargetConfigurationMemberMcp{Value: &types.McpTargetConfigurationMemberMcpServer{
				Value: types.McpServerTargetConfiguration{Endpoint: aws.String("https://mcp.example.com/mcp")},
			}},
		}))
		return gateway + "/" + aws.ToString(out.TargetId)
	}
	good = gateway(&control.CreateGatewayInput{Name: aws.String("good"), PolicyEngineConfiguration: &types.GatewayPolicyEngineConfiguration{
		Arn: aws.String("arn:aws:bedrock-agentcore:eu-west-1:111122223333:policy-engine/tools_good-a1b2c3d4e5"), Mode: types.GatewayPolicyEngineModeEnforce,
	}})
	bad = gateway(&control.CreateGatewayInput{Name: aws.String("bad"), ExceptionLevel: types.ExceptionLevelDebug})
	empty = gateway(&control.CreateGatewayInput{Name: aws.String("empty")})
	goodTarget = target(good, types.CredentialProviderConfiguration{CredentialProviderType: types.CredentialProviderTypeGatewayIamRole})
	return good, bad, empty, goodTarget, target(bad)
}

func proofMemories(t *testing.T, api *control.Client) (good, bad string) {
	t.Helper()
	memory := func(name, namespace string, days int32) string {
		out := proved[*control.CreateMemoryOutput](t)(api.CreateMemory(t.Context(), &control.CreateMemoryInput{
			Name: &name, EventExpiryDuration: &days,
			MemoryStrategies: []types.MemoryStrategyInput{&types.MemoryStrategyInputMemberSemanticMemoryStrategy{
				Value: types.SemanticMemoryStrategyInput{Name: aws.String("facts"), Namespaces: []string{namespace}}, //nolint:staticcheck // moto keeps only what the older name says
			}},
		}))
		return aws.ToString(out.Memory.Id)
	}
	return memory("good", "/support/{actorId}", 30), memory("bad", "/support", 365)
}

// TestProofAgentCore judges AgentCore's runtimes, gateways, memories and what serves them.
func TestProofAgentCore(t *testing.T) {
	l := startEmpty(t)
	api := control.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	runtime, openRuntime := proofRuntimes(t, api)
	gateway, openGateway, empty, target, openTarget := proofGateways(t, api)
	memory, openMemory := proofMemories(t, api)
	if err := os.WriteFile("profile.yaml", []byte("memory_maximum_event_expiry_days: 90\nagent_runtimes_iam_only: []\napproved_api_key_providers: []\nmcp_servers_behind_gateway: true\napproved_models: [\"anthropic.claude-*\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := assessJSON(t, proofArgs("bedrock-agentcore-runtimes,bedrock-agentcore-gateways,bedrock-agentcore-gateway-targets,"+
		"bedrock-agentcore-memories,bedrock-agentcore-policy-engines,bedrock-agentcore-evaluators,bedrock-agentcore-credential-providers,"+
		"bedrock-agentcore-workload-identities,bedrock-agentcore-online-evaluations,bedrock-agentcore-harnesses,bedrock-agentcore-runtime-endpoints,logs-deliveries,xray-trace-destination", "--config", "profile.yaml")...)
	pair := func(good, bad string) map[string]assize.Outcome {
		return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
	}
	one := func(id string, o assize.Outcome) map[string]assize.Outcome { return map[string]assize.Outcome{id: o} }
	wantVerdicts(t, r, verdicts{
		"bedrockagentcore_gateway_debug_exceptions_disabled":   pair(gateway, openGateway),
		"bedrockagentcore_gateway_has_targets":                 pair(gateway, empty),
		"bedrockagentcore_gateway_policy_engine_enforced":      pair(gateway, openGateway),
		"bedrockagentcore_gateway_status_ready":                one(gateway, assize.Pass),
		"bedrockagentcore_gateway_target_outbound_auth":        pair(target, openTarget),
		"bedrockagentcore_gateway_waf_attached":                one(gateway, assize.Fail),
		"bedrockagentcore_gateway_resource_policy_restricted":  one(gateway, assize.Pass),
		"bedrockagentcore_policy_engine_exists":                one("", assize.Pass),
		"bedrockagentcore_policy_engine_encrypted_with_cmk":    one("tools_bad-f6g7h8i9j0", assize.Fail),
		"bedrockagentcore_evaluator_configured":                one("", assize.Pass),
		"bedrockagentcore_harness_model_approved":              pair("claims_good-a1b2c3d4e5", "claims_bad-f6g7h8i9j0"),
		"bedrockagentcore_harness_role_least_privilege":        one("claims_good-a1b2c3d4e5", assize.Inconclusive),
		"bedrockagentcore_identity_provider_configured":        one("", assize.Pass),
		"bedrockagentcore_identity_prefers_oauth2":             one("weather", assize.Fail),
		"bedrockagentcore_online_evaluation_running":           pair("judge_good-a1b2c3d4e5", "judge_bad-f6g7h8i9j0"),
		"bedrockagentcore_policy_engine_policies_in_force":     pair("tools_good-a1b2c3d4e5", "tools_bad-f6g7h8i9j0"),
		"bedrockagentcore_token_vault_encrypted_with_cmk":      one("default", assize.Fail),
		"bedrockagentcore_workload_identity_return_urls_https": pair("claims-good", "claims-bad"),
		"bedrockagentcore_memory_event_expiry_limited":         pair(memory, openMemory),
		"bedrockagentcore_memory_namespace_scoped":             pair(memory, openMemory),
		"bedrockagentcore_runtime_status_ready":                one(runtime, assize.Pass),
		"bedrockagentcore_runtime_inbound_auth_configured":     pair(runtime, openRuntime),
		"bedrockagentcore_runtime_security_groups_configured":  {runtime: assize.Pass, openRuntime: assize.NotApplicable},
		"bedrockagentcore_runtime_resource_policy_restricted":  {runtime: assize.NotApplicable, openRuntime: assize.Pass},
		"bedrockagentcore_runtime_fronted_by_gateway":          {runtime: assize.NotApplicable, openRuntime: assize.Fail},
		"bedrockagentcore_runtime_observability_enabled":       one(runtime, assize.Fail),
		"bedrockagentcore_runtime_role_least_privilege":        one(runtime, assize.Inconclusive),
		"bedrockagentcore_runtime_vpc_mode":                    pair(runtime, openRuntime),
	})
}
