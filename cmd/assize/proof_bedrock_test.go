package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	agenttypes "github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// fixtureKey is the key that the fixtures of Bedrock name.
const fixtureKey = "7d0c1f1e-52a4-4c55-9f0d-6a1f0c3b2e11"

// bedrockProfile is what an organisation might have decided.
const bedrockProfile = `
approved_models: ["amazon.*", "anthropic.*"]
approved_regions: [eu-west-1]
approved_data_deletion_policy: DELETE
approved_code_interpreter_agents: []
automated_reasoning_required: true
agent_maximum_stale_versions: 5
evaluation_required: true
ingestion_maximum_age_days: 30
model_card_tag: card
provenance_tags: [source]
read_only_functions: []
required_tags: [owner]
trusted_accounts: []
vector_store_principals: []
`

// proveBedrock assesses with collectors of Bedrock and what they need.
func proveBedrock(t *testing.T, collectors string) result {
	t.Helper()
	if err := os.WriteFile("profile.yaml", []byte(bedrockProfile), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := assessJSON(t, "--config", "profile.yaml", "--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors", collectors)
	return r
}

// TestProofBedrockFixtures judges what the emulator cannot make: both, profiles, jobs,
// flows and prompts of the fixtures, one good and one bad of each.
func TestProofBedrockFixtures(t *testing.T) {
	l := startEmpty(t)
	l.Answer("kms", "ListKeys", fakeaws.Match{}, 200, `{"Keys": [{"KeyId": "`+fixtureKey+`", "KeyArn": "arn:aws:kms:${region}:${account}:key/`+fixtureKey+`"}]}`)
	l.Answer("kms", "DescribeKey", fakeaws.Match{}, 200, `{"KeyMetadata": {"KeyId": "`+fixtureKey+`", "KeyManager": "CUSTOMER", "KeyState": "Enabled", "Enabled": true}}`)
	prompt := func(id string) fakeaws.Match {
		return fakeaws.Match{Path: map[string]string{"resourceArn": "arn:aws:bedrock:${region}:${account}:prompt/" + id}}
	}
	l.Answer("bedrock-agent", "ListTagsForResource", prompt("PRGOOD0001"), 200, `{"tags": {"owner": "claims"}}`)
	l.Answer("bedrock-agent", "ListTagsForResource", prompt("PRBAD00001"), 200, `{"tags": {}}`)
	r := proveBedrock(t, strings.Join([]string{
		"bedrock-imported-models", "bedrock-inference-profiles", "bedrock-provisioned-throughputs", "bedrock-invocation-jobs",
		"bedrock-evaluation-jobs", "bedrock-enforced-guardrails", "bedrock-guardrails", "bedrock-flows", "bedrock-prompts", "kms-keys",
		"bedrock-prompt-routers", "bedrock-reasoning-policies",
	}, ","))
	goodAndBad := func(good, bad string) map[string]assize.Outcome {
		return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
	}
	wantVerdicts(t, r, verdicts{
		"bedrock_imported_model_encrypted_with_cmk":             goodAndBad("imgood000001", "imbad0000001"),
		"bedrock_inference_profile_regions_allowed":             goodAndBad("ipgood000001", "ipbad0000001"),
		"bedrock_inference_profile_tagged":                      goodAndBad("ipgood000001", "ipbad0000001"),
		"bedrock_inference_profile_active":                      {"ipgood000001": assize.Pass},
		"bedrock_provisioned_throughput_tagged":                 goodAndBad("pmgood000001", "pmbad0000001"),
		"bedrock_batch_inference_output_encrypted":              {"batchgood001": assize.Pass, "batchbad0001": assize.NotApplicable},
		"bedrock_evaluation_job_output_encrypted":               {"evalgood0001": assize.Pass, "evalbad00001": assize.NotApplicable},
		"bedrock_prompt_router_models_approved":                 {"prgood000001": assize.Pass, "prbad0000001": assize.Fail, "amazon.nova:1": assize.NotApplicable},
		"bedrock_prompt_router_tagged":                          {"prgood000001": assize.Pass, "prbad0000001": assize.Fail, "amazon.nova:1": assize.NotApplicable},
		"bedrock_automated_reasoning_policy_encrypted_with_cmk": goodAndBad("argood000001", "arbad0000001"),
		"bedrock_automated_reasoning_policy_tagged":             goodAndBad("argood000001", "arbad0000001"),
		"bedrock_guardrail_automated_reasoning_policy_attached": goodAndBad("good1guardrl", "bad01guardrl"),
		"bedrock_flow_encrypted_with_cmk":                       goodAndBad("FLGOOD0001", "FLBAD00001"),
		"bedrock_flow_definition_valid":                         goodAndBad("FLGOOD0001", "FLBAD00001"),
		"bedrock_flow_guardrail_attached":                       {"FLGOOD0001": assize.Pass, "FLBAD00001": assize.NotApplicable},
		"bedrock_prompt_encrypted_with_cmk":                     goodAndBad("PRGOOD0001", "PRBAD00001"),
		"bedrock_prompt_tagged":                                 goodAndBad("PRGOOD0001", "PRBAD00001"),
		"bedrock_guardrail_tagged":                              goodAndBad("good1guardrl", "bad01guardrl"),
		"bedrock_guardrail_resource_policy_restricted":          goodAndBad("good1guardrl", "bad01guardrl"),
		"bedrock_guardrail_in_use":                              {"good1guardrl": assize.Pass},
		"bedrock_prompt_management_in_use":                      {"": assize.Pass},
		"bedrock_account_enforced_guardrail_configured":         {"": assize.Pass},
	})
}

// TestProofBedrockAgreements judges models of third parties for which the account has an agreement.
func TestProofBedrockAgreements(t *testing.T) {
	l := startEmpty(t)
	model := func(id, provider string) string {
		return `{"modelId": "` + id + `", "providerName": "` + provider + `", "modelArn": "arn:aws:bedrock:${region}::foundation-model/` + id + `", "inferenceTypesSupported": ["ON_DEMAND"]}`
	}
	l.Answer("bedrock", "ListFoundationModels", fakeaws.Match{}, 200, `{"modelSummaries": [`+strings.Join([]string{
		model("anthropic.claude-x-v1:0", "Anthropic"), model("cohere.command-x-v1:0", "Cohere"),
		model("meta.llama-x-v1:0", "Meta"), model("ai21.jamba-x-v1:0", "AI21 Labs"),
	}, ",")+`]}`)
	l.AnswerError("bedrock", "ListFoundationModelAgreementOffers", fakeaws.Match{Path: map[string]string{"modelId": "meta.llama-x-v1:0"}}, 400, "ValidationException", "the model has no offers")
	l.Answer("bedrock", "GetFoundationModelAvailability", fakeaws.Match{Path: map[string]string{"modelId": "ai21.jamba-x-v1:0"}}, 200,
		`{"modelId": "ai21.jamba-x-v1:0", "agreementAvailability": {"status": "NOT_AVAILABLE"}, "authorizationStatus": "AUTHORIZED"}`)
	r := proveBedrock(t, "bedrock-model-agreements")
	wantVerdicts(t, r, verdicts{"bedrock_model_access_approved_list": {
		"anthropic.claude-x-v1:0": assize.Pass, "cohere.command-x-v1:0": assize.Fail,
		"meta.llama-x-v1:0": assize.NotApplicable, "ai21.jamba-x-v1:0": assize.NotApplicable,
	}})
}

// TestProofBedrockAgents judges agents, knowledge bases and their logs, created through the SDK.
func TestProofBedrockAgents(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	api, role := bedrockagent.NewFromConfig(cfg), "arn:aws:iam::"+l.account+":role/agents"
	owner := map[string]string{"owner": "claims"}
	good := createAgent(t, api, "good", role, "You answer questions about orders of the customer who is logged in.", owner)
	bad := createAgent(t, api, "bad", role, "Be nice.", nil)
	elsewhere := &agenttypes.StorageConfiguration{Type: agenttypes.KnowledgeBaseStorageTypePinecone, PineconeConfiguration: &agenttypes.PineconeConfiguration{
		ConnectionString: aws.String("https://example.invalid"), CredentialsSecretArn: aws.String("arn:aws:secretsmanager:eu-west-1:" + l.account + ":secret:pinecone"),
		FieldMapping: &agenttypes.PineconeFieldMapping{MetadataField: aws.String("m"), TextField: aws.String("t")},
	}}
	goodBase := createBase(t, api, "good", role, "amazon.titan-embed-text-v2:0", elsewhere, owner)
	badBase := createBase(t, api, "bad", role, "cohere.embed-english-v3", elsewhere, nil)
	goodARN := "arn:aws:bedrock:" + liveRegion + ":" + l.account + ":knowledge-base/" + goodBase
	deliver(t, cfg, "kb", goodARN)
	deliver(t, cfg, "agent", "arn:aws:bedrock:"+liveRegion+":"+l.account+":agent/"+good)
	l.Answer("bedrock", "ListEvaluationJobs", fakeaws.Match{}, 200, `{"jobSummaries": [{"jobArn": "arn:aws:bedrock:${region}:${account}:evaluation-job/evalgood0001",
		"jobName": "rag", "status": "Completed", "jobType": "Automated", "applicationType": "RagEvaluation", "creationTime": "2026-03-02T09:15:00Z",
		"evaluationTaskTypes": [], "inferenceConfigSummary": {"ragConfigSummary": {"bedrockKnowledgeBaseIdentifiers": ["`+goodARN+`"]}}}]}`)
	behindTools(t, l, cfg, good)
	r := proveBedrock(t, "bedrock-agents,bedrock-knowledge-bases,bedrock-evaluation-jobs,logs-deliveries,cloudtrail-trails,lambda-functions,iam-authorization")
	wantAgents(t, r, good, bad)
	wantBases(t, r, goodBase, badBase)
}

// wantAgents compares what was found about the two agents.
func wantAgents(t *testing.T, r result, good, bad string) {
	t.Helper()
	pass, fail, both := assize.Pass, assize.Fail, func(o assize.Outcome) map[string]assize.Outcome {
		return map[string]assize.Outcome{good: o, bad: o}
	}
	wantVerdicts(t, r, verdicts{
		"bedrock_agent_instruction_defined":                 {good: pass, bad: fail},
		"bedrock_agent_tagged":                              {good: pass, bad: fail},
		"bedrock_agent_prepared":                            both(pass),
		"bedrock_agent_action_group_schema_defined":         both(pass),
		"bedrock_agent_action_group_requires_confirmation":  {good: pass, bad: fail},
		"bedrock_agent_action_group_lambda_least_privilege": {good: pass, bad: fail},
		"bedrock_agent_code_interpreter_disabled":           both(pass),
		"bedrock_agent_obsolete_versions_removed":           both(pass),
		"bedrock_agent_invocation_trace_logging_enabled":    {good: pass, bad: fail},
		"bedrock_agent_memory_retention_limited":            both(assize.NotApplicable),
		"bedrock_agent_alias_pins_version":                  {good + "|ALGOOD0001": pass, good + "|TSTALIASID": assize.NotApplicable},
	})
}

// wantBases compares what was found about the two knowledge bases.
func wantBases(t *testing.T, r result, goodBase, badBase string) {
	t.Helper()
	pass, fail := assize.Pass, assize.Fail
	wantVerdicts(t, r, verdicts{
		"bedrock_knowledge_base_embedding_model_approved": {goodBase: pass, badBase: fail},
		"bedrock_knowledge_base_tagged":                   {goodBase: pass, badBase: fail},
		"bedrock_knowledge_base_logging_enabled":          {goodBase: pass, badBase: fail},
		"bedrock_knowledge_base_has_data_source":          {goodBase: pass, badBase: pass},
		"bedrock_knowledge_base_evaluation_exists":        {goodBase: pass, badBase: fail},
		"bedrock_knowledge_base_chunking_configured":      {goodBase + "|DSGOOD0001": pass, goodBase + "|DSBAD00001": fail},
		"bedrock_knowledge_base_data_deletion_policy_approved": {
			goodBase + "|DSGOOD0001": pass, goodBase + "|DSBAD00001": fail,
		},
		"bedrock_knowledge_base_ingestion_no_failures": {goodBase + "|DSGOOD0001": pass},
	})
}

func createAgent(t *testing.T, api *bedrockagent.Client, name, role, instruction string, tags map[string]string) string {
	t.Helper()
	out, err := api.CreateAgent(context.Background(), &bedrockagent.CreateAgentInput{
		AgentName: &name, AgentResourceRoleArn: &role, Instruction: &instruction, FoundationModel: aws.String("amazon.nova-lite-v1:0"), Tags: tags,
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Agent.AgentId)
}

func createBase(t *testing.T, api *bedrockagent.Client, name, role, model string, storage *agenttypes.StorageConfiguration, tags map[string]string) string {
	t.Helper()
	out, err := api.CreateKnowledgeBase(context.Background(), &bedrockagent.CreateKnowledgeBaseInput{
		Name: &name, RoleArn: &role, StorageConfiguration: storage, Tags: tags,
		KnowledgeBaseConfiguration: &agenttypes.KnowledgeBaseConfiguration{
			Type:                             agenttypes.KnowledgeBaseTypeVector,
			VectorKnowledgeBaseConfiguration: &agenttypes.VectorKnowledgeBaseConfiguration{EmbeddingModelArn: aws.String("arn:aws:bedrock:eu-west-1::foundation-model/" + model)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.KnowledgeBase.KnowledgeBaseId)
}

// behindTools makes the roles of the two functions that the fixture's action groups call,
// one narrow and one wide, and leaves the agent the group that calls the narrow one.
func behindTools(t *testing.T, l *live, cfg aws.Config, agent string) {
	t.Helper()
	function := func(name, role string) string {
		return `{"FunctionName": "` + name + `", "FunctionArn": "arn:aws:lambda:${region}:${account}:function:` + name + `", "Role": "` + role + `"}`
	}
	l.Answer("lambda", "ListFunctions", fakeaws.Match{}, 200, `{"Functions": [`+
		function("orders", roleWith(t, cfg, "orders", "arn:aws:s3:::orders/*"))+`,`+function("shell", roleWith(t, cfg, "shell", "*"))+`]}`)
	l.Answer("bedrock-agent", "ListAgentActionGroups", fakeaws.Match{Path: map[string]string{"agentId": agent}}, 200,
		`{"actionGroupSummaries": [{"actionGroupId": "AGGOOD0001", "actionGroupName": "orders-good", "actionGroupState": "ENABLED", "updatedAt": "2026-10-05T14:30:00Z"}]}`)
}

// deliver has the logs of a resource delivered to a log group.
func deliver(t *testing.T, cfg aws.Config, name, resource string) {
	t.Helper()
	ctx, logs := context.Background(), cloudwatchlogs.NewFromConfig(cfg)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name}))
	must(logs.PutDeliverySource(ctx, &cloudwatchlogs.PutDeliverySourceInput{Name: &name, ResourceArn: &resource, LogType: aws.String("APPLICATION_LOGS")}))
	account := strings.Split(resource, ":")[4]
	out, err := logs.PutDeliveryDestination(ctx, &cloudwatchlogs.PutDeliveryDestinationInput{
		Name: &name,
		DeliveryDestinationConfiguration: &logtypes.DeliveryDestinationConfiguration{
			DestinationResourceArn: aws.String("arn:aws:logs:" + liveRegion + ":" + account + ":log-group:" + name),
		},
	})
	must(out, err)
	must(logs.CreateDelivery(ctx, &cloudwatchlogs.CreateDeliveryInput{DeliverySourceName: &name, DeliveryDestinationArn: out.DeliveryDestination.Arn}))
}

// TestProofBedrockCustomization judges customization jobs and the models that they made.
func TestProofBedrockCustomization(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	ctx, api := context.Background(), bedrock.NewFromConfig(cfg)
	bucket := bucketOf(t)
	_, err := s3.NewFromConfig(cfg, moto.PathStyle).CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: &bucket, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: liveRegion},
	})
	if err != nil {
		t.Fatal(err)
	}
	job := func(name, from, role string, vpc *bedrocktypes.VpcConfig, tags []bedrocktypes.Tag) {
		_, err := api.CreateModelCustomizationJob(ctx, &bedrock.CreateModelCustomizationJobInput{
			JobName: &name, CustomModelName: &name, RoleArn: &role, BaseModelIdentifier: aws.String("amazon.nova-lite-v1:0"),
			TrainingDataConfig: &bedrocktypes.TrainingDataConfig{S3Uri: aws.String("s3://" + from + "/train.jsonl")},
			OutputDataConfig:   &bedrocktypes.OutputDataConfig{S3Uri: aws.String("s3://" + bucket + "/out/")},
			HyperParameters:    map[string]string{"epochCount": "1"}, VpcConfig: vpc, CustomModelTags: tags,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	narrow := roleWith(t, cfg, "narrow", "arn:aws:s3:::"+bucket+"/*")
	wide := roleWith(t, cfg, "wide", "*")
	job("good", bucket, narrow, &bedrocktypes.VpcConfig{SubnetIds: []string{"subnet-0a1b2c3d4e5f60718"}, SecurityGroupIds: []string{"sg-0a1b2c3d4e5f60718"}},
		[]bedrocktypes.Tag{{Key: aws.String("source"), Value: aws.String("claims")}, {Key: aws.String("card"), Value: aws.String("s3://cards/claims")}})
	job("bad", "somebody-elses-bucket", wide, nil, nil)
	r := proveBedrock(t, "bedrock-customization-jobs,bedrock-custom-models,iam-authorization,s3-buckets")
	both := map[string]assize.Outcome{"good": assize.Pass, "bad": assize.Fail}
	wantVerdicts(t, r, verdicts{
		"bedrock_customization_job_in_vpc":                     both,
		"bedrock_customization_job_role_least_privilege":       both,
		"bedrock_customization_training_data_source_validated": both,
		"bedrock_custom_model_provenance_tagged":               both,
		"bedrock_model_documented":                             both,
	})
}

// roleWith makes a role that may read the objects of a resource.
func roleWith(t *testing.T, cfg aws.Config, name, resource string) string {
	t.Helper()
	ctx, api := context.Background(), iam.NewFromConfig(cfg)
	out, err := api.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"bedrock.amazonaws.com"},"Action":"sts:AssumeRole"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("data"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"` + resource + `"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Role.Arn)
}

// TestProofBedrockVectorStores judges the collections that hold the vectors of two
// knowledge bases: one with a key and a policy for its role alone, one with neither.
func TestProofBedrockVectorStores(t *testing.T) {
	l := startEmpty(t)
	api := bedrockagent.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	role, collection := "arn:aws:iam::"+l.account+":role/kb", "arn:aws:aoss:"+liveRegion+":"+l.account+":collection/"
	base := func(name string) string {
		return createBase(t, api, name, role, "amazon.titan-embed-text-v2:0", &agenttypes.StorageConfiguration{
			Type: agenttypes.KnowledgeBaseStorageTypeOpensearchServerless,
			OpensearchServerlessConfiguration: &agenttypes.OpenSearchServerlessConfiguration{
				CollectionArn: aws.String(collection + name), VectorIndexName: aws.String("docs"),
				FieldMapping: &agenttypes.OpenSearchServerlessFieldMapping{MetadataField: aws.String("m"), TextField: aws.String("t"), VectorField: aws.String("v")},
			},
		}, nil)
	}
	good, bad := base("good"), base("bad")
	l.Answer("kms", "ListKeys", fakeaws.Match{}, 200, `{"Keys": [{"KeyId": "`+fixtureKey+`", "KeyArn": "arn:aws:kms:${region}:${account}:key/`+fixtureKey+`"}]}`)
	l.Answer("kms", "DescribeKey", fakeaws.Match{}, 200, `{"KeyMetadata": {"KeyId": "`+fixtureKey+`", "KeyManager": "CUSTOMER", "KeyState": "Enabled", "Enabled": true}}`)
	l.Answer("opensearchserverless", "ListCollections", fakeaws.Match{}, 200, `{"collectionSummaries": [
		{"id": "good", "name": "good", "arn": "`+collection+`good", "status": "ACTIVE"}, {"id": "bad", "name": "bad", "arn": "`+collection+`bad", "status": "ACTIVE"}]}`)
	l.Answer("opensearchserverless", "BatchGetCollection", fakeaws.Match{}, 200, `{"collectionErrorDetails": [], "collectionDetails": [
		{"id": "good", "name": "good", "arn": "`+collection+`good", "status": "ACTIVE", "type": "VECTORSEARCH", "kmsKeyArn": "arn:aws:kms:${region}:${account}:key/`+fixtureKey+`"},
		{"id": "bad", "name": "bad", "arn": "`+collection+`bad", "status": "ACTIVE", "type": "VECTORSEARCH", "kmsKeyArn": "auto"}]}`)
	l.Answer("opensearchserverless", "ListSecurityPolicies", fakeaws.Match{}, 200, `{"securityPolicySummaries": []}`)
	l.Answer("opensearchserverless", "ListAccessPolicies", fakeaws.Match{}, 200, `{"accessPolicySummaries": [{"name": "good", "type": "data"}, {"name": "bad", "type": "data"}]}`)
	policy := func(name string, principals ...string) {
		l.Answer("opensearchserverless", "GetAccessPolicy", fakeaws.Match{Params: map[string]string{"name": name}}, 200, `{"accessPolicyDetail": {"name": "`+name+`", "type": "data", "policy": [
			{"Rules": [{"ResourceType": "index", "Resource": ["index/`+name+`/*"], "Permission": ["aoss:*"]}], "Principal": ["`+strings.Join(principals, `", "`)+`"]}]}}`)
	}
	policy("good", role)
	policy("bad", role, "arn:aws:iam::"+l.account+":user/somebody")
	r := proveBedrock(t, "bedrock-knowledge-bases,opensearchserverless-collections,opensearchserverless-policies,kms-keys")
	want := map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
	wantVerdicts(t, r, verdicts{
		"bedrock_knowledge_base_vector_store_encrypted":         want,
		"bedrock_knowledge_base_vector_store_access_restricted": want,
	})
}
