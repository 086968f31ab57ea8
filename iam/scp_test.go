package iam

import "testing"

func TestLimitsModels(t *testing.T) {
	t.Parallel()
	deny := func(rest string) string { return `{"Effect":"Deny",` + rest + `}` }
	ask(t, []question{
		{"all but a family", deny(`"Action":"bedrock:InvokeModel*","NotResource":"arn:aws:bedrock:*::foundation-model/anthropic.*"`), Yes},
		{"one family", deny(`"Action":"bedrock:*","Resource":"arn:aws:bedrock:*::foundation-model/x.*"`), Yes},
		{"all but some Regions", deny(`"NotAction":["iam:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1"]}}`), Yes},
		{"no models at all", deny(`"Action":"bedrock:*","Resource":"*"`), Yes},
		{"only with a second factor", deny(`"Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`), No},
		{"something else", deny(`"Action":"organizations:LeaveOrganization","Resource":"*"`), No},
		{"the policy that allows all", `{"Effect":"Allow","Action":"*","Resource":"*"}`, No},
	}, LimitsModels)
}
