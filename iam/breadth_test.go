package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestHasWildcardAdmin(t *testing.T) {
	t.Parallel()
	ask(t, []question{
		{"star on star", allowAll, Yes},
		{"star in lists", `{"Effect":"Allow","Action":["s3:*","*"],"Resource":["arn:aws:s3:::b","*"]}`, Yes},
		{"star of star", `{"Effect":"Allow","Action":"*:*","Resource":"*"}`, Yes},
		{"with MFA", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, Yes},
		{"one service", allowS3, No},
		{"one bucket", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}`, No},
		{"NotAction", `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, No},
		{"denied", `[` + allowAll + `,` + denyAll + `]`, No},
		{"deny only", denyAll, No},
	}, HasWildcardAdmin)
}

func TestOverlyBroad(t *testing.T) {
	t.Parallel()
	ask(t, []question{
		{"service on star", `{"Effect":"Allow","Action":"bedrock:*","Resource":"*"}`, Yes},
		{"case", `{"Effect":"Allow","Action":"Bedrock:*","Resource":"*"}`, Yes},
		{"star on star", allowAll, Yes},
		{"prefix of the service", `{"Effect":"Allow","Action":"bed*","Resource":"*"}`, Yes},
		{"NotAction", `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, Yes},
		{"NotAction of part", `{"Effect":"Allow","NotAction":["iam:*","bedrock:Delete*"],"Resource":"*"}`, Yes},
		{"NotAction of the service", `{"Effect":"Allow","NotAction":["iam:*","bedrock:*"],"Resource":"*"}`, No},
		{"NotResource", `{"Effect":"Allow","Action":"bedrock:*","NotResource":"arn:aws:s3:::b"}`, Yes},
		{"every ARN of the service", `{"Effect":"Allow","Action":"bedrock:*","Resource":"arn:aws:bedrock:*:*:*"}`, Yes},
		{"one type", `{"Effect":"Allow","Action":"bedrock:*","Resource":"arn:aws:bedrock:*:*:agent/*"}`, No},
		{"some actions", `{"Effect":"Allow","Action":["bedrock:Invoke*","bedrock:Get*"],"Resource":"*"}`, No},
		{"another service", allowS3, No},
		{"namespace that only begins alike", `{"Effect":"Allow","Action":"bedrock-agentcore:*","Resource":"*"}`, No},
	}, func(p *Policy) Answer { return OverlyBroad(p, "bedrock") })
}

func TestAllowsAnyModel(t *testing.T) {
	t.Parallel()
	invoke := func(resource, condition string) string {
		return `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + resource + `,"Condition":` + condition + `}`
	}
	ask(t, []question{
		{"star", invoke(`"*"`, `{}`), Yes},
		{"every model", invoke(`"arn:aws:bedrock:*::foundation-model/*"`, `{}`), Yes},
		{"every model of a Region", invoke(`"arn:aws:bedrock:us-east-1::foundation-model/*"`, `{}`), Yes},
		{"every model of any other Region", invoke(`"arn:aws:bedrock:ap-south-1::foundation-model/*"`, `{}`), Yes},
		{"every model of another partition", invoke(`"arn:aws-us-gov:bedrock:us-gov-west-1::*"`, `{}`), Yes},
		{"short pattern", invoke(`"arn:aws:bedrock:*"`, `{}`), Yes},
		{"one provider", invoke(`"arn:aws:bedrock:*::foundation-model/anthropic.*"`, `{}`), No},
		{"NotResource", `{"Effect":"Allow","Action":"bedrock:*","NotResource":"arn:aws:bedrock:*::foundation-model/anthropic.*"}`, Yes},
		{"agents only", invoke(`"arn:aws:bedrock:*:*:agent/*"`, `{}`), No},
		{"in the own account", invoke(`"*"`, `{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}`), Yes},
		{"in one network", invoke(`"*"`, `{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`), Yes},
		{"denied but for one provider", `[` + invoke(`"*"`, `{}`) + `,{"Effect":"Deny","Action":"bedrock:Invoke*","NotResource":"arn:aws:bedrock:*::foundation-model/anthropic.*"}]`, No},
		{"denied without guardrail", `[` + invoke(`"*"`, `{}`) + `,{"Effect":"Deny","Action":"bedrock:Invoke*","Resource":"*","Condition":{"StringNotEquals":{"bedrock:GuardrailIdentifier":"g"}}}]`, Yes},
	}, func(p *Policy) Answer { return AllowsAnyModel([]*Policy{p}) })
}

func TestResourcesFor(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `[{"Sid":"a","Effect":"Allow","Action":"bedrock:Invoke*","Resource":["arn:aws:bedrock:*::foundation-model/*","x"]},
		{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"},
		{"Effect":"Allow","NotAction":"iam:*","NotResource":"y","Condition":{"Null":{"k":"true"}}}]`).Named("p")
	got, unreadable := ResourcesFor([]*Policy{p, nil, Unreadable("q", "denied")}, "bedrock:InvokeModel")
	want := []Grant{
		{Policy: "p", Statement: 0, Sid: "a", Resources: []string{"arn:aws:bedrock:*::foundation-model/*", "x"}},
		{Policy: "p", Statement: 3, Resources: []string{"y"}, Negated: true, Conditional: true},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Grant{}, "Position")); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"denied"}, unreadable); diff != "" {
		t.Errorf("unreadable (-want +got):\n%s", diff)
	}
}

func TestAllows(t *testing.T) {
	t.Parallel()
	p := policies(t, allowS3, `{"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/team":"red"}}}`)
	cases := []struct {
		action  string
		context *Context
		want    Verdict
	}{
		{"s3:GetObject", nil, Yes},
		{"ec2:RunInstances", nil, No},
		{"s3:PutObject", nil, No},
		{"s3:PutObject", keys("aws:PrincipalTag/team", "red"), Yes},
		{"s3:PutObject", NewContext(nil).Open(), CannotTell},
		{"nonsense", nil, CannotTell},
	}
	for _, c := range cases {
		if got := Allows(p, c.action, bucket, c.context); got.Verdict != c.want {
			t.Errorf("%s: got %s (%s), want %s", c.action, got.Verdict, got.Reason, c.want)
		}
	}
}
