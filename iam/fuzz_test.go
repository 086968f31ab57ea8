package iam

import (
	"errors"
	"testing"
)

// seeds are documents that hold every element of the language, and some that are none.
var seeds = []string{
	`{"Version":"2012-10-17","Id":"i","Statement":[` + allowAll + `,` + denyAll + `]}`,
	`{"Statement":{"Sid":"s","Effect":"Deny","NotPrincipal":{"AWS":["*","111122223333"],"Service":"a.amazonaws.com"},"NotAction":"s3:*","NotResource":["arn:aws:s3:::a?b*:c"]}}`,
	`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":["*:Get*"],"Resource":"arn:aws:s3:::${aws:username, 'x'}/${*}","Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a*",true,1.5]},"Null":{"a:b":false}}}}`,
	`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:bedrock:*:foundation-model/x","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00+02:00"},"BinaryEquals":{"a:c":"YQ=="},"NumericEquals":{"a:d":"1e3"}}}}`,
	`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:?*","Resource":"arn:aws:s3:::b/${aws:username, 'x}'}*","Condition":{"ArnLike":{"k":"${aws:PrincipalArn}:*"}}}}`,
	everyForm, `{"Statement":[]}`, `{"Statement":{"Effect":"Allow","Action":"\ud83d\ude00"}}`, `[`, `{"a":`, "{\"a\":\"\xff\"}", `{"Statement":1e400}`,
}

// FuzzParse: whatever the bytes, there is a policy that prints as it reads, or an error with a place in the document.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := Parse(doc)
		if err != nil {
			var at *ParseError
			if !errors.Is(err, ErrTooLarge) && (!errors.As(err, &at) || at.Position.Offset > len(doc) || at.Position.Line < 1 || at.Position.Column < 1) {
				t.Fatalf("got %v, want an error with a place in the document", err)
			}
			return
		}
		again, err := Parse([]byte(p.String()))
		if err != nil {
			t.Fatalf("printed as %s: %v", p, err)
		}
		if got, want := again.String(), p.String(); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		PublicAccess(p, bucket)
		DeniesInsecureTransport(p, bucket)
	})
}

// FuzzDecide: any policy in any layer gives a decision that its explanation agrees with, the same one
// for the policy as it was printed and read again.
func FuzzDecide(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "s3:GetObject", "arn:aws:s3:::a:b/c", "aws:TagKeys", "a1")
		f.Add(s, "bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/x", "aws:SourceIp", "10.1.2.3")
	}
	f.Fuzz(func(t *testing.T, doc, action, resource, key, value string) {
		p, err := Parse([]byte(doc))
		if err != nil {
			return
		}
		q, err := Prepare(Request{Principal: session(), Action: action, Resource: resource, ResourceAccount: account1, Context: NewContext(map[string][]string{key: {value}})})
		if err != nil {
			return
		}
		again := parseAgain(t, p)
		for _, in := range []func(*Policy) Policies{
			func(p *Policy) Policies { return Policies{Identity: []*Policy{p}} },
			func(p *Policy) Policies { return Policies{Resource: p} },
			func(p *Policy) Policies {
				return Policies{Resource: mustParse(t, allowAnyone), Boundary: p, ServiceControl: [][]*Policy{{p}}}
			},
		} {
			set, printed := in(p), in(again)
			e := set.Explain(q)
			denies := false
			for _, s := range e.Steps {
				denies = denies || s.Effect == Deny && s.Matched
			}
			if denies != (e.Decision.Outcome == ExplicitlyDenied) && !q.free {
				t.Fatalf("got %s, want explicitly denied exactly when a Deny applies", e)
			}
			if got := printed.Decide(q); got != e.Decision {
				t.Fatalf("printed and read again: got %s, want %s", got, e.Decision)
			}
		}
	})
}

func parseAgain(t *testing.T, p *Policy) *Policy {
	t.Helper()
	again, err := Parse([]byte(p.String()))
	if err != nil {
		t.Fatalf("printed as %s: %v", p, err)
	}
	return again
}
