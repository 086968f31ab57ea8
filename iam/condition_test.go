package iam

import (
	"fmt"
	"testing"
)

// holdsFor evaluates one condition block given as JSON.
func holdsFor(t *testing.T, block string, c *Context) worlds {
	t.Helper()
	p := mustParse(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":`+block+`}`)
	q := mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: bucket, Context: c})
	return p.Statement(0).matchConditions(&q.context, worldOpen)
}

// TestTruthTable is the table of iam.md section 2.4 for every operator that has both signs.
func TestTruthTable(t *testing.T) {
	t.Parallel()
	families := []struct{ positive, negated, hit, miss string }{
		{"StringEquals", "StringNotEquals", "a", "b"},
		{"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "A", "b"},
		{"StringLike", "StringNotLike", "a", "b"},
		{"NumericEquals", "NumericNotEquals", "1.50", "2"},
		{"DateEquals", "DateNotEquals", "2020-01-01T00:00:00Z", "2021-01-01"},
		{"IpAddress", "NotIpAddress", "10.1.2.3", "192.0.2.1"},
		{"ArnEquals", "ArnNotEquals", "arn:aws:s3:::a", "arn:aws:s3:::b"},
		{"ArnLike", "ArnNotLike", "arn:aws:s3:::a", "arn:aws:s3:::b"},
		{"Bool", "", "TRUE", "false"},
		{"BinaryEquals", "", "YQ==", "Yg=="},
	}
	listed := map[string]string{
		"NumericEquals": "1.5", "DateEquals": "1577836800", "IpAddress": "10.0.0.0/8",
		"ArnEquals": "arn:aws:s3:::a", "ArnLike": "arn:aws:s3:::a", "Bool": "true", "BinaryEquals": "YQ==",
	}
	for _, f := range families {
		value := listed[f.positive]
		if value == "" {
			value = "a"
		}
		for _, operator := range []string{f.positive, f.negated} {
			if operator != "" {
				checkTruth(t, operator, operator == f.negated, value, f.hit, f.miss)
			}
		}
	}
}

// checkTruth runs one operator through its column of forms.
func checkTruth(t *testing.T, operator string, negated bool, value, hit, miss string) {
	t.Helper()
	empty := NewContext(nil)
	set := func(values ...string) *Context { return empty.WithList("x:k", values...) }
	one := func(v string) *Context { return empty.With("x:k", v) }
	cases := []struct {
		form    string
		context *Context
		want    bool
	}{
		{"%s", empty, negated},
		{"%s", one(hit), !negated},
		{"%s", one(miss), negated},
		{"%sIfExists", empty, true},
		{"%sIfExists", one(hit), !negated},
		{"%sIfExists", one(miss), negated},
		{"ForAllValues:%s", empty, true},
		{"ForAllValues:%s", set(), true},
		{"ForAllValues:%s", set(hit), !negated},
		{"ForAllValues:%s", set(hit, miss), false},
		{"ForAllValues:%s", set(miss, miss), negated},
		{"ForAllValues:%s", set(hit, hit), !negated},
		{"ForAllValues:%sIfExists", empty, true},
		{"ForAnyValue:%s", empty, false},
		{"ForAnyValue:%s", set(), false},
		{"ForAnyValue:%s", set(hit, miss), true},
		{"ForAnyValue:%s", set(miss, miss), negated},
		{"ForAnyValue:%s", set(hit, hit), !negated},
		{"ForAnyValue:%sIfExists", empty, true},
		{"ForAnyValue:%sIfExists", set(miss), negated},
		{"%s", set(hit, hit), false},
		{"%s", set(miss, miss), false},
		{"%s", set(hit), false},
		{"forallvalues:%s", set(hit, miss), false},
	}
	for _, c := range cases {
		form := fmt.Sprintf(c.form, operator)
		block := fmt.Sprintf(`{%q:{"X:K":[%q]}}`, form, value)
		if got := holdsFor(t, block, c.context)&worldPrimary != 0; got != c.want {
			t.Errorf("%s on %v: got %v, want %v", form, c.context.table.entries, got, c.want)
		}
	}
}

func TestNull(t *testing.T) {
	t.Parallel()
	present := NewContext(nil).With("x:k", "v")
	for _, c := range []struct {
		value   string
		context *Context
		want    bool
	}{
		{`"true"`, NewContext(nil), true},
		{`"false"`, NewContext(nil), false},
		{`"true"`, present, false},
		{`"false"`, present, true},
		{`true`, NewContext(nil), true},
		{`["true","false"]`, present, true},
		{`"true"`, NewContext(nil).WithList("x:k"), true},
	} {
		if got := holdsFor(t, `{"Null":{"x:k":`+c.value+`}}`, c.context) == allWorlds; got != c.want {
			t.Errorf("Null %s: got %v, want %v", c.value, got, c.want)
		}
	}
}

func TestConditionValues(t *testing.T) {
	t.Parallel()
	cases := []struct {
		operator, listed, given string
		want                    bool
	}{
		{"NumericLessThan", `"2"`, "1.5", true},
		{"NumericLessThan", `2`, "2", false},
		{"NumericLessThanEquals", `"2"`, "2.0", true},
		{"NumericGreaterThan", `"9007199254740992"`, "9007199254740993", true},
		{"NumericGreaterThanEquals", `"1e3"`, "1000", true},
		{"NumericEquals", `"1"`, "one", false},
		{"NumericNotEquals", `"1"`, "one", true},
		{"DateLessThan", `"2020-01-01T00:00:00+02:00"`, "1577829599", true},
		{"DateLessThan", `"2020-01-01T00:00:00+02:00"`, "1577829600", false},
		{"DateGreaterThan", `"2020"`, "2020-01-01T00:00:00.001Z", true},
		{"DateEquals", `"2020-02"`, "2020-02-01", true},
		{"DateGreaterThanEquals", `1577836800`, "2020-01-01T00:00Z", true},
		{"DateLessThanEquals", `"2020-01-01T00:00:00Z"`, "2019-12-31T23:59:59Z", true},
		{"Bool", `true`, "TRUE", true},
		{"Bool", `"False"`, "false", true},
		{"Bool", `"true"`, "yes", false},
		{"IpAddress", `"203.0.113.5"`, "203.0.113.5", true},
		{"IpAddress", `"203.0.113.5/24"`, "203.0.113.77", true},
		{"IpAddress", `"2001:db8::/32"`, "2001:DB8:1::1", true},
		{"IpAddress", `"2001:db8::1"`, "2001:db8::1", true},
		{"IpAddress", `"10.0.0.0/8"`, "::ffff:10.0.0.1", false},
		{"IpAddress", `"0.0.0.0/0"`, "2001:db8::1", false},
		{"IpAddress", `"10.0.0.0/8"`, "10.0.0.01", false},
		{"StringLike", `"a*c"`, "a:b/c", true},
		{"StringLike", `"a?c"`, "a:c", true},
		{"StringEquals", `"a*"`, "abc", false},
		{"StringEquals", `true`, "true", true},
		{"StringEqualsIgnoreCase", `"ABC"`, "abc", true},
		{"StringEquals", `"ABC"`, "abc", false},
		{"ArnLike", `"arn:aws:bedrock:*:111122223333:guardrail/g*"`, "arn:aws:bedrock:us-east-1:111122223333:guardrail/g1:3", true},
		{"ArnLike", `"arn:aws:bedrock:*:guardrail/g"`, "arn:aws:bedrock:us-east-1:111122223333:guardrail/g", false},
		{"ArnEquals", `"arn:aws:iam::*:role/a?c"`, "arn:aws:iam::111122223333:role/abc", true},
		{"ArnLike", `"arn:*:b"`, "arn:aws:s3:::b", false},
		{"ArnLike", `"*"`, "arn:aws:s3:::b", true},
		{"ArnNotLike", `"arn:aws:s3:::b"`, "no arn", true},
		// ${*}, ${?} and ${$} are the characters themselves ("IAM policy elements: Variables and tags").
		{"StringEquals", `"a${*}b"`, "a*b", true},
		{"StringEquals", `"a${*}b"`, "a${*}b", false},
		{"StringNotEquals", `["${?}","${$}"]`, "$", false},
		{"StringLike", `"a${*}b"`, "a*b", true},
		{"StringLike", `"a${*}b"`, "axb", false},
	}
	for _, c := range cases {
		got := holdsFor(t, `{"`+c.operator+`":{"x:k":`+c.listed+`}}`, keys("x:k", c.given)) == allWorlds
		if got != c.want {
			t.Errorf("%s %s on %s: got %v, want %v", c.operator, c.listed, c.given, got, c.want)
		}
	}
}

func TestConditionAmbiguities(t *testing.T) {
	t.Parallel()
	cases := []struct {
		block   string
		context *Context
		want    worlds
	}{
		{`{"ForAnyValue:StringEqualsIfExists":{"x:k":"a"}}`, NewContext(nil), allWorlds &^ worldAnyIfExists},
		{`{"StringNotEquals":{"x:k":"a"}}`, keys("x:k", "b", "x:k", "c"), worldNegatedList},
		{`{"StringEquals":{"aws:ResourceTag/Team":"a"}}`, keys("aws:resourcetag/team", "a"), allWorlds &^ worldTagCase},
		{`{"StringEquals":{"AWS:resourcetag/Team":"a"}}`, keys("aws:ResourceTag/Team", "a"), allWorlds},
		{`{"ForAllValues:StringEquals":{"x:k":"a"}}`, keys("x:k", ""), allWorlds &^ worldEmptyString},
		{`{"Bool":{"x:k":"${x:v}"}}`, keys("x:k", "true", "x:v", "true"), allWorlds &^ worldBoolVariable},
		{`{"NumericEquals":{"x:k":"many"}}`, keys("x:k", "1"), worldOpen},
		{`{"StringEquals":{"x:k":["a",true,1.5]}}`, keys("x:k", "1.5"), allWorlds},
		{`{"StringEquals":{"x:k":"a"},"StringLike":{"x:j":"b"}}`, keys("x:k", "a"), noWorlds},
		{`{"StringEquals":{"aws:CalledVia":"a"}}`, keys("aws:CalledVia", "a"), noWorlds},
		{`{"StringLike":{"aws:SourceVpc":"*"}}`, NewContext(nil), noWorlds},
	}
	for _, c := range cases {
		if got := holdsFor(t, c.block, c.context); got != c.want {
			t.Errorf("%s: got %b, want %b", c.block, got, c.want)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	cases := []struct {
		version, element, resource string
		context                    *Context
		want                       Outcome
	}{
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/alice/x", nil, Allowed},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/bob/x", nil, ImplicitlyDenied},
		{"2008-10-17", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/alice/x", nil, ImplicitlyDenied},
		{"2008-10-17", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/${aws:username}/x", nil, Allowed},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*"`, "arn:aws:s3:::b/none/x", nil, Allowed},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*"`, "arn:aws:s3:::b/red/x", keys("aws:PrincipalTag/team", "red"), Allowed},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"`, "arn:aws:s3:::b//x", nil, ImplicitlyDenied},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${*}"`, "arn:aws:s3:::b/*", nil, Allowed},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${*}"`, "arn:aws:s3:::b/x", nil, ImplicitlyDenied},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${?}${$}"`, "arn:aws:s3:::b/?$", nil, Allowed},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${x:k}"`, "arn:aws:s3:::b/anything", keys("x:k", "*"), ImplicitlyDenied},
		{"2012-10-17", `"Resource":"arn:aws:s3:::b/${x:k}"`, "arn:aws:s3:::b/a", keys("x:k", "a", "x:k", "b"), ImplicitlyDenied},
		{"2012-10-17", `"Resource":"arn:${x:k}:s3:::b"`, "arn:aws:s3:::b", keys("x:k", "aws"), ImplicitlyDenied},
		{"2012-10-17", `"Resource":"*","Condition":{"StringEquals":{"x:k":"${x:v}"}}`, bucket, keys("x:k", "a", "x:v", "a"), Allowed},
		{"2012-10-17", `"Resource":"*","Condition":{"StringLike":{"x:k":"${x:v}*"}}`, bucket, keys("x:k", "ab", "x:v", "a"), Allowed},
		{"2012-10-17", `"Resource":"*","Condition":{"StringEquals":{"x:k":"${x:v}"}}`, bucket, keys("x:k", "a"), ImplicitlyDenied},
		{"2012-10-17", `"Resource":"*","Condition":{"StringNotEquals":{"x:k":"${x:v}"}}`, bucket, keys("x:k", "a"), Allowed},
		{"2012-10-17", `"Resource":"*","Condition":{"StringEqualsIgnoreCase":{"x:k":"${x:v}-X"}}`, bucket, keys("x:k", "A-x", "x:v", "a"), Allowed},
		{"2012-10-17", `"Resource":"*","Condition":{"ArnEquals":{"x:k":"${aws:PrincipalArn}"}}`, bucket, keys("x:k", userARN), Allowed},
		{"2012-10-17", `"Resource":"*","Condition":{"ArnLike":{"x:k":"arn:aws:iam::${aws:PrincipalAccount}:user/*"}}`, bucket, keys("x:k", userARN), Allowed},
		{"2012-10-17", `"Resource":"*","Condition":{"StringEquals":{"x:k":"${unclosed"}}`, bucket, keys("x:k", "${unclosed"), Allowed},
	}
	for _, c := range cases {
		p := Policies{Identity: policies(t, `{"Version":"`+c.version+`","Statement":{"Effect":"Allow","Action":"*",`+c.element+`}}`)}
		q := mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: c.resource, Context: c.context})
		if got := p.Decide(q).Outcome; got != c.want {
			t.Errorf("%s %s on %s: got %s, want %s", c.version, c.element, c.resource, got, c.want)
		}
	}
}

// TestVariablesAreNotSubstitutedInPlace decides two requests with one policy.
func TestVariablesAreNotSubstitutedInPlace(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: policies(t, `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}`)}
	for _, name := range []string{"alice", "bob", "alice"} {
		caller := Principal{Kind: User, ARN: "arn:aws:iam::111122223333:user/" + name}
		q := mustPrepare(t, Request{Principal: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/" + name})
		if got := p.Decide(q).Outcome; got != Allowed {
			t.Errorf("%s: got %s, want allowed", name, got)
		}
	}
}

func TestNotResourceWithUnresolvedVariable(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: policies(t, allowAll, `{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b/${aws:PrincipalTag/team}"}`)}
	got := p.Decide(mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: bucket}))
	if got.Outcome != ExplicitlyDenied || !got.Ambiguity.Has(NotResourceVariable) {
		t.Errorf("got %s, want explicitly denied with not-resource-variable", got)
	}
}
