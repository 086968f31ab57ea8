package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform/config"
)

// TestNotEvaluated holds that it is said why a number of instances is not known.
func TestNotEvaluated(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFS(folder(map[string]string{"main.tf": `
resource "aws_x" "range" { for_each = toset([for i in range(3000) : tostring(i)]) }
resource "aws_x" "file" { count = length(file("nothing")) }
`}), ".")
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{Identifies: identifies})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"for_each could not be evaluated: Error in function call: Call to function \"range\" failed: more than 1024", "count depends on file(…)"}
	for i, o := range e.Objects {
		if got := strings.Join(o.IfCreated, ""); !strings.HasPrefix(got, want[i]) {
			t.Errorf("%s: got %q, want %q", o.Address, got, want[i])
		}
	}
}

// TestGivenWrongly holds which values are refused, as Terraform refuses them.
func TestGivenWrongly(t *testing.T) {
	t.Parallel()
	const main = "variable \"n\" {\n  type = number\n}\nvariable \"o\" {\n  type = object({ a = optional(string) })\n  default = null\n}\nresource \"aws_x\" \"r\" {\n  count = var.n\n}\n"
	for name, tt := range map[string]struct {
		file  string
		given map[string]string
		want  string // of the error; "" for none
	}{
		"a number":                 {"n = 1", nil, ""},
		"a text that is one":       {`n = "1"`, nil, ""},
		"a text that is none":      {`n = "x"`, nil, "terraform.tfvars:1: variable \"n\": a number is required"},
		"a reference":              {"n = var.x", nil, "terraform.tfvars:1: variable \"n\": Variables not allowed"},
		"what nothing declares":    {"n = 1\nz = var.x", nil, ""},
		"an object":                {"n = 1\no = { a = \"x\" }", nil, ""},
		"a text for an object":     {"n = 1\no = \"x\"", nil, "terraform.tfvars:2: variable \"o\""},
		"a text on the way":        {"", map[string]string{"n": "x"}, "the value given for variable \"n\" does not fit its type"},
		"a negative count":         {"", map[string]string{"n": "-1"}, "main.tf:8: count is -1: want a whole number"},
		"a count that is no whole": {"", map[string]string{"n": "2.5"}, "main.tf:8: count is 2.5: want a whole number"},
	} {
		c, err := config.ReadFS(folder(map[string]string{"main.tf": main, "terraform.tfvars": tt.file}), ".")
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Evaluate(config.Options{Identifies: identifies, Variables: tt.given})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", name, err, tt.want)
		}
	}
}

// TestUnset holds which variables are said to have no value, and what an unknown value is said to come from.
func TestUnset(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFS(folder(map[string]string{
		"main.tf": `
variable "a" {}
variable "b" { default = null }
variable "c" {}
variable "d" {}
resource "aws_x" "r" {
  v = upper(frobnicate(var.a, "x"))
  w = provider::aws::arn_build("x")
  x = file("nothing")
}
`,
		"terraform.tfvars": `c = 1`,
	}), ".")
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{Identifies: identifies, Variables: map[string]string{"d": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]config.Variable{{Name: "a", File: "main.tf", Line: 2}}, e.Unset); diff != "" {
		t.Errorf("unset (-want +got):\n%s", diff)
	}
	got := map[string]string{}
	for _, f := range e.Objects[0].Attributes {
		u, ok := f.Value.(*assize.Unknown)
		if !ok {
			t.Fatalf("%s: got %v, want unknown", f.Name, f.Value)
		}
		got[f.Name] = u.Detail
	}
	want := map[string]string{
		"v": "v; refers to frobnicate(…), var.a", "w": "w; refers to provider::aws::arn_build(…)", "x": "x; refers to file(…)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
}
