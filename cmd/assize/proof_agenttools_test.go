package main

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	control "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	controltypes "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	pooltypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// anyone is a policy that names everyone.
func anyone(action, resource string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":%q,"Resource":%q}]}`, action, resource)
}

func passFail(good, bad string) map[string]assize.Outcome {
	return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
}

// proofKey makes a key and returns its ARN.
func proofKey(t *testing.T, cfg aws.Config) *string {
	t.Helper()
	return proved[*kms.CreateKeyOutput](t)(kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{})).KeyMetadata.Arn
}

// TestProofLambda judges functions with the names that the fixtures give addresses.
func TestProofLambda(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	key, api, ctx := proofKey(t, cfg), lambda.NewFromConfig(cfg), t.Context()
	role := proved[*iam.CreateRoleOutput](t)(iam.NewFromConfig(cfg).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("tools"), AssumeRolePolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`),
	})).Role.Arn
	create := func(in *lambda.CreateFunctionInput) {
		in.Role, in.Handler, in.Code = role, aws.String("main.handler"), &lambdatypes.FunctionCode{ZipFile: []byte("zip")}
		proved[*lambda.CreateFunctionOutput](t)(api.CreateFunction(ctx, in))
	}
	create(&lambda.CreateFunctionInput{
		FunctionName: aws.String("url_good"), Runtime: lambdatypes.RuntimePython313, KMSKeyArn: key,
		Environment: &lambdatypes.Environment{Variables: map[string]string{"LEVEL": "info"}},
	})
	create(&lambda.CreateFunctionInput{
		FunctionName: aws.String("url_bad"), Runtime: lambdatypes.RuntimePython38,
		Environment: &lambdatypes.Environment{Variables: map[string]string{"CRM_PASSWORD": "correct-horse-battery"}},
	})
	proved[*lambda.AddPermissionOutput](t)(api.AddPermission(ctx, &lambda.AddPermissionInput{
		FunctionName: aws.String("url_bad"), StatementId: aws.String("all"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("*"),
	}))
	r, _ := assessJSON(t, proofArgs("lambda-functions,kms-keys,bedrock-agents,bedrock-agentcore-gateway-targets")...)
	wantVerdicts(t, r, verdicts{
		"lambda_function_env_encrypted_with_cmk":                {"url_bad": assize.Fail}, // the emulator forgets the key of url_good
		"lambda_function_env_no_secrets":                        passFail("url_good", "url_bad"),
		"lambda_function_not_public":                            passFail("url_good", "url_bad"),
		"lambda_function_runtime_supported":                     passFail("url_good", "url_bad"),
		"lambda_function_in_vpc":                                {"url_good": assize.Fail},
		"lambda_function_url_auth_required":                     passFail("https://good.lambda-url.eu-west-1.on.aws/", "https://bad.lambda-url.eu-west-1.on.aws/"),
		"bedrock_agent_action_group_lambda_concurrency_limited": {"url_good": assize.NotApplicable},
	})
}

// TestProofECR judges repositories and the scanning of the registry.
func TestProofECR(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	api, ctx := ecr.NewFromConfig(cfg), t.Context()
	repository := func(name string, immutable ecrtypes.ImageTagMutability) {
		proved[*ecr.CreateRepositoryOutput](t)(api.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &name, ImageTagMutability: immutable}))
	}
	repository("good", ecrtypes.ImageTagMutabilityImmutable)
	repository("bad", ecrtypes.ImageTagMutabilityMutable)
	proved[*ecr.PutLifecyclePolicyOutput](t)(api.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{
		RepositoryName: aws.String("good"), LifecyclePolicyText: aws.String(`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged",` +
			`"countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}`),
	}))
	proved[*ecr.SetRepositoryPolicyOutput](t)(api.SetRepositoryPolicy(ctx, &ecr.SetRepositoryPolicyInput{
		RepositoryName: aws.String("bad"), PolicyText: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}`),
	}))
	proved[*ecr.PutRegistryScanningConfigurationOutput](t)(api.PutRegistryScanningConfiguration(ctx, &ecr.PutRegistryScanningConfigurationInput{
		ScanType: ecrtypes.ScanTypeBasic, Rules: []ecrtypes.RegistryScanningRule{{
			ScanFrequency:     ecrtypes.ScanFrequencyScanOnPush,
			RepositoryFilters: []ecrtypes.ScanningRepositoryFilter{{Filter: aws.String("goo*"), FilterType: ecrtypes.ScanningRepositoryFilterTypeWildcard}},
		}},
	}))
	r, _ := assessJSON(t, proofArgs("ecr-repositories,bedrock-agentcore-runtimes")...)
	wantVerdicts(t, r, verdicts{
		"ecr_repository_tag_immutable":                        passFail("good", "bad"),
		"ecr_repository_lifecycle_configured":                 passFail("good", "bad"),
		"ecr_repository_not_public":                           passFail("good", "bad"),
		"ecr_repository_scan_on_push_enabled":                 passFail("good", "bad"),
		"bedrockagentcore_runtime_image_repository_encrypted": {"good": assize.NotApplicable},
	})
}

// TestProofSecrets judges a secret of the customer's key and one that anyone may read.
func TestProofSecrets(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	key, api, ctx := proofKey(t, cfg), secretsmanager.NewFromConfig(cfg), t.Context()
	value := aws.String("correct-horse-battery")
	proved[*secretsmanager.CreateSecretOutput](t)(api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("good"), SecretString: value, KmsKeyId: key}))
	proved[*secretsmanager.CreateSecretOutput](t)(api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("bad"), SecretString: value}))
	proved[*secretsmanager.PutResourcePolicyOutput](t)(api.PutResourcePolicy(ctx, &secretsmanager.PutResourcePolicyInput{
		SecretId: aws.String("bad"), ResourcePolicy: aws.String(anyone("secretsmanager:GetSecretValue", "*")),
	}))
	r, _ := assessJSON(t, proofArgs("secretsmanager-secrets,kms-keys")...)
	wantVerdicts(t, r, verdicts{
		"secretsmanager_secret_encrypted_with_cmk": passFail("good", "bad"),
		"secretsmanager_secret_policy_restricted":  passFail("good", "bad"),
		"secretsmanager_secret_not_unused":         {"good": assize.Pass},
		"secretsmanager_secret_rotation_enabled":   {"good": assize.Fail},
	})
}

// TestProofCognito judges pools of users and of identities.
func TestProofCognito(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	api, ids, ctx := cognitoidentityprovider.NewFromConfig(cfg), cognitoidentity.NewFromConfig(cfg), t.Context()
	pool := func(name string, mfa pooltypes.UserPoolMfaType, mode pooltypes.AdvancedSecurityModeType) string {
		out := proved[*cognitoidentityprovider.CreateUserPoolOutput](t)(api.CreateUserPool(ctx, &cognitoidentityprovider.CreateUserPoolInput{
			PoolName: &name, MfaConfiguration: mfa, UserPoolAddOns: &pooltypes.UserPoolAddOnsType{AdvancedSecurityMode: mode},
		}))
		return aws.ToString(out.UserPool.Id)
	}
	good := pool("good", pooltypes.UserPoolMfaTypeOn, pooltypes.AdvancedSecurityModeTypeEnforced)
	bad := pool("bad", pooltypes.UserPoolMfaTypeOff, pooltypes.AdvancedSecurityModeTypeAudit)
	identities := func(name string, guests bool) string {
		out := proved[*cognitoidentity.CreateIdentityPoolOutput](t)(ids.CreateIdentityPool(ctx, &cognitoidentity.CreateIdentityPoolInput{
			IdentityPoolName: &name, AllowUnauthenticatedIdentities: guests,
		}))
		return aws.ToString(out.IdentityPoolId)
	}
	closed, open := identities("closed", false), identities("open", true)
	r, _ := assessJSON(t, proofArgs("cognito-user-pools,cognito-identity-pools")...)
	wantVerdicts(t, r, verdicts{
		"cognito_user_pool_mfa_enabled":                passFail(good, bad),
		"cognito_user_pool_threat_protection_enforced": passFail(good, bad),
		"cognito_identity_pool_guest_access_disabled":  passFail(closed, open),
	})
}

// TestProofStepFunctions judges workflows in AI scope: those that call models.
func TestProofStepFunctions(t *testing.T) {
	l := startEmpty(t)
	api, ctx := sfn.NewFromConfig(l.AWSConfig(liveRegion, l.account)), t.Context()
	task := func(resource string) *string {
		return aws.String(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::` + resource + `","Next":"B"},` +
			`"B":{"Type":"Task","Resource":"arn:aws:states:::bedrock:invokeModel","End":true}}}`)
	}
	create := func(in *sfn.CreateStateMachineInput) {
		in.RoleArn = aws.String("arn:aws:iam::111122223333:role/workflow")
		proved[*sfn.CreateStateMachineOutput](t)(api.CreateStateMachine(ctx, in))
	}
	create(&sfn.CreateStateMachineInput{
		Name: aws.String("good"), Definition: task("sqs:sendMessage.waitForTaskToken"),
		LoggingConfiguration: &sfntypes.LoggingConfiguration{Level: sfntypes.LogLevelAll, Destinations: []sfntypes.LogDestination{{
			CloudWatchLogsLogGroup: &sfntypes.CloudWatchLogsLogGroup{LogGroupArn: aws.String("arn:aws:logs:eu-west-1:111122223333:log-group:x:*")},
		}}},
	})
	create(&sfn.CreateStateMachineInput{Name: aws.String("bad"), Definition: task("sqs:sendMessage")})
	create(&sfn.CreateStateMachineInput{Name: aws.String("plain"), Definition: aws.String(`{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`)})
	r, _ := assessJSON(t, "--fail-on", "none", "--allow-gaps", "--collectors", "stepfunctions-state-machines")
	wantVerdicts(t, r, verdicts{
		"stepfunctions_state_machine_logging_enabled":     {"good": assize.Pass, "bad": assize.Fail, "plain": ""},
		"stepfunctions_state_machine_human_approval_step": {"good": assize.Pass, "bad": assize.Manual},
	})
}

// TestProofWAF judges a web ACL with rules and logging, and an empty one.
func TestProofWAF(t *testing.T) {
	l := startEmpty(t)
	api, ctx := wafv2.NewFromConfig(l.AWSConfig(liveRegion, l.account)), t.Context()
	seen := func(name string) *waftypes.VisibilityConfig {
		return &waftypes.VisibilityConfig{CloudWatchMetricsEnabled: true, MetricName: &name, SampledRequestsEnabled: true}
	}
	acl := func(name string, rules ...waftypes.Rule) *waftypes.WebACLSummary {
		return proved[*wafv2.CreateWebACLOutput](t)(api.CreateWebACL(ctx, &wafv2.CreateWebACLInput{
			Name: &name, Scope: waftypes.ScopeRegional, Rules: rules, VisibilityConfig: seen(name),
			DefaultAction: &waftypes.DefaultAction{Allow: &waftypes.AllowAction{}},
		})).Summary
	}
	rules := []waftypes.Rule{{
		Name: aws.String("flood"), VisibilityConfig: seen("flood"), Action: &waftypes.RuleAction{Block: &waftypes.BlockAction{}},
		Statement: &waftypes.Statement{RateBasedStatement: &waftypes.RateBasedStatement{
			Limit: aws.Int64(500), AggregateKeyType: waftypes.RateBasedStatementAggregateKeyTypeIp,
		}},
	}}
	for i, group := range []string{"AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet"} {
		rules = append(rules, waftypes.Rule{
			Name: aws.String(group), Priority: int32(i + 1), VisibilityConfig: seen(group), OverrideAction: &waftypes.OverrideAction{None: &waftypes.NoneAction{}},
			Statement: &waftypes.Statement{ManagedRuleGroupStatement: &waftypes.ManagedRuleGroupStatement{VendorName: aws.String("AWS"), Name: aws.String(group)}},
		})
	}
	good, empty := acl("good", rules...), acl("empty")
	proved[*wafv2.PutLoggingConfigurationOutput](t)(api.PutLoggingConfiguration(ctx, &wafv2.PutLoggingConfigurationInput{
		LoggingConfiguration: &waftypes.LoggingConfiguration{
			ResourceArn: good.ARN, LogDestinationConfigs: []string{"arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-ai"},
		},
	}))
	r, _ := assessJSON(t, proofArgs("wafv2-web-acls")...)
	want := passFail(aws.ToString(good.Id), aws.ToString(empty.Id))
	wantVerdicts(t, r, verdicts{
		"wafv2_web_acl_logging_enabled": want, "wafv2_web_acl_managed_rules_present": want, "wafv2_web_acl_rate_limited": want,
	})
}

// TestProofAgentScope holds that what agents use comes into AI scope, and what they do
// not use stays out: the repository of a runtime's image, the pool that issues its tokens.
func TestProofAgentScope(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	images, pools, ctx := ecr.NewFromConfig(cfg), cognitoidentityprovider.NewFromConfig(cfg), t.Context()
	for _, name := range []string{"agents/support", "website"} {
		proved[*ecr.CreateRepositoryOutput](t)(images.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &name}))
	}
	pool := func(name string) string {
		out := proved[*cognitoidentityprovider.CreateUserPoolOutput](t)(pools.CreateUserPool(ctx, &cognitoidentityprovider.CreateUserPoolInput{PoolName: &name}))
		return aws.ToString(out.UserPool.Id)
	}
	used, other := pool("support"), pool("website")
	proved[*control.CreateAgentRuntimeOutput](t)(control.NewFromConfig(cfg).CreateAgentRuntime(ctx, &control.CreateAgentRuntimeInput{
		AgentRuntimeName: aws.String("support"), RoleArn: aws.String(proofAgentRole),
		AgentRuntimeArtifact: &controltypes.AgentRuntimeArtifactMemberContainerConfiguration{Value: controltypes.ContainerConfiguration{
			ContainerUri: aws.String(l.account + ".dkr.ecr.eu-west-1.amazonaws.com/agents/support:1"),
		}},
		NetworkConfiguration: &controltypes.NetworkConfiguration{NetworkMode: controltypes.NetworkModePublic},
		AuthorizerConfiguration: &controltypes.AuthorizerConfigurationMemberCustomJWTAuthorizer{Value: controltypes.CustomJWTAuthorizerConfiguration{
			DiscoveryUrl:    aws.String("https://cognito-idp.eu-west-1.amazonaws.com/" + used + "/.well-known/openid-configuration"),
			AllowedAudience: []string{"support"},
		}},
	}))
	r, _ := assessJSON(t, "--fail-on", "none", "--allow-gaps", "--collectors", "bedrock-agentcore-runtimes,ecr-repositories,cognito-user-pools")
	wantVerdicts(t, r, verdicts{
		"ecr_repository_tag_immutable":                        {"agents/support": assize.Fail, "website": ""},
		"bedrockagentcore_runtime_image_repository_encrypted": {"agents/support": assize.Fail},
		"cognito_user_pool_mfa_enabled":                       {used: assize.Fail, other: ""},
	})
}

// TestProofDenied holds that what could not be read is not taken for good.
func TestProofDenied(t *testing.T) {
	l := startEmpty(t)
	api, ctx := secretsmanager.NewFromConfig(l.AWSConfig(liveRegion, l.account)), t.Context()
	proved[*secretsmanager.CreateSecretOutput](t)(api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("crm"), SecretString: aws.String("x")}))
	l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "secretsmanager", Operation: "GetResourcePolicy"})
	l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "ecr", Operation: "GetRegistryScanningConfiguration"})
	proved[*ecr.CreateRepositoryOutput](t)(ecr.NewFromConfig(l.AWSConfig(liveRegion, l.account)).CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("agents")}))
	// Lambda's own way of saying that the reader may not use the key of the variables.
	l.Answer("lambda", "ListFunctions", fakeaws.Match{}, 200, `{"Functions": [{"FunctionName": "tools", "PackageType": "Zip", "Runtime": "python3.13",
		"FunctionArn": "arn:aws:lambda:${region}:${account}:function:tools", "KMSKeyArn": "arn:aws:kms:${region}:${account}:key/1",
		"Environment": {"Error": {"ErrorCode": "AccessDeniedException", "Message": "kms:Decrypt"}}}]}`)
	r, _ := assessJSON(t, proofArgs("secretsmanager-secrets,ecr-repositories,lambda-functions")...)
	wantVerdicts(t, r, verdicts{
		"lambda_function_env_no_secrets":          {"tools": assize.Inconclusive},
		"lambda_function_runtime_supported":       {"tools": assize.Pass},
		"secretsmanager_secret_policy_restricted": {"crm": assize.Inconclusive},
		"secretsmanager_secret_rotation_enabled":  {"crm": assize.Fail},
		"ecr_repository_scan_on_push_enabled":     {"agents": assize.Inconclusive},
	})
}
