package gen

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// terraform writes resources of the AWS provider. Documents are written out with jsonencode: they
// are proved as they stand, and hold no reference to other resources.
func (r *Result) terraform() string {
	var b strings.Builder
	for i, p := range r.Policies {
		if i > 0 {
			b.WriteByte('\n')
		}
		r.terraformPolicy(&b, p)
	}
	return string(hclwrite.Format([]byte(b.String())))
}

func (r *Result) terraformPolicy(b *strings.Builder, p Policy) {
	label := strings.ToLower(strings.Join(words(p.Name), "_"))
	role := strings.ToLower(strings.Join(words(r.Name), "_"))
	switch p.Kind {
	case Managed, Boundary:
		block(b, "aws_iam_policy", label, "name", hclText(p.Name), "description", hclText(p.Description), "policy", hclDocument(p))
	case Trust:
		block(b, "aws_iam_role", role, "name", hclText(r.Name), "description", hclText(p.Description), "assume_role_policy", hclDocument(p))
	case Inline:
		block(b, "aws_iam_role_policy", role, "name", hclText(p.Name), "role", "aws_iam_role."+role+".id", "policy", hclDocument(p))
	case SCP:
		block(b, "aws_organizations_policy", label, "name", hclText(p.Name), "description", hclText(p.Description),
			"type", hclText("SERVICE_CONTROL_POLICY"), "content", hclDocument(p))
	case Endpoint:
		b.WriteString("variable \"vpc_endpoint_id\" {\ntype = string\ndescription = \"Endpoint of bedrock-runtime: vpce-...\"\n}\n\n")
		block(b, "aws_vpc_endpoint_policy", label, "vpc_endpoint_id", "var.vpc_endpoint_id", "policy", hclDocument(p))
	case KeyUse:
		block(b, "aws_kms_key", label, "description", hclText(p.Description), "enable_key_rotation", "true", "policy", hclDocument(p))
	}
}

// block writes a resource with its attributes: name, expression, name, expression.
func block(b *strings.Builder, typ, label string, attributes ...string) {
	b.WriteString("resource " + hclText(typ) + " " + hclText(label) + " {\n")
	for i := 0; i < len(attributes); i += 2 {
		b.WriteString(attributes[i] + " = " + attributes[i+1] + "\n")
	}
	b.WriteString("}\n")
}

func hclDocument(p Policy) string {
	var b strings.Builder
	b.WriteString("jsonencode(")
	p.doc.hcl(&b)
	b.WriteString(")")
	return b.String()
}

// hclText is a string without templates.
func hclText(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(quote(s))
}

var hclName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// hcl writes the value as an expression, without indentation.
func (n node) hcl(b *strings.Builder) {
	switch n.kind {
	case textNode:
		b.WriteString(hclText(n.text))
	case trueNode:
		b.WriteString("true")
	case listNode:
		b.WriteString("[\n")
		for _, v := range n.list {
			v.hcl(b)
			b.WriteString(",\n")
		}
		b.WriteString("]")
	case objectNode:
		b.WriteString("{\n")
		for _, m := range n.members {
			name := m.name
			if !hclName.MatchString(name) || plainWords[strings.ToLower(name)] {
				name = hclText(name)
			}
			b.WriteString(name + " = ")
			m.value.hcl(b)
			b.WriteByte('\n')
		}
		b.WriteString("}")
	}
}
