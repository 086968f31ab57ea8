package iam

import "testing"

// question is one case of a question about a policy.
type question struct {
	name string
	doc  string
	want Verdict
}

func ask(t *testing.T, cases []question, f func(*Policy) Answer) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := f(mustParse(t, c.doc))
			if got.Verdict != c.want {
				t.Errorf("got %s (%s), want %s", got.Verdict, got.Reason, c.want)
			}
			if got.Reason == "" {
				t.Error("got no reason")
			}
		})
	}
}

// tlsDeny gives a Deny on all S3 actions with the given parts.
func tlsDeny(resource, condition string) string {
	return `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":` + resource + `,"Condition":` + condition + `}`
}

func TestDeniesInsecureTransport(t *testing.T) {
	t.Parallel()
	const both = `["arn:aws:s3:::data","arn:aws:s3:::data/*"]`
	const insecure = `{"Bool":{"aws:SecureTransport":"false"}}`
	ask(t, []question{
		{"plain", tlsDeny(both, insecure), Yes},
		{"JSON boolean", tlsDeny(both, `{"Bool":{"aws:SecureTransport":false}}`), Yes},
		{"upper case", tlsDeny(both, `{"Bool":{"AWS:securetransport":"FALSE"}}`), Yes},
		{"BoolIfExists", tlsDeny(both, `{"BoolIfExists":{"aws:SecureTransport":"false"}}`), Yes},
		{"StringEquals", tlsDeny(both, `{"StringEquals":{"aws:SecureTransport":"false"}}`), Yes},
		{"StringNotEquals true", tlsDeny(both, `{"StringNotEquals":{"aws:SecureTransport":"true"}}`), Yes},
		{"Null guard", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"Null":{"aws:SecureTransport":"false"}}`), Yes},
		{"every resource", tlsDeny(`"*"`, insecure), Yes},
		{"bucket prefix", tlsDeny(`"arn:aws:s3:::data*"`, insecure), Yes},
		{"every bucket", tlsDeny(`"arn:aws:s3:::*"`, insecure), Yes},
		{"two statements", `[` + tlsDeny(`"arn:aws:s3:::data"`, insecure) + `,` + tlsDeny(`"arn:aws:s3:::data/*"`, insecure) + `]`, Yes},
		{"AWS star", `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"*","Resource":"*","Condition":` + insecure + `}`, Yes},
		{"AWS list with star", `{"Effect":"Deny","Principal":{"AWS":["111122223333","*"]},"Action":["s3:GetObject","s3:*"],"Resource":"*","Condition":` + insecure + `}`, Yes},
		{"NotAction of another service", `{"Effect":"Deny","Principal":"*","NotAction":"iam:*","Resource":"*","Condition":` + insecure + `}`, Yes},
		{"unconditional deny", `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`, Yes},
		{"beside an allow", `[` + allowAnyone + `,` + tlsDeny(both, insecure) + `]`, Yes},
		{"objects only", tlsDeny(`"arn:aws:s3:::data/*"`, insecure), No},
		{"bucket only", tlsDeny(`"arn:aws:s3:::data"`, insecure), No},
		{"one folder", tlsDeny(`["arn:aws:s3:::data","arn:aws:s3:::data/logs/*"]`, insecure), No},
		{"another bucket", tlsDeny(`["arn:aws:s3:::other","arn:aws:s3:::other/*"]`, insecure), No},
		{"true instead of false", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"true"}}`), No},
		{"TLS version alone", tlsDeny(both, `{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`), No},
		{"narrowed by TLS version", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"NumericLessThan":{"s3:TlsVersion":"1.2"}}`), No},
		{"narrowed by network", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), No},
		{"narrowed by caller", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}`), No},
		{"narrowed to users", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"StringLike":{"aws:username":"*"}}`), No},
		{"one action", `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":` + both + `,"Condition":` + insecure + `}`, No},
		{"actions with a prefix", `{"Effect":"Deny","Principal":"*","Action":["s3:Get*","s3:Put*","s3:Delete*","s3:List*"],"Resource":` + both + `,"Condition":` + insecure + `}`, No},
		{"NotAction of S3", `{"Effect":"Deny","Principal":"*","NotAction":"s3:GetObject","Resource":"*","Condition":` + insecure + `}`, No},
		{"one account", `{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*","Condition":` + insecure + `}`, No},
		{"NotPrincipal", `{"Effect":"Deny","NotPrincipal":{"AWS":["111122223333","arn:aws:iam::111122223333:user/a"]},"Action":"s3:*","Resource":"*","Condition":` + insecure + `}`, No},
		{"NotResource of objects", `{"Effect":"Deny","Principal":"*","Action":"s3:*","NotResource":"arn:aws:s3:::data/public/*","Condition":` + insecure + `}`, No},
		{"allow only", `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, No},
		{"variable in resource", tlsDeny(`"arn:aws:s3:::data/${aws:username}*"`, insecure), No},
		{"ForAnyValue", tlsDeny(both, `{"ForAnyValue:Bool":{"aws:SecureTransport":"false"}}`), Yes},
		{"unreadable value", tlsDeny(both, `{"Bool":{"aws:SecureTransport":"no"}}`), CannotTell},
		{"cases that add up", `[` + tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"x:k":"a"}}`) + `,` +
			tlsDeny(both, `{"Bool":{"aws:SecureTransport":"false"},"StringNotEquals":{"x:k":"a"}}`) + `]`, CannotTell},
		{"actions that add up", `[{"Effect":"Deny","Principal":"*","Action":"s3:?*","Resource":` + both + `,"Condition":` + insecure + `}]`, Yes},
	}, func(p *Policy) Answer { return DeniesInsecureTransport(p, bucket) })
}

func TestDeniesInsecureTransportWithoutPolicy(t *testing.T) {
	t.Parallel()
	deny := mustParse(t, tlsDeny(`"*"`, `{"Bool":{"aws:SecureTransport":"false"}}`))
	for _, c := range []struct {
		name, bucket string
		policy       *Policy
		want         Verdict
	}{
		{"nil", bucket, nil, No},
		{"unreadable", bucket, Unreadable("p", "access denied"), CannotTell},
		{"bucket unknown", "", deny, CannotTell},
		{"an object", bucket + "/k", deny, CannotTell},
		{"other partition", "arn:aws-cn:s3:::data", deny, Yes},
	} {
		if got := DeniesInsecureTransport(c.policy, c.bucket); got.Verdict != c.want {
			t.Errorf("%s: got %s (%s), want %s", c.name, got.Verdict, got.Reason, c.want)
		}
	}
}
