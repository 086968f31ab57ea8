package aws

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	btypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	atypes "github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
	core "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	ctypes "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// properties derives the resource of a record.
func properties(t *testing.T, rec *assize.Record) assize.Object {
	t.Helper()
	res, err := collect.Derive(definitionOf(t, rec.Type), rec)
	if err != nil {
		t.Fatal(err)
	}
	return res.Properties
}

// definitionOf loads the definition of a type of Bedrock or AgentCore, strictly.
func definitionOf(t *testing.T, typ string) *assize.Definition {
	t.Helper()
	service := strings.ToLower(strings.Split(typ, "::")[1])
	return loadDefinition(t, filepath.Join(service, strings.ReplaceAll(typ, "::", "-")+".yaml"))
}

func loadDefinition(t *testing.T, name string) *assize.Definition {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "library", "resources", name))
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	d := &assize.Definition{}
	if err := dec.Decode(d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// checkFacts compares some properties with their JSON; "" is absence.
func checkFacts(t *testing.T, got assize.Object, want map[string]string) {
	t.Helper()
	have := map[string]string{}
	for path := range want {
		have[path] = fact(t, got, path)
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

// TestEveryFactIsAnswered holds the definitions against the collectors: what a fact comes
// from is an operation of the collector that yields the type, and each of its types is defined.
func TestEveryFactOfBedrockIsAnswered(t *testing.T) {
	t.Parallel()
	for _, unit := range collectors {
		if !strings.HasPrefix(unit.Name, "bedrock-") {
			continue
		}
		for _, typ := range unit.Types {
			d := definitionOf(t, typ)
			if unit.Operation(d.List) == nil {
				t.Errorf("%s: list %s is no operation of %s", typ, d.List, unit.Name)
			}
			for _, f := range d.Facts {
				if f.From != "" && unit.Operation(f.From) == nil {
					t.Errorf("%s: fact %s: %s is no operation of %s", typ, f.Path, f.From, unit.Name)
				}
			}
		}
	}
}

// answers makes a record of outputs.
func answers(typ string, outputs map[string]any) *assize.Record {
	rec := &assize.Record{Type: typ, Account: "111122223333", Region: bedrockRegion, ID: "id"}
	for op, out := range outputs {
		value, masked := collect.Encode(out)
		rec.Answers = append(rec.Answers, assize.Answer{Operation: op, Value: value, Masked: masked})
	}
	return rec
}

var anEvening = aws.Time(time.Date(2026, 3, 2, 18, 15, 0, 0, time.FixedZone("", 2*3600)))

func TestBedrockFactsFromOutputs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		typ     string
		outputs map[string]any
		want    map[string]string
	}{
		{
			name: "older filter without actions", typ: typeGuardrail,
			outputs: map[string]any{opGetGuardrail: bedrock.GetGuardrailOutput{
				CreatedAt: anEvening,
				ContentPolicy: &btypes.GuardrailContentPolicy{Filters: []btypes.GuardrailContentFilter{
					{Type: btypes.GuardrailContentFilterTypeHate, InputStrength: btypes.GuardrailFilterStrengthHigh, OutputStrength: btypes.GuardrailFilterStrengthNone},
				}},
				AutomatedReasoningPolicy: &btypes.GuardrailAutomatedReasoningPolicy{Policies: []string{"arn:policy:1"}, ConfidenceThreshold: aws.Float64(1)},
				CrossRegionDetails:       &btypes.GuardrailCrossRegionDetails{GuardrailProfileArn: aws.String("arn:profile")},
			}},
			want: map[string]string{
				"CreatedAt": `"2026-03-02T16:15:00Z"`,
				"ContentPolicyConfig.FiltersConfig[0].Type":         `"HATE"`,
				"ContentPolicyConfig.FiltersConfig[0].InputAction":  "",
				"ContentPolicyConfig.FiltersConfig[0].InputEnabled": "",
				"TopicPolicyConfig": "", "WordPolicyConfig": "", "KmsKeyArn": "",
				"AutomatedReasoningPolicyConfig.Policies":            `["arn:policy:1"]`,
				"AutomatedReasoningPolicyConfig.ConfidenceThreshold": `1`,
				"CrossRegionConfig.GuardrailProfileArn":              `"arn:profile"`,
				"Versions":                                           "unknown: source not connected",
			},
		},
		{
			name: "union of executors, map of tags, masked text", typ: typeAgent,
			outputs: map[string]any{
				opGetAgent: bedrockagent.GetAgentOutput{Agent: &atypes.Agent{
					Instruction:         aws.String("Log in with AKIAIOSFODNN7EXAMPLE and help."),
					CustomOrchestration: &atypes.CustomOrchestration{Executor: &atypes.OrchestrationExecutorMemberLambda{Value: "arn:lambda"}},
				}},
				opGetActionGroup: map[string][]*atypes.AgentActionGroup{"AgentActionGroups": {
					{ActionGroupName: aws.String("code"), ParentActionSignature: atypes.ActionGroupSignatureAmazonCodeinterpreter},
					{ActionGroupExecutor: &atypes.ActionGroupExecutorMemberCustomControl{Value: atypes.CustomControlMethodReturnControl}},
					{
						ActionGroupExecutor: &atypes.ActionGroupExecutorMemberLambda{Value: "arn:tool"},
						ApiSchema:           &atypes.APISchemaMemberS3{Value: atypes.S3Identifier{S3BucketName: aws.String("schemas")}},
					},
					{FunctionSchema: &atypes.FunctionSchemaMemberFunctions{Value: []atypes.Function{{Name: aws.String("refund")}}}},
				}},
				opBedrockAgentTags: bedrockagent.ListTagsForResourceOutput{Tags: map[string]string{"team": "a", "owner": ""}},
			},
			want: map[string]string{
				"InstructionHoldsSecret": "true", "HoldsSecret": "true",
				"CustomOrchestration.Executor.Lambda":              `"arn:lambda"`,
				"ActionGroups[0].ParentActionGroupSignature":       `"AMAZON.CodeInterpreter"`,
				"ActionGroups[0].ActionGroupExecutor":              "",
				"ActionGroups[1].ActionGroupExecutor":              `{"CustomControl":"RETURN_CONTROL"}`,
				"ActionGroups[2].ActionGroupExecutor":              `{"Lambda":"arn:tool"}`,
				"ActionGroups[2].ApiSchema.S3.S3BucketName":        `"schemas"`,
				"ActionGroups[3].FunctionSchema.Functions[0].Name": `"refund"`,
				"Tags": `[{"Key":"owner","Value":""},{"Key":"team","Value":"a"}]`,
			},
		},
		{
			name: "agent without groups or tags", typ: typeAgent,
			outputs: map[string]any{
				opGetAgent:         bedrockagent.GetAgentOutput{Agent: &atypes.Agent{AgentStatus: atypes.AgentStatusNotPrepared}},
				opGetActionGroup:   map[string][]*atypes.AgentActionGroup{"AgentActionGroups": {}},
				opBedrockAgentTags: bedrockagent.ListTagsForResourceOutput{},
			},
			want: map[string]string{
				"AgentStatus": `"NOT_PREPARED"`, "GuardrailConfiguration": "", "MemoryConfiguration": "",
				"ActionGroups": "[]", "Tags": "", "KnowledgeBases": "unknown: source not connected",
			},
		},
		{
			name: "alias", typ: typeAgentAlias,
			outputs: map[string]any{opListAgentAliases: agentAlias{"AGENT00001", atypes.AgentAliasSummary{
				AgentAliasName: aws.String("live"), RoutingConfiguration: []atypes.AgentAliasRoutingConfigurationListItem{{AgentVersion: aws.String("3")}},
			}}.answer()},
			want: map[string]string{"AgentId": `"AGENT00001"`, "AgentAliasName": `"live"`, "RoutingConfiguration": `[{"AgentVersion":"3"}]`},
		},
		{
			name: "model distilled from logs", typ: typeCustomModel,
			outputs: map[string]any{opGetCustomModel: bedrock.GetCustomModelOutput{
				TrainingDataConfig: &btypes.TrainingDataConfig{InvocationLogsConfig: &btypes.InvocationLogsConfig{
					InvocationLogSource: &btypes.InvocationLogSourceMemberS3Uri{Value: "s3://logs/"}, UsePromptResponse: true,
				}},
				CustomizationConfig: &btypes.CustomizationConfigMemberDistillationConfig{Value: btypes.DistillationConfig{
					TeacherModelConfig: &btypes.TeacherModelConfig{TeacherModelIdentifier: aws.String("amazon.nova-pro-v1:0")},
				}},
			}},
			want: map[string]string{
				"TrainingDataConfig.InvocationLogsConfig.InvocationLogSource.S3Uri":                `"s3://logs/"`,
				"TrainingDataConfig.InvocationLogsConfig.UsePromptResponse":                        "true",
				"CustomizationConfig.DistillationConfig.TeacherModelConfig.TeacherModelIdentifier": `"amazon.nova-pro-v1:0"`,
				"ModelKmsKeyArn": "",
			},
		},
		{
			name: "other names in CloudFormation", typ: typeKnowledgeBase,
			outputs: map[string]any{opGetKnowledgeBase: bedrockagent.GetKnowledgeBaseOutput{KnowledgeBase: &atypes.KnowledgeBase{
				KnowledgeBaseConfiguration: &atypes.KnowledgeBaseConfiguration{VectorKnowledgeBaseConfiguration: &atypes.VectorKnowledgeBaseConfiguration{
					SupplementalDataStorageConfiguration: &atypes.SupplementalDataStorageConfiguration{StorageLocations: []atypes.SupplementalDataStorageLocation{
						{Type: atypes.SupplementalDataStorageLocationTypeS3, S3Location: &atypes.S3Location{Uri: aws.String("s3://pictures")}},
					}},
				}},
			}}},
			want: map[string]string{
				"KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.SupplementalDataStorageConfiguration.SupplementalDataStorageLocations": `[{"S3Location":{"URI":"s3://pictures"}}]`,
				"StorageConfiguration": "",
			},
		},
		{
			name: "runtime that runs code", typ: typeAgentCoreRuntime,
			outputs: map[string]any{opGetAgentRuntime: core.GetAgentRuntimeOutput{
				AgentRuntimeArtifact: &ctypes.AgentRuntimeArtifactMemberCodeConfiguration{Value: ctypes.CodeConfiguration{
					Runtime: ctypes.AgentManagedRuntimeTypePython313, Code: &ctypes.CodeMemberS3{Value: ctypes.S3Location{Bucket: aws.String("code")}},
				}},
				RequestHeaderConfiguration: &ctypes.RequestHeaderConfigurationMemberRequestHeaderAllowlist{Value: []string{"Authorization"}},
				EnvironmentVariables:       map[string]string{"DB_PASSWORD": "correct-horse-7-battery"},
			}},
			want: map[string]string{
				"AgentRuntimeArtifact":                              `{"CodeConfiguration":{"Code":{"S3":{"Bucket":"code"}},"Runtime":"PYTHON_3_13"}}`,
				"RequestHeaderConfiguration.RequestHeaderAllowlist": `["Authorization"]`,
				"EnvironmentVariablesHoldSecret":                    "true",
				"AuthorizerConfiguration":                           "", "NetworkConfiguration": "",
			},
		},
		{
			name: "browser", typ: typeAgentCoreBrowser,
			outputs: map[string]any{opGetBrowser: core.GetBrowserOutput{
				Recording:    &ctypes.RecordingConfig{Enabled: true, S3Location: &ctypes.S3Location{Bucket: aws.String("films"), Prefix: aws.String("p/")}},
				Certificates: []ctypes.Certificate{{Location: &ctypes.CertificateLocationMemberSecretsManager{Value: ctypes.SecretsManagerLocation{SecretArn: aws.String("arn:secret")}}}},
				EnterprisePolicies: []ctypes.BrowserEnterprisePolicy{
					{Type: ctypes.BrowserEnterprisePolicyTypeManaged, Location: &ctypes.ResourceLocationMemberS3{Value: ctypes.S3Location{Bucket: aws.String("rules")}}},
				},
			}},
			want: map[string]string{
				"RecordingConfig":    `{"Enabled":true,"S3Location":{"Bucket":"films","Prefix":"p/"}}`,
				"Certificates":       `[{"CertificateLocation":{"SecretArn":"arn:secret"}}]`,
				"EnterprisePolicies": `[{"Location":{"Bucket":"rules"},"Type":"MANAGED"}]`,
			},
		},
		{
			name: "gateway", typ: typeAgentCoreGateway,
			outputs: map[string]any{opGetGateway: core.GetGatewayOutput{
				AuthorizerType: ctypes.AuthorizerTypeNone, ExceptionLevel: ctypes.ExceptionLevelDebug, WebAclArn: aws.String("arn:acl"),
				PolicyEngineConfiguration: &ctypes.GatewayPolicyEngineConfiguration{Arn: aws.String("arn:engine"), Mode: ctypes.GatewayPolicyEngineModeLogOnly},
				ProtocolConfiguration:     &ctypes.GatewayProtocolConfigurationMemberMcp{Value: ctypes.MCPGatewayConfiguration{SearchType: ctypes.SearchTypeSemantic}},
				InterceptorConfigurations: []ctypes.GatewayInterceptorConfiguration{{
					InterceptionPoints: []ctypes.GatewayInterceptionPoint{ctypes.GatewayInterceptionPointRequest},
					Interceptor:        &ctypes.InterceptorConfigurationMemberLambda{Value: ctypes.LambdaInterceptorConfiguration{Arn: aws.String("arn:lambda")}},
				}},
			}},
			want: map[string]string{
				"AuthorizerType": `"NONE"`, "ExceptionLevel": `"DEBUG"`, "WebAclArn": `"arn:acl"`, "KmsKeyArn": "",
				"PolicyEngineConfiguration":            `{"Arn":"arn:engine","Mode":"LOG_ONLY"}`,
				"ProtocolConfiguration.Mcp.SearchType": `"SEMANTIC"`,
				"InterceptorConfigurations":            `[{"InterceptionPoints":["REQUEST"],"Interceptor":{"Lambda":{"Arn":"arn:lambda"}}}]`,
			},
		},
		{
			name: "memory that streams", typ: typeAgentCoreMemory,
			outputs: map[string]any{opGetMemory: core.GetMemoryOutput{Memory: &ctypes.Memory{
				EventExpiryDuration: aws.Int32(90),
				Strategies:          []ctypes.MemoryStrategy{{Type: ctypes.MemoryStrategyTypeSummarization, Namespaces: []string{"/{sessionId}"}}},
				StreamDeliveryResources: &ctypes.StreamDeliveryResources{Resources: []ctypes.StreamDeliveryResource{
					&ctypes.StreamDeliveryResourceMemberKinesis{Value: ctypes.KinesisResource{DataStreamArn: aws.String("arn:stream")}},
				}},
			}}},
			want: map[string]string{
				"EventExpiryDuration": "90", "EncryptionKeyArn": "",
				"MemoryStrategies":                  `[{"Namespaces":["/{sessionId}"],"Type":"SUMMARIZATION"}]`,
				"StreamDeliveryResources.Resources": `[{"Kinesis":{"DataStreamArn":"arn:stream"}}]`,
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			checkFacts(t, properties(t, answers(c.typ, c.outputs)), c.want)
		})
	}
}
