package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// TestOddPolicies: policies that look as if they demanded something, or nothing, and what they come to.
func TestOddPolicies(t *testing.T) {
	t.Parallel()
	const (
		invoke    = `"Action":"bedrock:InvokeModel*"`
		models    = `"Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"Resource":"*"`
		factor    = `aws:MultiFactorAuthPresent`
		guardrail = `bedrock:GuardrailIdentifier`
		region    = `aws:RequestedRegion`
	)
	allow := func(what, condition string) string {
		return `{"Effect":"Allow",` + what + `,"Condition":{` + condition + `}}`
	}
	deny := func(what, condition string) string {
		return `{"Effect":"Deny",` + what + `,"Condition":{` + condition + `}}`
	}
	on := func(what, resource string) string {
		return `{"Effect":"Allow",` + what + `,"Resource":"` + resource + `"}`
	}
	const every = `"Action":"*","Resource":"*"`
	outside := func(j *rules.Judge, p *rules.Principal) rules.Result {
		return j.OutsideRegions(p, []string{"eu-central-1"}, nil)
	}
	many := make([]string, 80) // more than are tried of one action
	for i := range many {
		many[i] = fmt.Sprintf(`"arn:aws:bedrock:eu-central-1::foundation-model/anthropic.m%d"`, i)
	}
	type question = func(*rules.Judge, *rules.Principal) rules.Result
	for _, tt := range []struct {
		name       string
		ask        question
		statements []string
		want       iam.Verdict
	}{
		{"a factor of other resources", (*rules.Judge).WithoutFactor, []string{invoking, deny(`"NotAction":"iam:*","NotResource":"arn:aws:bedrock:*::foundation-model/*"`, `"BoolIfExists":{"`+factor+`":"false"}`)}, iam.Yes},
		{"a factor by its absence", (*rules.Judge).WithoutFactor, []string{invoking, deny(every, `"Null":{"`+factor+`":"true"}`)}, iam.Yes},
		{"a factor by absence and value", (*rules.Judge).WithoutFactor, []string{invoking, deny(every, `"Null":{"`+factor+`":"true"}`), deny(every, `"Bool":{"`+factor+`":"false"}`)}, iam.No},
		{"a factor as text", (*rules.Judge).WithoutFactor, []string{invoking, deny(every, `"StringEqualsIgnoreCase":{"`+factor+`":"FALSE"}`)}, iam.Yes},
		{"a factor for all values", (*rules.Judge).WithoutFactor, []string{allow(models, `"ForAllValues:Bool":{"`+factor+`":"true"}`)}, iam.Yes},
		{"no factor for all values", (*rules.Judge).WithoutFactor, []string{invoking, deny(every, `"ForAllValues:Bool":{"`+factor+`":"false"}`)}, iam.No},
		{"no factor for any value", (*rules.Judge).WithoutFactor, []string{invoking, deny(every, `"ForAnyValue:Bool":{"`+factor+`":"false"}`)}, iam.Yes},
		{"a guardrail for all values", (*rules.Judge).Unguarded, []string{allow(models, `"ForAllValues:StringEquals":{"`+guardrail+`":"x"}`)}, iam.Yes},
		{"another guardrail for any value", (*rules.Judge).Unguarded, []string{invoking, deny(models, `"ForAnyValue:StringNotEquals":{"`+guardrail+`":"x"}`)}, iam.Yes},
		{"a guardrail in one Region", (*rules.Judge).Unguarded, []string{invoking, deny(models, `"Null":{"`+guardrail+`":"true"},"StringEquals":{"`+region+`":"eu-central-1"}`)}, iam.Yes},
		{"a guardrail but in Canada", (*rules.Judge).Unguarded, []string{invoking, deny(models, `"Null":{"`+guardrail+`":"true"},"StringNotLike":{"`+region+`":"ca-*"}`)}, iam.Yes},
		{"a guardrail but for models in Canada", (*rules.Judge).Unguarded, []string{on(invoke, "*"), deny(invoke+`,"NotResource":"arn:aws:bedrock:ca-*:*:*"`, `"Null":{"`+guardrail+`":"true"}`)}, iam.Yes},
		{"Regions that begin alike", outside, []string{invoking, deny(every, `"StringNotLike":{"`+region+`":["eu-central-1","ca-*"]}`)}, iam.Yes},
		{"Regions but for one letter", outside, []string{on(invoke, "arn:aws:bedrock:eu-central-?::foundation-model/*")}, iam.Yes},
		{"models of other Regions", outside, []string{on(invoke, "*"), deny(`"Action":"*","NotResource":"arn:aws:bedrock:sa-*::foundation-model/*"`, `"StringNotEquals":{"`+region+`":"eu-central-1"}`)}, iam.Yes},
		{"the last of many models", outside, []string{`{"Effect":"Allow",` + invoke + `,"Resource":[` + strings.Join(many, ",") + `,"arn:aws:bedrock:ca-central-1::foundation-model/anthropic.x"]}`}, iam.Yes},
		{"a Region in capitals", outside, []string{invoking, deny(every, `"StringNotEqualsIgnoreCase":{"`+region+`":"EU-CENTRAL-1"}`)}, iam.No},
		{"a Region that follows from the caller", outside, []string{allow(models, `"StringEquals":{"`+region+`":"${aws:PrincipalTag/region}"}`)}, iam.CannotTell},
		{"all models but", (*rules.Judge).UnnamedModels, []string{`{"Effect":"Allow",` + invoke + `,"NotResource":"arn:aws:bedrock:*::foundation-model/anthropic.*"}`}, iam.Yes},
		{"models of a version", (*rules.Judge).UnnamedModels, []string{on(invoke, "arn:aws:bedrock:*::foundation-model/*-v2:0")}, iam.Yes},
		{"models of a provider", (*rules.Judge).UnnamedModels, []string{on(invoke, "arn:aws:bedrock:*::foundation-model/ai21.*")}, iam.No},
		{"models in Canada", (*rules.Judge).UnnamedModels, []string{on(invoke, "arn:aws:bedrock:ca-*::foundation-model/*")}, iam.Yes},
		{"every address of the newer kind", (*rules.Judge).FromAnywhere, []string{allow(models, `"IpAddress":{"aws:SourceIp":"::/0"}`)}, iam.Yes},
		{"half of all addresses", (*rules.Judge).FromAnywhere, []string{allow(models, `"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}`)}, iam.Yes},
		{"but from every address of the older kind", (*rules.Judge).FromAnywhere, []string{invoking, deny(every, `"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`)}, iam.Yes},
		{"but from one network", (*rules.Judge).FromAnywhere, []string{invoking, deny(every, `"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)}, iam.No},
		{"an endpoint for all values", (*rules.Judge).FromAnywhere, []string{allow(models, `"ForAllValues:StringEquals":{"aws:SourceVpce":"vpce-1"}`)}, iam.Yes},
		{"TLS as text", (*rules.Judge).WithoutTLS, []string{invoking, deny(every, `"StringEquals":{"aws:SecureTransport":"False"}`)}, iam.Yes},
		{"a service by a pattern", (*rules.Judge).PassesToAnyService, []string{allow(`"Action":"IAM:passrole","Resource":"arn:aws:iam::*:role/*"`, `"StringLikeIfExists":{"iam:PassedToService":"*.amazonaws.com"}`)}, iam.Yes},
		{"a boundary for all values", (*rules.Judge).UnboundRoles, []string{allow(`"Action":"iam:CreateRole","Resource":"*"`, `"ForAllValues:StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}`)}, iam.Yes},
		{"an account with a wildcard", (*rules.Judge).UnboundRoles, []string{on(`"Action":"iam:Create?ole"`, "arn:aws:iam::1111222?3333:role/*")}, iam.Yes},
		{"guardrails of an account with a wildcard", (*rules.Judge).Governs, []string{on(`"Action":"bedroc?:DeleteGuardrai*"`, "arn:aws:bedrock:ca-*:1111*:guardrail/*")}, iam.Yes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := user(t, tt.statements...)
			p.Regions = []string{"eu-central-1"}
			got := tt.ask(rules.New(rules.Config{}), p)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want == iam.Yes {
				checkFault(t, p, got, tt.ask)
			}
		})
	}
}
