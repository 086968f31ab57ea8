package config_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform/config"
)

// TestRefused holds what is not read at all.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"nothing", map[string]string{"README.md": ""}, "no file of Terraform configuration"},
		{"no HCL", map[string]string{"main.tf": "resource {{{"}, "not readable as configuration"},
		{"no JSON", map[string]string{"main.tf.json": "{"}, "not readable as JSON"},
		{"nested too deeply", map[string]string{"main.tf": "locals { a = " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + " }"}, "nested too deeply"},
		{"operators without end", map[string]string{"main.tf": "locals { a = " + strings.Repeat("!", 100_000) + "true }"}, "nested too deeply"},
		{"JSON nested too deeply", map[string]string{"main.tf.json": strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300)}, "nested deeper"},
		{"reserved characters", map[string]string{"main.tf": "locals { a = \"\\uFDD0\" }"}, "U+FDD0"},
		{"an override of nothing", map[string]string{"main.tf": "", "x_override.tf": `variable "v" { default = 1 }`}, "which nothing declares"},
		{"a resource twice", map[string]string{"main.tf": `resource "aws_x" "y" {}`, "z.tf": `resource "aws_x" "y" {}`}, "z.tf:1: resource aws_x.y is declared already, at main.tf:1"},
		{"a data source twice", map[string]string{"main.tf": "data \"aws_x\" \"y\" {}\ndata \"aws_x\" \"y\" {}"}, "data aws_x.y is declared already"},
		{"a local twice", map[string]string{"main.tf": "locals {\n  a = 1\n}\nlocals {\n  a = 2\n}"}, "main.tf:5: local a is declared already, at main.tf:2"},
		{"a variable twice", map[string]string{"main.tf": "variable \"v\" {}\nvariable \"v\" {}"}, "variable v is declared already"},
		{"an output twice", map[string]string{"main.tf": "output \"v\" {}\noutput \"v\" {}"}, "output v is declared already"},
		{"a module twice", map[string]string{"main.tf": "module \"m\" {\n  source = \"./a\"\n}\nmodule \"m\" {\n  source = \"./b\"\n}"}, "module m is declared already"},
		{"a provider twice", map[string]string{"main.tf": "provider \"aws\" {}\nprovider \"aws\" {\n  alias = \"b\"\n}\nprovider \"aws\" {}"}, "main.tf:5: provider aws is declared already"},
		{"twice in JSON", map[string]string{"main.tf": `variable "v" {}`, "b.tf.json": `{"variable":{"v":{}}}`}, "variable v is declared already"},
		{"a resource without a name", map[string]string{"main.tf": `resource "aws_x" {}`}, "needs 2 labels"},
		{"modules within themselves", map[string]string{"main.tf": `module "m" { source = "./" }`}, "main.tf:1: module m calls itself"},
		{"a local module that is not there", map[string]string{"main.tf": "\nmodule \"m\" { source = \"./gone\" }"}, "main.tf:2: module m: source \"./gone\": there is no such folder"},
		{"modules that call each other", map[string]string{
			"main.tf": `module "m" { source = "./a" }`, "a/main.tf": `module "n" { source = "../b" }`, "b/main.tf": `module "o" { source = "../a" }`,
		}, "b/main.tf:1: module m.n.o calls itself"},
		{"an exception without an end", map[string]string{"main.tf": "# assize:except s3_bucket_versioning_enabled\n"}, "want: assize:except"},
		{"an exception until no day", map[string]string{"main.tf": `# assize:except x until=2026-02-30 reason="y"`}, "is no day"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.ReadFS(folder(tt.files), ".")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// TestDeclaredOnce holds what looks declared twice and is not.
func TestDeclaredOnce(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"a resource and a data source": {"main.tf": "resource \"aws_x\" \"y\" {}\ndata \"aws_x\" \"y\" {}\noutput \"y\" {}\nvariable \"y\" {}\nlocals {\n  y = 1\n}"},
		"an override":                  {"main.tf": `resource "aws_x" "y" {}`, "main_override.tf": `resource "aws_x" "y" {}`},
		"an override of a local":       {"main.tf": "locals {\n  y = 1\n}", "x_override.tf": "locals {\n  y = 2\n}", "z_override.tf": "locals {\n  y = 3\n}"},
		"a file of OpenTofu":           {"main.tf": `resource "aws_x" "y" {}`, "main.tofu": `resource "aws_x" "y" {}`},
		"one of OpenTofu in JSON":      {"main.tf.json": `{"variable":{"v":{}}}`, "main.tofu.json": `{"variable":{"v":{}}}`},
		"providers with aliases":       {"main.tf": "provider \"aws\" {}\nprovider \"aws\" {\n  alias = \"b\"\n}\nprovider \"b\" {}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := config.ReadFS(folder(files), "."); err != nil {
				t.Errorf("got error %v, want none", err)
			}
		})
	}
}

// TestBounded holds that what would take for ever ends: in an error, or unknown.
func TestBounded(t *testing.T) {
	t.Parallel()
	xs := strings.Repeat("x", 50_000)
	for _, tt := range []struct{ name, text, want string }{
		{"a billion instances", `resource "aws_x" "r" { count = 1000000000 }`, "1000000000 instances"},
		{"instances of instances", "resource \"aws_x\" \"r\" {\n  for_each = toset([for i in setproduct(range(1000), range(1000)) : \"${i[0]}-${i[1]}\"])\n}", ""},
		{"a text that doubles", doubling(`"${local.aN}${local.aN}"`), ""},
		{"a list that doubles", doubling(`[local.aN, local.aN]`), ""},
		{"a list that is joined to itself", doubling(`concat(local.aN, local.aN)`), ""},
		{"loops in loops", `resource "aws_x" "r" { v = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]] }`, ""},
		{"a product of products", `resource "aws_x" "r" { v = setproduct(range(1000), range(1000), range(1000)) }`, ""},
		{"an indent", `resource "aws_x" "r" { v = indent(1000000000, "a\nb") }`, ""},
		{"replaced by itself", `resource "aws_x" "r" { v = replace("` + xs + `", "x", "` + xs + `") }`, ""},
		{"joined by itself", `resource "aws_x" "r" { v = join("` + xs + `", split("", "` + xs + `")) }`, ""},
		{"a long chain", chain(5000), "refer to one another"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := config.ReadFS(folder(map[string]string{"main.tf": tt.text}), ".")
			if err != nil {
				t.Fatal(err)
			}
			e, err := c.Evaluate(config.Options{Identifies: identifies})
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got error %v, want one with %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range e.Objects {
				if v := o.Attributes.Get("v"); !isUnknown(v) && o.Attributes.Get("w") == nil && len(o.IfCreated) == 0 {
					t.Errorf("%s: v is known", o.Address)
				}
			}
		})
	}
}

func isUnknown(v assize.Value) bool {
	switch x := v.(type) {
	case *assize.Unknown:
		return true
	case assize.List:
		return len(x) == 0 || isUnknown(x[0])
	case string:
		return strings.ContainsRune(x, '\uFDD0')
	}
	return false
}

// doubling defines local.a0 to local.a60, each twice the one before.
func doubling(expr string) string {
	var b strings.Builder
	b.WriteString("locals {\n  a0 = ")
	if strings.Contains(expr, "$") {
		b.WriteString("\"0123456789\"\n")
	} else {
		b.WriteString("[1, 2]\n")
	}
	for i := range 60 {
		b.WriteString("  a" + itoa(i+1) + " = " + strings.ReplaceAll(expr, "N", itoa(i)) + "\n")
	}
	b.WriteString("}\nresource \"aws_x\" \"r\" {\n  v = local.a60\n}\n")
	return b.String()
}

func chain(n int) string {
	var b strings.Builder
	b.WriteString("locals {\n  a0 = 1\n")
	for i := range n {
		b.WriteString("  a" + itoa(i+1) + " = local.a" + itoa(i) + "\n")
	}
	b.WriteString("}\nresource \"aws_x\" \"r\" {\n  v = local.a" + itoa(n) + "\n}\n")
	return b.String()
}

func itoa(i int) string {
	data, err := json.Marshal(i)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// TestFolder holds what ReadFolder reads: modules of the same repository, downloaded ones by Terraform's list, and
// nothing that a link leads to outside.
func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.txt", "outside")
	write("repo/.git/HEAD", "")
	write("repo/modules/m/main.tf", `resource "aws_x" "r" { v = path.module }`)
	write("repo/envs/prod/.terraform/modules/modules.json",
		`{"Modules":[{"Key":"","Dir":"."},{"Key":"far","Source":"registry.terraform.io/acme/far/aws","Version":"1.2.3","Dir":".terraform/modules/far"}]}`)
	write("repo/envs/prod/.terraform/modules/far/main.tf", `resource "aws_x" "r" { v = path.module }`)
	write("repo/envs/prod/main.tf", `
module "near" { source = "../../modules/m" }
module "far" { source = "acme/far/aws" }
module "out" { source = "../../../other" }
resource "aws_x" "linked" { v = file("link.txt") }
`)
	if err := os.Symlink(filepath.Join(dir, "secret.txt"), filepath.Join(dir, "repo/envs/prod/link.txt")); err != nil {
		t.Fatal(err)
	}
	c, err := config.ReadFolder(filepath.Join(dir, "repo/envs/prod"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{Identifies: identifies})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, o := range e.Objects {
		got[o.Address] = []any{short(o.Attributes.Get("v")), o.File, o.ModuleFile}
	}
	want := map[string]any{
		"aws_x.linked":        []any{"?", "main.tf", ""},
		"module.near.aws_x.r": []any{"../../modules/m", "../../modules/m/main.tf", "main.tf"},
		"module.far.aws_x.r":  []any{".terraform/modules/far", ".terraform/modules/far/main.tf", "main.tf"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := c.Modules["far"]; got.Version != "1.2.3" {
		t.Errorf("module far: got %+v, want version 1.2.3", got)
	}
	if c.Missing["module.out"] == "" {
		t.Errorf("module.out leads out of the repository, and is not among the missing: %v", c.Missing)
	}
	if _, err := config.ReadFolder(dir); !errors.Is(err, config.ErrNoConfiguration) {
		t.Errorf("folder without configuration: got %v", err)
	}
}
