package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

const (
	userARN = "arn:aws:iam::" + account + ":user/app"
	// demandsFactor is what AWS recommends, looksAtSessions what it warns of ("AWS global condition context keys").
	demandsFactor   = `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`
	looksAtSessions = `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`
)

// user is an IAM user with one identity policy.
func user(t *testing.T, statements ...string) *rules.Principal {
	t.Helper()
	p := principal(t, statements...)
	p.Principal.Principal = iam.Principal{Kind: iam.User, ARN: userARN, Account: account}
	return p
}

func allowWhen(condition string) string {
	return `{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"Resource":` + claude + `,"Condition":{` + condition + `}}`
}

// TestWithoutFactor: what a user may do without a second factor, by what the policies say of it.
func TestWithoutFactor(t *testing.T) {
	t.Parallel()
	const batch = `{"Effect":"Allow","Action":"bedrock:CreateModelInvocationJob","Resource":"*"}`
	tests := []struct {
		name       string
		statements []string
		want       iam.Verdict
		witness    string
	}{
		{"nothing is demanded", []string{invoking}, iam.Yes, "no second factor"},
		{"the Deny that AWS recommends", []string{invoking, demandsFactor}, iam.No, ""},
		{"a Deny of sessions lets long-term keys through", []string{invoking, looksAtSessions}, iam.Yes, "no second factor"},
		{"an Allow with a second factor", []string{allowWhen(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`)}, iam.No, ""},
		{"an Allow of a second factor where there is a session", []string{allowWhen(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`)}, iam.Yes, "no second factor"},
		{"an Allow of any session", []string{allowWhen(`"Null":{"aws:MultiFactorAuthPresent":"false"}`)}, iam.Yes, "aws:MultiFactorAuthPresent = false"},
		{"a young second factor", []string{allowWhen(`"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}`)}, iam.No, ""},
		{"a Deny of old second factors alone", []string{invoking, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}}}`}, iam.Yes, "no second factor"},
		{"the Deny forgets batch jobs", []string{
			invoking, batch, `{"Effect":"Deny","Action":"bedrock:InvokeModel*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`,
		}, iam.Yes, "bedrock:CreateModelInvocationJob"},
		{"mantle", []string{`{"Effect":"Allow","Action":"bedrock-mantle:*","Resource":"*"}`}, iam.Yes, "bedrock-mantle:CreateInference"},
		{"no models", []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`}, iam.No, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := user(t, tt.statements...)
			got := rules.New(rules.Config{}).WithoutFactor(p)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want != iam.Yes {
				return
			}
			checkFault(t, p, got, (*rules.Judge).WithoutFactor)
			if w := got.Witnesses[0].String(); !strings.Contains(w, tt.witness) {
				t.Errorf("got witness %s, want it to contain %q", w, tt.witness)
			}
			if !strings.Contains(got.Guard, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`) {
				t.Errorf("got proposal %s, want the Deny that AWS recommends", got.Guard)
			}
		})
	}
}

// TestThroughServices: a Deny that spares what services send leaves a way around, unless it refuses every call from which
// that could begin.
func TestThroughServices(t *testing.T) {
	t.Parallel()
	const (
		spares   = `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false","aws:ViaAWSService":"false"}`
		bedrock  = `{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:RetrieveAndGenerate"],"Resource":"*"}`
		only     = "in calls alone that a service makes for it"
		open     = only + " (aws:ViaAWSService): its own calls of models demand one. bedrock:RetrieveAndGenerate, which makes such calls, demands none"
		notFound = "bedrock:RetrieveAndGenerate, which makes such calls, was not found open without one"
	)
	refuse := func(what, condition string) string {
		return `{"Effect":"Deny",` + what + `,"Condition":{` + condition + `}}`
	}
	const everything = `"Action":"*","Resource":"*"`
	for _, tt := range []struct {
		name   string
		deny   string
		want   iam.Verdict
		reason string
	}{
		{"every call", refuse(everything, spares), iam.No, "after a second factor only"},
		{"all but how to get a factor", refuse(`"NotAction":["iam:EnableMFADevice","iam:List*","sts:GetSessionToken"],"Resource":"*"`, spares), iam.No, "after a second factor only"},
		{"all but another service", refuse(`"NotAction":["iam:*","s3:*"],"Resource":"*"`, spares), iam.Yes, notFound},
		{"all but a pattern", refuse(`"NotAction":["iam*","sts:*"],"Resource":"*"`, spares), iam.Yes, only},
		{"calls of models", refuse(`"Action":"bedrock:Invoke*","Resource":"*"`, spares), iam.Yes, open},
		{"some resources", refuse(`"Action":"*","NotResource":"arn:aws:bedrock:*:*:knowledge-base/*"`, spares), iam.Yes, only},
		{"not where a service does not say", refuse(everything, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},"Bool":{"aws:ViaAWSService":"false"}`), iam.Yes, notFound},
		{"not with long-term keys", refuse(everything, `"Bool":{"aws:MultiFactorAuthPresent":"false"},"BoolIfExists":{"aws:ViaAWSService":"false"}`), iam.Yes, "without a second factor"},
		{"not from one network", refuse(everything, spares+`,"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), iam.Yes, "without a second factor"},
		{"and that of a service, too", refuse(everything, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`), iam.No, "after a second factor only"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := user(t, bedrock, tt.deny)
			got := rules.New(rules.Config{}).WithoutFactor(p)
			if got.Verdict != tt.want || !strings.Contains(got.Reason, tt.reason) {
				t.Fatalf("got %v (%s), want %v because %q", got.Verdict, got.Reason, tt.want, tt.reason)
			}
			if tt.want == iam.Yes {
				checkFault(t, p, got, (*rules.Judge).WithoutFactor)
			}
		})
	}
}

// TestWithoutFactorLayers: boundary and control policies count; one that was not read leaves the answer open unless
// another decides. A role gets no policy proposed that would cut it off.
func TestWithoutFactorLayers(t *testing.T) {
	t.Parallel()
	p := user(t, invoking)
	p.Policies.ServiceControl = [][]*iam.Policy{{policy(t, all, demandsFactor)}}
	role := principal(t, invoking)
	unread := user(t, invoking)
	unread.Policies.ServiceControl = [][]*iam.Policy{{iam.Unreadable("scp", "")}}
	decided := user(t, invoking)
	decided.Policies.ServiceControl = [][]*iam.Policy{{iam.Unreadable("scp", "")}, {policy(t, all, demandsFactor)}}
	bounded := user(t, invoking)
	bounded.Policies.Boundary = policy(t, allowWhen(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`))
	for name, tt := range map[string]struct {
		p    *rules.Principal
		want iam.Verdict
	}{
		"control policy": {p, iam.No}, "not read": {unread, iam.CannotTell}, "decided by another": {decided, iam.No},
		"boundary": {bounded, iam.No}, "role": {role, iam.Yes},
	} {
		got := rules.New(rules.Config{}).WithoutFactor(tt.p)
		if got.Verdict != tt.want || got.Yes() && got.Guard != "" {
			t.Errorf("%s: got %v (%s) with proposal %q, want %v without", name, got.Verdict, got.Reason, got.Guard, tt.want)
		}
	}
}

// TestTakenOnWithoutFactor: who can take on a role without a second factor, by its trust policy.
func TestTakenOnWithoutFactor(t *testing.T) {
	t.Parallel()
	const (
		own     = `{"AWS":"arn:aws:iam::111122223333:root"}`
		factor  = `"Bool":{"aws:MultiFactorAuthPresent":"true"}`
		lambda  = `{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`
		saml    = `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML"}`
		partner = `{"AWS":"arn:aws:iam::444455556666:user/ann"}`
		hop     = "arn:aws:iam::111122223333:role/"
	)
	trust := func(principal, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole","Condition":{` + condition + `}}`
	}
	many := make([]string, 70)
	for i := range many {
		many[i] = fmt.Sprintf(`"arn:aws:iam::111122223333:user/u%d"`, i)
	}
	byRole := func(name string) string { return trust(`{"AWS":"`+hop+name+`"}`, ``) }
	tests := []struct {
		name       string
		statements []string
		want       iam.Verdict
		mended     bool
	}{
		{"the account", []string{trust(own, ``)}, iam.Yes, true},
		{"the account, with a second factor", []string{trust(own, factor)}, iam.No, false},
		{"the account, where there is a session", []string{trust(own, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`)}, iam.Yes, true},
		{"a user of another account, with an external id", []string{trust(partner, `"StringEquals":{"sts:ExternalId":"x"}`)}, iam.Yes, true},
		{"a user and a service", []string{trust(`{"AWS":"444455556666","Service":"lambda.amazonaws.com"}`, ``)}, iam.Yes, true},
		{"a Deny", []string{trust(own, ``), `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`}, iam.No, false},
		{"a Deny that leaves one user out", []string{
			trust(own, ``), `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/break-glass"}}}`,
		}, iam.Yes, true},
		{"one user by its name", []string{trust(own, factor), trust(own, `"StringEquals":{"aws:username":"bob"}`)}, iam.Yes, true},
		{"one user by its ARN, of anybody", []string{trust(`"*"`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:user/b*"}`)}, iam.Yes, false},
		{"anybody of an organization, with a second factor", []string{trust(`{"AWS":"*"}`, factor+`,"StringEquals":{"aws:PrincipalOrgID":"o-abc"}`)}, iam.No, false},
		{"anybody of other accounts", []string{trust(own, factor), trust(`{"AWS":"*"}`, `"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}`)}, iam.Yes, true},
		{"anybody of an account", []string{trust(`{"AWS":"*"}`, `"StringEquals":{"aws:PrincipalAccount":"444455556666"}`)}, iam.Yes, true},
		{"whose ARN holds a word", []string{trust(own, factor), trust(own, `"StringLike":{"aws:PrincipalArn":"*admin?"}`)}, iam.Yes, true},
		{"of a kind that is not said", []string{trust(own, factor), trust(own, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:*/ops"}`)}, iam.Yes, true},
		{"whose ARN has a tag", []string{trust(own, factor), trust(own, `"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/${aws:PrincipalTag/team}"}`)}, iam.CannotTell, false},
		{"whose name is a tag", []string{trust(own, factor), trust(own, `"StringEquals":{"aws:username":"${aws:PrincipalTag/name}"}`)}, iam.CannotTell, false},
		{"by unique id", []string{trust(own, `"StringLike":{"aws:userid":"AIDAEXAMPLEEXAMPLE"}`)}, iam.Yes, true},
		{"all but one", []string{`{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/x"},"Action":"sts:AssumeRole"}`}, iam.CannotTell, false},
		{"more users than are tried", []string{trust(`{"AWS":[`+strings.Join(many, ",")+`]}`, factor)}, iam.CannotTell, false},
		{"services alone", []string{lambda}, iam.No, false},
		{"an identity provider", []string{saml}, iam.No, false},
		{"a role of machines", []string{byRole("machine")}, iam.No, false},
		{"a role that people take on without", []string{byRole("people")}, iam.Yes, false},
		{"a role that people take on with", []string{byRole("careful")}, iam.No, false},
		{"a role that was not read", []string{byRole("elsewhere")}, iam.CannotTell, false},
		{"itself", []string{byRole("app")}, iam.No, false},
		{"some role of the account", []string{trust(own, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}`)}, iam.CannotTell, false},
		{"a session of a role of machines", []string{trust(`{"AWS":"arn:aws:sts::111122223333:assumed-role/machine/i-1"}`, ``)}, iam.No, false},
	}
	known := map[string]rules.Trust{
		hop + "machine": {Policy: policy(t, lambda)},
		hop + "people":  {Policy: policy(t, trust(own, ``))},
		hop + "careful": {Policy: policy(t, trust(own, factor))},
	}
	roles := func(arn string) (rules.Trust, bool) {
		out, ok := known[arn]
		out.Role, out.Account = arn, account
		return out, ok
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := rules.Trust{Role: roleARN, Account: account, Policy: policy(t, tt.statements...)}
			got := rules.New(rules.Config{}).TakenOnWithoutFactor(asked, roles)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			for _, w := range got.Witnesses {
				if !w.Decision.Allowed() || w.Action != "sts:AssumeRole" {
					t.Errorf("witness %s is %s, want it allowed", w, w.Decision)
				}
			}
			if got.Yes() == (len(got.Witnesses) == 0) {
				t.Errorf("got witnesses %v", got.Witnesses)
			}
			if diff := cmp.Diff(tt.mended, got.Guard != ""); diff != "" {
				t.Fatalf("a trust policy is proposed (-want +got):\n%s%s", diff, got.Guard)
			}
			if got.Guard == "" {
				return
			}
			mended, err := iam.Parse([]byte(got.Guard))
			if err != nil {
				t.Fatalf("the proposed policy %q: %v", got.Guard, err)
			}
			asked.Policy = mended
			if after := rules.New(rules.Config{}).TakenOnWithoutFactor(asked, roles); !after.No() {
				t.Errorf("with %s the answer is %v (%s), want No", got.Guard, after.Verdict, after.Reason)
			}
			if was, is := trusts(t, tt.statements...), iam.TrustsService(mended, "lambda.amazonaws.com"); was.Verdict != is.Verdict {
				t.Errorf("with %s the trust in Lambda is %v, want %v", got.Guard, is.Verdict, was.Verdict)
			}
		})
	}
}

func trusts(t *testing.T, statements ...string) iam.Answer {
	t.Helper()
	return iam.TrustsService(policy(t, statements...), "lambda.amazonaws.com")
}
