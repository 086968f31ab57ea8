package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanReach(t *testing.T) {
	t.Parallel()
	key := Reach{Action: "kms:Decrypt", Service: "kms", Unnamed: "key/", Given: map[string][]string{"kms:ViaService": nil}}
	allow := func(resource, condition string) string {
		return `{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":` + resource + `,"Condition":` + condition + `}`
	}
	ask(t, []question{
		{"every resource", allow(`"*"`, `{}`), Yes},
		{"every key of a Region and account", allow(`"arn:aws:kms:eu-west-1:111122223333:key/*"`, `{}`), Yes},
		{"everything of a Region", allow(`"arn:aws:kms:eu-west-1:111122223333:*"`, `{}`), Yes},
		{"everything of a Region, in four parts and a star", allow(`"arn:aws:kms:eu-west-1:*"`, `{}`), Yes},
		{"keys of another partition", allow(`"arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/*"`, `{}`), Yes},
		{"everything of another service", allow(`"arn:aws:s3:::*"`, `{}`), No},
		{"for one holder", allow(`"*"`, `{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}}`), CannotTell},
		{"one key", allow(`"arn:aws:kms:eu-west-1:111122223333:key/1234"`, `{}`), No},
		{"through a service only", allow(`"*"`, `{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}`), No},
		{"keys by alias", allow(`"*"`, `{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/app"}}`), No},
		{"keys by tag", allow(`"*"`, `{"StringEquals":{"aws:ResourceTag/app":"x"}}`), No},
		{"with a second factor", allow(`"*"`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), Yes},
		{"denied", `[` + allow(`"*"`, `{}`) + `,{"Effect":"Deny","Action":"kms:*","Resource":"*"}]`, No},
		{"denied but for a tag that keys may have", `[` + allow(`"*"`, `{}`) + `,{"Effect":"Deny","Action":"kms:*","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceTag/app":"x"}}}]`, No},
		{"unreadable", allow(`"*"`, `{"Bool":{"aws:SecureTransport":"maybe"}}`), CannotTell},
	}, func(p *Policy) Answer { return CanReach([]*Policy{p}, key) })
}

// TestCanReachByName: users have a name and roles have none, so what turns on it is not known.
func TestCanReachByName(t *testing.T) {
	t.Parallel()
	allow := func(resource, condition string) string {
		return `{"Effect":"Allow","Action":"*","Resource":"` + resource + `","Condition":{` + condition + `}}`
	}
	deny := func(condition string) string {
		return `{"Effect":"Deny","Action":"bedrock:*","Resource":"*","Condition":{` + condition + `}}`
	}
	const named = `"StringLike":{"aws:username":"ml-*"}`
	ask(t, []question{
		{"allowed to a name", allow("*", named), CannotTell},
		{"denied to all but a name", `[` + allow("*", ``) + `,` + deny(`"StringNotEquals":{"aws:username":"ann"}`) + `]`, CannotTell},
		{"denied to a name", `[` + allow("*", ``) + `,` + deny(named) + `]`, Yes},
		{"allowed to a name, and denied to all", `[` + allow("*", named) + `,` + deny(``) + `]`, No},
		{"on what has the name", allow("arn:aws:bedrock:*:*:application-inference-profile/${aws:username}", ``), CannotTell},
		{"on what has the name elsewhere", allow("arn:aws:s3:::home/${aws:username}/*", ``), No},
	}, func(p *Policy) Answer { return CanReach([]*Policy{p}, Reach{Action: "bedrock:InvokeModel"}) })
}

func TestCanReachWithoutGuardrail(t *testing.T) {
	t.Parallel()
	const model = `"arn:aws:bedrock:eu-west-1::foundation-model/anthropic.*"`
	const guardrail = `{"StringEquals":{"bedrock:GuardrailIdentifier":"arn:aws:bedrock:eu-west-1:111122223333:guardrail/g1"}}`
	allow := func(condition string) string {
		return `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + model + `,"Condition":` + condition + `}`
	}
	ask(t, []question{
		{"no condition", allow(`{}`), Yes},
		{"the guardrail is demanded", allow(guardrail), No},
		{"demanded where there is one", allow(`{"StringEqualsIfExists":{"bedrock:GuardrailIdentifier":"g1"}}`), Yes},
		{"denied without it", `[` + allow(`{}`) + `,{"Effect":"Deny","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"Null":{"bedrock:GuardrailIdentifier":"true"}}}]`, No},
		{"denied unless it is the one", `[` + allow(`{}`) + `,{"Effect":"Deny","Action":"bedrock:InvokeModel*","Resource":"*","Condition":{"StringNotEquals":{"bedrock:GuardrailIdentifier":"g1"}}}]`, No},
		{"something else", `{"Effect":"Allow","Action":"bedrock:ListGuardrails","Resource":"*"}`, No},
	}, func(p *Policy) Answer {
		return CanReach([]*Policy{p}, Reach{Action: "bedrock:InvokeModel", Given: map[string][]string{"bedrock:GuardrailIdentifier": nil}})
	})
}

// A key that an Allow bears in several ways is chosen so that a Deny on the same key stays away.
func TestCanReachPastADenyOnTheSameKey(t *testing.T) {
	t.Parallel()
	both := func(allow, deny string) string {
		return `[{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":` + allow + `},
			{"Effect":"Deny","Action":"bedrock:InvokeModel","Resource":"*","Condition":` + deny + `}]`
	}
	const ifExists = `{"StringEqualsIfExists":{"bedrock:GuardrailIdentifier":["g1","g2"]}}`
	ask(t, []question{
		{"the guardrail is there", both(ifExists, `{"Null":{"bedrock:GuardrailIdentifier":"true"}}`), Yes},
		{"the other of two values", both(`{"StringEquals":{"bedrock:GuardrailIdentifier":["g1","g2"]}}`, `{"StringEquals":{"bedrock:GuardrailIdentifier":"g1"}}`), Yes},
		{"both values are denied", both(`{"StringEquals":{"bedrock:GuardrailIdentifier":["g1","g2"]}}`, `{"StringLike":{"bedrock:GuardrailIdentifier":"g*"}}`), CannotTell},
	}, func(p *Policy) Answer { return CanReach([]*Policy{p}, Reach{Action: "bedrock:InvokeModel"}) })
}

func TestEscalates(t *testing.T) {
	t.Parallel()
	allow := func(actions, resource string) string {
		return `{"Effect":"Allow","Action":` + actions + `,"Resource":` + resource + `}`
	}
	ask(t, []question{
		{"everything", allow(`"*"`, `"*"`), Yes},
		{"rewrite any policy", allow(`"iam:CreatePolicyVersion"`, `"arn:aws:iam::111122223333:policy/*"`), Yes},
		{"rewrite one policy", allow(`"iam:CreatePolicyVersion"`, `"arn:aws:iam::111122223333:policy/mine"`), No},
		{"own access keys", allow(`["iam:CreateAccessKey","iam:UpdateLoginProfile"]`, `"arn:aws:iam::*:user/${aws:username}"`), No},
		{"anyone's access keys", allow(`"iam:CreateAccessKey"`, `"arn:aws:iam::*:user/*"`), Yes},
		{"any role to a training job", allow(`["iam:PassRole","sagemaker:CreateTrainingJob"]`, `"*"`), Yes},
		{"any role, and nothing to pass it to", allow(`"iam:PassRole"`, `"*"`), No},
		{
			"any role, to another service only", `[` + allow(`"sagemaker:CreateTrainingJob"`, `"*"`) +
				`,{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"batch.amazonaws.com"}}}]`, No,
		},
		{
			"any role, to the service of the job", `[` + allow(`"sagemaker:CreateTrainingJob"`, `"*"`) +
				`,{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}}]`, Yes,
		},
		{"one role to a training job", `[` + allow(`"sagemaker:CreateTrainingJob"`, `"*"`) + `,` + allow(`"iam:PassRole"`, `"arn:aws:iam::111122223333:role/training"`) + `]`, No},
		{"any code interpreter", allow(`"bedrock-agentcore:*"`, `"*"`), Yes},
		{"reads", allow(`["iam:Get*","iam:List*","s3:*"]`, `"*"`), No},
	}, func(p *Policy) Answer { return Escalates([]*Policy{p}) })
}

func TestAllowsAllOf(t *testing.T) {
	t.Parallel()
	ask(t, []question{
		{"service", `{"Effect":"Allow","Action":"bedrock:*","Resource":"arn:aws:bedrock:*:*:agent/*"}`, Yes},
		{"one action", `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*"}`, No},
		{"all but another service", `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, Yes},
		{"all but one of its actions", `{"Effect":"Allow","NotAction":"bedrock:DeleteGuardrail","Resource":"*"}`, Yes},
		{"all but a family of its actions", `{"Effect":"Allow","NotAction":["iam:*","bedrock:Delete*"],"Resource":"*"}`, Yes},
		{"all but the service", `{"Effect":"Allow","NotAction":["iam:*","bedrock:*"],"Resource":"*"}`, No},
		{"nothing", `{"Effect":"Allow","NotAction":"*","Resource":"*"}`, No},
	}, func(p *Policy) Answer { return AllowsAllOf(p, "bedrock") })
}

func TestTrustedAccounts(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string][]string{
		trustIn(`{"AWS":["444455556666","arn:aws:iam::111122223333:root"]}`, `{}`): {"111122223333", "444455556666"},
		trustIn(`{"Service":"bedrock.amazonaws.com"}`, `{}`):                       nil,
		trustIn(`"*"`, `{}`): {"*"},
		trustIn(`"*"`, `{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`): nil,
		trustIn(`{"AWS":"AIDACKCEVSQ6C2EXAMPLE"}`, `{}`):                  nil,
	} {
		got, a := TrustedAccounts(mustParse(t, doc))
		if d := cmp.Diff(want, got); d != "" || !a.Yes() {
			t.Errorf("%s: %s (-want +got):\n%s", doc, a.Reason, d)
		}
	}
}

func TestServiceUseScoped(t *testing.T) {
	t.Parallel()
	grant := func(condition string) string {
		return `{"Effect":"Allow","Principal":{"Service":"bedrock.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*","Condition":` + condition + `}`
	}
	ask(t, []question{
		{"for anyone", grant(`{}`), No},
		{"source account", grant(`{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), Yes},
		{"encryption context of an account", grant(`{"StringLike":{"kms:EncryptionContext:aws:bedrock:arn":"arn:aws:bedrock:eu-west-1:111122223333:*"}}`), Yes},
		{"encryption context of any account", grant(`{"StringLike":{"kms:EncryptionContext:aws:bedrock:arn":"*"}}`), No},
		{"another service", `{"Effect":"Allow","Principal":{"Service":"logs.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*"}`, Yes},
		{"the account itself", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}`, Yes},
	}, func(p *Policy) Answer {
		return ServiceUseScoped(p, "bedrock.amazonaws.com", "kms:Decrypt", "kms:GenerateDataKey")
	})
}
