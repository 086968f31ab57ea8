package iam

import (
	"errors"
	"strings"
	"sync"
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
		`policy "v": line 1, column 91: NumericLessThan on a:b cannot read the value "many"`: {
			Identity: []Document{{Name: "v", JSON: []byte(`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"a:b":"many"}}}}`)}},
		},
		`policy "n": line 1, column 86: IpAddress on aws:SourceIp cannot read the value "10.0.0.0/33"`: {
			Identity: []Document{{Name: "n", JSON: []byte(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/33"]}}}}`)}},
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

// TestAuthorizerDeniesOnDoubt: what one reading of the documentation refuses, and what is not known, is not allowed.
func TestAuthorizerDeniesOnDoubt(t *testing.T) {
	t.Parallel()
	const control = "arn:aws:auditmanager:eu-west-1:111122223333:control/a:z"
	documents := func(statements string) Documents {
		return Documents{Identity: []Document{{Name: "d", JSON: []byte(`{"Version":"2012-10-17","Statement":` + statements + `}`)}}}
	}
	when := func(condition string) Documents {
		return documents(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + condition + `}`)
	}
	tests := []struct {
		name      string
		documents Documents
		context   *Context
		want      string
	}{
		{"no document", Documents{}, nil, "implicitly denied"},
		{"no statement", documents(`[]`), nil, "implicitly denied"},
		{"a level without a policy", Documents{Identity: documents(allowAll).Identity, ServiceControl: [][]Document{{}}}, nil, "implicitly denied"},
		{"a Deny in one reading", documents(`[` + allowAll + `,{"Effect":"Deny","Action":"*","Resource":"arn:aws:auditmanager:*:*:control/a*z"}]`), nil, "undecided (reading-sensitive)"},
		{"an Allow in one reading", documents(`{"Effect":"Allow","Action":"*","Resource":"arn:aws:auditmanager:*:control/*"}`), nil, "undecided (reading-sensitive)"},
		{"a key that is not known", when(`{"StringEquals":{"auditmanager:Owner":"x"}}`), NewContext(nil).WithUnknown("auditmanager:Owner"), "undecided"},
		{"a key that is not there", when(`{"StringEquals":{"auditmanager:Owner":"x"}}`), nil, "implicitly denied"},
		{"a variable without value", when(`{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}`), NewContext(map[string][]string{"aws:ResourceTag/team": {""}}), "implicitly denied"},
		{
			"a value that looks like a pattern", when(`{"StringLike":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}`),
			NewContext(map[string][]string{"aws:ResourceTag/team": {"risk"}, "aws:PrincipalTag/team": {"*"}}), "implicitly denied",
		},
		{"sure", documents(allowAll), nil, "allowed"},
	}
	for _, tt := range tests {
		a, err := NewAuthorizer(tt.documents)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		r := Request{Principal: user(), Action: "auditmanager:GetControl", Resource: control, Context: tt.context}
		got, err := a.Decide(r)
		if err != nil || got.String() != tt.want || got.Allowed() != (tt.want == "allowed") {
			t.Errorf("%s: got %s, %v, want %s", tt.name, got, err, tt.want)
		}
		if why, err := a.Explain(r); err != nil || why.Decision != got {
			t.Errorf("%s: explained as %s, %v, want %s", tt.name, why.Decision, err, got)
		}
	}
}

// TestAuthorizerRefusesPrincipals that no policy could tell.
func TestAuthorizerRefusesPrincipals(t *testing.T) {
	t.Parallel()
	a, err := NewAuthorizer(Documents{Identity: []Document{{Name: "d", JSON: []byte(`{"Statement":` + allowAll + `}`)}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]Principal{
		"none": {}, "user without ARN": {Kind: User, Account: account1}, "session without role": {Kind: RoleSession, Account: account1},
		"another account": {Kind: User, ARN: userARN, Account: account2},
	} {
		if d, err := a.Decide(Request{Principal: p, Action: "auditmanager:GetControl", Resource: "*"}); err == nil || d.Allowed() {
			t.Errorf("%s: got %s, want an error", name, d)
		}
	}
}

func TestAuthorizerConditionKeys(t *testing.T) {
	t.Parallel()
	a, err := NewAuthorizer(Documents{
		Identity: []Document{{Name: "i", JSON: []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*",
			"Resource":"arn:aws:auditmanager:*:*:control/${aws:PrincipalTag/team, 'none'}-${*}","Condition":{"StringEquals":{"aws:ResourceTag/Team":"${aws:username}"}}}}`)}},
		ServiceControl: [][]Document{{{Name: "s", JSON: []byte(`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"auditmanager:Owner":"true"},"StringEquals":{"a:b":"${not:read}"}}}}`)}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a:b", "auditmanager:owner", "aws:principaltag/team", "aws:resourcetag/team", "aws:username"}
	if diff := cmp.Diff(want, a.ConditionKeys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// TestAuthorizerIsShared by goroutines: each gets the answer to its own request (the race detector watches).
func TestAuthorizerIsShared(t *testing.T) {
	t.Parallel()
	a, err := NewAuthorizer(Documents{Identity: []Document{{Name: "d", JSON: []byte(`{"Version":"2012-10-17","Statement":
		{"Effect":"Allow","Action":"auditmanager:Get*","Resource":"arn:aws:auditmanager:eu-west-1:111122223333:control/${aws:PrincipalTag/team}"}}`)}}})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for n := range 200 {
				team := strings.Repeat("t", 1+(i+n)%5)
				d, err := a.Decide(Request{
					Principal: user(), Action: "auditmanager:GetControl", Resource: "arn:aws:auditmanager:eu-west-1:111122223333:control/tt",
					Context: NewContext(map[string][]string{"aws:PrincipalTag/team": {team}}),
				})
				if err != nil || d.Allowed() != (team == "tt") {
					t.Errorf("team %s: got %s, %v", team, d, err)
				}
			}
		})
	}
	wait.Wait()
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

// TestStepOfNoName: a document without a name is the one that is asked about.
func TestStepOfNoName(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: policies(t, allowAll)}
	text := p.Explain(mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: bucket})).String()
	if !strings.Contains(text, "identity policy, statement 0 at line 1") {
		t.Errorf("got\n%s\nwant the statement without a name", text)
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
