package iam

import (
	"strings"
	"testing"
)

const (
	account1 = "111122223333"
	account2 = "444455556666"
	roleARN  = "arn:aws:iam::111122223333:role/team/app"
	sessARN  = "arn:aws:sts::111122223333:assumed-role/app/s1"
	userARN  = "arn:aws:iam::111122223333:user/alice"
	bucket   = "arn:aws:s3:::data"
)

// mustParse parses a document; statements alone are wrapped in one of version 2012-10-17.
func mustParse(t testing.TB, doc string) *Policy {
	t.Helper()
	if strings.HasPrefix(doc, "[") || !strings.Contains(doc, `"Statement"`) {
		doc = `{"Version":"2012-10-17","Statement":` + doc + `}`
	}
	p, err := Parse([]byte(doc))
	if err != nil {
		t.Fatalf("parse %s: %v", doc, err)
	}
	return p
}

func policies(t testing.TB, docs ...string) []*Policy {
	t.Helper()
	var out []*Policy
	for _, d := range docs {
		out = append(out, mustParse(t, d))
	}
	return out
}

func mustPrepare(t testing.TB, r Request) *Prepared {
	t.Helper()
	q, err := Prepare(r)
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	return q
}

func mustPrincipal(t testing.TB, arn string) Principal {
	t.Helper()
	p, err := ParsePrincipal(arn)
	if err != nil {
		t.Fatalf("principal: %v", err)
	}
	return p
}

// session is a session of role team/app in account 1.
func session() Principal {
	return Principal{Kind: RoleSession, ARN: sessARN, Issuer: roleARN}
}

func keys(kv ...string) *Context {
	m := map[string][]string{}
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i]] = append(m[kv[i]], kv[i+1])
	}
	return NewContext(m)
}

const (
	allowAll    = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	denyAll     = `{"Effect":"Deny","Action":"*","Resource":"*"}`
	allowS3     = `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`
	allowEC2    = `{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`
	allowAnyone = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
)

// naming gives a resource policy statement for one AWS principal.
func naming(effect, principal string) string {
	return `{"Effect":"` + effect + `","Principal":{"AWS":"` + principal + `"},"Action":"*","Resource":"*"}`
}
