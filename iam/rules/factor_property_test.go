package rules_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// TestTakenOnIsProved: where random trust policies, under random control policies over callers of one account, are said
// to demand a second factor, the concrete evaluator refuses each of many requests without one.
func TestTakenOnIsProved(t *testing.T) {
	t.Parallel()
	own := parsed(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, pool ...string) string { return rapid.SampledFrom(pool).Draw(t, name) }
		var statements []string
		for range rapid.IntRange(1, 4).Draw(t, "statements") {
			effect := pick("effect", "Allow", "Allow", "Deny")
			principal := pick("principal", `{"AWS":"111122223333"}`, `{"AWS":"arn:aws:iam::444455556666:root"}`, `{"AWS":"arn:aws:iam::111122223333:user/bob"}`, `"*"`, `{"Service":"lambda.amazonaws.com"}`)
			condition := pick("condition", ``, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`,
				`"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`, `"StringEquals":{"aws:username":"bob"}`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/b*"}`,
				`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/ops/*"},"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`,
				`"StringNotEquals":{"aws:username":"eve"},"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`,
				`"StringNotEquals":{"aws:PrincipalAccount":"444455556666"}`, `"StringEquals":{"sts:ExternalId":"x"}`, `"Null":{"aws:MultiFactorAuthPresent":"false"}`)
			statements = append(statements, `{"Effect":"`+effect+`","Principal":`+principal+`,"Action":"sts:AssumeRole","Condition":{`+condition+`}}`)
		}
		trust := parsed(t, statements...)
		levels := [][]*iam.Policy{{own}, {own, parsed(t, `{"Effect":"Deny","Action":"`+pick("action", "sts:AssumeRole", "sts:*", "s3:*")+`","Resource":"*","Condition":{`+
			pick("limit", `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`, `"Bool":{"aws:MultiFactorAuthPresent":"false"}`,
				`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/b*"}`,
				`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},"StringNotEquals":{"aws:username":"eve"}`)+`}}`)}}
		control := func(of string) [][]*iam.Policy {
			if of != account {
				return nil
			}
			return levels
		}
		got := rules.New(rules.Config{}).TakenOnWithoutFactor(rules.Trust{Role: roleARN, Account: account, Policy: trust, Control: control}, func(string) (rules.Trust, bool) { return rules.Trust{}, false })
		if !got.No() {
			return
		}
		for _, caller := range []string{"111122223333:user/ann", "111122223333:user/bob", "111122223333:user/eve", "111122223333:user/ops/joe", "444455556666:user/bob", "444455556666:user/ann", "111122223333:role/other", "444455556666:role/other"} {
			for _, keys := range []map[string][]string{{}, {"aws:TokenIssueTime": {"2026-01-01T00:00:00Z"}, "aws:MultiFactorAuthPresent": {"false"}}} {
				keys["sts:ExternalId"] = []string{"x"}
				p, err := iam.ParsePrincipal("arn:aws:iam::" + caller)
				if err != nil {
					t.Fatal(err)
				}
				policies := iam.Policies{Identity: []*iam.Policy{own}, Resource: trust, ServiceControl: control(p.Account)}
				request := iam.Request{Principal: p, Action: "sts:AssumeRole", Resource: roleARN, ResourceAccount: account, Context: iam.NewContext(keys)}
				if policies.Decide(mustPrepare(t, request)).Allowed() {
					t.Fatalf("%s with %v takes on the role, and the answer is %s", caller, keys, got.Reason)
				}
			}
		}
	})
}

func parsed(t interface{ Fatal(...any) }, statements ...string) *iam.Policy {
	p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustPrepare(t interface{ Fatal(...any) }, r iam.Request) *iam.Prepared {
	p, err := iam.Prepare(r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
