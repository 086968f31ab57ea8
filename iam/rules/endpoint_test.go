package rules_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// TestOpenEndpoint: who comes with credentials of another account, whatever the condition looks like.
func TestOpenEndpoint(t *testing.T) {
	t.Parallel()
	allow := func(actions, resource, condition string) string {
		return `{"Effect":"Allow","Principal":"*","Action":` + actions + `,"Resource":` + resource + condition + `}`
	}
	const invoke, models = `["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"]`, `"arn:aws:bedrock:*::foundation-model/*"`
	when := func(condition string) string { return `,"Condition":{` + condition + `}` }
	const org = `{"aws:PrincipalOrgID":"o-exampleorgid"}`
	everybody := allow(`"*"`, `"*"`, "")
	tests := []struct {
		name       string
		statements []string
		want       iam.Verdict
	}{
		{"the default policy", []string{everybody}, iam.Yes},
		{"every model", []string{allow(invoke, models, "")}, iam.Yes},
		{"every model of another Region", []string{allow(invoke, `"arn:aws:bedrock:us-west-2::foundation-model/*"`, "")}, iam.Yes},
		{"one model", []string{allow(invoke, `"arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"`, "")}, iam.No},
		{"profiles of one account", []string{allow(invoke, `"arn:aws:bedrock:eu-central-1:`+account+`:inference-profile/*"`, "")}, iam.No},
		{"everything but a list", []string{`{"Effect":"Allow","Principal":"*","NotAction":"s3:*","Resource":"*"}`}, iam.Yes},
		{"another service", []string{allow(`"s3:*"`, `"*"`, "")}, iam.No},
		{"the organization", []string{allow(`"*"`, `"*"`, when(`"StringEquals":`+org))}, iam.No},
		{"the organization, where there is one", []string{allow(`"*"`, `"*"`, when(`"StringEqualsIfExists":`+org))}, iam.Yes},
		{"resources of the organization", []string{allow(`"*"`, `"*"`, when(`"StringEquals":{"aws:ResourceOrgID":"o-exampleorgid"}`))}, iam.No},
		{"one account", []string{`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + account + `:root"},"Action":"*","Resource":"*"}`}, iam.No},
		{"with TLS", []string{allow(`"*"`, `"*"`, when(`"Bool":{"aws:SecureTransport":"true"}`))}, iam.Yes},
		{"from one VPC", []string{allow(`"*"`, `"*"`, when(`"StringEquals":{"aws:SourceVpc":"vpc-1"}`))}, iam.Yes},
		{"from addresses, which requests from a VPC have not", []string{allow(`"*"`, `"*"`, when(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`))}, iam.No},
		{"a Deny of others", []string{everybody, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":` + org + `}}`}, iam.No},
		{"a Deny of something else", []string{everybody, `{"Effect":"Deny","Principal":"*","Action":"bedrock:Delete*","Resource":"*"}`}, iam.Yes},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := rules.Endpoint{Policy: policy(t, tt.statements...), Service: "bedrock", Region: "eu-central-1", Partition: "aws", Accounts: []string{account}}
			got := rules.New(rules.Config{}).OpenEndpoint(e)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want != iam.Yes {
				return
			}
			if w := got.Witnesses[0]; !w.Decision.Allowed() || !strings.HasPrefix(w.Action, "bedrock:") {
				t.Errorf("got witness %s, want an allowed request of Bedrock", w)
			}
			mended, err := iam.Parse([]byte(got.Guard))
			if err != nil {
				t.Fatalf("the proposed policy %q: %v", got.Guard, err)
			}
			e.Policy = mended
			if after := rules.New(rules.Config{}).OpenEndpoint(e); !after.No() {
				t.Errorf("with %s the answer is %v (%s), want No", got.Guard, after.Verdict, after.Reason)
			}
		})
	}
}

// TestOpenEndpointNotRead: what was not read is not known.
func TestOpenEndpointNotRead(t *testing.T) {
	t.Parallel()
	e := rules.Endpoint{Policy: iam.Unreadable("endpoint", "denied"), Service: "bedrock", Region: "eu-central-1", Partition: "aws"}
	if got := rules.New(rules.Config{}).OpenEndpoint(e); !got.Undecided() {
		t.Errorf("got %v (%s), want it undecided", got.Verdict, got.Reason)
	}
}
