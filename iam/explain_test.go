package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLacking(t *testing.T) {
	t.Parallel()
	key := "arn:aws:kms:us-east-1:111122223333:key/k"
	federated := Principal{Kind: FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/bob"}
	get := func(caller Principal) Request {
		return Request{Principal: caller, Action: "s3:GetObject", Resource: bucket + "/k", ResourceAccount: account1}
	}
	abroad := get(user())
	abroad.ResourceAccount = account2
	cases := []struct {
		name     string
		request  Request
		policies Policies
		want     []string
	}{
		{"nothing", get(user()), Policies{}, []string{"identity: no statement allows"}},
		{"allowed", get(user()), Policies{Identity: policies(t, allowAll)}, nil},
		{
			"boundary, session and a level", get(session()),
			Policies{
				Identity: policies(t, allowAll), Boundary: mustParse(t, allowEC2), Session: policies(t, allowEC2),
				ServiceControl: [][]*Policy{policies(t, allowAll), policies(t, allowEC2), {}}, Endpoint: mustParse(t, naming("Allow", account2)),
			},
			[]string{
				"boundary: no statement allows", "session: no statement allows", "endpoint: no statement allows",
				"service control level 1: no statement allows", "service control level 2: no statement allows",
			},
		},
		{"another account", abroad, Policies{Identity: policies(t, allowAll)}, []string{"resource: the resource is in account 444455556666, and it names neither the caller nor its account"}},
		{
			"a key that does not delegate",
			Request{Principal: user(), Action: "kms:Decrypt", Resource: key},
			Policies{Identity: policies(t, allowAll), Resource: mustParse(t, naming("Allow", account2))},
			[]string{"resource: it names neither the caller nor its account"},
		},
		{"federated", get(federated), Policies{Identity: policies(t, allowAll)}, []string{"session: a federated user without session policy has no permissions"}},
		{"anonymous", get(AnonymousPrincipal()), Policies{}, []string{"resource: no statement allows"}},
	}
	for _, c := range cases {
		var got []string
		for _, k := range c.policies.Explain(mustPrepare(t, c.request)).Lacking {
			got = append(got, k.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestExplainWhatNoPolicyDecides: the steps do not contradict the decision where a rule of AWS overrides them.
func TestExplainWhatNoPolicyDecides(t *testing.T) {
	t.Parallel()
	root := mustPrincipal(t, "arn:aws:iam::111122223333:root")
	p := Policies{Identity: policies(t, denyAll), Resource: mustParse(t, `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`)}
	free := p.Explain(mustPrepare(t, Request{Principal: user(), Action: "sts:GetCallerIdentity", Resource: "*"}))
	if !free.Decision.Allowed() || len(free.Steps) > 0 {
		t.Errorf("got %s, want allowed without steps", free)
	}
	p.Identity = nil
	repair := p.Explain(mustPrepare(t, Request{Principal: root, Action: "s3:PutBucketPolicy", Resource: bucket, ResourceAccount: account1}))
	if !repair.Decision.Allowed() || len(repair.Because()) > 0 {
		t.Errorf("got %s, want allowed, and no Deny that applies", repair)
	}
}

// TestRoleWithUnknownPath: names of roles are unique in an account, so a policy that names the role with its path
// names the caller whose session ARN does not show it.
func TestRoleWithUnknownPath(t *testing.T) {
	t.Parallel()
	caller := mustPrincipal(t, sessARN)
	for principal, want := range map[string]Outcome{
		roleARN:                                Allowed,
		"arn:aws:iam::111122223333:role/app":   Allowed,
		"arn:aws:iam::111122223333:role/app/x": ImplicitlyDenied,
		"arn:aws:iam::444455556666:role/app":   ImplicitlyDenied,
		"arn:aws:iam::111122223333:user/app":   ImplicitlyDenied,
	} {
		p := Policies{Resource: mustParse(t, naming("Allow", principal))}
		got := p.Decide(mustPrepare(t, Request{Principal: caller, Action: "s3:GetObject", Resource: bucket, ResourceAccount: account1})).Outcome
		if got != want {
			t.Errorf("%s: got %s, want %s", principal, got, want)
		}
	}
}
