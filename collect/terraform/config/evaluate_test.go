package config_test

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform/config"
)

// folder makes a file system of texts.
func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// identifies as the tests need it.
func identifies(_, attribute string) bool { return attribute == "id" || attribute == "arn" }

// targets names objects by their address; only an ARN has something to stand for it.
func targets(address, attribute string) (*assize.Reference, string) {
	ref := &assize.Reference{ID: address}
	if attribute == "arn" {
		return ref, "arn:planned:" + address
	}
	return ref, ""
}

// evaluate gives the attributes of all objects by address, as JSON without the details of what is unknown.
func evaluate(t *testing.T, fsys fs.FS, dir string) map[string]any {
	t.Helper()
	c, err := config.ReadFS(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{Identifies: identifies})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for _, o := range e.Objects {
		out[o.Address] = short(e.Settle(o, targets))
	}
	return out
}

// short writes values for tables: "?" for unknown, "→ address" for a reference.
func short(v assize.Value) any {
	switch x := v.(type) {
	case *assize.Unknown:
		if x.Refers != nil {
			return "→ " + x.Refers.ID
		}
		return "?"
	case assize.List:
		list := []any{}
		for _, e := range x {
			list = append(list, short(e))
		}
		return list
	case assize.Object:
		object := map[string]any{}
		for _, f := range x {
			object[f.Name] = short(f.Value)
		}
		return object
	}
	return v
}

// TestExpressions holds what expressions are, known, referring to a resource, and unknown.
func TestExpressions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ expr, want string }{
		{`1 + 2 * 3`, `7`},
		{`"a-${upper("b")}"`, `"a-B"`},
		{`aws_x.a.id`, `"→ aws_x.a"`},
		{`aws_x.a.name`, `"first"`},
		{`aws_x.a.computed`, `"?"`},
		{`[aws_x.a.id, "b"]`, `["→ aws_x.a","b"]`},
		{`"${aws_x.a.arn}/*"`, `"→ aws_x.a"`},
		{`"${aws_x.a.id}-${aws_x.b.id}"`, `"?"`},
		{`lower(aws_x.a.id)`, `"?"`},
		{`length(aws_x.a.id)`, `"?"`},
		{`aws_x.a.id == "x"`, `"?"`},
		{`aws_x.a.id == aws_x.a.id`, `"?"`},
		{`aws_x.a.id != null`, `true`},
		{`aws_x.a.id == ""`, `false`},
		{`aws_x.a.computed == null`, `"?"`},
		{`"${aws_x.a.computed}" == ""`, `"?"`},
		{`"${aws_x.a.computed}-x" == ""`, `false`},
		{`aws_x.a.id == "x" ? "y" : "z"`, `"?"`},
		{`coalesce(null, "", aws_x.a.id, "z")`, `"→ aws_x.a"`},
		{`compact(["", aws_x.a.id])`, `["→ aws_x.a"]`},
		{`merge({ k = "v" }, { id = aws_x.a.id })["id"]`, `"→ aws_x.a"`},
		{`try(aws_x.a.id, "")`, `"→ aws_x.a"`},
		{`try(var.none.deep, "fallback")`, `"?"`},
		{`try(random_pet.nothing.deep, "fallback")`, `"?"`},
		{`try({}.deep, "fallback")`, `"fallback"`},
		{`can({}.deep)`, `false`},
		{`contains([aws_x.a.id], aws_x.a.id)`, `true`},
		{`contains([aws_x.a.id], "x")`, `"?"`},
		{`contains(["x"], "y")`, `false`},
		{`format("%s!", aws_x.a.id)`, `"?"`}, // another name, made of it
		{`"${aws_x.a.id}-logs"`, `"?"`},
		{`"arn:aws:s3:::${aws_x.a.id}/*"`, `"→ aws_x.a"`},
		{`"arn:aws:s3:::prefix-${aws_x.a.id}"`, `"?"`},
		{`"${aws_x.a.id}:*"`, `"→ aws_x.a"`},
		{`format("%10s", aws_x.a.id)`, `"?"`},
		{`format("%03d", 7)`, `"007"`},
		{`replace(aws_x.a.id, "a", "b")`, `"?"`},
		{`tonumber(aws_x.a.id)`, `"?"`},
		{`one(aws_x.counted[*].id)`, `"?"`},
		{`aws_x.counted[1].id`, `"→ aws_x.counted[1]"`},
		{`aws_x.counted[*].arn`, `["→ aws_x.counted[0]","→ aws_x.counted[1]"]`},
		{`[for k, v in aws_x.keyed : "${k}=${v.name}"]`, `["p=p","q.r=q.r"]`},
		{`aws_x.keyed["q.r"].id`, `"→ aws_x.keyed[\"q.r\"]"`},
		{`jsonencode({ a = [1, true, null], b = "<&>" })`, `"{\"a\":[1,true,null],\"b\":\"\\u003c\\u0026\\u003e\"}"`},
		{`jsondecode("{\"a\": [1.5]}").a[0]`, `1.5`},
		{`jsondecode(jsonencode({ id = aws_x.a.id })).id`, `"→ aws_x.a"`},
		{`alltrue([true, var.none])`, `"?"`},
		{`alltrue([false, var.none])`, `false`},
		{`anytrue([true, var.none])`, `true`},
		{`sum([1, 2.5])`, `3.5`},
		{`cidrsubnet("10.0.0.0/8", 8, 2)`, `"10.2.0.0/16"`},
		{`cidrsubnets("10.0.0.0/16", 8, 4, 8)`, `["10.0.0.0/24","10.0.16.0/20","10.0.32.0/24"]`},
		{`cidrhost("10.0.0.0/24", -2)`, `"10.0.0.254"`},
		{`cidrnetmask("172.16.0.0/12")`, `"255.240.0.0"`},
		{`base64encode("é")`, `"w6k="`},
		{`sha1("a")`, `"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"`},
		{`startswith("acme-x", "acme-")`, `true`},
		{`urlencode("a b&c")`, `"a+b%26c"`},
		{`replace("a1b2", "/[0-9]/", "#")`, `"a#b#"`},
		{`transpose({ a = ["x"], b = ["x", "y"] })`, `{"x":["a","b"],"y":["b"]}`},
		{`matchkeys(["i", "j"], ["a", "b"], ["b"])`, `["j"]`},
		{`index(["a", "b"], "b")`, `1`},
		{`try(index(["a"], "b"), "none")`, `"none"`},
		{`index([aws_x.a.id], "b")`, `"?"`},
		{`element(["a", "b", "c"], 4)`, `"b"`},
		{`lookup({ a = 1 }, "b", 2)`, `2`},
		{`setproduct(["a"], ["b", "c"])`, `[["a","b"],["a","c"]]`},
		{`zipmap(["a"], [aws_x.a.id])`, `{"a":"→ aws_x.a"}`},
		{`flatten([["a"], [[aws_x.a.id]]])`, `["a","→ aws_x.a"]`},
		{`distinct(["a", "a"])`, `["a"]`},
		{`timestamp()`, `"?"`},
		{`try(timestamp(), "never")`, `"?"`},
		{`provider::aws::arn_parse("arn:aws:s3:::b")`, `"?"`},
		{`file("${path.module}/text.txt")`, `"hello"`},
		{`file("../outside.txt")`, `"?"`},
		{`file("/etc/hostname")`, `"?"`},
		{`templatefile("t.tftpl", { id = aws_x.a.id, n = 2 })`, `"?"`},
		{`templatefile("loop.tftpl", { list = ["a", "b"] })`, `"0a1b"`},
		{`data.aws_region.current.name`, `"eu-west-3"`},
		{`data.aws_ami.x.id`, `"?"`},
		{`module.elsewhere.id`, `"?"`},
	} {
		t.Run(tt.expr, func(t *testing.T) {
			t.Parallel()
			got := evaluate(t, folder(map[string]string{
				"outside.txt":   "no",
				"in/text.txt":   "hello",
				"in/t.tftpl":    "%{ for i in range(n) }${i}%{ endfor }:${id}",
				"in/loop.tftpl": "%{ for i, p in list }${i}${p}%{ endfor }",
				"in/main.tf":    expressions,
				"in/result.tf":  "resource \"aws_x\" \"result\" {\n  v = " + tt.expr + "\n}",
			}), "in")["aws_x.result"]
			var want any
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(got.(map[string]any)["v"])
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := json.Unmarshal(data, &v); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, v); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.expr, diff)
			}
		})
	}
}

const expressions = `
provider "aws" {
  region = "eu-west-3"
}
variable "none" {}
data "aws_region" "current" {}
data "aws_ami" "x" {}
resource "aws_x" "a" { name = "first" }
resource "aws_x" "b" {}
resource "aws_x" "counted" { count = 2 }
resource "aws_x" "keyed" {
  for_each = toset(["p", "q.r"])
  name     = each.key
}
module "elsewhere" { source = "acme/elsewhere/aws" }
locals { used = [aws_x.a.name, aws_x.a.computed] }
`

// TestPolicies holds what is left of a policy of which a part is not known.
func TestPolicies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, expr, want string }{
		{
			"known ARN and its suffix", `jsonencode({ Statement = [{ Effect = "Deny", Action = "s3:*", Resource = [aws_x.a.arn, "${aws_x.a.arn}/*"] }] })`,
			`{"Statement":[{"Action":"s3:*","Effect":"Deny","Resource":["arn:planned:aws_x.a","arn:planned:aws_x.a/*"]}]}`,
		},
		{
			"a hole is the whole element", `jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = ["arn:aws:iam::${var.none}:root", "1"] }, Action = var.none, Resource = "*" }] })`,
			`{"Statement":[{"Action":"${assize:unknown}","Effect":"Allow","Principal":{"AWS":["${assize:unknown}","1"]},"Resource":"*"}]}`,
		},
		{
			"a condition's value", `jsonencode({ Statement = [{ Effect = "Allow", Action = "a:b", Resource = "*", Condition = { StringEquals = { "aws:SourceAccount" = var.none } } }] })`,
			`{"Statement":[{"Action":"a:b","Condition":{"StringEquals":{"aws:SourceAccount":"${assize:unknown}"}},"Effect":"Allow","Resource":"*"}]}`,
		},
		{"an effect that is not known", `jsonencode({ Statement = [{ Effect = var.none, Action = "a:b", Resource = "*" }] })`, "?"},
		{"statements that are not known", `jsonencode({ Statement = var.none })`, "?"},
		{"a condition's key", `jsonencode({ Statement = [{ Effect = "Allow", Condition = { StringEquals = { "${var.none}:sub" = "x" } } }] })`, "?"},
		{"no policy", `jsonencode({ target = var.none })`, "?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := evaluate(t, folder(map[string]string{"main.tf": `
variable "none" {}
resource "aws_x" "a" {}
resource "aws_x" "p" {
  policy = ` + tt.expr + "\n}"}), ".")["aws_x.p"]
			if diff := cmp.Diff(map[string]any{"policy": tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUncertain holds that what may not be created is judged as if it were, and that nothing leans on it that
// is created in any case.
func TestUncertain(t *testing.T) {
	t.Parallel()
	fsys := folder(map[string]string{"main.tf": `
variable "on" {}
variable "names" {}
resource "aws_key" "k" { count = var.on ? 1 : 0 }
resource "aws_key_part" "k" {
  count = var.on ? 1 : 0
  key   = aws_key.k[0].id
}
resource "aws_user" "u" { key = try(aws_key.k[0].arn, null) }
resource "aws_user" "length" { some = length(aws_key.k) > 0 }
resource "aws_user" "name" { name = try(aws_bucket.named[0].name, "none") }
resource "aws_bucket" "named" {
  count = var.on ? 1 : 0
  name  = "acme"
}
module "maybe" {
  source = "./m"
  count  = var.on ? 1 : 0
}
resource "aws_user" "output" { name = [try(module.maybe[0].text, "none"), try(module.maybe[0].key, "none")] }
resource "aws_user" "set" { key = aws_key.k[0].arn != null }
resource "aws_bucket" "b" { for_each = toset(var.names) }
resource "aws_bucket_part" "b" {
  for_each = toset(var.names)
  bucket   = aws_bucket.b[each.key].id
}
resource "aws_user" "other" { bucket = try(aws_bucket.b["x"].id, "none") }
resource "aws_dynamic" "d" {
  dynamic "rule" {
    for_each = var.names
    content {}
  }
}
`, "m/main.tf": `
output "text" { value = "known" }
output "key" { value = aws_key.in.id }
resource "aws_key" "in" {}
`})
	got := evaluate(t, fsys, ".")
	want := map[string]any{
		`aws_user.length`:            map[string]any{"some": "?"},
		`aws_user.name`:              map[string]any{"name": "?"},
		`aws_user.output`:            map[string]any{"name": []any{"?", "?"}},
		`aws_bucket.named[0]`:        map[string]any{"name": "acme"},
		`module.maybe[0].aws_key.in`: map[string]any{},
		`aws_key.k[0]`:               map[string]any{},
		`aws_key_part.k[0]`:          map[string]any{"key": "→ aws_key.k[0]"},
		`aws_user.u`:                 map[string]any{"key": "?"},
		`aws_user.set`:               map[string]any{"key": "?"},
		`aws_bucket.b["?"]`:          map[string]any{},
		`aws_bucket_part.b["?"]`:     map[string]any{"bucket": `→ aws_bucket.b["?"]`},
		`aws_user.other`:             map[string]any{"bucket": "?"},
		`aws_dynamic.d`:              map[string]any{"rule": "?"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c, err := config.ReadFS(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(config.Options{Identifies: identifies, Variables: map[string]string{"on": "false"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range e.Objects {
		if o.Type == "aws_key" {
			t.Errorf("%s is there though var.on is false", o.Address)
		}
		if o.Type == "aws_bucket" && !strings.Contains(strings.Join(o.IfCreated, ""), "for_each depends on var.names") {
			t.Errorf("%s: if created: %q", o.Address, o.IfCreated)
		}
	}
}
