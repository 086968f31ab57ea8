package assess_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestTrustNeedsNoMFAOfPlans: over a role of the same plan, whose ARN is known after apply, its own trust policy decides,
// and what is shown names it by its address.
func TestTrustNeedsNoMFAOfPlans(t *testing.T) {
	t.Parallel()
	trust := func(principal, rest string) string {
		return `{"Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"` + rest + `}]}`
	}
	const (
		rule   = `has(resource.Policy) && has(resource.RoleArn) && !trustNeedsNoMFA(resource.RoleArn, resource.Policy)`
		own    = `{"AWS":"arn:aws:iam::` + account + `:root"}`
		factor = `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`
		lambda = `{"Service":"lambda.amazonaws.com"}`
	)
	hop := trust(`{"AWS":"`+assize.PlannedARN(roleAddress)+`"}`, "")
	tests := []struct {
		name, policy string
		of           assize.Value // trust policy of the role in between
		want         assize.Outcome
		shown        string
	}{
		{"the account", trust(own, ""), trust(lambda, ""), assize.Fail, "sts:AssumeRole on (ARN of aws_iam_role.other)"},
		{"the account, with a second factor", trust(own, factor), trust(lambda, ""), assize.Pass, ""},
		{"a planned role of machines", hop, trust(lambda, ""), assize.Pass, ""},
		{"a planned role that people take on without", hop, trust(own, ""), assize.Fail, "sessions of (ARN of " + roleAddress + ")"},
		{"a planned role that people take on with", hop, trust(own, factor), assize.Pass, ""},
		{"a planned role of which that is not known", hop, &assize.Unknown{Cause: assize.UntilApply, Detail: "refers to var.trust"}, assize.Inconclusive, ""},
		{"a principal that is not known", trust(`{"AWS":"HOLE Principal"}`, ""), trust(lambda, ""), assize.Inconclusive, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			policy := strings.ReplaceAll(tt.policy, "HOLE Principal", assize.Hole)
			inv := plannedInventory(map[string]assize.Value{"Policy": policy, "RoleArn": reference("AWS::IAM::Role", assize.Global, "aws_iam_role.other")}, policy)
			for _, r := range inv.Resources {
				if r.ID == roleAddress {
					subject := *r
					subject.ID, subject.ARN, subject.Origin = "aws_iam_role.other", assize.PlannedARN("aws_iam_role.other"), &assize.Origin{Kind: "plan", Address: "aws_iam_role.other", Action: "create"}
					r.Properties = r.Properties.Set("AssumeRolePolicyDocument", tt.of)
					inv.Resources = append(inv.Resources, &subject)
				}
			}
			for f := range plannedEngine(t, rule).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
				if f.Resource == nil {
					continue
				}
				if f.Outcome != tt.want {
					t.Fatalf("got %s (%s), want %s", f.Outcome, f.Reason, tt.want)
				}
				var shown strings.Builder
				for _, e := range f.Evidence {
					shown.WriteString(e.Name + ": " + fmt.Sprint(e.Value) + "\n")
				}
				if !strings.Contains(shown.String(), tt.shown) || strings.Contains(shown.String()+f.Reason, "planned") {
					t.Errorf("got %s\n%s, want it to name %q and no stand-in", f.Reason, shown.String(), tt.shown)
				}
			}
		})
	}
}
