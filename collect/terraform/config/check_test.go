package config_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/assize-dev/assize/collect/terraform/config"
)

// sub is a module with two inputs that go to an output each.
const sub = "variable \"a\" {}\nvariable \"b\" {}\noutput \"oa\" { value = var.a }\noutput \"ob\" { value = var.b }"

// TestReferences holds which references are refused: those that Terraform 1.11.4 refuses of the same
// configuration, and no other. Its verdicts were taken with `terraform validate` and `terraform plan`.
func TestReferences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       string // of the error; "" where Terraform takes it
	}{
		{"locals in a circle", "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}", "main.tf:4: local.a depends on itself: local.a → local.b → local.c → local.a"},
		{"a local of its own", "locals {\n  a = { x = 1, y = local.a.x }\n}", "main.tf:2: local.a depends on itself: local.a → local.a"},
		{"a circle that nothing asks for", "locals {\n  z = 1\n  a = [for x in [1] : local.b]\n  b = \"${local.a}\"\n}\noutput \"o\" { value = local.z }", "local.a → local.b → local.a"},
		{"resources in a circle", "resource \"aws_x\" \"r\" {\n  v = aws_x.s.w\n}\nresource \"aws_x\" \"s\" {\n  w = aws_x.r.v\n}", "aws_x.r → aws_x.s → aws_x.r"},
		{"a resource of its own", "resource \"aws_x\" \"r\" {\n  count = 2\n  v = count.index == 1 ? aws_x.r[0].id : \"\"\n}", "aws_x.r → aws_x.r"},
		{"a circle through a block", "resource \"aws_x\" \"r\" {\n  b {\n    v = local.a\n  }\n}\nlocals {\n  a = aws_x.r.id\n}", "local.a → aws_x.r → local.a"},
		{"a circle through a dynamic block", "resource \"aws_x\" \"r\" {\n  dynamic \"b\" {\n    for_each = local.a\n    content {}\n  }\n}\nlocals {\n  a = [aws_x.r.id]\n}", "local.a → aws_x.r → local.a"},
		{"a circle through depends_on", "resource \"aws_x\" \"r\" {\n  depends_on = [aws_x.s]\n}\nresource \"aws_x\" \"s\" {\n  w = aws_x.r.v\n}", "aws_x.r → aws_x.s → aws_x.r"},
		{"a data source in a circle", "data \"aws_x\" \"d\" {\n  v = local.a\n}\nlocals {\n  a = data.aws_x.d.w\n}", "local.a → data.aws_x.d → local.a"},
		{"a module that takes its own output", "module \"m\" {\n  source = \"./sub\"\n  a = module.m.oa\n  b = 1\n}", "module.m.var.a → module.m.output.oa → module.m.var.a"},
		{"a module that takes itself", "module \"m\" {\n  source = \"./sub\"\n  a = 1\n  b = module.m\n}", "module.m.var.b → module.m.output.ob → module.m.var.b"},
		{"a module counted by its output", "module \"m\" {\n  source = \"./sub\"\n  a = 1\n  b = 1\n  count = length(module.m[*].oa)\n}", "module.m → module.m"},
		{"a module that waits for what takes its output", "module \"m\" {\n  source = \"./sub\"\n  a = 1\n  b = 1\n  depends_on = [aws_x.r]\n}\nresource \"aws_x\" \"r\" {\n  v = module.m.oa\n}", "aws_x.r → module.m → aws_x.r"},
		{"in JSON", "", "local.a → local.b → local.a"},

		{"an output that goes to another input", "module \"m\" {\n  source = \"./sub\"\n  a = 1\n  b = module.m.oa\n}", ""},
		{"two outputs crosswise", "module \"m\" {\n  source = \"./sub\"\n  a = 1\n  b = module.n.oa\n}\nmodule \"n\" {\n  source = \"./sub\"\n  a = module.m.oa\n  b = 1\n}", ""},
		{"a postcondition about itself", "resource \"aws_x\" \"r\" {\n  lifecycle {\n    postcondition {\n      condition = self.v != \"\"\n      error_message = \"x\"\n    }\n  }\n}", ""},
		{"what a provisioner says of itself", "resource \"aws_x\" \"r\" {\n  provisioner \"local-exec\" {\n    command = self.id\n  }\n}", ""},
		{"names within an expression", "locals {\n  a = [for local_a in [1] : local_a]\n}\nresource \"aws_x\" \"r\" {\n  dynamic \"aws_x\" {\n    for_each = local.a\n    iterator = it\n    content {\n      v = it.value\n    }\n  }\n}", ""},
		{"a module that is not there", "module \"m\" {\n  source = \"x/y/aws\"\n  a = module.m.z\n}\nlocals {\n  a = module.m.b\n}", ""},
		{"what is ephemeral", "ephemeral \"aws_x\" \"e\" {}\nlocals {\n  a = ephemeral.aws_x.e.v\n}", ""},
		{"a resource of any provider", "locals {\n  a = random_pet.x.id\n}\nresource \"random_pet\" \"x\" {}", ""},

		{"an undeclared local", "locals {\n  a = try(local.nothing.deep, 1)\n}", "main.tf:2: local.nothing is not declared"},
		{"an undeclared variable", "resource \"aws_x\" \"r\" {\n  b {\n    v = var.nothing\n  }\n}", "main.tf:3: var.nothing is not declared"},
		{"an undeclared module", "output \"o\" {\n  value = module.nothing.x\n}", "main.tf:2: module.nothing is not declared"},
		{"an undeclared resource", "resource \"aws_x\" \"r\" {\n  v = aws_x.s.id\n}", "main.tf:2: aws_x.s is not declared"},
		{"an undeclared data source", "module \"m\" {\n  source = \"./sub\"\n  a = data.aws_x.d.id\n  b = 1\n}", "main.tf:3: data.aws_x.d is not declared"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"main.tf": tt.text, "sub/main.tf": sub}
			if tt.text == "" {
				maps.Copy(files, map[string]string{"a.tf.json": `{"locals": {"a": "${local.b}", "b": "${local.a}"}}`})
			}
			_, err := config.ReadFS(folder(files), ".")
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got error %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}
