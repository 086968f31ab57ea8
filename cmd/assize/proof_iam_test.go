package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/assize-dev/assize"
)

const (
	trustLambda  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	trustAnyone  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`
	guardedModel = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],` +
		`"Resource":"arn:aws:bedrock:eu-west-1::foundation-model/anthropic.*","Condition":{"StringEquals":{"bedrock:GuardrailIdentifier":"g"}}}]}`
	everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["bedrock:*","sagemaker:*","iam:PassRole","kms:Decrypt","aws-marketplace:Subscribe"],"Resource":"*"}]}`
	allOfAll   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
)

// TestProofIAM creates good and bad roles, users and policies through the SDK and
// holds what the checks say of each.
func TestProofIAM(t *testing.T) {
	l := startEmpty(t)
	p := &iamProof{t: t, api: iam.NewFromConfig(l.AWSConfig(liveRegion, l.account)), account: l.account}
	p.role("good", trustLambda, guardedModel)
	p.role("bad", trustAnyone, everything)
	p.policy("narrow", guardedModel)
	p.policy("wide", everything)
	p.policy("all", allOfAll)
	p.user("BedrockAPIKey-good", guardedModel)
	p.user("BedrockAPIKey-bad", everything)
	_, err := p.api.UpdateAccountPasswordPolicy(t.Context(), &iam.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: aws.Int32(8)})
	p.must(err)
	_, err = p.api.CreateLoginProfile(t.Context(), &iam.CreateLoginProfileInput{UserName: aws.String("BedrockAPIKey-bad"), Password: aws.String("Correct-horse-1")})
	p.must(err)
	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "iam-authorization,iam-password-policy,iam-saml-providers,iam-service-credentials")
	const pass, fail, none = assize.Pass, assize.Fail, assize.NotApplicable
	both := map[string]assize.Outcome{"good": pass, "bad": fail}
	inline := map[string]assize.Outcome{"role/good/own": pass, "role/bad/own": fail}
	arn := func(name string) string { return "arn:aws:iam::" + l.account + ":policy/" + name }
	managed := map[string]assize.Outcome{arn("narrow"): pass, arn("wide"): fail, arn("all"): fail}
	wantVerdicts(t, r, verdicts{
		"iam_bedrock_invocation_requires_guardrail":   both,
		"iam_bedrock_policy_no_wildcard_action":       both,
		"iam_bedrock_policy_no_wildcard_resource":     both,
		"iam_role_trust_restricted":                   both,
		"iam_bedrock_cross_account_access_restricted": both,
		"iam_bedrock_role_session_duration_limited":   {"good": pass, "bad": pass},
		"iam_bedrock_passrole_restricted":             {"good": none, "bad": fail},
		"iam_inline_marketplace_subscribe_restricted": inline,
		"iam_inline_policy_no_administrative_privileges": {
			"role/good/own": pass, "role/bad/own": pass,
		},
		"iam_policy_no_administrative_privileges":      {arn("narrow"): pass, arn("wide"): pass, arn("all"): fail},
		"iam_policy_no_service_wildcard":               managed,
		"iam_policy_no_privilege_escalation":           managed,
		"iam_marketplace_subscribe_restricted":         managed,
		"kms_key_decrypt_not_wildcard_in_policies":     managed,
		"bedrock_api_key_no_administrative_privileges": {"BedrockAPIKey-good": pass, "BedrockAPIKey-bad": fail},
		"bedrock_api_key_long_term_absent":             {"ACCAGOOD000000000000": fail, "ACCABAD0000000000000": fail},
		"bedrock_api_key_expiry_limited":               {"ACCAGOOD000000000000": pass, "ACCABAD0000000000000": fail},
		"iam_role_bedrock_access_not_stale":            {"good": pass, "bad": pass},
		"iam_user_bedrock_access_not_stale":            {"BedrockAPIKey-good": pass},
		"iam_user_policies_via_groups":                 {"BedrockAPIKey-bad": fail},
		"iam_user_console_access_mfa_enabled":          {"BedrockAPIKey-bad": fail, "BedrockAPIKey-good": none},
		"iam_password_policy_strong":                   {"password-policy": fail},
		"iam_saml_or_identity_center_in_use":           {"root": fail},
	})
}

type iamProof struct {
	t       *testing.T
	api     *iam.Client
	account string
}

func (p *iamProof) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *iamProof) role(name, trust, policy string) {
	_, err := p.api.CreateRole(p.t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
	p.must(err)
	_, err = p.api.PutRolePolicy(p.t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("own"), PolicyDocument: &policy})
	p.must(err)
}

func (p *iamProof) policy(name, document string) {
	_, err := p.api.CreatePolicy(p.t.Context(), &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document})
	p.must(err)
}

func (p *iamProof) user(name, policy string) {
	_, err := p.api.CreateUser(p.t.Context(), &iam.CreateUserInput{UserName: &name})
	p.must(err)
	_, err = p.api.PutUserPolicy(p.t.Context(), &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("own"), PolicyDocument: &policy})
	p.must(err)
}

// TestProofOrganization holds what is said of an account in its organization, of its
// keys, its contact and its analyzers.
func TestProofOrganization(t *testing.T) {
	l := startEmpty(t)
	ctx, cfg := t.Context(), l.AWSConfig(liveRegion, l.account)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	org := organizations.NewFromConfig(cfg)
	_, err := org.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll})
	must(err)
	keys := kms.NewFromConfig(cfg)
	good, err := keys.CreateKey(ctx, &kms.CreateKeyInput{})
	must(err)
	_, err = keys.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: good.KeyMetadata.KeyId})
	must(err)
	bad, err := keys.CreateKey(ctx, &kms.CreateKeyInput{Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}`)})
	must(err)
	_, err = account.NewFromConfig(cfg).PutAlternateContact(ctx, &account.PutAlternateContactInput{
		AlternateContactType: accounttypes.AlternateContactTypeSecurity, Name: aws.String("Security"), Title: aws.String("Team"),
		EmailAddress: aws.String("security@example.com"), PhoneNumber: aws.String("+10000000000"),
	})
	must(err)
	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "organizations-account,kms-keys,account-contacts,accessanalyzer-analyzers")
	const pass, fail = assize.Pass, assize.Fail
	pair := map[string]assize.Outcome{*good.KeyMetadata.KeyId: pass, *bad.KeyMetadata.KeyId: fail}
	wantVerdicts(t, r, verdicts{
		"kms_key_rotation_enabled":                        pair,
		"kms_key_not_public":                              pair,
		"kms_key_policy_service_scoped":                   pair,
		"kms_key_not_pending_deletion":                    {*good.KeyMetadata.KeyId: pass},
		"organizations_account_member":                    {"": pass},
		"organizations_ai_services_opt_out":               {l.account: pass},
		"organizations_bedrock_policy_enforces_guardrail": {l.account: assize.Manual},
		"iam_root_credentials_centrally_managed":          {l.account: assize.NotApplicable},
		"account_security_contact_registered":             {"": pass},
		"iam_access_analyzer_enabled":                     {"": pass},
		"iam_access_analyzer_no_active_findings":          {"outside": fail, "unused": assize.NotApplicable},
	})
	for _, g := range r.Summary.Gaps {
		t.Errorf("gap: %s", g)
	}
}
