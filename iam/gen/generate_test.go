package gen

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize/iam/sar"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden proves every case, and wants in each format the same documents as ever.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, o := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := generate(t, o)
			for _, format := range Formats {
				golden(t, name+map[string]string{"json": ".json", "terraform": ".tf", "cloudformation": ".yaml"}[format], r.Write(format))
			}
			sameInTerraform(t, r)
			sameInCloudFormation(t, r)
			if r.Proof.Calls == 0 || r.Proof.Checks == 0 || r.Proof.Witnesses == 0 || r.Proof.Nothing == 0 {
				t.Errorf("got proof %+v, want something of everything", r.Proof)
			}
		})
	}
}

func generate(t *testing.T, o Options) *Result {
	t.Helper()
	r, err := Generate(o, sar.Default())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// documents are the policies of a result, decoded, in an order that does not depend on the format.
func documents(t *testing.T, r *Result) []any {
	t.Helper()
	var out []any
	for _, p := range r.Policies {
		out = append(out, decode(t, p.JSON()))
	}
	return inOrder(t, out)
}

func decode(t *testing.T, doc string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return v
}

func inOrder(t *testing.T, docs []any) []any {
	t.Helper()
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	slices.SortFunc(docs, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	return docs
}

// sameInTerraform reads the file as Terraform does.
func sameInTerraform(t *testing.T, r *Result) {
	t.Helper()
	src := []byte(r.Write("terraform"))
	if diff := cmp.Diff(string(hclwrite.Format(src)), string(src)); diff != "" {
		t.Errorf("terraform fmt would change it (-want +got):\n%s", diff)
	}
	file, problems := hclsyntax.ParseConfig(src, "main.tf", hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	scope := &hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}}
	var got []any
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		for _, name := range []string{"policy", "assume_role_policy", "content"} {
			a := block.Body.Attributes[name]
			if a == nil {
				continue
			}
			v, problems := a.Expr.Value(scope)
			if problems.HasErrors() || v.Type() != cty.String {
				t.Fatalf("%s: %v", name, problems)
			}
			got = append(got, decode(t, v.AsString()))
		}
	}
	if diff := cmp.Diff(documents(t, r), inOrder(t, got)); diff != "" {
		t.Errorf("Terraform's documents (-want +got):\n%s", diff)
	}
}

// sameInCloudFormation reads the template and looks for documents.
func sameInCloudFormation(t *testing.T, r *Result) {
	t.Helper()
	var template any
	if err := yaml.Unmarshal([]byte(r.Write("cloudformation")), &template); err != nil {
		t.Fatal(err)
	}
	var got []any
	var find func(v any)
	find = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if _, ok := v["Statement"]; ok {
				got = append(got, v)
				return
			}
			for _, member := range v {
				find(member)
			}
		case []any:
			for _, member := range v {
				find(member)
			}
		}
	}
	find(template)
	if diff := cmp.Diff(documents(t, r), inOrder(t, got)); diff != "" {
		t.Errorf("CloudFormation's documents (-want +got):\n%s", diff)
	}
}

// TestEveryArchetypeAndOption holds the cases against the archetypes: each, with each of its options.
func TestEveryArchetypeAndOption(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, o := range cases {
		for _, f := range o.fields() {
			if len(f.values) > 0 {
				used[f.name] = true
				used[o.Archetype] = true
			}
		}
	}
	for _, a := range Archetypes() {
		if !used[a.Name] {
			t.Errorf("no case for %s", a.Name)
		}
		for _, option := range slices.Concat(a.Needs, a.Takes) {
			if !used[option] {
				t.Errorf("no case with --%s", option)
			}
		}
		if len(a.Grants) == 0 || a.Title == "" {
			t.Errorf("%s does not say what it gives", a.Name)
		}
	}
}

// TestOptionShows: an option that an archetype takes changes what is written.
func TestOptionShows(t *testing.T) {
	t.Parallel()
	full := cases["general-profiles"]
	for name, lacking := range map[string]func(*Options){
		"guardrail": func(o *Options) { o.Guardrails = nil },
		"endpoint":  func(o *Options) { o.Endpoints = nil },
		"network":   func(o *Options) { o.Networks = nil },
		"tier":      func(o *Options) { o.Tiers = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := full
			lacking(&o)
			if generate(t, o).json() == generate(t, full).json() {
				t.Errorf("without --%s the policy is the same", name)
			}
		})
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	o := cases["general-profiles"]
	want := generate(t, o).json()
	o.Profiles = []string{o.Profiles[1], o.Profiles[0], o.Profiles[1]}
	o.Networks = append(slices.Clone(o.Networks), o.Networks...)
	given := slices.Clone(o.Profiles)
	if diff := cmp.Diff(want, generate(t, o).json()); diff != "" {
		t.Errorf("in another order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(given, o.Profiles); diff != "" {
		t.Errorf("the caller's options were changed (-want +got):\n%s", diff)
	}
}

// TestSplit: what is too large for one managed policy becomes several, proved together.
func TestSplit(t *testing.T) {
	t.Parallel()
	o := Options{Archetype: "general", Regions: []string{"us-east-1", "us-west-2", "eu-central-1"}, Endpoints: []string{"vpce-0a1b2c3d"}}
	for i := range 40 {
		o.Models = append(o.Models, "anthropic.claude-of-some-length-"+string(rune('a'+i%26))+strings.Repeat("x", 1+i/26)+"-v1:0")
	}
	r := generate(t, o)
	if len(r.Policies) < 2 {
		t.Errorf("got %d policies, want several", len(r.Policies))
	}
	for _, p := range r.Policies {
		if p.Size() > p.Quota() {
			t.Errorf("%s has %d characters, more than %d", p.Name, p.Size(), p.Quota())
		}
	}
	o.Archetype, o.Endpoints, o.Account = "scp", nil, ""
	if _, err := Generate(o, sar.Default()); !errors.Is(err, ErrNotProved) || !strings.Contains(err.Error(), "the quota is 5120") {
		t.Errorf("got %v, want the quota of service control policies", err)
	}
}

// TestDocs holds the page that tells of the archetypes against them, and its example against what
// is printed.
func TestDocs(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/iam-generate.md", "<!-- archetypes -->\n", "<!-- end -->\n"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	before, rest, ok := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s lacks its marks", path)
	}
	var list strings.Builder
	for _, a := range Archetypes() {
		list.WriteString("\n### " + a.Name + "\n\n" + a.Title + ".\n\n")
		for _, g := range a.Grants {
			list.WriteString("- " + g + "\n")
		}
		list.WriteString("\nNeeds `--" + strings.Join(a.Needs, "`, `--") + "`.")
		if len(a.Takes) > 0 {
			list.WriteString(" Takes `--" + strings.Join(a.Takes, "`, `--") + "`.")
		}
		list.WriteString("\n")
	}
	want := before + begin + list.String() + "\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		page = want
	}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("%s, which -update mends (-want +got):\n%s", path, diff)
	}
	r := generate(t, Options{
		Archetype: "general", Name: "chat", Regions: []string{"eu-central-1"}, Models: []string{haiku}, Endpoints: []string{"vpce-0a1b2c3d"},
		Guardrails: []string{"arn:aws:bedrock:eu-central-1:111122223333:guardrail/abc123"},
	})
	for _, printed := range []string{r.Write("json"), strings.Join(r.Summary(), "\n") + "\n"} {
		if !strings.Contains(page, printed) {
			t.Errorf("%s does not show what is printed:\n%s", path, printed)
		}
	}
}
