package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// references lists what an expression refers to, as it is written, each once.
func references(e hclsyntax.Expression) []string {
	var all []string
	for _, t := range e.Variables() {
		if s := traversalText(t); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// traversalText writes a traversal as the configuration does: aws_s3_bucket.b["k"].arn. It
// ends where a splat begins.
func traversalText(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			b.WriteString(keyText(s.Key))
		default:
			return b.String()
		}
	}
	return b.String()
}

// keyText is an instance key in brackets: [0] or ["k"], quoted as Terraform does.
func keyText(key cty.Value) string {
	switch {
	case key == cty.NilVal:
		return ""
	case key.Type() == cty.Number:
		return "[" + key.AsBigFloat().Text('f', -1) + "]"
	case key.Type() != cty.String || hasToken(key.AsString()):
		return `["?"]`
	}
	return "[" + quoteKey(key.AsString()) + "]"
}

// quoteKey quotes as HCL does: ${ and %{ are doubled.
func quoteKey(s string) string {
	q := strconv.Quote(s)
	q = strings.ReplaceAll(q, "${", "$${")
	return strings.ReplaceAll(q, "%{", "%%{")
}

// prefixes of a reference, longest first, as a plan lists them: a.b[0].id, a.b[0], a.b.
func prefixes(t hcl.Traversal) []string {
	least := 2
	switch t.RootName() {
	case "data":
		least = 3
	case "path", "terraform":
		return nil
	}
	var all []string
	for n := len(t); n >= min(least, len(t)); n-- {
		if s := traversalText(t[:n]); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
