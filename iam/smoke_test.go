package iam

import "testing"

// TestGrantsAndLimits is every way in which a resource policy names a caller of its account, under a boundary or a
// session policy that is silent, allows or denies. Only an implicit deny can be passed over, and only by a grant to
// the caller itself.
func TestGrantsAndLimits(t *testing.T) {
	t.Parallel()
	callers := map[string]Principal{"user": user(), "session": session()}
	grants := []struct {
		caller, principal string
		direct            bool
	}{
		{"user", userARN, true}, {"user", "*", true}, {"session", sessARN, true}, {"session", "*", true}, {"session", roleARN, false},
	}
	limits := map[string]struct {
		doc  string
		want func(direct bool) Outcome
	}{
		"none":   {"", func(bool) Outcome { return Allowed }},
		"allows": {allowS3, func(bool) Outcome { return Allowed }},
		"denies": {denyAll, func(bool) Outcome { return ExplicitlyDenied }},
		"silent": {allowEC2, func(direct bool) Outcome {
			if direct {
				return Allowed
			}
			return ImplicitlyDenied
		}},
	}
	for _, g := range grants {
		for name, limit := range limits {
			for _, layer := range []Layer{LayerBoundary, LayerSession} {
				p := Policies{Resource: mustParse(t, naming("Allow", g.principal))}
				switch {
				case limit.doc == "":
				case layer == LayerBoundary:
					p.Boundary = mustParse(t, limit.doc)
				default:
					p.Session = policies(t, limit.doc)
				}
				q := mustPrepare(t, Request{Principal: callers[g.caller], Action: "s3:GetObject", Resource: bucket + "/k", ResourceAccount: account1})
				if got, want := p.Decide(q).Outcome, limit.want(g.direct); got != want {
					t.Errorf("%s named as %s, %s %s: got %s, want %s", g.caller, g.principal, layer, name, got, want)
				}
			}
		}
	}
}

// TestWhereEnginesDiffer holds our verdict on the cases of iam/oracle/testdata/divergences.json without needing the
// other engine.
func TestWhereEnginesDiffer(t *testing.T) {
	t.Parallel()
	const model = "arn:aws:bedrock:us-east-1::foundation-model/x-v1:0"
	allow := func(rest string) string { return `{"Effect":"Allow","Action":"*",` + rest + `}` }
	when := func(operator, key, value string) string {
		return allow(`"Resource":"*","Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}`)
	}
	cases := []struct {
		id, doc, resource string
		context           *Context
		want              Outcome
	}{
		{"segment-star", allow(`"Resource":"arn:aws:bedrock:*:foundation-model/x*"`), model, nil, Allowed},
		{"segment-star", allow(`"Resource":"arn:aws:bedrock:*::foundation-model/x-v1?0"`), model, nil, ImplicitlyDenied},
		{"any-value-if-exists", when("ForAnyValue:StringEqualsIfExists", "aws:TagKeys", "a"), bucket, nil, Allowed},
		{"arn-case", allow(`"Resource":"arn:aws:S3:::data"`), bucket, nil, ImplicitlyDenied},
		{"not-resource-variable", allow(`"NotResource":"arn:aws:s3:::${x:y}"`), bucket, nil, Allowed},
		{"version-2008", `{"Version":"2008-10-17","Statement":` + allow(`"Resource":"arn:aws:s3:::${aws:username}"`) + `}`, "arn:aws:s3:::alice", nil, ImplicitlyDenied},
		{"negated-unresolved", when("StringNotEquals", "a:b", "${x:y}"), bucket, keys("a:b", "v"), Allowed},
		{"service-wildcard", `{"Effect":"Allow","Action":"*:*","Resource":"*"}`, bucket, nil, Allowed},
		{"short-not-resource", allow(`"NotResource":"arn:aws:dynamodb:*:table/x"`), bucket, nil, Allowed},
		{"epoch-milliseconds", when("DateEquals", "aws:CurrentTime", "1767225600"), bucket, keys("aws:CurrentTime", "2026-01-01T00:00:00Z"), Allowed},
		{"not-ip-family", when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), bucket, keys("aws:SourceIp", "2001:db8::1"), Allowed},
		{"zero-network", when("IpAddress", "aws:SourceIp", "0.0.0.0/0"), bucket, keys("aws:SourceIp", "10.1.2.3"), Allowed},
		{"empty-list", when("Null", "aws:TagKeys", "true"), bucket, NewContext(nil).WithList("aws:TagKeys"), Allowed},
	}
	for _, c := range cases {
		p := Policies{Identity: policies(t, c.doc)}
		q := mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: c.resource, ResourceAccount: account1, Context: c.context})
		if got := p.Decide(q).Outcome; got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.id, c.doc, got, c.want)
		}
	}
}
