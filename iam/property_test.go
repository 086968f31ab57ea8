package iam

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Small overlapping pools, so that random policies and requests meet.
var (
	poolActions    = []string{"s3:GetObject", "s3:*", "s3:Get*", "bedrock:InvokeModel", "bedrock:*", "*", "S3:getobject"}
	poolResources  = []string{"*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/k", "arn:aws:bedrock:*::foundation-model/a.*", "arn:aws:s3:*:k", "arn:aws:s3:::data/${aws:username}", "arn:aws:s3"}
	poolPrincipals = []string{`"*"`, `{"AWS":"111122223333"}`, `{"AWS":"` + roleARN + `"}`, `{"AWS":["` + userARN + `","` + sessARN + `"]}`, `{"Service":"x.amazonaws.com"}`}
	poolConditions = []string{
		`"Bool":{"aws:SecureTransport":"true"}`, `"StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}`,
		`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, `"ForAllValues:StringLike":{"aws:TagKeys":["a*"]}`,
		`"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"b"}`, `"StringEquals":{"aws:PrincipalTag/Team":"${x:team}"}`,
		`"Null":{"x:team":"true"}`, `"NumericLessThan":{"x:n":"many"}`,
	}
	poolTargets = []string{"arn:aws:s3:::data/k", "arn:aws:s3:::data/a:b", "arn:aws:s3:::data/alice", "arn:aws:bedrock:us-east-1::foundation-model/a.b-v1:0", "*"}
)

// statementText draws a statement; denies come one time in eight.
func statementText(t *rapid.T, effect string, principal bool) string {
	if effect == "" {
		effect = "Allow"
		if rapid.IntRange(0, 7).Draw(t, "deny") == 0 {
			effect = "Deny"
		}
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
		name, value := not("Principal"), rapid.SampledFrom(poolPrincipals).Draw(t, "principal")
		out += fmt.Sprintf(`,%q:%s`, name, value)
	}
	conditions := rapid.SliceOfNDistinct(rapid.SampledFrom(poolConditions), 0, 2, rapid.ID).Draw(t, "conditions")
	return out + `,"Condition":{` + strings.Join(conditions, ",") + `}}`
}

func statementTexts(t *rapid.T, principal bool) []string {
	n := rapid.IntRange(1, 4).Draw(t, "statements")
	var out []string
	for range n {
		out = append(out, statementText(t, "", principal))
	}
	return out
}

func document(statements []string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func parseDrawn(t *rapid.T, doc string) *Policy {
	p, err := Parse([]byte(doc))
	if err != nil {
		t.Fatalf("parse %s: %v", doc, err)
	}
	return p
}

// texts are the statements of a whole set of policies.
type texts struct {
	identity, resource, boundary, session, control []string
}

func drawTexts(t *rapid.T) texts {
	x := texts{identity: statementTexts(t, false)}
	optional := func(principal bool) []string {
		if rapid.Bool().Draw(t, "present") {
			return statementTexts(t, principal)
		}
		return nil
	}
	x.resource, x.boundary, x.session = optional(true), optional(false), optional(false)
	if x.control = optional(false); x.control != nil {
		x.control = append(x.control, allowAll)
	}
	return x
}

func (x texts) build(t *rapid.T) Policies {
	p := Policies{Identity: []*Policy{parseDrawn(t, document(x.identity))}}
	if x.resource != nil {
		p.Resource = parseDrawn(t, document(x.resource))
	}
	if x.boundary != nil {
		p.Boundary = parseDrawn(t, document(x.boundary))
	}
	if x.session != nil {
		p.Session = []*Policy{parseDrawn(t, document(x.session))}
	}
	if x.control != nil {
		p.ServiceControl = [][]*Policy{{parseDrawn(t, document(x.control))}}
	}
	return p
}

func drawRequest(t *rapid.T) Request {
	c := NewContext(nil)
	maybe := func(name string, values ...string) {
		switch rapid.IntRange(0, 3).Draw(t, name) {
		case 0:
		case 1:
			c = c.WithUnknown(name)
		default:
			c = c.With(name, rapid.SampledFrom(values).Draw(t, name+" value"))
		}
	}
	maybe("aws:SecureTransport", "true", "false")
	maybe("aws:RequestedRegion", "us-east-1", "ap-south-1")
	maybe("aws:SourceIp", "10.1.1.1", "192.0.2.1")
	maybe("x:team", "red", "blue")
	maybe("aws:PrincipalTag/team", "red")
	if rapid.Bool().Draw(t, "tags") {
		c = c.WithList("aws:TagKeys", rapid.SliceOfN(rapid.SampledFrom([]string{"a1", "b", ""}), 0, 3).Draw(t, "tag keys")...)
	}
	return Request{
		Principal: rapid.SampledFrom([]Principal{
			user(), session(), AnonymousPrincipal(), PrincipalService("x.amazonaws.com"),
			{Kind: FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/f"},
		}).Draw(t, "caller"),
		Action:          rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "bedrock:InvokeModel"}).Draw(t, "action"),
		Resource:        rapid.SampledFrom(poolTargets).Draw(t, "target"),
		ResourceAccount: rapid.SampledFrom([]string{account1, account2, ""}).Draw(t, "owner"),
		Context:         c,
	}
}

func prepareDrawn(t *rapid.T, r Request) *Prepared {
	q, err := Prepare(r)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// evaluateIn gives the readings that allow.
func evaluateIn(t *rapid.T, x texts, r Request) worlds {
	p := x.build(t)
	allowed, _ := p.evaluate(prepareDrawn(t, r))
	return allowed
}

func TestAddingADenyNeverAllows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, r := drawTexts(t), drawRequest(t)
		before := evaluateIn(t, x, r)
		switch rapid.IntRange(0, 1).Draw(t, "where") {
		case 0:
			x.identity = append(x.identity, statementText(t, "Deny", false))
		default:
			x.resource = append(x.resource, statementText(t, "Deny", true))
		}
		// A resource policy that appears turns an owner not known into a doubt about it.
		if after := evaluateIn(t, x, r); after&^before != 0 {
			t.Errorf("a Deny added: got allowed in %b, want within %b", after, before)
		}
	})
}

func TestAddingAnAllowNeverDenies(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, r := drawTexts(t), drawRequest(t)
		before := evaluateIn(t, x, r)
		x.identity = append(x.identity, statementText(t, "Allow", false))
		if after := evaluateIn(t, x, r); before&^after != 0 {
			t.Errorf("an Allow added: got allowed in %b, want at least %b", after, before)
		}
	})
}

func TestAddingALimitNeverAllows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, r := drawTexts(t), drawRequest(t)
		x.boundary, x.control = nil, nil
		before := evaluateIn(t, x, r)
		x.boundary = statementTexts(t, false)
		x.control = statementTexts(t, false)
		if after := evaluateIn(t, x, r); after&^before != 0 {
			t.Errorf("a boundary and a control policy added: got allowed in %b, want within %b", after, before)
		}
	})
}

func TestOrderIsIrrelevant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, r := drawTexts(t), drawRequest(t)
		before := evaluateIn(t, x, r)
		mix := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
		for _, l := range [][]string{x.identity, x.resource, x.boundary, x.session, x.control} {
			mix.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
		}
		if after := evaluateIn(t, x, r); after != before {
			t.Errorf("statements shuffled: got allowed in %b, want %b", after, before)
		}
	})
}

// TestUnknownCoversEveryValue: a decided answer with unknown keys stays the same whatever
// the keys turn out to be.
func TestUnknownCoversEveryValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, r := drawTexts(t), drawRequest(t)
		p := x.build(t)
		open := p.Decide(prepareDrawn(t, r))
		if open.Outcome == Undecided {
			return
		}
		for _, e := range r.Context.table.entries {
			if e.state != keyUnknown {
				continue
			}
			if v := rapid.SampledFrom([]string{"true", "red", "10.1.1.1", "us-east-1", ""}).Draw(t, "value"); v != "" {
				r.Context = r.Context.With(e.key.name, v)
			} else {
				r.Context = r.Context.Without(e.key.name)
			}
		}
		if closed := p.Decide(prepareDrawn(t, r)); closed.Allowed() != open.Allowed() || closed.Outcome == Undecided {
			t.Errorf("with values: got %s, want what was decided without them: %s", closed, open)
		}
	})
}

func TestExplainAgreesWithDecide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawTexts(t).build(t), prepareDrawn(t, drawRequest(t))
		e := p.Explain(q)
		sure := false
		for _, s := range e.Steps {
			sure = sure || s.Effect == Deny && s.Matched
		}
		if sure != (e.Decision.Outcome == ExplicitlyDenied) {
			t.Errorf("got %s, want explicitly denied exactly when a Deny applies", e)
		}
	})
}

func TestPrintKeepsMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := parseDrawn(t, document(statementTexts(t, true)))
		again := parseDrawn(t, p.String())
		if diff := cmp.Diff(p.String(), again.String()); diff != "" {
			t.Errorf("round trip (-want +got):\n%s", diff)
		}
		q := prepareDrawn(t, drawRequest(t))
		if got, want := (&Policies{Resource: again}).Decide(q), (&Policies{Resource: p}).Decide(q); got != want {
			t.Errorf("printed policy: got %s, want %s", got, want)
		}
	})
}
