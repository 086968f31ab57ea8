package sym

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
)

func app() iam.Principal {
	return iam.Principal{Kind: iam.RoleSession, ARN: sessARN, Issuer: roleARN}
}

// withIdentity is the role with one identity policy.
func withIdentity(t testing.TB, statements string) Principal {
	return Principal{Principal: app(), Policies: iam.Policies{Identity: []*iam.Policy{parse(t, statements)}}}
}

var invoke = Check{
	Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0",
	Fixed: map[string][]string{"aws:RequestedRegion": {"us-east-1"}},
}

// allowIf is an Allow of everything with conditions.
func allowIf(conditions string) string {
	return `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{` + conditions + `}}`
}

// denyIf is a Deny of everything with conditions.
func denyIf(conditions string) string {
	return `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{` + conditions + `}}`
}

func TestConditions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statements string
		theory     Theory
		want       []string
	}{
		"no condition":      {`[` + allowAll + `]`, Theory{}, []string{"always"}},
		"nothing":           {`[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]`, Theory{}, nil},
		"other Region":      {`[` + allowIf(`"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`) + `]`, Theory{}, nil},
		"address":           {`[` + allowIf(`"IpAddress":{"aws:SourceIp":["203.0.113.0/24","198.51.100.7"]}`) + `]`, Theory{}, []string{"aws:SourceIp is in 198.51.100.7/32, 203.0.113.0/24"}},
		"address or not":    {`[` + allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`) + `,` + allowIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`) + `]`, Theory{}, []string{"always"}},
		"second factor":     {`[` + allowAll + `,` + denyIf(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`) + `]`, Theory{}, []string{"aws:MultiFactorAuthPresent = true"}},
		"endpoint":          {`[` + allowIf(`"StringEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:SecureTransport":"true"}`) + `]`, Theory{}, []string{`aws:SourceVpce = "vpce-1" and aws:SecureTransport = true`}},
		"endpoint or range": {`[` + allowIf(`"StringEquals":{"aws:SourceVpce":"vpce-1"}`) + `,` + allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`) + `]`, Theory{}, []string{"aws:SourceIp is in 203.0.113.0/24", `aws:SourceVpce = "vpce-1"`}},
		"private range":     {`[` + allowIf(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`) + `]`, Theory{}, nil},
		"assumption off":    {`[` + allowIf(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`) + `]`, Theory{PrivateSourceIP: true}, []string{"aws:SourceIp is in 10.0.0.0/8"}},
		"guardrail": {
			`[` + allowAll + `,` + denyIf(`"StringNotEqualsIfExists":{"bedrock:GuardrailIdentifier":"g1"}`) + `]`,
			Theory{},
			[]string{`bedrock:GuardrailIdentifier = "g1"`},
		},
		"pattern without one": {
			`[` + allowIf(`"StringLike":{"x:a":"a*"}`) + `,` + denyIf(`"StringLike":{"x:a":"ab*"}`) + `]`,
			Theory{},
			[]string{`x:a like "a*" and not like "ab*"`},
		},
		"age":       {`[` + allowIf(`"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}`) + `]`, Theory{}, []string{"aws:MultiFactorAuthAge is at least 0 and below 3600"}},
		"date":      {`[` + allowIf(`"DateGreaterThanEquals":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`) + `]`, Theory{}, []string{"aws:CurrentTime is from 2026-01-01T00:00:00Z"}},
		"tag keys":  {`[` + allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"Null":{"aws:TagKeys":"false"}`) + `]`, Theory{}, []string{`aws:TagKeys has only values = "a" or "b"`}},
		"free pair": {`[` + allowIf(`"StringEquals":{"aws:SourceVpc":"${aws:PrincipalTag/vpc}"}`) + `]`, Theory{}, []string{`(StringEquals aws:SourceVpc ["${aws:PrincipalTag/vpc}"]) holds`}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{Theory: tt.theory})
			got := e.Conditions(e.Access(withIdentity(t, tt.statements), invoke))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("conditions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConditionsLeaveOutOtherPolicies: what an engine has seen of other policies is not in the
// words for this one.
func TestConditionsLeaveOutOtherPolicies(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	e.Access(withIdentity(t, `[`+allowIf(`"StringLike":{"x:a":["aba*","c*"]}`)+`,`+denyIf(`"StringLike":{"x:a":"abb*"}`)+`]`), invoke)
	set := e.Access(withIdentity(t, `[`+allowIf(`"StringLike":{"x:a":"a*"}`)+`,`+denyIf(`"StringLike":{"x:a":"ab*"}`)+`]`), invoke)
	want := []string{`x:a like "a*" and not like "ab*"`}
	if diff := cmp.Diff(want, e.Conditions(set)); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
}
