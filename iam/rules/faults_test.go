package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// TestFaults: statements that never apply are found by their shape and by their conditions together.
func TestFaults(t *testing.T) {
	t.Parallel()
	const ids = "dead-statement not-scopable"
	tests := []struct {
		name, statement string
		want            iam.Verdict
	}{
		{"sound", invoking, iam.No},
		{"conditions that exclude one another", `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"},"Null":{"aws:SourceVpce":"true"}}}`, iam.Yes},
		{"an endpoint and a public address", `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`, iam.Yes},
		{"one of two users", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":["alice","bob"]}}}`, iam.No},
		{"for one role", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}}`, iam.No},
		{"a second factor", `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`, iam.No},
		{"an action that names no resources", `{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:ListFoundationModels"],"Resource":` + claude + `}`, iam.Yes},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := rules.New(rules.Config{}).Faults(policy(t, tt.statement), iam.LayerIdentity, strings.Fields(ids)...)
			if got.Verdict != tt.want {
				t.Errorf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
		})
	}
}

// TestLint: statements that never apply are told once, with their place.
func TestLint(t *testing.T) {
	t.Parallel()
	const denyAll = `{"Effect":"Deny","Action":"bedrock:*","Resource":"*"}`
	const region = `"aws:RequestedRegion":"eu-central-1"`
	tests := []struct {
		name, statements string
		want             []int // statements that are dead
	}{
		{"sound", invoking, nil},
		{"a Deny takes all of it back", invoking + "," + denyAll, []int{0}},
		{"a Deny with a condition", invoking + `,{"Effect":"Deny","Action":"bedrock:*","Resource":"*","Condition":{"StringEquals":{` + region + `}}}`, nil},
		{"a Deny of some of it", `{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:GetGuardrail"],"Resource":"*"},{"Effect":"Deny","Action":"bedrock:Get*","Resource":"*"}`, nil},
		{"a Deny of some resources", invoking + `,{"Effect":"Deny","Action":"bedrock:*","Resource":` + claude + `}`, nil},
		{"an action that nobody knows", `{"Effect":"Allow","Action":"example:Think","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}`, nil},
		{"a value and not that value", `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + claude +
			`,"Condition":{"StringEquals":{` + region + `},"StringNotEquals":{` + region + `}}}`, []int{0}},
		{"a key that does not exist", `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + claude +
			`,"Condition":{"StringEquals":{"bedrock:ModelId":"x"}}}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []int
			for _, f := range rules.New(rules.Config{}).Lint(policy(t, tt.statements), iam.LayerIdentity) {
				if f.Rule == "dead-statement" {
					got = append(got, f.Statement)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got dead statements %v, want %v", got, tt.want)
			}
		})
	}
}

// TestFaultsOfLargePolicies: what was not looked at whole is not without fault, and a fault that was seen is one.
func TestFaultsOfLargePolicies(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(invoking+",", 1000)
	for statements, want := range map[string]iam.Verdict{
		many + invoking: iam.CannotTell,
		`{"Effect":"Allow","NotAction":"bedrock:*","Resource":"*"},` + many + invoking: iam.Yes,
	} {
		got := rules.New(rules.Config{}).Faults(policy(t, statements), iam.LayerIdentity, "not-allow")
		if got.Verdict != want || got.Reason == "" {
			t.Errorf("got %v (%s), want %v with a reason", got.Verdict, got.Reason, want)
		}
	}
}
