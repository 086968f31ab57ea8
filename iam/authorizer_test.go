package iam

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAuthorizer(t *testing.T) {
	t.Parallel()
	a, err := NewAuthorizer(Documents{
		Identity: []Document{{Name: "reader", JSON: []byte(`{"Version":"2012-10-17","Statement":[
			{"Sid":"Read","Effect":"Allow","Action":["auditmanager:Get*","auditmanager:List*"],"Resource":"*"},
			{"Sid":"NoDelete","Effect":"Deny","Action":"auditmanager:Delete*","Resource":"*"}]}`)}},
		Boundary: &Document{Name: "limit", JSON: []byte(`{"Statement":` + allowAll + `}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Outcome{
		"auditmanager:ListAssessments":  Allowed,
		"auditmanager:GetControl":       Allowed,
		"auditmanager:CreateControl":    ImplicitlyDenied,
		"auditmanager:DeleteAssessment": ExplicitlyDenied,
	}
	got := map[string]Outcome{}
	for action := range want {
		d, err := a.Decide(Request{Principal: session(), Action: action, Resource: "*"})
		if err != nil {
			t.Fatal(err)
		}
		got[action] = d.Outcome
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
	why, err := a.Explain(Request{Principal: session(), Action: "auditmanager:DeleteAssessment", Resource: "*"})
	if err != nil || !strings.Contains(why.String(), "NoDelete") {
		t.Errorf("got %v, %v, want an explanation that names the statement NoDelete", why, err)
	}
	if _, err := a.Explain(Request{Principal: session(), Action: "nonsense"}); err == nil {
		t.Error("explanation of an action without service: got no error")
	}
	if _, err := a.Decide(Request{Principal: session(), Action: "nonsense"}); err == nil {
		t.Error("action without service: got no error")
	}
}

func TestAuthorizerRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]Documents{
		`identity policy "p": line 1, column 1: expected a JSON value, found the end of the document`: {Identity: []Document{{Name: "p"}}},
		`policy "p": line 1, column 14: identity policies do not accept the statement: it has a Principal element`: {
			Identity: []Document{{Name: "p", JSON: []byte(`{"Statement":` + allowAnyone + `}`)}},
		},
		`policy "k": line 1, column 14: resource policies do not accept the statement: it has no Principal element`: {
			Resource: &Document{Name: "k", JSON: []byte(`{"Statement":` + allowAll + `}`)},
		},
		`policy "s": line 1, column 14: service control policies do not accept the statement: it has no Resource element`: {
			ServiceControl: [][]Document{{{Name: "s", JSON: []byte(`{"Statement":{"Effect":"Allow","Action":"*"}}`)}}},
		},
	}
	for want, d := range cases {
		_, err := NewAuthorizer(d)
		if err == nil {
			t.Errorf("got no error, want %s", want)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
		var at *ParseError
		if !errors.As(err, &at) {
			t.Errorf("got %T, want a *ParseError inside", err)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	p := Policies{
		Identity: []*Policy{mustParse(t, `[{"Sid":"A","Effect":"Allow","Action":"s3:Put*","Resource":"*"},
			{"Sid":"B","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::other"},
			{"Sid":"C","Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]`).Named("reader")},
		Resource:       mustParse(t, naming("Allow", "444455556666")).Named("bucket"),
		ServiceControl: [][]*Policy{{Unreadable("scp", "access denied")}},
	}
	q := mustPrepare(t, Request{Principal: session(), Action: "s3:GetObject", Resource: bucket + "/k", ResourceAccount: account1})
	var got []string
	for _, s := range p.Explain(q).Steps {
		got = append(got, strings.Join([]string{s.Layer.String(), s.Policy, s.Sid, s.Reason}, "|"))
	}
	want := []string{
		"identity|reader|A|Action does not match s3:getobject",
		"identity|reader|B|Resource does not match arn:aws:s3:::data/k",
		"identity|reader|C|condition Bool aws:SecureTransport at line 3, column 84 does not hold",
		"resource|bucket||Principal does not name the caller",
		"service control|scp||access denied",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if text := p.Explain(q).String(); !strings.Contains(text, `identity policy "reader", statement 1 (B) at line 2, column 4: Allow does not apply: Resource does not match`) {
		t.Errorf("got\n%s", text)
	}
}

func TestBecause(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: policies(t, allowAll, allowEC2, denyAll)}
	got := p.Explain(mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: bucket})).Because()
	if len(got) != 1 || got[0].Effect != Deny {
		t.Errorf("got %v, want the Deny alone", got)
	}
}

func TestParsePrincipal(t *testing.T) {
	t.Parallel()
	kinds := map[string]PrincipalKind{
		"arn:aws:iam::111122223333:root": RootUser, userARN: User, roleARN: RoleSession, sessARN: RoleSession,
		"arn:aws:sts::111122223333:federated-user/f": FederatedUser,
	}
	for arn, want := range kinds {
		if got := mustPrincipal(t, arn).Kind; got != want {
			t.Errorf("%s: got kind %d, want %d", arn, got, want)
		}
	}
	for _, arn := range []string{"", "x", "arn:aws:iam::1:group/g", "arn:aws:sts::1:assumed-role/r", "arn:aws:iam::1:user/", "*"} {
		if _, err := ParsePrincipal(arn); err == nil {
			t.Errorf("%q: got no error", arn)
		}
	}
}

func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]Request{
		"no principal":         {Action: "s3:GetObject"},
		"no account":           {Principal: Principal{Kind: User}, Action: "s3:GetObject"},
		"wildcard in action":   {Principal: user(), Action: "s3:*"},
		"action without name":  {Principal: user(), Action: "s3:"},
		"action without colon": {Principal: user(), Action: "s3"},
	} {
		if _, err := Prepare(r); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestDerivedKeys(t *testing.T) {
	t.Parallel()
	cases := []struct {
		caller         Principal
		operator, want string
	}{
		{session(), "ArnEquals", `"aws:PrincipalArn":"` + roleARN + `"`},
		{Principal{Kind: RoleSession, ARN: sessARN}, "ArnEquals", `"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"`},
		{user(), "StringEquals", `"aws:username":"alice"`},
		{user(), "StringEquals", `"aws:PrincipalAccount":"111122223333"`},
		{user(), "StringEquals", `"aws:PrincipalType":"User"`},
		{AnonymousPrincipal(), "StringEquals", `"aws:PrincipalAccount":"anonymous"`},
		{AnonymousPrincipal(), "Null", `"aws:PrincipalArn":"true"`},
		{session(), "Null", `"aws:username":"true"`},
		{PrincipalService("x.amazonaws.com"), "Bool", `"aws:PrincipalIsAWSService":"true"`},
		{session(), "Bool", `"aws:PrincipalIsAWSService":"false"`},
		{user(), "StringEquals", `"aws:ResourceAccount":"444455556666"`},
	}
	for _, c := range cases {
		p := Policies{Resource: mustParse(t, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"`+c.operator+`":{`+c.want+`}}}`)}
		q := mustPrepare(t, Request{Principal: c.caller, Action: "s3:GetObject", Resource: bucket, ResourceAccount: account2})
		if got := p.Decide(q).Outcome; got != ExplicitlyDenied {
			t.Errorf("%s %s: got %s, want it to hold", c.operator, c.want, got)
		}
	}
}
