package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform/config"
)

const queried = `
variable "x" {}
locals {
  policy = jsonencode({ Statement = [{ Effect = "Deny", Action = local.action, Resource = [aws_x.b[0].arn, "${aws_x.b[0].arn}/*"] }] })
  action = "s3:${var.x}"
}
resource "aws_x" "b" { count = 1 }
resource "aws_x" "p" {
  for_each = aws_x.b
  policy   = local.policy
  bucket   = aws_x.b[each.key].id
  plain    = "${each.key}-${path.module}"

  dynamic "rule" {
    for_each = var.x
    content {
      name = rule.value
    }
  }
  fixed {
    a = 1
  }
  fixed {
    a = var.x
  }
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [aws_x.b[0].arn]
  }
}
module "m" {
  source = "./m"
  input  = [var.x, "y"]
}
`

// TestQueries holds what is answered about single arguments.
func TestQueries(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFS(folder(map[string]string{"main.tf": queried, "m/main.tf": `variable "input" {}`}), ".")
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	lookup := func(reference string) (assize.Value, string) {
		asked[reference] = true
		switch reference {
		case "var.x":
			return "Get*", ""
		case "each.key":
			return "k", ""
		case "aws_x.b[0].arn":
			return &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{ID: "b"}}, "arn:planned"
		case `aws_x.b["k"].id`:
			return &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{ID: "b-of-k"}}, ""
		}
		return &assize.Unknown{Cause: assize.UntilApply}, ""
	}
	for _, tt := range []struct {
		key, argument string
		refs          []string
		dynamic       bool
		want          any
	}{
		{
			"aws_x.p", "policy",
			[]string{"aws_x.b[0].arn", "aws_x.b[0]", "aws_x.b", "var.x"},
			false,
			`{"Statement":[{"Action":"s3:Get*","Effect":"Deny","Resource":["arn:planned","arn:planned/*"]}]}`,
		},
		{"local.action", "", []string{"var.x"}, false, "s3:Get*"},
		{"aws_x.p", "bucket", []string{"each.key", "aws_x.b"}, false, "→ b-of-k"},
		{"aws_x.p", "plain", []string{"each.key"}, false, "k-."},
		{"aws_x.p", "rule", []string{"rule.value", "var.x"}, true, "?"},
		{"aws_x.p", "fixed.a", []string{"var.x"}, false, []any{int64(1), "Get*"}},
		{"aws_x.p", "for_each", []string{"aws_x.b"}, false, "?"},
		{
			"data.aws_iam_policy_document.d", "json",
			[]string{"aws_x.b[0].arn", "aws_x.b[0]", "aws_x.b"},
			false,
			`{"Statement":[{"Action":["s3:GetObject"],"Effect":"Allow","Resource":["arn:planned"]}],"Version":"2012-10-17"}`,
		},
		{"module.m", "input", []string{"var.x"}, false, []any{"Get*", "y"}},
	} {
		e, ok := c.Expression(nil, tt.key, tt.argument, lookup)
		if !ok {
			t.Errorf("%s %s: not found", tt.key, tt.argument)
			continue
		}
		if diff := cmp.Diff(tt.refs, e.References); diff != "" {
			t.Errorf("%s %s: references (-want +got):\n%s", tt.key, tt.argument, diff)
		}
		if diff := cmp.Diff(tt.want, short(e.Value)); diff != "" || e.Dynamic != tt.dynamic {
			t.Errorf("%s %s: dynamic %t, value (-want +got):\n%s", tt.key, tt.argument, e.Dynamic, diff)
		}
	}
	for _, missing := range [][2]string{{"aws_x.p", "none"}, {"aws_x.none", "policy"}, {"local.none", ""}, {"module.none", "x"}} {
		if _, ok := c.Expression(nil, missing[0], missing[1], lookup); ok {
			t.Errorf("%v is found", missing)
		}
	}
	if asked["local.policy"] || asked["path.module"] {
		t.Errorf("locals and paths are not for the lookup: %v", asked)
	}
	if e, _ := c.Expression(nil, "aws_x.p", "policy", nil); !isUnknownOrHole(e.Value) {
		t.Errorf("without a lookup: got %v", e.Value)
	}
	if file, line, ok := c.Position(nil, "aws_x.p"); file != "main.tf" || line != 8 || !ok {
		t.Errorf("position: got %s:%d %t", file, line, ok)
	}
	if file, line, ok := c.Call([]string{"m"}); file != "main.tf" || line != 33 || !ok {
		t.Errorf("call: got %s:%d %t", file, line, ok)
	}
}

func isUnknownOrHole(v assize.Value) bool {
	s, ok := v.(string)
	return !ok || strings.Contains(s, assize.Hole)
}

// TestExceptions holds which comments except what.
func TestExceptions(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFS(folder(map[string]string{
		"main.tf": `# assize:except a until=2026-12-31 reason="of the file's first block"

resource "aws_x" "first" {
  name = "n" // assize:except b until=2027-01-31 reason="within \o/"
}

/*
 * assize:except c until=2027-02-28 reason="for a call"
 */
module "m" {
  source = "./m"
}

module "again" {
  source = "./m"
}

locals { text = "# assize:except no until=2027-01-01 reason=\"a text is no comment\"" }
# assize:except d until=2027-03-31 reason="nothing follows"
`,
		"m/main.tf": "# assize:except e until=2027-04-30 reason=\"in a module\"\nresource \"aws_x\" \"in\" {}\n",
	}), ".")
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := []config.Exception{
		{Check: "a", Until: day("2026-12-31"), Reason: "of the file's first block", File: "main.tf", Line: 1, Block: "aws_x.first", Folder: "."},
		{Check: "b", Until: day("2027-01-31"), Reason: `within \o/`, File: "main.tf", Line: 4, Block: "aws_x.first", Folder: "."},
		{Check: "c", Until: day("2027-02-28"), Reason: "for a call", File: "main.tf", Line: 8, Block: "module.m", Folder: "."},
		{Check: "d", Until: day("2027-03-31"), Reason: "nothing follows", File: "main.tf", Line: 19, Folder: "."},
		{Check: "e", Until: day("2027-04-30"), Reason: "in a module", File: "m/main.tf", Line: 1, Block: "aws_x.in", Folder: "m"},
	}
	if diff := cmp.Diff(want, c.Exceptions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"m"}, {"again"}}, c.CallsOf("m")); diff != "" {
		t.Errorf("calls of the module (-want +got):\n%s", diff)
	}
}

// TestSensitive holds which attributes are never to be shown.
func TestSensitive(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFS(folder(map[string]string{
		"main.tf": `
variable "secret" {
  sensitive = true
  default   = "dummy"
}
locals { derived = "${var.secret}!" }
module "m" {
  source = "./m"
  in     = local.derived
}
resource "aws_x" "r" {
  plain  = "text"
  called = sensitive("text")
  local  = local.derived
  output = module.m.out
  kept   = module.m.plain
  dynamic "block" {
    for_each = [var.secret]
    content {
      value = block.value
    }
  }
}`,
		"m/main.tf": `
variable "in" {}
output "out" { value = [var.in] }
output "plain" { value = 1 }
`,
	}), ".")
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"block[0].value", "called", "local", "output"}, e.Objects[0].Sensitive); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestValuesOfVariables holds which of several values of a variable counts.
func TestValuesOfVariables(t *testing.T) {
	t.Parallel()
	c, err := config.ReadFS(folder(map[string]string{
		"main.tf": `
variable "default" { default = "of the declaration" }
variable "file" { default = "no" }
variable "later" { default = "no" }
variable "given" { default = "no" }
variable "list" {
  type    = list(number)
  default = []
}
variable "null" {
  default  = "kept"
  nullable = false
}
resource "aws_x" "r" {
  v = [var.default, var.file, var.later, var.given, var.list[1], var.null]
}`,
		"terraform.tfvars":   "file = \"of terraform.tfvars\"\nlater = \"no\"\ngiven = \"no\"\nnull = null\n",
		"z.auto.tfvars.json": `{"later": "of ${text} in JSON"}`,
	}), ".")
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{
		Variables: map[string]string{"given": "by hand", "list": "[1, 2]"},
		Files:     []config.VariableFile{{Name: "x.tfvars", Data: []byte("given = \"no\"\ndefault = \"of the file given\"\n")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"of the file given", "of terraform.tfvars", "of ${text} in JSON", "by hand", int64(2), "kept"}
	if diff := cmp.Diff(want, short(e.Objects[0].Attributes.Get("v"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := c.Evaluate(config.Options{Variables: map[string]string{"givn": "x"}}); err == nil || !strings.Contains(err.Error(), `"givn"`) {
		t.Errorf("a variable that is not declared: got error %v", err)
	}
}

func BenchmarkExpression(b *testing.B) {
	c, err := config.ReadFS(folder(map[string]string{"main.tf": queried}), ".")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, ok := c.Expression(nil, "aws_x.p", "policy", nil); !ok {
			b.Fatal("not found")
		}
	}
}
