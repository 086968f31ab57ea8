package sym

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assize-dev/assize/iam"
)

// theoryConditions are conditions on the keys that the theory ties together.
var theoryConditions = []string{
	`"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}`, `"NotIpAddress":{"aws:SourceIp":"203.0.113.0/25"}`,
	`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/16"}`, `"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}`,
	`"StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-1"}`, `"StringEquals":{"aws:VpceAccount":"111122223333"}`,
	`"Bool":{"aws:MultiFactorAuthPresent":"true"}`, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`,
	`"NumericLessThan":{"aws:MultiFactorAuthAge":"300"}`, `"Null":{"aws:TokenIssueTime":"true"}`,
	`"DateLessThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}`, `"Null":{"aws:MultiFactorAuthAge":"false"}`,
	`"DateGreaterThan":{"aws:CurrentTime":"2026-06-01T00:00:00Z"}`, `"NumericLessThan":{"aws:EpochTime":"1790000000"}`,
	`"ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}`, `"Bool":{"aws:ViaAWSService":"false"}`,
	`"Null":{"aws:CalledViaLast":"false"}`, `"StringLike":{"bedrock:InferenceProfileArn":"*"}`, `"Bool":{"aws:SecureTransport":"false"}`,
}

func drawTheoryStatement(t *rapid.T, effect string) string {
	seen := map[string]string{}
	for _, c := range rapid.SliceOfN(rapid.SampledFrom(theoryConditions), 0, 4).Draw(t, "conditions") {
		operator, _, _ := strings.Cut(c, ":{")
		seen[operator] = c
	}
	var list []string
	for _, c := range theoryConditions {
		if operator, _, _ := strings.Cut(c, ":{"); seen[operator] == c {
			list = append(list, c)
		}
	}
	if effect == "Allow" {
		return allowIf(strings.Join(list, ","))
	}
	return denyIf(strings.Join(list, ","))
}

func drawTheoryTexts(t *rapid.T) []string {
	var out []string
	for range rapid.IntRange(1, 3).Draw(t, "allows") {
		out = append(out, drawTheoryStatement(t, "Allow"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "denies") {
		out = append(out, drawTheoryStatement(t, "Deny"))
	}
	return out
}

var theoryEndpoints = []Endpoint{{ID: "vpce-1", VPC: "vpc-1", Account: account1}, {ID: "vpce-2", VPC: "vpc-2", Account: account2}}

func drawEngine(t *rapid.T) *Engine {
	return New(Config{Theory: Theory{
		Endpoints: theoryEndpoints, OnlyEndpoints: rapid.Bool().Draw(t, "only endpoints"),
		PrivateSourceIP: rapid.Bool().Draw(t, "private"),
	}})
}

// TestWitnessesReplay: every witness of a set is allowed, and every witness of its complement is not.
func TestWitnessesReplay(t *testing.T) {
	t.Parallel()
	found := 0
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEngine(rt)
		texts := layerTexts{identity: drawTheoryTexts(rt)}
		if rapid.Bool().Draw(rt, "more") {
			more := drawTexts(rt)
			more.identity, more.unreadable = append(more.identity, texts.identity...), false
			texts = more
		}
		p := Principal{Principal: drawPrincipal(rt), Policies: texts.build(t)}
		c := drawCheck(rt)
		set := e.Access(p, c)
		for _, x := range []Set{set, set.Not()} {
			witness, ok := e.Witness(x)
			if ok == x.Empty() && x.Conditional() == nil {
				rt.Fatalf("got a witness %v, want one of a set that is not empty", ok)
			}
			if !ok {
				continue
			}
			found++
			d, err := e.Replay(p, c, witness)
			if err != nil {
				rt.Fatal(err)
			}
			if d.Allowed() != (x == set) {
				rt.Fatalf("witness %v: got %s, want allowed %v", witness, d, x == set)
			}
			address, through := witness[keySourceIP] != nil, witness[keySourceVpce] != nil
			other := witness[keySourceVpc] != nil || slices.Equal(witness[keyViaService], []string{"true"})
			if p.Kind != iam.ServicePrincipal && (address && through || !address && !other) {
				rt.Fatalf("witness %v: want a public address, an endpoint, a console inside of a VPC or a service's call", witness)
			}
		}
	})
	if found == 0 {
		t.Error("got no witness at all, want some")
	}
}

// TestWitnessIsUsual: a witness is the request that people expect where the set leaves the choice.
func TestWitnessIsUsual(t *testing.T) {
	t.Parallel()
	ordinary := map[string][]string{
		"aws:CurrentTime": {"2026-01-01T00:00:00Z"}, "aws:EpochTime": {"1767225600"}, "aws:TokenIssueTime": {"2026-01-01T00:00:00Z"},
		"aws:SecureTransport": {"true"}, "aws:ViaAWSService": {"false"},
	}
	for conditions, more := range map[string]map[string][]string{
		``: {"aws:SourceIp": {"198.51.100.7"}},
		`"Null":{"aws:SourceVpce":"false"}`: {
			"aws:SourceVpce": {"vpce-0a1b2c3d4e5f60718"}, "aws:SourceVpc": {"vpc-0a1b2c3d4e5f60718"}, "aws:VpcSourceIp": {"10.0.0.7"},
		},
	} {
		want := maps.Clone(ordinary)
		maps.Copy(want, more)
		e := New(Config{})
		got, _ := e.Witness(e.Access(withIdentity(t, `[`+allowIf(conditions)+`]`), invoke))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("{%s} (-want +got):\n%s", conditions, diff)
		}
	}
}

func TestAddingADenyOrALevelNeverAllows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEngine(rt)
		texts := drawTheoryTexts(rt)
		p := Principal{Principal: drawPrincipal(rt), Policies: layerTexts{identity: texts}.build(t)}
		before := e.Access(p, invoke)
		deny := p
		deny.Policies = layerTexts{identity: append(texts, drawTheoryStatement(rt, "Deny"))}.build(t)
		if in, decided := e.Access(deny, invoke).Implies(before); !in || !decided {
			rt.Fatalf("a Deny added: got more access")
		}
		level := p
		level.Policies.ServiceControl = [][]*iam.Policy{{parse(t, "["+strings.Join(drawTheoryTexts(rt), ",")+"]")}}
		if in, decided := e.Access(level, invoke).Implies(before); !in || !decided {
			rt.Fatalf("a level added: got more access")
		}
		allow := p
		allow.Policies = layerTexts{identity: append(texts, drawTheoryStatement(rt, "Allow"))}.build(t)
		if in, decided := before.Implies(e.Access(allow, invoke)); !in || !decided {
			rt.Fatalf("an Allow added: got less access")
		}
	})
}

// TestEqualSetsAreEqualValues: neither the order of statements nor another way to write them changes the value.
func TestEqualSetsAreEqualValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEngine(rt)
		texts := drawTheoryTexts(rt)
		p := Principal{Principal: drawPrincipal(rt), Policies: layerTexts{identity: texts}.build(t)}
		before := e.Access(p, invoke)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1)).Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		p.Policies = layerTexts{identity: texts}.build(t)
		for _, s := range texts {
			p.Policies.Identity = append(p.Policies.Identity, parse(t, "["+s+"]"))
		}
		if after := e.Access(p, invoke); after != before {
			rt.Fatalf("shuffled and repeated: got %q, want %q", e.Conditions(after), e.Conditions(before))
		}
	})
}

func TestAlgebra(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEngine(rt)
		draw := func() Set {
			p := Principal{Principal: app(), Policies: layerTexts{identity: append(drawTheoryTexts(rt), drawStatement(rt, "Allow", false))}.build(t)}
			return e.Access(p, Check{Action: "s3:GetObject", Resource: "arn:aws:s3:::data/k"})
		}
		a, b := draw(), draw()
		laws := map[string][2]Set{
			"a and b = b and a":              {a.And(b), b.And(a)},
			"not not a = a":                  {a.Not().Not(), a},
			"not (a and b) = not a or not b": {a.And(b).Not(), a.Not().Or(b.Not())},
			"(a - b) or (a and b) = a":       {a.Minus(b).Or(a.And(b)), a},
			"a - b = a and not b":            {a.Minus(b), a.And(b.Not())},
		}
		for law, x := range laws {
			if x[0] != x[1] {
				rt.Errorf("%s: got %q, want %q", law, e.Conditions(x[0]), e.Conditions(x[1]))
			}
		}
		if in, decided := a.And(b).Implies(b); !in || !decided {
			rt.Error("a and b implies b: got no")
		}
	})
}

// TestDescriptionIsTheSet: what people are shown of a set has exactly its contexts within the theory.
func TestDescriptionIsTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEngine(rt)
		p := Principal{Principal: app(), Policies: layerTexts{identity: append(drawTheoryTexts(rt), drawStatement(rt, "", false))}.build(t)}
		set := e.Access(p, Check{Action: "s3:GetObject", Resource: "arn:aws:s3:::data/k"})
		n := never
		for _, c := range e.cubes(set) {
			n = e.any(n, e.nodeOf(c))
		}
		if got := e.all(n, set.theory); got != set.primary() {
			rt.Errorf("alternatives %q are another set", e.Conditions(set))
		}
		if simple := e.f.within(set.primary(), set.theory); e.all(simple, set.theory) != set.primary() {
			rt.Error("simplified within the theory: got another set")
		}
	})
}

func TestEndpointPolicies(t *testing.T) {
	t.Parallel()
	only := `{"Effect":"Allow","Principal":"*","Action":"bedrock:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}}`
	e := New(Config{Theory: Theory{OnlyEndpoints: true, Endpoints: []Endpoint{
		{ID: "vpce-1", VPC: "vpc-1", Policy: parse(t, `[`+only+`]`)}, {ID: "vpce-2"},
	}}})
	p := withIdentity(t, `[`+allowIf(`"StringLike":{"aws:SourceVpce":"*"}`)+`]`)
	set := e.Access(p, invoke)
	if got := e.Conditions(set); len(got) != 1 || got[0] != `aws:SourceVpce = "vpce-2"` {
		t.Errorf("got %q, want only the endpoint that lets other accounts through", got)
	}
	witness, _ := e.Witness(set)
	if d, err := e.Replay(p, invoke, witness); err != nil || !d.Allowed() {
		t.Errorf("replay: got %s %v, want allowed", d, err)
	}
	if d, _ := e.Replay(p, invoke, map[string][]string{"aws:SourceVpce": {"vpce-1"}}); d.Allowed() {
		t.Errorf("through the other endpoint: got %s, want denied", d)
	}
	p.Fixed = map[string][]string{"aws:SourceVpce": {"vpce-1"}}
	if fixed := e.Access(p, invoke); !fixed.Empty() {
		t.Errorf("fixed to the other endpoint: got %q, want nothing", e.Conditions(fixed))
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	p := withIdentity(t, `[`+allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"x:a":"b"}`)+`]`)
	set := e.Access(p, invoke)
	if got := e.Conditions(e.Project(set, NetworkKeys...)); len(got) != 1 || got[0] != "aws:SourceIp is in 203.0.113.0/24" {
		t.Errorf("from where: got %q, want the network", got)
	}
	if got := e.Conditions(e.Project(set, "x:a")); len(got) != 1 || got[0] != `x:a = "b"` {
		t.Errorf("conditions: got %q, want the key", got)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	var conditions []string
	for i := range 12 {
		conditions = append(conditions, allowIf(`"StringLike":{"x:`+strings.Repeat("k", i+1)+`":"*word*"},"StringNotEquals":{"x:other":"`+strings.Repeat("v", i+1)+`"}`))
	}
	p := withIdentity(t, `[`+strings.Join(conditions, ",")+`]`)
	for name, b := range map[string]Budget{"nodes": {Nodes: 5}, "states": {States: 3}, "steps": {Steps: 10}} {
		e := New(Config{Budget: b})
		for range 2 { // what is beyond the budget stays so
			set := e.Access(p, invoke)
			if set.Decided() || set.Empty() || set.All() {
				t.Errorf("%s: got a decision, want inconclusive", name)
			}
			if got := set.And(e.All(iam.RoleSession)); got.Decided() {
				t.Errorf("%s: got a decided intersection, want inconclusive", name)
			}
			if got := e.Conditions(set); len(got) != 1 || !strings.HasPrefix(got[0], "not known: ") {
				t.Errorf("%s: got %q, want the reason", name, got)
			}
			if _, ok := e.Witness(set); ok {
				t.Errorf("%s: got a witness, want none", name)
			}
		}
	}
	if set := New(Config{}).Access(p, invoke); !set.Decided() {
		t.Errorf("default budget: got %s, want a decision", set.Inconclusive())
	}
}

// TestBudgetOfSpans: many numbers and addresses cost steps as texts do, and many statements
// that cost too much are not all tried.
func TestBudgetOfSpans(t *testing.T) {
	t.Parallel()
	var numbers, texts []string
	for i := range 400 {
		numbers = append(numbers, allowIf(fmt.Sprintf(`"NumericEquals":{"x:n":"%d"},"NumericNotEquals":{"x:m":"%d"}`, i, i)))
		texts = append(texts, allowIf(fmt.Sprintf(`"StringLike":{"x:t":"*%d%s"}`, i, strings.Repeat("?", 30))))
	}
	e := New(Config{Budget: Budget{Steps: 50_000}})
	if set := e.Access(withIdentity(t, `[`+strings.Join(numbers, ",")+`]`), invoke); set.Decided() {
		t.Errorf("got a decision with %d nodes, want inconclusive", len(e.f.nodes))
	}
	dead, undecided := e.DeadStatements(withIdentity(t, `[`+strings.Join(texts, ",")+`]`), invoke)
	if len(dead) != 0 || len(undecided) != len(texts) {
		t.Fatalf("got %d dead, %d undecided, want none and all %d", len(dead), len(undecided), len(texts))
	}
	if last := undecided[len(undecided)-1]; !strings.HasSuffix(last, "too many statements before it are beyond the budget") {
		t.Errorf("got %q, want the last statement not tried", last)
	}
}

// TestManyPatterns: a list of patterns that could stand anywhere in a text is one condition, not
// a combination of as many.
func TestManyPatterns(t *testing.T) {
	t.Parallel()
	var values []string
	for i := range 40 {
		values = append(values, fmt.Sprintf("\"*word%d-*\"", i))
	}
	p := withIdentity(t, `[`+allowIf(`"StringLike":{"x:a":[`+strings.Join(values, ",")+`]}`)+`]`)
	e := New(Config{Budget: Budget{States: 500, Steps: 100_000}})
	set := e.Access(p, invoke)
	witness, ok := e.Witness(set)
	if !ok {
		t.Fatalf("got no witness (%s), want one", set.Inconclusive())
	}
	if d, err := e.Replay(p, invoke, witness); err != nil || !d.Allowed() {
		t.Errorf("witness %v: got %s %v, want allowed", witness, d, err)
	}
}

func TestAccessOfBadInput(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	if got := e.Access(withIdentity(t, `[`+allowAll+`]`), Check{Action: "InvokeModel"}); got.Decided() {
		t.Error("action without service: got a decision, want inconclusive")
	}
	if got := e.Access(Principal{}, invoke); got.Decided() {
		t.Error("principal without kind: got a decision, want inconclusive")
	}
}

func TestUnknownsAreNeitherAllowedNorDenied(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	p := Principal{Principal: app(), Policies: iam.Policies{Identity: []*iam.Policy{iam.Unreadable("u", "gone")}}}
	set := e.Access(p, invoke)
	if !set.Empty() || !set.Undecided() || !set.Possible().All() {
		t.Errorf("unreadable policy: got empty %v, undecided %v, possible %q", set.Empty(), set.Undecided(), e.Conditions(set.Possible()))
	}
	p = withIdentity(t, `[{"Effect":"Allow","Action":"*","Resource":"arn:aws:bedrock:*::foundation-model/anthropic*:0"}]`)
	if got := e.Access(p, invoke).Ambiguity(); got != 0 {
		t.Errorf("same in both readings: got %v, want no ambiguity", got.Codes())
	}
	p = withIdentity(t, `[{"Effect":"Allow","Action":"*","Resource":"arn:aws:bedrock:*::foundation-model/anthropic.*v1?0"}]`)
	if got := e.Access(p, invoke).Ambiguity(); !got.Has(iam.ReadingSensitive) {
		t.Errorf("? against a colon: got %v, want reading-sensitive", got.Codes())
	}
}

func TestWitnessesOfConditionalSets(t *testing.T) {
	t.Parallel()
	object := Check{Action: "s3:GetObject", Resource: "arn:aws:s3:::data/red/k"}
	tests := map[string]struct {
		statements string
		want       bool
	}{
		"tag of the resource is that of the session": {`[` + allowIf(`"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}`) + `]`, true},
		"another tag":                   {`[` + allowIf(`"StringNotEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"},"Null":{"aws:ResourceTag/team":"false"}`) + `]`, true},
		"folder of the session":         {`[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::data/${aws:PrincipalTag/team}/*"}]`, true},
		"folder and tag":                {`[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::data/${aws:PrincipalTag/team}/*","Condition":{"StringLike":{"aws:SourceIdentity":"${aws:PrincipalTag/team}-?*"}}}]`, true},
		"a variable that cannot be met": {`[` + allowIf(`"StringEquals":{"aws:ResourceTag/a":"${aws:PrincipalTag/b}"},"Null":{"aws:PrincipalTag/b":"true"}`) + `]`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{})
			p := withIdentity(t, tt.statements)
			set := e.Access(p, object)
			if set.Conditional() == nil {
				t.Fatalf("got %q, want a conditional set", e.Conditions(set))
			}
			witness, ok := e.WitnessFor(p, object, set)
			if ok != tt.want {
				t.Fatalf("got witness %v %v, want one: %v", witness, ok, tt.want)
			}
			if !ok {
				return
			}
			if d, err := e.Replay(p, object, witness); err != nil || !d.Allowed() {
				t.Errorf("witness %v: got %s %v, want allowed", witness, d, err)
			}
		})
	}
}
