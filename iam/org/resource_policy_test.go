package org_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// TestBedrockResourcePolicies: the policy of a guardrail lets another account in, denies in its own,
// and decides nothing where it was not read.
func TestBedrockResourcePolicies(t *testing.T) {
	t.Parallel()
	parse := func(list ...string) *iam.Policy {
		p, err := iam.Parse([]byte(statements(list...)))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	grant := func(effect, principal string) string {
		return `{"Effect":"` + effect + `","Principal":{"AWS":"` + principal + `"},"Action":"bedrock:ApplyGuardrail","Resource":"` + guardrailARN + `"}`
	}
	tests := []struct {
		name       string
		policy     *iam.Policy
		here, away org.Outcome
	}{
		{"none", nil, org.Always, org.Never},
		{"another account is let in", parse(grant("Allow", roleARN(other, "r"))), org.Always, org.Always},
		{"a third account is let in", parse(grant("Allow", "777788889999")), org.Always, org.Never},
		{"it denies in its own account", parse(grant("Deny", roleARN(home, "r"))), org.Never, org.Never},
		{"it was not read", iam.Unreadable("ResourcePolicy", "denied"), org.Unknown, org.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			role := testRole{trust: lambdaTrust, allow: []string{allow("bedrock:ApplyGuardrail", "*")}}
			a := world{
				roles:     map[string]testRole{home + "/r": role, other + "/r": role},
				resources: []*plan.Resource{{ARN: guardrailARN, Kind: plan.Guardrail, Account: home, Region: "us-east-1", TagsKnown: true, Policy: tt.policy}},
			}.build(t)
			c := plan.Call{Operation: "bedrock:ApplyGuardrail", Target: guardrailARN}
			for account, want := range map[string]org.Outcome{home: tt.here, other: tt.away} {
				if got := ask(t, a, roleARN(account, "r"), c); got.Outcome != want {
					t.Errorf("%s: got %s %v, want %s", account, got.Outcome, got.Causes, want)
				}
			}
			beyond := strings.Join(a.Outside(c), " ")
			if got, want := strings.Contains(beyond, "777788889999"), tt.name == "a third account is let in"; got != want {
				t.Errorf("who else: got %q", beyond)
			}
		})
	}
}
