package aws

import (
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
	"github.com/google/go-cmp/cmp"
)

// agentCoreUnits are the collectors of AgentCore.
func agentCoreUnits() []*collector {
	return []*collector{&agentCoreBrowsers, &agentCoreCodeInterpreters, &agentCoreGateways, &agentCoreMemories, &agentCoreRuntimes}
}

// seedAgentCore makes a runtime, a gateway and a memory, and returns their ids.
func seedAgentCore(t *testing.T, s *bedrockStage) (runtime, gateway, memory string) {
	t.Helper()
	api, ctx := bedrockagentcorecontrol.NewFromConfig(s.cfg), t.Context()
	jwt := &types.AuthorizerConfigurationMemberCustomJWTAuthorizer{Value: types.CustomJWTAuthorizerConfiguration{
		DiscoveryUrl: aws.String("https://id.example.com/.well-known/openid-configuration"), AllowedAudience: []string{"support"},
	}}
	r, err := api.CreateAgentRuntime(ctx, &bedrockagentcorecontrol.CreateAgentRuntimeInput{
		AgentRuntimeName: aws.String("support"), RoleArn: aws.String(bedrockRole), AuthorizerConfiguration: jwt,
		AgentRuntimeArtifact: &types.AgentRuntimeArtifactMemberContainerConfiguration{Value: types.ContainerConfiguration{
			ContainerUri: aws.String("111122223333.dkr.ecr.us-east-1.amazonaws.com/support:1"),
		}},
		NetworkConfiguration: &types.NetworkConfiguration{
			NetworkMode:       types.NetworkModeVpc,
			NetworkModeConfig: &types.VpcConfig{SecurityGroups: []string{"sg-1"}, Subnets: []string{"subnet-1", "subnet-2"}},
		},
		ProtocolConfiguration: &types.ProtocolConfiguration{ServerProtocol: types.ServerProtocolMcp},
		EnvironmentVariables:  map[string]string{"LEVEL": "info"},
	})
	must(t, r, err)
	g, err := api.CreateGateway(ctx, &bedrockagentcorecontrol.CreateGatewayInput{
		Name: aws.String("tools"), RoleArn: aws.String(bedrockRole), AuthorizerType: types.AuthorizerTypeCustomJwt,
		AuthorizerConfiguration: jwt, ProtocolType: types.GatewayProtocolTypeMcp, KmsKeyArn: aws.String(bedrockKey),
		ExceptionLevel: types.ExceptionLevelDebug,
	})
	must(t, g, err)
	m, err := api.CreateMemory(ctx, &bedrockagentcorecontrol.CreateMemoryInput{
		Name: aws.String("support"), EventExpiryDuration: aws.Int32(30), EncryptionKeyArn: aws.String(bedrockKey),
		MemoryStrategies: []types.MemoryStrategyInput{&types.MemoryStrategyInputMemberSemanticMemoryStrategy{Value: types.SemanticMemoryStrategyInput{
			Name: aws.String("facts"), Namespaces: []string{"/support/{actorId}"}, //nolint:staticcheck // moto keeps only what the older name says
		}}},
	})
	must(t, m, err)
	return aws.ToString(r.AgentRuntimeId), aws.ToString(g.GatewayId), aws.ToString(m.Memory.Id)
}

func TestAgentCore(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	runtime, gateway, memory := seedAgentCore(t, s)
	got := s.collect(t, agentCoreUnits()...)
	for typ, v := range coverageOf(got) {
		if v != "complete" {
			t.Errorf("%s: got %s, want complete", typ, v)
		}
	}
	for typ, want := range map[string][]string{
		typeAgentCoreRuntime: {runtime}, typeAgentCoreGateway: {gateway}, typeAgentCoreMemory: {memory},
		typeAgentCoreBrowser:         {"browser_bad-f6g7h8i9j0", "browser_good-a1b2c3d4e5"},
		typeAgentCoreCodeInterpreter: {"codeInterpreter_bad-f6g7h8i9j0", "codeInterpreter_good-a1b2c3d4e5"},
	} {
		if diff := cmp.Diff(want, idsOf(got, typ)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", typ, diff)
		}
	}
	jwt := `{"AllowedAudience":["support"],"DiscoveryUrl":"https://id.example.com/.well-known/openid-configuration"}`
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreRuntime, runtime)), map[string]string{
		"RoleArn": `"` + bedrockRole + `"`, "Status": `"READY"`, "ProtocolConfiguration": `"MCP"`,
		"AgentRuntimeArtifact":                        `{"ContainerConfiguration":{"ContainerUri":"111122223333.dkr.ecr.us-east-1.amazonaws.com/support:1"}}`,
		"NetworkConfiguration":                        `{"NetworkMode":"VPC","NetworkModeConfig":{"SecurityGroups":["sg-1"],"Subnets":["subnet-1","subnet-2"]}}`,
		"AuthorizerConfiguration.CustomJWTAuthorizer": jwt,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreGateway, gateway)), map[string]string{
		"AuthorizerType": `"CUSTOM_JWT"`, "KmsKeyArn": `"` + bedrockKey + `"`, "ExceptionLevel": `"DEBUG"`,
		"AuthorizerConfiguration.CustomJWTAuthorizer": jwt,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreMemory, memory)), map[string]string{
		"EncryptionKeyArn": `"` + bedrockKey + `"`, "EventExpiryDuration": "30",
		"MemoryStrategies[0].Type": `"SEMANTIC"`, "MemoryStrategies[0].Namespaces": `["/support/{actorId}"]`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreBrowser, "browser_good-a1b2c3d4e5")), map[string]string{
		"NetworkConfiguration.NetworkMode": `"VPC"`, "RecordingConfig.Enabled": "true",
		"RecordingConfig.S3Location.Bucket": `"browser-recordings-` + s.account + `"`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeAgentCoreCodeInterpreter, "codeInterpreter_bad-f6g7h8i9j0")), map[string]string{
		"NetworkConfiguration": `{"NetworkMode":"PUBLIC"}`, "ExecutionRoleArn": "",
	})
	for _, r := range got.Records {
		if r.ARN == "" {
			t.Errorf("%s %s has no ARN", r.Type, r.ID)
		}
	}
}

func TestAgentCoreDescriptionsThatAreDenied(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	seedAgentCore(t, s)
	want := map[string]string{
		typeAgentCoreRuntime: opGetAgentRuntime, typeAgentCoreGateway: opGetGateway, typeAgentCoreMemory: opGetMemory,
		typeAgentCoreBrowser: opGetBrowser, typeAgentCoreCodeInterpreter: opGetCodeInterpreter,
	}
	for _, op := range []string{"GetAgentRuntime", "GetGateway", "GetMemory", "GetBrowser", "GetCodeInterpreter"} {
		s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock-agentcore-control", Operation: op})
	}
	got := s.collect(t, agentCoreUnits()...)
	for _, r := range got.Records {
		answers := answersOf(r)
		delete(answers, opAgentCorePolicy) // asked for besides, and not denied
		if diff := cmp.Diff(map[string]string{want[r.Type]: "denied"}, answers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.Type, diff)
		}
	}
	for typ, v := range coverageOf(got) {
		if v != "complete" {
			t.Errorf("%s: got %s, want complete: the list was read", typ, v)
		}
	}
}
