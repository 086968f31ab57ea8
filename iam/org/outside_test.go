package org_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// TestOutside: whom no list of users and roles has.
func TestOutside(t *testing.T) {
	t.Parallel()
	policy := func(statement string) *iam.Policy {
		p, err := iam.Parse([]byte(statements(statement)))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const public, shared, closed, locked = "arn:aws:s3:::public", "arn:aws:s3:::shared", "arn:aws:s3:::closed", "arn:aws:s3:::locked"
	key := "arn:aws:kms:us-east-1:" + home + ":key/k1"
	runtime := "arn:aws:bedrock-agentcore:us-east-1:" + home + ":runtime/r1"
	bucket := func(arn, key, statement string) *plan.Resource {
		return &plan.Resource{ARN: arn, Kind: plan.Bucket, Account: home, Region: "us-east-1", Key: key, TagsKnown: true, Policy: policy(statement)}
	}
	anyone := func(arn string) string {
		return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"` + arn + `/*"}`
	}
	w := world{resources: []*plan.Resource{
		bucket(public, "", anyone(public)),
		bucket(shared, "", strings.Replace(anyone(shared), `"*"`, `{"AWS":"555566667777"}`, 1)),
		bucket(closed, "", strings.Replace(anyone(closed), `"*"`, `{"AWS":"`+other+`"}`, 1)),
		bucket(locked, key, anyone(locked)),
		{ARN: key, Kind: plan.Key, Account: home, Region: "us-east-1", Policy: policy(`{"Effect":"Allow","Principal":{"AWS":"` + home + `"},"Action":"kms:*","Resource":"*"}`)},
		{ARN: runtime, Kind: plan.Runtime, Account: home, Region: "us-east-1", JWT: true},
	}}
	a := w.build(t)
	for _, tt := range []struct{ operation, target, want string }{
		{"s3:GetObject", public + "/x", "the policy of " + public + " lets others in"},
		{"s3:PutObject", public + "/x", ""},
		{"s3:GetObject", shared + "/x", "account 555566667777"},
		{"s3:GetObject", closed + "/x", ""},
		{"s3:GetObject", locked + "/x", ""},
		{"s3:GetObject", "arn:aws:s3:::unknown/x", ""},
		{"bedrock-agentcore:InvokeAgentRuntime", runtime, "a token of an identity provider"},
	} {
		got := strings.Join(a.Outside(plan.Call{Operation: tt.operation, Target: tt.target}), "; ")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s on %s: got %q, want %q", tt.operation, tt.target, got, tt.want)
		}
	}
	if _, err := a.Plan(plan.Call{Operation: "no:Such"}); err == nil || len(a.Outside(plan.Call{Operation: "no:Such"})) > 0 {
		t.Error("no call: got somebody who makes it")
	}
}
