package sar_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

// statement wraps one statement into a policy.
func statement(t *testing.T, body string) *iam.Policy {
	t.Helper()
	p, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{` + body + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Each rule with what it finds and what it leaves alone.
func TestLint(t *testing.T) {
	t.Parallel()
	const (
		identity = iam.LayerIdentity
		resource = iam.LayerResource
		scp      = iam.LayerServiceControl
		rcp      = iam.LayerResourceControl
		endpoint = iam.LayerEndpoint
		model    = `"Resource": "arn:aws:bedrock:*::foundation-model/anthropic.*"`
	)
	tests := []struct {
		name  string
		layer iam.Layer
		body  string
		want  []string
	}{
		{"one provider", identity, `"Effect": "Allow", "Action": "bedrock:InvokeModel", ` + model, nil},
		{"an API name", identity, `"Effect": "Allow", "Action": ["bedrock:Converse", "bedrock:InvokeModel"], ` + model, []string{"unknown-name high 0"}},
		{
			"an API name, and a key that is none", identity,
			`"Effect": "Allow", "Action": "bedrock:Converse", "Resource": "*", "Condition": {"StringEquals": {"bedrock:ModelId": "x"}}`,
			[]string{"unknown-name high 0", "unknown-name high 0"},
		},
		{"a client name", identity, `"Effect": "Allow", "Action": "bedrock-runtime:InvokeModel", "Resource": "*"`, []string{"unknown-name high 0"}},
		{"a slip", identity, `"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::b/*"`, []string{"unknown-name medium 0"}},
		{"no such service", identity, `"Effect": "Deny", "NotAction": "nowhere:*", "Resource": "*"`, []string{"unknown-name medium 0"}},
		{"breadth", identity, `"Effect": "Allow", "Action": "bedrock:Invoke*", ` + model, []string{"invoke-breadth medium 0"}},
		{"no breadth", identity, `"Effect": "Allow", "Action": "bedrock:InvokeModel*", ` + model, nil},
		{"every model", identity, `"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "arn:aws:bedrock:*::foundation-model/*"`, []string{"model-scope high 0"}},
		{"every model of a Region", identity, `"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "arn:aws:bedrock:eu-west-1::foundation-model/*"`, []string{"model-scope high 0"}},
		{
			"mantle beside one provider", identity,
			`"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock-mantle:CreateInference"], "Resource": ["arn:aws:bedrock:*::foundation-model/a.*", "arn:aws:bedrock-mantle:*:*:project/p"]`,
			[]string{"model-scope high 0"},
		},
		{"mantle", identity, `"Effect": "Allow", "Action": "bedrock-mantle:CreateInference", "Resource": "arn:aws:bedrock-mantle:us-east-1:111122223333:project/p"`, []string{"model-scope high 0"}},
		{"every endpoint", identity, `"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": "arn:aws:sagemaker:*:*:endpoint/*"`, []string{"model-scope medium 0"}},
		{
			"dead SageMaker key", identity,
			`"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*", "Condition": {"ArnEquals": {"sagemaker:VolumeKmsKey": "arn:aws:kms:us-east-1:111122223333:key/k"}}`,
			[]string{"unknown-name high 0"},
		},
		{
			"key of another action", identity,
			`"Effect": "Allow", "Action": "sagemaker:UpdateNotebookInstance", "Resource": "*", "Condition": {"StringEquals": {"sagemaker:DirectInternetAccess": "Disabled"}}`,
			[]string{"unknown-name high 0"},
		},
		{
			"key of some of the actions", identity,
			`"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:GetFoundationModel"], ` + model + `, "Condition": {"StringEquals": {"bedrock:ServiceTier": "default"}}`,
			[]string{"unknown-name medium 0"},
		},
		{"dead KMS pattern", identity, `"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "arn:*:kms:*:::*"`, []string{"dead-statement medium 0"}},
		{"bucket for objects", identity, `"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data"`, []string{"dead-statement medium 0"}},
		{"profile without account", identity, `"Effect": "Allow", "Action": "bedrock:GetInferenceProfile", "Resource": "arn:aws:bedrock:us-east-1::inference-profile/us.x"`, []string{"dead-statement high 0"}},
		{"agent for its alias", identity, `"Effect": "Allow", "Action": "bedrock:InvokeAgent", "Resource": "arn:aws:bedrock:us-east-1:111122223333:agent/A"`, []string{"dead-statement high 0"}},
		{"some patterns dead", identity, `"Effect": "Allow", "Action": "bedrock:InvokeAgent", "Resource": ["arn:aws:bedrock:*:*:agent/*", "arn:aws:bedrock:*:*:agent-alias/*"]`, []string{"dead-statement low 0"}},
		{"list beside an ARN", identity, `"Effect": "Allow", "Action": ["bedrock:ListAgents", "bedrock:GetAgent"], "Resource": "arn:aws:bedrock:*:*:agent/A"`, []string{"not-scopable medium 0"}},
		{"public document", identity, `"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "arn:aws:ssm:*::document/AWS-RunShellScript"`, nil},
		{"NotResource", identity, `"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b/*"`, []string{"not-allow high 0"}},
		{
			"ForAllValues", identity,
			`"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": ["subnet-1"]}}`,
			[]string{"forall-null high 0"},
		},
		{
			"ForAllValues with Null", identity,
			`"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": ["subnet-1"]}, "Null": {"sagemaker:VpcSubnets": "false"}}`,
			nil,
		},
		{
			"IfExists", identity,
			`"Effect": "Allow", "Action": "bedrock:InvokeModel", ` + model + `, "Condition": {"ArnLikeIfExists": {"bedrock:GuardrailIdentifier": "arn:aws:bedrock:*:*:guardrail/g*"}}`,
			[]string{"if-exists-enforces-nothing high 0"},
		},
		{
			"negated IfExists in a Deny", identity,
			`"Effect": "Deny", "Action": "bedrock:InvokeModel", "Resource": "*", "Condition": {"ArnNotLikeIfExists": {"bedrock:GuardrailIdentifier": "arn:aws:bedrock:*:*:guardrail/g*"}}`,
			[]string{"neg-deny-absent medium 0"},
		},
		{
			"guardrail on every action", identity,
			`"Effect": "Deny", "Action": "bedrock:*", "Resource": "*", "Condition": {"ArnNotLike": {"bedrock:GuardrailIdentifier": "arn:aws:bedrock:*:*:guardrail/g*"}}`,
			[]string{"neg-deny-absent high 0"},
		},
		{
			"guardrail on the right actions", identity,
			`"Effect": "Deny", "Action": "bedrock:InvokeModel*", "Resource": "*", "Condition": {"ArnNotLike": {"bedrock:GuardrailIdentifier": "arn:aws:bedrock:*:*:guardrail/g*"}}`,
			nil,
		},
		{
			"source address", identity,
			`"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`,
			[]string{"neg-deny-absent medium 0"},
		},
		{
			"absent and present", identity,
			`"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"Null": {"aws:SourceVpce": "true"}, "StringEquals": {"aws:SourceVpce": "vpce-1"}}`,
			[]string{"dead-statement high 0"},
		},
		{"five parts", identity, `"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:table/prod-*"`, []string{"reading-sensitive low 0"}},
		{"inside a model id", identity, `"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "arn:aws:bedrock:*::foundation-model/anthropic.*0"`, []string{"reading-sensitive low 0"}},
		{
			"subscriptions to models by product", identity,
			`"Effect": "Allow", "Action": "aws-marketplace:Subscribe", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws-marketplace:ProductId": "prod-6dw3qvchef7zy"}}`, nil,
		},
		{
			"a product where there is none", identity,
			`"Effect": "Allow", "Action": "aws-marketplace:ViewSubscriptions", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws-marketplace:ProductId": "prod-6dw3qvchef7zy"}}`,
			[]string{"unknown-name medium 0"},
		},
		{
			"a list that every request has", identity,
			`"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "Decrypt"]}}`, nil,
		},
		{
			"a list that every request of another action has", identity,
			`"Effect": "Allow", "Action": ["kms:CreateGrant", "kms:Decrypt"], "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "Decrypt"]}}`,
			[]string{"forall-null medium 0"},
		},
		{"pass any role", identity, `"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"`, []string{"passrole high 0"}},
		{
			"pass any role to one service", identity,
			`"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEqualsIfExists": {"iam:PassedToService": "bedrock.amazonaws.com"}}`, nil,
		},
		{
			"pass any role, with a condition that every service meets", identity,
			`"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringLike": {"iam:PassedToService": "*"}}`,
			[]string{"passrole high 0"},
		},
		{
			"pass any role to all services but one", identity,
			`"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}`,
			[]string{"passrole high 0"},
		},
		{"make keys", identity, `"Effect": "Allow", "Action": "iam:CreateServiceSpecificCredential", "Resource": "*"`, []string{"api-key high 0"}},
		{"use keys", identity, `"Effect": "Allow", "Action": "bedrock:CallWithBearerToken", "Resource": "*"`, []string{"api-key medium 0"}},
		{"both duties", identity, `"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:DeleteGuardrail"], "Resource": ["arn:aws:bedrock:*::foundation-model/a.*", "arn:aws:bedrock:*:*:guardrail/*"]`, []string{"sod-inference-admin medium -1"}},
		{"principal in an identity policy", identity, `"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`, []string{"wrong-layer high 0"}},

		{"bedrock alone", scp, `"Effect": "Deny", "Action": "bedrock:*", "Resource": "*"`, []string{"namespace-bypass high 0"}},
		{"all namespaces", scp, `"Effect": "Deny", "Action": ["bedrock:*", "bedrock-mantle:*", "bedrock-agentcore:*", "bedrock-websearch:*"], "Resource": "*"`, nil},
		{
			"Regions", scp,
			`"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}`,
			[]string{"scp-breaks-plan medium 0"},
		},
		{"RCP on models", rcp, `"Effect": "Deny", "Principal": "*", "Action": ["bedrock:InvokeModel", "bedrock-mantle:CreateInference"], "Resource": "*"`, []string{"rcp-useless high 0"}},
		{"RCP on data", rcp, `"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"`, nil},
		{"open endpoint", endpoint, `"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"`, []string{"endpoint-open high 0"}},
		{
			"open endpoint with TLS", endpoint,
			`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}`,
			[]string{"endpoint-open high 0"},
		},
		{
			"endpoint to the organisation's resources", endpoint,
			`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-1234567890"}}`, nil,
		},
		{
			"bounded endpoint", endpoint,
			`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}`, nil,
		},

		{"everybody's role", resource, `"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"`, []string{"trust critical 0"}},
		{"another account", resource, `"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"`, []string{"trust medium 0"}},
		{
			"another account with an id", resource,
			`"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "x"}}`, nil,
		},
		{"a service", resource, `"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"`, []string{"trust medium 0"}},
		{"GitHub", resource, `"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}`, []string{"trust high 0"}},
		{
			"an organisation that callers may lack", resource,
			`"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}`,
			[]string{"trust critical 0", "if-exists-enforces-nothing medium 0"},
		},
		{
			"everybody but an account", resource,
			`"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}`,
			[]string{"trust critical 0"},
		},
		{
			"a role name of any account", resource,
			`"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}`,
			[]string{"trust critical 0"},
		},
		{
			"a role name of one account", resource,
			`"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}`, nil,
		},
		{
			"an organisation's unit", resource,
			`"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1234567890/r-ab12/*"}}`, nil,
		},
		{
			"any repository by pattern", resource,
			`"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*:ref:refs/heads/main"}}`,
			[]string{"trust high 0"},
		},
		{
			"repositories of one owner", resource,
			`"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}`, nil,
		},
		{"deleted role", resource, `"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLE234567XYZ"}, "Action": "kms:Decrypt", "Resource": "*"`, []string{"trust medium 0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, faultsOf(t, statement(t, test.body), test.layer)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestVariablesNeedTheNewVersion(t *testing.T) {
	t.Parallel()
	p, err := iam.Parse([]byte(`{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"missing-version high -1"}, faultsOf(t, p, iam.LayerIdentity)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// A fault on a condition points to its key.
func TestPosition(t *testing.T) {
	t.Parallel()
	p, err := iam.Parse([]byte("{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel\",\n" +
		"   \"Resource\": \"arn:aws:bedrock:*::foundation-model/a.b\",\n   \"Condition\": {\"StringEquals\": {\"bedrock:ModelId\": \"x\"}}}]}"))
	if err != nil {
		t.Fatal(err)
	}
	faults := sar.Lint(p, iam.LayerIdentity, sar.Default())
	if len(faults) != 1 || faults[0].Position.Line != 4 || faults[0].Position.Column != 35 {
		t.Errorf("got %+v, want one fault at line 4, column 35", faults)
	}
}

func TestGuessLayer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want iam.Layer
	}{
		{`"Effect": "Allow", "Action": "*", "Resource": "*"`, iam.LayerIdentity},
		{`"Effect": "Deny", "Action": "bedrock:*", "Resource": "*"`, iam.LayerServiceControl},
		{`"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"`, iam.LayerResourceControl},
		{`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"`, iam.LayerEndpoint},
		{`"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"`, iam.LayerResource},
		{`"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"`, iam.LayerResource},
	}
	for _, test := range tests {
		if got := sar.GuessLayer(statement(t, test.body)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.body, got, test.want)
		}
	}
}

// A document made to cost time is cut off, and says so.
func TestLintIsBounded(t *testing.T) {
	t.Parallel()
	one := `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b", "Condition": {"StringLike": {"aws:UserAgentt": "x"}}}`
	p, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": [` + strings.Repeat(one+",", 5000) + one + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	faults := sar.Lint(p, iam.LayerIdentity, sar.Default())
	if len(faults) == 0 || faults[0].Rule != "too-large" {
		t.Errorf("got %d faults, want too-large as the first", len(faults))
	}
}
