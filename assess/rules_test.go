package assess_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestRules holds what rules answer about known, absent and unknown values.
func TestRules(t *testing.T) {
	t.Parallel()
	type props = map[string]assize.Value
	list := func(vs ...assize.Value) assize.List { return vs }
	filter := func(kind string, strength assize.Value) assize.Object {
		return assize.NewObject(props{"Kind": kind, "Strength": strength})
	}
	rest := &assize.Unknown{Cause: assize.Throttled, Rest: true}
	tests := []struct {
		name  string
		rule  string
		props props
		want  assize.Outcome
		cause assize.Cause
	}{
		{"known", `resource.Mode == "On"`, props{"Mode": "On"}, assize.Pass, ""},
		{"default of absence", `resource.Mode == "Off"`, nil, assize.Pass, ""},
		{"unknown", `resource.Mode == "On"`, props{"Mode": denied}, assize.Inconclusive, assize.Denied},
		{"unknown does not equal", `resource.Mode != "On"`, props{"Mode": denied}, assize.Inconclusive, assize.Denied},
		{"has known", `has(resource.Size)`, props{"Size": int64(1)}, assize.Pass, ""},
		{"has absent", `has(resource.Size)`, nil, assize.Fail, ""},
		{"has unknown", `has(resource.Size)`, props{"Size": denied}, assize.Inconclusive, assize.Denied},
		{"has below unknown parent", `has(resource.Nested.Deep.Level)`, props{"Nested": denied}, assize.Inconclusive, assize.Denied},
		{"has below absent parent", `has(resource.Nested.Deep.Level)`, nil, assize.Fail, ""},
		{"default below absent parent", `resource.Nested.Deep.Flag`, nil, assize.Pass, ""},
		{"field of unknown parent", `resource.Nested.Deep.Flag`, props{"Nested": denied}, assize.Inconclusive, assize.Denied},
		{"default function", `default(resource.Size, 7) > 5`, nil, assize.Pass, ""},
		{"default function known", `default(resource.Size, 7) > 5`, props{"Size": int64(3)}, assize.Fail, ""},
		{"default function unknown", `default(resource.Size, 7) > 5`, props{"Size": denied}, assize.Inconclusive, assize.Denied},
		{"false decides and", `resource.Open && resource.Mode == "On"`, props{"Mode": denied}, assize.Fail, ""},
		{"true decides or", `resource.Mode == "On" || !resource.Open`, props{"Mode": denied}, assize.Pass, ""},
		{"in literals", `resource.Mode in ["On", "Half"]`, props{"Mode": "Half"}, assize.Pass, ""},
		{"in literals unknown", `resource.Mode in ["On", "Half"]`, props{"Mode": denied}, assize.Inconclusive, assize.Denied},
		{"true element decides exists", `resource.Names.exists(n, n == "a")`, props{"Names": list(denied, "a")}, assize.Pass, ""},
		{"unknown element and exists", `resource.Names.exists(n, n == "a")`, props{"Names": list(denied, "b")}, assize.Inconclusive, assize.Denied},
		{"false element decides all", `resource.Names.all(n, n == "a")`, props{"Names": list("b", denied)}, assize.Fail, ""},
		{"unknown rest and all", `resource.Names.all(n, n == "a")`, props{"Names": list("a", rest)}, assize.Inconclusive, assize.Throttled},
		{"unknown rest and exists", `resource.Names.exists(n, n == "a")`, props{"Names": list("a", rest)}, assize.Pass, ""},
		{"size of a part", `resource.Names.size() > 0`, props{"Names": list("a", rest)}, assize.Pass, ""},
		{"size of a part that may be larger", `resource.Names.size() > 1`, props{"Names": list("a", rest)}, assize.Inconclusive, assize.Throttled},
		{"size of a part that may be just so", `resource.Names.size() == 1`, props{"Names": list("a", rest)}, assize.Inconclusive, assize.Throttled},
		{"size of all", `resource.Names.size() == 2`, props{"Names": list("a", denied)}, assize.Pass, ""},
		{"only the rest is unknown", `resource.Names.all(n, n == "a")`, props{"Names": list(rest)}, assize.Inconclusive, assize.Throttled},
		{"nothing but the rest, condition true", `resource.Names.exists(n, true)`, props{"Names": list(rest)}, assize.Inconclusive, assize.Throttled},
		{"nothing but the rest, condition of another fact", `resource.Names.exists(n, n == "a" || !resource.Open)`, props{"Names": list(rest)}, assize.Inconclusive, assize.Throttled},
		{"nothing but the rest, condition false", `resource.Names.all(n, false)`, props{"Names": list(rest)}, assize.Inconclusive, assize.Throttled},
		{"the rest cannot match", `resource.Names.exists(n, n == "a" && resource.Open)`, props{"Names": list(rest)}, assize.Fail, ""},
		{"the rest cannot break it", `resource.Names.all(n, n == "a" || !resource.Open)`, props{"Names": list(rest)}, assize.Pass, ""},
		{"filter keeps what is not known", `resource.Names.filter(n, true).size() == 1`, props{"Names": list("a", rest)}, assize.Inconclusive, assize.Throttled},
		{"absent list", `resource.Names.all(n, n == "a")`, nil, assize.Pass, ""},
		{
			"objects", `resource.Filters.exists(f, has(f.Kind) && f.Kind == "HATE" && f.Strength == "HIGH")`,
			props{"Filters": list(filter("HATE", "HIGH"), filter("SEXUAL", denied))},
			assize.Pass, "",
		},
		{
			"objects unknown field", `resource.Filters.all(f, f.Strength == "HIGH")`,
			props{"Filters": list(filter("HATE", "HIGH"), filter("SEXUAL", denied))},
			assize.Inconclusive, assize.Denied,
		},
		{
			"filter then size", `resource.Filters.filter(f, f.Strength == "HIGH").size() == 1`,
			props{"Filters": list(filter("HATE", "HIGH"), filter("X", "LOW"))},
			assize.Pass, "",
		},
		{
			"nested lists", `resource.Filters.exists(f, f.Tags.exists(t, t == "x"))`,
			props{"Filters": list(assize.NewObject(props{"Tags": list("x")}))},
			assize.Pass, "",
		},
		{"wrong kind", `default(resource.Size, 0) == 1`, props{"Size": "one"}, assize.Inconclusive, assize.WrongAnswer},
		{"wrong element", `resource.Names.size() == 0`, props{"Names": list(int64(1))}, assize.Inconclusive, assize.WrongAnswer},
		{"time", `has(resource.Made) && asOf - resource.Made < duration("720h")`, props{"Made": "2026-10-15T00:00:00Z"}, assize.Pass, ""},
		{"wrong time", `has(resource.Made) && asOf - resource.Made < duration("720h")`, props{"Made": "yesterday"}, assize.Inconclusive, assize.WrongAnswer},
		{"double of int", `default(resource.Ratio, 0.0) >= 0.7`, props{"Ratio": int64(1)}, assize.Pass, ""},
		{"error in rule", `1 / default(resource.Size, 0) == 1`, nil, assize.Inconclusive, assize.ErrorInRule},
		{"profile not set", `resource.Names.all(n, profile.approved.exists(a, a == n))`, props{"Names": list("a")}, assize.Manual, ""},
		{"gap before profile", `resource.Mode == "On" && profile.approved.exists(a, a == resource.Mode)`, props{"Mode": denied}, assize.Inconclusive, assize.Denied},
		{"profile default", `default(resource.Size, 0) < profile.limit`, props{"Size": int64(9)}, assize.Pass, ""},
		{"glob", `glob(resource.Mode, "O?")`, props{"Mode": "On"}, assize.Pass, ""},
		{"key of the customer", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, props{"KmsKeyId": "k1"}, assize.Pass, ""},
		{
			"key by ARN", `has(resource.KmsKeyId) && kmsKey(resource.KmsKeyId).KeyManager.startsWith("CUST")`,
			props{"KmsKeyId": "arn:aws:kms:eu-central-1:111122223333:key/k1"},
			assize.Pass, "",
		},
		{"key of AWS by alias", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, props{"KmsKeyId": "alias/aws/s3"}, assize.Fail, ""},
		{
			"key elsewhere", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`,
			props{"KmsKeyId": "arn:aws:kms:eu-central-1:999999999999:key/k9"},
			assize.Inconclusive, assize.Unlinked,
		},
		{"look-up of all", `things().exists_one(o, has(o.KmsKeyId) && o.KmsKeyId == "k1")`, props{"KmsKeyId": "k1"}, assize.Pass, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rule := strings.ReplaceAll(tt.rule, "kmsKey(resource.KmsKeyId).KeyManager", `default(kmsKey(resource.KmsKeyId).KeyManager, "")`)
			got := judge(t, check(rule), world(thing("t1", tt.props), key("k1", "CUSTOMER")), assess.Options{})
			if len(got) != 1 {
				t.Fatalf("got %d findings, want 1", len(got))
			}
			if got[0].Outcome != tt.want {
				t.Fatalf("got %s (%s), want %s", got[0].Outcome, got[0].Reason, tt.want)
			}
			if tt.want == assize.Inconclusive && got[0].Unknown.Cause != tt.cause {
				t.Errorf("got cause %s, want %s", got[0].Unknown.Cause, tt.cause)
			}
		})
	}
}

// TestRefused holds which rules do not load, and that the error says where and why.
func TestRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rule, want string }{
		{"unguarded", `resource.Size > 1`, "1:9: Size may be absent"},
		{"guard in the wrong order", `resource.Size > 1 && has(resource.Size)`, "Size may be absent"},
		{"guard of another", `has(resource.Name) && resource.Size > 1`, "Size may be absent"},
		{"guard under or", `has(resource.Size) || resource.Size > 1`, "Size may be absent"},
		{"guard of an outer variable", `resource.Filters.all(f, has(f.Kind)) && resource.Filters.all(f, f.Kind == "x")`, "Kind may be absent"},
		{"list ==", `resource.Names == ["a"]`, "compare scalars only"},
		{"list !=", `resource.Names != []`, "compare scalars only"},
		{"object ==", `resource.Nested == resource.Nested`, "compare scalars only"},
		{"in a list with unknowns", `"a" in resource.Names`, "in wants a list of literals"},
		{"in a list of expressions", `"a" in [resource.Mode]`, "in wants a list of literals"},
		{"index", `resource.Filters[0].Strength == "HIGH"`, "an index has no place"},
		{"adding lists", `(resource.Names + resource.Names).size() > 1`, "lists cannot be added"},
		{"map literal", `{"a": 1}.size() == 1`, "literal maps"},
		{"misspelt", `resource.Mod == "On"`, "undefined field 'Mod'"},
		{"misspelt in has", `has(resource.Mod)`, "declares no fact Mod"},
		{"wrong type", `resource.Mode == 1`, "no matching overload"},
		{"not bool", `resource.Mode`, "want an expression of type bool"},
		{"unknown function", `frobnicate(resource.Mode)`, "undeclared reference"},
		{"syntax", `resource.Mode ==`, "Syntax error"},
		{"has of no field", `has(resource)`, "has wants a field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := compiler(t).Compile(check(tt.rule))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestGuards holds which guarded reads load.
func TestGuards(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{
		`has(resource.Size) && resource.Size > 1`,
		`!has(resource.Size) || resource.Size > 1`,
		`has(resource.Size) ? resource.Size > 1 : false`,
		`!(has(resource.Size) && has(resource.Name)) || resource.Name.size() < resource.Size`,
		`default(resource.Size, 1) > 1`,
		`resource.Filters.all(f, has(f.Kind) && f.Kind == "HATE")`,
		`has(resource.KmsKeyId) && has(kmsKey(resource.KmsKeyId).KeyManager) && kmsKey(resource.KmsKeyId).KeyManager == "CUSTOMER"`,
	} {
		if _, err := compiler(t).Compile(check(rule)); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

// TestPaths holds which facts a rule reads.
func TestPaths(t *testing.T) {
	t.Parallel()
	p, err := compiler(t).Compile(check(`resource.Filters.all(f, f.Strength == "HIGH") && resource.Nested.Deep.Flag && has(resource.Size)`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(p.Paths(), " "), "Filters Filters[].Strength Nested.Deep.Flag Size"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLater holds that a program that is compiled when it is needed judges as one that was compiled
// before, and that one that does not compile never passes nor fails.
func TestLater(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, rule, paths string
		want              assize.Outcome
		reason            string
	}{
		{"holds", `default(resource.KeyManager, "AWS") == "CUSTOMER"`, "KeyManager", assize.Pass, ""},
		{"does not hold", `default(resource.KeyManager, "AWS") == "AWS"`, "KeyManager", assize.Fail, ""},
		{"does not compile", `resource.KeyManger == "AWS"`, "", assize.Inconclusive, "compile the check: rule: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			comp := compiler(t)
			c := check(tt.rule)
			c.Subject.Type = "AWS::KMS::Key"
			p := comp.Later(c)
			n := 0
			for f := range assess.NewEngine(comp, []*assess.Program{p}).Assess(world(key("k", "CUSTOMER")), assess.Options{WholeAccount: true}).Findings() {
				n++
				if f.Outcome != tt.want || !strings.Contains(f.Reason, tt.reason) {
					t.Errorf("got %s, %q, want %s with %q", f.Outcome, f.Reason, tt.want, tt.reason)
				}
			}
			if n != 1 {
				t.Errorf("got %d findings, want one", n)
			}
			if got := strings.Join(p.Paths(), " "); got != tt.paths {
				t.Errorf("paths: got %q, want %q", got, tt.paths)
			}
		})
	}
}
