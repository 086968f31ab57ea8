package sym

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assize-dev/assize/iam"
)

const (
	account1 = "111122223333"
	account2 = "444455556666"
	roleARN  = "arn:aws:iam::111122223333:role/team/app"
	sessARN  = "arn:aws:sts::111122223333:assumed-role/app/s1"
	userARN  = "arn:aws:iam::111122223333:user/alice"
)

// Small overlapping pools, so that random policies and requests meet.
var (
	poolActions    = []string{"s3:GetObject", "s3:*", "s3:Get*", "kms:Decrypt", "kms:*", "*", "S3:getobject"}
	poolResources  = []string{"*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/k", "arn:aws:bedrock:*::foundation-model/a.*", "arn:aws:s3:*:k", "arn:aws:s3:::data/${aws:username}", "arn:aws:s3", "arn:aws:s3:::data/${x:team}"}
	poolPrincipals = []string{
		`"*"`, `{"AWS":"111122223333"}`, `{"AWS":"` + roleARN + `"}`, `{"AWS":["` + userARN + `","` + sessARN + `"]}`, `{"Service":"x.amazonaws.com"}`,
	}
	poolTargets = []string{"arn:aws:s3:::data/k", "arn:aws:s3:::data/a:b", "arn:aws:s3:::data/alice", "arn:aws:kms:us-east-1:111122223333:key/1", "*"}
)

// poolValues are the values of each key: what policies compare it with and what requests hold.
var poolValues = map[string]struct {
	operators []string
	values    []string
	list      bool
}{
	"x:team": {
		[]string{
			"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
			"Bool", "BinaryEquals",
		},
		[]string{"red", "Red", "r*", "?ed", "*e*", "", "true", "cmVk", "cmVl", "${x:other, 'red'}", "${aws:username}", "${*}", "bad value"},
		false,
	},
	"x:arn": {
		[]string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"},
		[]string{"arn:aws:s3:::b", "arn:aws:s3:::*", "arn:*:s3:::b:c", "arn:aws:s?:*:*:b", "*", "arn:aws:s3", "arn:aws:sns:us-east-1:1:b:c"},
		false,
	},
	"x:n": {
		[]string{
			"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
		},
		[]string{"1", "1.5", "2", "-3", "10", "many", "1e2", "-0"},
		false,
	},
	"aws:CurrentTime": {
		[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{"2026-01-01T00:00:00Z", "2026-01-01", "1767225600", "2027", "1767225601.5", "soon"},
		false,
	},
	"aws:SourceIp": {
		[]string{"IpAddress", "NotIpAddress"},
		[]string{"10.0.0.0/8", "10.1.0.0/16", "192.0.2.1", "2001:db8::/32", "2001:db8::1", "::ffff:10.0.0.1", "0.0.0.0/0", "10.1.2.3", "here"},
		false,
	},
	"aws:TagKeys": {
		[]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "Bool", "ArnLike"},
		[]string{"a1", "a2", "b", "a*", "", "*", "true", "${aws:username}"},
		true,
	},
	"aws:RequestTag/Team": {[]string{"StringEquals", "StringNotEquals"}, []string{"red", "blue"}, false},
	"aws:requesttag/team": {[]string{"StringEquals", "StringLike"}, []string{"red", "bl*"}, false},
}

var poolKeys = []string{"x:team", "x:arn", "x:n", "aws:CurrentTime", "aws:SourceIp", "aws:TagKeys", "aws:RequestTag/Team", "aws:requesttag/team"}

func drawCondition(t *rapid.T) (operator, key, text string) {
	key = rapid.SampledFrom(poolKeys).Draw(t, "key")
	pool := poolValues[key]
	operator = rapid.SampledFrom(pool.operators).Draw(t, "operator")
	operator = rapid.SampledFrom([]string{"", "", "", "ForAllValues:", "ForAnyValue:"}).Draw(t, "prefix") + operator
	if rapid.IntRange(0, 3).Draw(t, "if exists") == 0 {
		operator += "IfExists"
	}
	values := rapid.SliceOfN(rapid.SampledFrom(pool.values), 1, 3).Draw(t, "values")
	if rapid.IntRange(0, 7).Draw(t, "null") == 0 {
		operator, values = "Null", []string{rapid.SampledFrom([]string{"true", "false", "perhaps"}).Draw(t, "is null")}
	}
	return operator, key, fmt.Sprintf("%q:{%q:[\"%s\"]}", operator, key, strings.Join(values, `","`))
}

// drawStatement draws a statement; denies come one time in four.
func drawStatement(t *rapid.T, effect string, principal bool) string {
	if effect == "" {
		effect = rapid.SampledFrom([]string{"Allow", "Allow", "Allow", "Deny"}).Draw(t, "effect")
	}
	not := func(name string) string {
		if rapid.IntRange(0, 7).Draw(t, "not") == 0 {
			return "Not" + name
		}
		return name
	}
	list := func(pool []string) string {
		return `["` + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pool), 1, 3).Draw(t, "list"), `","`) + `"]`
	}
	out := fmt.Sprintf(`{"Effect":%q,%q:%s,%q:%s`, effect, not("Action"), list(poolActions), not("Resource"), list(poolResources))
	if principal {
		out += fmt.Sprintf(`,%q:%s`, not("Principal"), rapid.SampledFrom(poolPrincipals).Draw(t, "principal"))
	}
	var conditions []string
	seen := map[string]bool{}
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		if operator, _, text := drawCondition(t); !seen[operator] {
			seen[operator] = true
			conditions = append(conditions, text)
		}
	}
	return out + `,"Condition":{` + strings.Join(conditions, ",") + `}}`
}

func drawStatements(t *rapid.T, principal bool) []string {
	var out []string
	for range rapid.IntRange(1, 3).Draw(t, "statements") {
		out = append(out, drawStatement(t, "", principal))
	}
	return out
}

// texts are the statements of a whole set of policies.
type layerTexts struct {
	identity, resource, boundary, session, control, rcp, endpoint []string
	unreadable                                                    bool
}

func drawTexts(t *rapid.T) layerTexts {
	x := layerTexts{identity: drawStatements(t, false)}
	optional := func(principal bool) []string {
		if rapid.IntRange(0, 2).Draw(t, "present") == 0 {
			return drawStatements(t, principal)
		}
		return nil
	}
	x.resource, x.boundary, x.session = optional(true), optional(false), optional(false)
	x.control, x.rcp, x.endpoint = optional(false), optional(true), optional(true)
	x.unreadable = rapid.IntRange(0, 15).Draw(t, "unreadable") == 0
	return x
}

func (x layerTexts) build(t testing.TB) iam.Policies {
	one := func(statements []string) *iam.Policy {
		if statements == nil {
			return nil
		}
		return parse(t, `[`+strings.Join(statements, ",")+`]`)
	}
	p := iam.Policies{Identity: []*iam.Policy{one(x.identity)}, Resource: one(x.resource), Boundary: one(x.boundary), Endpoint: one(x.endpoint)}
	if x.session != nil {
		p.Session = []*iam.Policy{one(x.session)}
	}
	if x.control != nil {
		p.ServiceControl = [][]*iam.Policy{{one([]string{allowAll})}, {one(x.control)}}
	}
	if x.rcp != nil {
		p.ResourceControl = [][]*iam.Policy{{one(x.rcp)}}
	}
	if x.unreadable {
		p.Identity = append(p.Identity, iam.Unreadable("u", "gone"))
	}
	return p
}

const allowAll = `{"Effect":"Allow","Action":"*","Resource":"*"}`

func parse(t testing.TB, statements string) *iam.Policy {
	t.Helper()
	p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":` + statements + `}`))
	if err != nil {
		t.Fatalf("parse %s: %v", statements, err)
	}
	return p
}

func drawPrincipal(t *rapid.T) iam.Principal {
	return rapid.SampledFrom([]iam.Principal{
		{Kind: iam.User, ARN: userARN},
		{Kind: iam.RoleSession, ARN: sessARN, Issuer: roleARN},
		{Kind: iam.RoleSession, Issuer: roleARN},
		{Kind: iam.RootUser, ARN: "arn:aws:iam::111122223333:root"},
		{Kind: iam.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/f"},
		iam.AnonymousPrincipal(), iam.PrincipalService("x.amazonaws.com"),
	}).Draw(t, "caller")
}

func drawCheck(t *rapid.T) Check {
	return Check{
		Action:          rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "kms:Decrypt", "sts:GetCallerIdentity", "s3:PutBucketPolicy"}).Draw(t, "action"),
		Resource:        rapid.SampledFrom(poolTargets).Draw(t, "target"),
		ResourceAccount: rapid.SampledFrom([]string{account1, account2, ""}).Draw(t, "owner"),
	}
}

// drawContext draws values for all keys, some absent.
func drawContext(t *rapid.T) map[string][]string {
	out := map[string][]string{}
	for _, name := range poolKeys {
		if name == "aws:requesttag/team" || rapid.IntRange(0, 3).Draw(t, "absent") == 0 {
			continue
		}
		pool := poolValues[name]
		size := 1
		if pool.list {
			size = rapid.IntRange(0, 3).Draw(t, "size")
		}
		out[name] = rapid.SliceOfN(rapid.SampledFrom(pool.values), size, size).Draw(t, name)
	}
	if rapid.Bool().Draw(t, "other") {
		out["x:other"] = []string{rapid.SampledFrom([]string{"red", "blue"}).Draw(t, "x:other")}
	}
	return out
}

// TestSymbolicAtAPointIsConcrete: the two interpreters speak one semantics, in every reading.
func TestSymbolicAtAPointIsConcrete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := Principal{Principal: drawPrincipal(rt), Policies: drawTexts(rt).build(t)}
		c := drawCheck(rt)
		e := New(Config{Theory: Theory{Off: true}})
		e.keys.find("aws:RequestTag/Team", iam.TextValues) // as requests spell it
		if rapid.Bool().Draw(rt, "fixed") {
			c.Fixed = drawContext(rt)
		}
		set := e.Access(p, c)
		if !set.Decided() {
			rt.Fatalf("got %s, want a decision", set.Inconclusive())
		}
		for range 8 {
			context := drawContext(rt)
			for name := range c.Fixed {
				context[name] = c.Fixed[name]
			}
			policies, q, err := e.Request(p, c, context)
			if err != nil {
				rt.Fatal(err)
			}
			want := policies.Decide(q)
			if got := set.Holds(q); got != want.Allowed() {
				rt.Fatalf("at %v: got allowed %v, want %s\n%s", context, got, want, policies.Explain(q))
			}
			if got := set.Possible().Holds(q); got != (want.Allowed() || want.Outcome == iam.Undecided) {
				rt.Fatalf("at %v: got possible %v, want %s\n%s", context, got, want, policies.Explain(q))
			}
			if set.Conditional() == nil {
				compareReadings(rt, set, q, want)
			}
		}
	})
}

// compareReadings holds every other reading against the ambiguity of the concrete decision.
func compareReadings(t *rapid.T, set Set, q *iam.Prepared, want iam.Decision) {
	for bit := iam.Ambiguity(4); bit <= iam.EmptyString; bit <<= 1 {
		differs := set.InReading(bit).Holds(q) != set.Holds(q)
		if differs != want.Ambiguity.Has(bit) {
			t.Fatalf("reading %v: got another answer %v, want %s", bit.Codes(), differs, want)
		}
	}
}

// TestPrincipalsShareAnEngine: what an engine remembers of one principal and check never
// leaks into the answer for another that a policy can tell apart.
func TestPrincipalsShareAnEngine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := New(Config{Theory: Theory{Off: true}})
		var pool []iam.Policies
		for range 2 {
			pool = append(pool, drawTexts(rt).build(t))
		}
		for range 8 {
			p := Principal{Principal: drawPrincipal(rt), Policies: rapid.SampledFrom(pool).Draw(rt, "policies")}
			if rapid.Bool().Draw(rt, "own keys") {
				p.Fixed = map[string][]string{"x:team": {rapid.SampledFrom([]string{"red", "k", "alice"}).Draw(rt, "team")}, "aws:TagKeys": {"a1"}}
			}
			p.Policies.CallerInManagementAccount = rapid.Bool().Draw(rt, "management")
			c := drawCheck(rt)
			if rapid.Bool().Draw(rt, "check keys") {
				c.Fixed = map[string][]string{"x:n": {"1"}, "x:arn": nil}
			}
			context := drawContext(rt)
			for _, fixed := range []map[string][]string{p.Fixed, c.Fixed} {
				for name, values := range fixed {
					context[name] = values
				}
			}
			policies, q, err := e.Request(p, c, context)
			if err != nil {
				rt.Fatal(err)
			}
			if got, want := e.Access(p, c).Holds(q), policies.Decide(q); got != want.Allowed() {
				rt.Fatalf("%s for %v at %v: got allowed %v, want %s\n%s", c.Action, p.Principal, context, got, want, policies.Explain(q))
			}
		}
	})
}
