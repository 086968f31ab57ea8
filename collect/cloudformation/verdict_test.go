package cloudformation_test

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/cloudformation"
	"github.com/assize-dev/assize/library"
)

// shipped is the library and the mapping of it, loaded once.
var shipped = sync.OnceValues(func() (*content, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	m, err := collect.NewTemplateMapping(lib.Definitions)
	return &content{lib, m}, err
})

type content struct {
	lib *library.Library
	m   *collect.PlannedMapping
}

func load(t testing.TB) *content {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// verdict is the outcome of a check on a resource, by the logical id and the check's id.
type verdict map[string]map[string]assize.Outcome

// judge reads a template and judges what it makes by the whole library.
func judge(t *testing.T, name string, o cloudformation.Options) (verdict, *cloudformation.Template) {
	t.Helper()
	c := load(t)
	o.Mapping = c.m
	tpl, err := cloudformation.ReadFile(name, o)
	if err != nil {
		t.Fatal(err)
	}
	got := verdict{}
	for f := range assess.NewEngine(c.lib.Compiler, c.lib.Programs).Assess(tpl.After, assess.Options{WholeAccount: true}).Findings() {
		if f.Resource == nil || f.Outcome == assize.NotApplicable {
			continue
		}
		if got[f.Resource.ID] == nil {
			got[f.Resource.ID] = map[string]assize.Outcome{}
		}
		got[f.Resource.ID][f.Check.ID] = f.Outcome
	}
	return got, tpl
}

// intent are checks on the resources of testdata/intent: those of good.yaml pass, and those of
// bad.yaml fail.
var intent = map[string][]string{
	"Data": {
		"s3_bucket_versioning_enabled", "s3_bucket_enforces_ssl", "s3_bucket_encrypted_with_kms", "s3_bucket_logging_enabled",
		"s3_bucket_public_access_blocked",
	},
	"Key": {"kms_key_rotation_enabled", "kms_key_not_public", "kms_key_policy_service_scoped"},
	"Notebook": {
		"sagemaker_notebook_instance_direct_internet_access_disabled", "sagemaker_notebook_instance_root_access_disabled",
		"sagemaker_notebook_instance_imdsv2_required", "sagemaker_notebook_instance_role_least_privilege",
		"sagemaker_notebook_instance_in_vpc", "sagemaker_notebook_instance_encrypted_with_kms",
	},
	"TrailLogs":    {"cloudwatch_log_group_encrypted_with_kms"},
	"NotebookRole": {"iam_bedrock_policy_no_wildcard_action"},
}

// TestIntent holds that what is meant well passes, and what is not fails, by the library as it is
// shipped.
func TestIntent(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]assize.Outcome{"good": assize.Pass, "bad": assize.Fail} {
		got, tpl := judge(t, "testdata/intent/"+name+".yaml", cloudformation.Options{Account: "123456789012", Region: "us-east-1"})
		if len(tpl.Unmapped) != 0 || len(tpl.Warnings) != 0 {
			t.Errorf("%s: unmapped %v, warnings %v; want none", name, tpl.Unmapped, tpl.Warnings)
		}
		for logical, checks := range intent {
			for _, check := range checks {
				if got := got[name+".yaml:"+logical][check]; got != want {
					t.Errorf("%s.yaml: %s: %s is %q, want %s", name, logical, check, got, want)
				}
			}
		}
	}
}

// TestSameWherever holds that where a template goes decides nothing that it says itself.
func TestSameWherever(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"good", "bad"} {
		here, _ := judge(t, "testdata/intent/"+name+".yaml", cloudformation.Options{Account: "123456789012", Region: "us-east-1"})
		nowhere, _ := judge(t, "testdata/intent/"+name+".yaml", cloudformation.Options{})
		for id, checks := range nowhere {
			for check, got := range checks {
				if want := here[id][check]; got != want && got != assize.Inconclusive && want != assize.Inconclusive {
					t.Errorf("%s: %s: %s where it goes is not known, %s otherwise", id, check, got, want)
				}
			}
		}
	}
}

// TestAssistant holds the verdicts on a template for Amazon Bedrock, with a model and a stage that
// are parameters without a value.
func TestAssistant(t *testing.T) {
	t.Parallel()
	got, tpl := judge(t, "testdata/ai/assistant.yaml", cloudformation.Options{Account: "123456789012", Region: "us-east-1"})
	if diff := cmp.Diff([]string{"assistant.yaml:BareAgent"}, tpl.Conditional); diff != "" {
		t.Errorf("conditional (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"AWS::Bedrock::GuardrailVersion": 1, "AWS::KMS::Alias": 1}, tpl.Unmapped); diff != "" {
		t.Errorf("unmapped (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		logical, check string
		want           assize.Outcome
	}{
		{"Guardrail", "bedrock_guardrail_content_filters_complete", assize.Pass},
		{"Guardrail", "bedrock_guardrail_content_filter_strength_sufficient", assize.Pass},
		{"Guardrail", "bedrock_guardrail_encrypted_with_cmk", assize.Pass},
		{"Guardrail", "bedrock_guardrail_denied_topics_configured", assize.Fail},
		{"Guardrail", "bedrock_guardrail_status_ready", assize.Inconclusive},
		{"Agent", "bedrock_agent_encrypted_with_cmk", assize.Pass},
		{"Agent", "bedrock_agent_idle_session_ttl_limited", assize.Pass},
		{"Agent", "bedrock_agent_foundation_model_approved", assize.Inconclusive},
		{"Agent", "bedrock_agent_prepared", assize.Inconclusive},
		{"AgentRole", "bedrock_agent_role_trust_confused_deputy_protected", assize.Pass},
		{"AgentRole", "iam_bedrock_policy_no_wildcard_action", assize.Pass},
		{"BareAgent", "bedrock_agent_guardrail_attached", assize.Fail},
		{"BareAgent", "bedrock_agent_encrypted_with_cmk", assize.Fail},
		{"Endpoint", "bedrock_vpc_endpoint_policy_restricted", assize.Pass},
		{"Endpoint", "bedrock_vpc_endpoint_private_dns_enabled", assize.Pass},
		{"EndpointGuard", "vpc_security_group_no_unrestricted_ingress", assize.Pass},
		{"OpenGuard", "vpc_security_group_no_unrestricted_ingress", assize.Fail},
		{"OpenGuard", "vpc_security_group_no_unrestricted_egress", assize.Fail},
		{"SubnetB", "vpc_subnet_no_public_ip_by_default", assize.Pass},
		{"FlowLogs", "cloudwatch_log_group_encrypted_with_kms", assize.Pass},
		{"FlowLogs", "cloudwatch_log_group_retention_365_days", assize.Fail},
		{"Key", "kms_key_rotation_enabled", assize.Pass},
	} {
		if got := got["assistant.yaml:"+tt.logical][tt.check]; got != tt.want {
			t.Errorf("%s: %s is %q, want %s", tt.logical, tt.check, got, tt.want)
		}
	}
}

// TestUndecidedStatement holds what a policy decides of which a condition may let a statement in:
// what it says without the statement as with it, and nothing else.
func TestUndecidedStatement(t *testing.T) {
	t.Parallel()
	const head = `
Parameters: {Stage: {Type: String}}
Conditions: {Live: !Equals [!Ref Stage, live]}
Resources:
  B: {Type: AWS::S3::Bucket}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref B
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
`
	const deny = `{Effect: Deny, Principal: "*", Action: "s3:*", Resource: [!GetAtt B.Arn, !Sub "${B.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}`
	const allow = `{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "s3:GetObject", Resource: !Sub "${B.Arn}/*"}`
	for _, tt := range []struct {
		name, statements string
		want             assize.Outcome
	}{
		{"as it is", "- " + deny, assize.Pass},
		{"perhaps", "- !If [Live, " + deny + ", !Ref AWS::NoValue]", assize.Inconclusive},
		{"in either case", "- !If [Live, " + deny + ", " + deny + "]", assize.Pass},
		{"beside one that is there perhaps", "- " + deny + "\n          - !If [Live, " + allow + ", !Ref AWS::NoValue]", assize.Pass},
		{"not at all", "- " + allow, assize.Fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "t.yaml")
			if err := os.WriteFile(name, []byte(head+"          "+tt.statements+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, _ := judge(t, name, cloudformation.Options{Account: "123456789012", Region: "us-east-1"})
			if got := got["t.yaml:B"]["s3_bucket_enforces_ssl"]; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// edge are checks on the resources of testdata/edge whose facts are computed of properties, or stand in side resources.
var edge = map[string]map[string]assize.Outcome{
	"wafv2_web_acl_rate_limited":                {"GoodAcl": assize.Pass, "BadAcl": assize.Fail},
	"lambda_function_not_public":                {"GoodFunction": assize.Pass, "BadFunction": assize.Fail, "LoneFunction": assize.Pass},
	"apigateway_rest_api_integration_encrypted": {"GoodApi": assize.Pass, "BadApi": assize.Fail},
	"apigatewayv2_api_integration_encrypted":    {"GoodHttpApi": assize.Pass, "BadHttpApi": assize.Fail},
	"bedrock_agent_instruction_no_secrets":      {"GoodAgent": assize.Pass, "BadAgent": assize.Fail},
}

// holdOutcomes holds the verdicts on the resources of a template against those wanted, by check and logical id.
func holdOutcomes(t *testing.T, got verdict, file string, want map[string]map[string]assize.Outcome) {
	t.Helper()
	for check, resources := range want {
		for name, want := range resources {
			if outcome := got[file+":"+name][check]; outcome != want {
				t.Errorf("%s of %s: got %q, want %s", check, name, outcome, want)
			}
		}
	}
}

// TestComputed holds that a template decides them as a plan does (collect/terraform/testdata/plans/judged-edge), and that
// what must not be shown stays hidden in what is computed of it.
func TestComputed(t *testing.T) {
	t.Parallel()
	got, tpl := judge(t, "testdata/edge/edge.yaml", cloudformation.Options{Account: "111122223333", Region: "eu-central-1"})
	holdOutcomes(t, got, "edge.yaml", edge)
	if outcome := got["edge.yaml:OpenAcl"]["wafv2_web_acl_rate_limited"]; outcome != assize.Inconclusive {
		t.Errorf("an action under a condition that is not decided: got %q, want inconclusive", outcome)
	}
	for _, r := range tpl.After.Resources {
		if hidden := slices.Contains(r.Sensitive, "Policy"); hidden != (r.ID == "edge.yaml:GoodFunction") {
			t.Errorf("%s: policy hidden: %v", r.ID, hidden)
		}
	}
}

// stated are checks on the resources of testdata/stated ("" where a check does not concern one), whose facts stand under other names in templates than in answers.
var stated = map[string]map[string]assize.Outcome{
	"dynamodb_table_pitr_enabled":             {"GoodTable": assize.Pass, "OffTable": assize.Fail, "BadTable": assize.Fail},
	"lambda_function_env_no_secrets":          {"PlainFunction": "", "GoodFunction": assize.Pass, "BadFunction": assize.Fail, "OpenFunction": assize.Inconclusive},
	"lambda_function_env_encrypted_with_cmk":  {"PlainFunction": "", "GoodFunction": assize.Pass, "BadFunction": assize.Fail},
	"lambda_function_in_vpc":                  {"PlainFunction": assize.Fail, "OpenFunction": assize.Inconclusive},
	"sagemaker_notebook_instance_no_secrets":  {"GoodScript": assize.Pass, "BadScript": assize.Fail},
	"opensearch_domain_audit_logging_enabled": {"GoodDomain": assize.Pass, "BadDomain": assize.Fail},
	"vpc_flow_logs_enabled":                   {"GoodVpc": assize.Pass},
	"ec2_instance_imdsv2_required":            {"GoodInstance": assize.Pass, "OpenInstance": assize.Inconclusive},
	"ec2_volume_encrypted":                    {"GoodVolume": assize.Pass},
	"s3_bucket_public_access_blocked": {
		"NewBucket": assize.Pass, "BlockedBucket": assize.Pass, "PartBucket": assize.Fail, "OpenBucket": assize.Inconclusive,
	},
	"apigateway_rest_api_authorizer_configured": {"WrittenApi": assize.Inconclusive},
	"apigateway_rest_api_integration_encrypted": {"WrittenApi": assize.Inconclusive},
	"apigatewayv2_api_integration_encrypted":    {"QuickApi": assize.Inconclusive},
	"elbv2_listener_http_redirected":            {"GoodListener": assize.Pass, "BadListener": assize.Fail, "RuledListener": assize.Fail},
	"elbv2_listener_tls_policy_secure":          {"GoodTls": assize.Pass, "BadTls": assize.Fail, "UnsaidTls": assize.Inconclusive},
	"s3_bucket_versioning_enabled":              {"ChosenBucket": assize.Pass},
	"s3_bucket_logging_enabled":                 {"ChosenBucket": assize.Inconclusive, "PartBucket": assize.Fail},
	"bedrock_flow_guardrail_attached":           {"WrittenFlow": assize.Inconclusive},
	"ec2_instance_profile_attached":             {"LaunchedInstance": assize.Inconclusive, "OpenInstance": assize.Fail},
	"rds_cluster_storage_encrypted":             {"RestoredCluster": assize.Inconclusive, "BadCluster": assize.Fail},
	"secretsmanager_secret_encrypted_with_cmk":  {"GoodSecret": assize.Pass},
}

// TestStated holds that they are found under the names that CloudFormation has for them.
func TestStated(t *testing.T) {
	t.Parallel()
	got, tpl := judge(t, "testdata/stated/stated.yaml", cloudformation.Options{Account: "111122223333", Region: "eu-central-1"})
	holdOutcomes(t, got, "stated.yaml", stated)
	want := assize.List{assize.Object{{Name: "Key", Value: "owner"}, {Name: "Value", Value: "search"}}}
	if diff := cmp.Diff(assize.Value(want), resource(t, tpl, "stated.yaml:GoodAgent").Properties.Get("Tags")); diff != "" {
		t.Errorf("tags that are a map (-want +got):\n%s", diff)
	}
}
