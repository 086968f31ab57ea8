package main

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/assize-dev/assize"
)

const (
	narrowAccess = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],` +
		`"Resource":"arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0","Condition":{"StringEquals":{"bedrock:GuardrailIdentifier":"arn:aws:bedrock:eu-west-1:111122223333:guardrail/g"}}},` +
		`{"Effect":"Allow","Action":["bedrock:CreateAgent"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"bedrock.amazonaws.com"}}}]}`
	wideAccess = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["bedrock:*","bedrock-mantle:*","iam:PassRole"],"Resource":"*"}]}`
	// sideAccess is held to one model by InvokeModel alone.
	sideAccess = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0"},` +
		`{"Effect":"Allow","Action":"bedrock-mantle:CreateInference","Resource":"*"}]}`
	misspelt     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"bedrock:Converse","Resource":"*"}]}`
	neverApplies = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`
	// optional asks for a guardrail that the caller may leave out, of whatever begins with Invoke; allBut lists what it does not allow.
	optional = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"bedrock:Invoke*","Resource":"arn:aws:bedrock:*::foundation-model/*nova",` +
		`"Condition":{"StringEqualsIfExists":{"bedrock:GuardrailIdentifier":"arn:aws:bedrock:eu-west-1:111122223333:guardrail/g"}}}]}`
	allBut        = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"bedrock:*","Resource":"*"}]}`
	trustVendor   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole"}]}`
	trustVendorID = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"unique-4711"}}}]}`
	accessProfile = "approved_models: [\"anthropic.*\"]\napproved_regions: [eu-west-1]\nplatform_principals: [\"arn:aws:iam::*:role/platform-*\"]\ntrusted_accounts: []\n"
)

// accessFindings assesses the account with the collectors of IAM and the organisation.
func accessFindings(t *testing.T) result {
	t.Helper()
	if err := os.WriteFile("profile.yaml", []byte(accessProfile), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := assessJSON(t, "--config", "profile.yaml", "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "iam-authorization,organizations-account,organizations-units,bedrock-inference-profiles")
	return r
}

// TestProofAccess creates good and bad roles and policies through the SDK, in an account of no organisation, and
// holds what the checks on effective access say of each.
func TestProofAccess(t *testing.T) {
	l := startEmpty(t)
	p := &iamProof{t: t, api: iam.NewFromConfig(l.AWSConfig(liveRegion, l.account)), account: l.account}
	p.role("good", trustVendorID, narrowAccess)
	p.role("bad", trustVendor, wideAccess)
	p.role("side", trustLambda, sideAccess)
	p.role("dead", trustLambda, neverApplies)
	p.policy("misspelt", misspelt)
	p.policy("narrow", narrowAccess)
	p.policy("optional", optional)
	p.policy("all-but", allBut)
	p.role("optional", trustLambda, optional)
	p.role("all-but", trustLambda, allBut)
	// The boundary takes from the role what its own policy allows.
	p.policy("boundary", narrowAccess)
	p.role("bounded", trustLambda, wideAccess)
	_, err := p.api.PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{
		RoleName: aws.String("bounded"), PermissionsBoundary: aws.String("arn:aws:iam::" + l.account + ":policy/boundary"),
	})
	p.must(err)
	r := accessFindings(t)
	const pass, fail, none = assize.Pass, assize.Fail, assize.NotApplicable
	arn := func(name string) string { return "arn:aws:iam::" + l.account + ":policy/" + name }
	wantVerdicts(t, r, verdicts{
		"iam_principal_bedrock_model_scope_limited":            {"good": pass, "bad": fail, "side": pass, "bounded": pass, "dead": pass},
		"iam_principal_inference_and_administration_separated": {"bad": fail, "side": pass, "good": fail},
		"iam_principal_bedrock_governance_restricted":          {"good": pass, "bad": fail, "bounded": pass},
		"iam_principal_inference_region_bounded":               {"good": pass, "bad": fail, "bounded": pass},
		"iam_principal_guardrail_enforced":                     {"good": pass, "bad": fail, "bounded": pass, "side": fail},
		"iam_principal_inference_namespaces_controlled":        {"good": pass, "bad": none, "side": fail},
		"iam_principal_bedrock_api_keys_denied":                {"good": pass, "bad": fail, "bounded": pass},
		"iam_passrole_ai_services_scoped":                      {"good": pass, "bad": fail, "bounded": pass, "side": none},
		"iam_role_trust_external_id_required":                  {"good": pass, "bad": fail, "side": pass},
		"iam_role_trust_principals_exist":                      {"good": pass, "bad": pass},
		"iam_policy_action_and_key_names_exist":                {arn("misspelt"): fail, arn("narrow"): pass},
		"iam_policy_bedrock_statements_effective":              {arn("narrow"): pass},
		"iam_inline_policy_bedrock_statements_effective":       {"role/dead/own": fail, "role/side/own": pass},
		"iam_inline_policy_action_and_key_names_exist":         {"role/dead/own": pass},
		"iam_policy_conditions_require_their_keys":             {arn("optional"): fail, arn("narrow"): pass},
		"iam_policy_allow_not_negated":                         {arn("all-but"): fail, arn("narrow"): pass},
		"iam_policy_bedrock_invoke_breadth_limited":            {arn("optional"): fail, arn("narrow"): pass},
		"iam_policy_resource_patterns_unambiguous":             {arn("optional"): fail, arn("narrow"): pass},
		"iam_inline_policy_conditions_require_their_keys":      {"role/optional/own": fail, "role/side/own": pass},
		"iam_inline_policy_allow_not_negated":                  {"role/all-but/own": fail, "role/side/own": pass},
		"iam_inline_policy_bedrock_invoke_breadth_limited":     {"role/optional/own": fail, "role/side/own": pass},
		"iam_inline_policy_resource_patterns_unambiguous":      {"role/optional/own": fail, "role/side/own": pass},
	})
	wantEvidence(t, r, "iam_principal_bedrock_model_scope_limited", "bad",
		"bedrock:InvokeModel on arn:aws:bedrock:", `"NotResource":["arn:aws:bedrock:*::foundation-model/anthropic.*"`)
	wantEvidence(t, r, "iam_policy_conditions_require_their_keys", arn("optional"), "leaving it out is allowed", `"StringEquals"`)
	wantEvidence(t, r, "iam_role_trust_external_id_required", "bad", "sts:AssumeRole on arn:aws:iam::"+l.account+":role/bad", `"sts:ExternalId"`)
}

// wantEvidence holds the texts that a finding shows, in their order.
func wantEvidence(t *testing.T, r result, check, id string, want ...string) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Check != check || f.ID != id {
			continue
		}
		var texts []string
		for _, key := range r.Evidence[f.Evidence] {
			texts = append(texts, r.Texts[key].Name+": "+r.Texts[key].Value)
		}
		all := strings.Join(texts, "\n")
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Errorf("%s of %s shows\n%s\nwant it to contain %q", check, id, all, w)
			}
		}
		return
	}
	t.Errorf("no finding of %s for %s", check, id)
}

// TestProofAccessOfManagement: service control policies do not limit the management account, and are judged by themselves.
func TestProofAccessOfManagement(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	p := &iamProof{t: t, api: iam.NewFromConfig(cfg), account: l.account}
	p.role("bad", trustLambda, wideAccess)
	org := organizations.NewFromConfig(cfg)
	_, err := org.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll})
	p.must(err)
	roots, err := org.ListRoots(t.Context(), &organizations.ListRootsInput{})
	p.must(err)
	attach := func(kind orgtypes.PolicyType, name, content string) string {
		made, err := org.CreatePolicy(t.Context(), &organizations.CreatePolicyInput{
			Name: &name, Content: &content, Description: aws.String(name), Type: kind,
		})
		p.must(err)
		_, err = org.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: made.Policy.PolicySummary.Id, TargetId: roots.Roots[0].Id})
		p.must(err)
		return aws.ToString(made.Policy.PolicySummary.Id)
	}
	const service, resource = orgtypes.PolicyTypeServiceControlPolicy, orgtypes.PolicyTypeResourceControlPolicy
	for _, kind := range []orgtypes.PolicyType{service, resource} {
		_, err = org.EnablePolicyType(t.Context(), &organizations.EnablePolicyTypeInput{RootId: roots.Roots[0].Id, PolicyType: kind})
		p.must(err)
	}
	sound := attach(service, "sound", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["bedrock:CallWithBearerToken","bedrock-mantle:CallWithBearerToken","sagemaker:CallWithBearerToken"],"Resource":"*"}]}`)
	faulty := attach(service, "faulty", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"bedrock:CallWithBearerToken","Resource":"*"}]}`)
	buckets := attach(resource, "buckets", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`)
	models := attach(resource, "models", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"bedrock:InvokeModel","Resource":"*"}]}`)
	wantVerdicts(t, accessFindings(t), verdicts{
		"organizations_rcp_statements_effective":     {buckets: assize.Pass, models: assize.Fail, sound: assize.NotApplicable},
		"organizations_scp_bedrock_statements_sound": {sound: assize.Pass, faulty: assize.Fail},
		"iam_principal_bedrock_api_keys_denied":      {"bad": assize.Fail},
		"iam_principal_bedrock_model_scope_limited":  {"bad": assize.Fail},
	})
}
