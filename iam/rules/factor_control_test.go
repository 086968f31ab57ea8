package rules_test

import (
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// TestTakenOnUnderControl: service control policies over the callers' account demand the factor of them, and of nobody
// whom they leave out or do not bear on.
func TestTakenOnUnderControl(t *testing.T) {
	t.Parallel()
	const (
		partner = "444455556666"
		own     = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + account + `:root"},"Action":"sts:AssumeRole"}`
		both    = `{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::` + account + `:root","arn:aws:iam::` + partner + `:root"]},"Action":"sts:AssumeRole"}`
		hop     = "arn:aws:iam::" + account + ":role/hop"
		factor  = `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`
	)
	refuse := func(action, condition string) string {
		return `{"Effect":"Deny","Action":"` + action + `","Resource":"*","Condition":{` + condition + `}}`
	}
	trusted := map[string]rules.Trust{hop: {Role: hop, Account: account, Policy: policy(t, own)}}
	roles := func(arn string) (rules.Trust, bool) {
		out, ok := trusted[arn]
		return out, ok
	}
	for _, tt := range []struct {
		name, trust, control string
		want                 iam.Verdict
	}{
		{"of everybody", own, refuse("sts:AssumeRole", factor), iam.No},
		{"of everything", own, refuse("*", factor), iam.No},
		{"of sessions alone", own, refuse("sts:AssumeRole", `"Bool":{"aws:MultiFactorAuthPresent":"false"}`), iam.Yes},
		{"of calls with long-term keys alone", own, refuse("sts:AssumeRole", `"Null":{"aws:MultiFactorAuthPresent":"true"}`), iam.Yes},
		{"of another call", own, refuse("sts:AssumeRoleWithSAML", factor), iam.Yes},
		{"of another role", own, `{"Effect":"Deny","Action":"sts:AssumeRole","NotResource":"` + roleARN + `","Condition":{` + factor + `}}`, iam.Yes},
		{"not of one user", own, refuse("sts:AssumeRole", factor+`,"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/break-glass"}`), iam.Yes},
		{"not of users with a tag", own, refuse("sts:AssumeRole", factor+`,"StringNotEquals":{"aws:PrincipalTag/exempt":"yes"}`), iam.Yes},
		{"not of a role that was not read", own, refuse("sts:AssumeRole", factor+`,"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/other"}`), iam.CannotTell},
		{"not of a name that is a tag", own, refuse("sts:AssumeRole", factor+`,"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/${aws:PrincipalTag/name}"}`), iam.CannotTell},
		{"not of calls of services", own, refuse("sts:AssumeRole", factor+`,"Bool":{"aws:ViaAWSService":"false"}`), iam.Yes},
		{"not of another account", both, refuse("sts:AssumeRole", factor), iam.Yes},
		{"by what is allowed", own, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, iam.No},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			levels := [][]*iam.Policy{{policy(t, all)}, {policy(t, all, tt.control)}}
			if tt.name == "by what is allowed" {
				levels[1] = []*iam.Policy{policy(t, tt.control)}
			}
			asked := rules.Trust{Role: roleARN, Account: account, Policy: policy(t, tt.trust), Control: func(of string) [][]*iam.Policy {
				if of != account {
					return nil
				}
				return levels
			}}
			got := rules.New(rules.Config{}).TakenOnWithoutFactor(asked, roles)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if got.Yes() && got.Guard == "" {
				t.Error("got no trust policy proposed")
			}
		})
	}
}
