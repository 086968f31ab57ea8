package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// references lists what an expression refers to, as it is written, each once; and the calls of functions that
// may be unknown whatever they are given: "file(…)".
func references(e hclsyntax.Expression) []string {
	var all []string
	add := func(s string) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for _, t := range e.Variables() {
		add(traversalText(t))
	}
	visit(e, func(n hclsyntax.Node) {
		f, ok := n.(*hclsyntax.FunctionCallExpr)
		switch {
		case !ok:
		case f.Name == fnUnknown:
			add(constantOf(f.Args[0]).AsString() + "(…)")
		case slices.Contains(readingFunctions, f.Name):
			add(f.Name + "(…)")
		}
	})
	return all
}

// readingFunctions read files, which may not be there or may not be read.
var readingFunctions = []string{"file", "fileexists", "templatefile"}

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
