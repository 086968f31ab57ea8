package main

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/assize-dev/assize"
)

const (
	callsOneModel = `{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"Resource":"arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0"}`
	refusesPlain  = `{"Effect":"Deny","Action":["bedrock:*","bedrock-mantle:*"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	refusesAlone  = `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`
	// sparesKeys is what the documentation of the key warns of: it says nothing to calls with access keys.
	sparesKeys = `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`
)

func documentOf(statements ...string) string {
	out := `{"Version":"2012-10-17","Statement":[`
	for i, s := range statements {
		if i > 0 {
			out += ","
		}
		out += s
	}
	return out + "]}"
}

// TestProofBounds creates users and roles with and without bounds on second factors and TLS through the SDK, holds what
// the checks say of each, attaches the policies that failures propose, and asks again.
func TestProofBounds(t *testing.T) {
	l := startEmpty(t)
	p := &iamProof{t: t, api: iam.NewFromConfig(l.AWSConfig(liveRegion, l.account)), account: l.account}
	root := `"arn:aws:iam::` + l.account + `:root"`
	trust := func(who, condition string) string {
		return documentOf(`{"Effect":"Allow","Principal":{"AWS":` + who + `},"Action":"sts:AssumeRole"` + condition + `}`)
	}
	p.user("keyed", documentOf(callsOneModel))
	p.user("spared", documentOf(callsOneModel, sparesKeys, refusesPlain))
	p.user("held", documentOf(callsOneModel, refusesAlone, refusesPlain))
	p.user("other", documentOf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`))
	p.role("open", trust(root, ""), documentOf(callsOneModel))
	p.role("careful", trust(root, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), documentOf(callsOneModel, refusesPlain))
	p.role("machine", trustLambda, documentOf(callsOneModel, refusesPlain))
	p.role("after-open", trust(`"arn:aws:iam::`+l.account+`:role/open"`, ""), documentOf(callsOneModel))
	p.role("after-careful", trust(`"arn:aws:iam::`+l.account+`:role/careful"`, ""), documentOf(callsOneModel))
	p.role("elsewhere", trust(`"arn:aws:iam::444455556666:role/ci"`, ""), documentOf(callsOneModel))
	const (
		pass, fail, none, unknown = assize.Pass, assize.Fail, assize.NotApplicable, assize.Inconclusive
		userMFA, roleMFA          = "iam_user_inference_mfa_bounded", "iam_principal_inference_mfa_bounded"
		userTLS, roleTLS          = "iam_user_inference_tls_bounded", "iam_principal_inference_tls_bounded"
	)
	wantVerdicts(t, boundFindings(t, "approved_regions: [eu-west-1]\n"), verdicts{
		userMFA: {"keyed": assize.Manual, "other": none}, roleTLS: {"open": assize.Manual},
	})
	const demanded = "model_access_mfa_required: true\nmodel_access_tls_required: true\n"
	r := boundFindings(t, demanded)
	wantVerdicts(t, r, verdicts{
		userMFA: {"keyed": fail, "spared": fail, "held": pass, "other": none},
		userTLS: {"keyed": fail, "spared": pass, "held": pass, "other": none},
		roleMFA: {"open": fail, "careful": pass, "machine": none, "after-open": fail, "after-careful": pass, "elsewhere": unknown},
		roleTLS: {"open": fail, "careful": pass, "machine": pass},
	})
	wantEvidence(t, r, userMFA, "spared", "no second factor", `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`)
	wantEvidence(t, r, roleMFA, "open", "sts:AssumeRole on arn:aws:iam::"+l.account+":role/open", `"Bool":{"aws:MultiFactorAuthPresent":"true"}`)
	wantEvidence(t, r, roleMFA, "after-open", "sessions of arn:aws:iam::"+l.account+":role/open take on the role")
	wantEvidence(t, r, userTLS, "keyed", "aws:SecureTransport = false")

	for user, check := range map[string]string{"keyed": userMFA, "spared": userMFA} {
		_, err := p.api.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{
			UserName: &user, PolicyName: aws.String("factor"), PolicyDocument: aws.String(proposed(t, r, check, user, "policy to add")),
		})
		p.must(err)
	}
	_, err := p.api.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String("open"), PolicyDocument: aws.String(proposed(t, r, roleMFA, "open", "corrected policy")),
	})
	p.must(err)
	_, err = p.api.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("open"), PolicyName: aws.String("tls"), PolicyDocument: aws.String(proposed(t, r, roleTLS, "open", "policy to add")),
	})
	p.must(err)
	wantVerdicts(t, boundFindings(t, demanded), verdicts{
		userMFA: {"keyed": pass, "spared": pass}, userTLS: {"keyed": fail},
		roleMFA: {"open": pass, "after-open": pass}, roleTLS: {"open": pass},
	})
}

// boundFindings assesses the account with a profile.
func boundFindings(t *testing.T, profile string) result {
	t.Helper()
	if err := os.WriteFile("profile.yaml", []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := assessJSON(t, "--config", "profile.yaml", "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "iam-authorization,organizations-account,organizations-units")
	return r
}

// proposed is the policy that a finding shows under a name.
func proposed(t *testing.T, r result, check, id, name string) string {
	t.Helper()
	for _, f := range r.Findings {
		for _, key := range r.Evidence[f.Evidence] {
			if x := r.Texts[key]; f.Check == check && f.ID == id && x.Name == name {
				return x.Value
			}
		}
	}
	t.Fatalf("%s proposes no %s for %s", check, name, id)
	return ""
}
