package config

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// condition identifies an expression in a module instance that decides how many instances there are: two with the
// same text decide the same.
func (mi *moduleInstance) condition(what string, e hclsyntax.Expression) string {
	s := &shape{}
	hclsyntax.Walk(e, s) //nolint:errcheck // it reports what the walker does, which is nothing
	return mi.address + " " + what + " " + s.String()
}

// shape writes down what an expression says, without where it stands.
type shape struct{ strings.Builder }

// Enter implements [hclsyntax.Walker]. Of a kind of node that is not known here the place is written down: it is
// the same as no other.
func (s *shape) Enter(n hclsyntax.Node) hcl.Diagnostics {
	fmt.Fprintf(s, "(%T", n)
	switch x := n.(type) {
	case *hclsyntax.LiteralValueExpr:
		fmt.Fprintf(s, " %#v", x.Val)
	case *hclsyntax.ScopeTraversalExpr:
		fmt.Fprintf(s, " %q", traversed(x.Traversal))
	case *hclsyntax.RelativeTraversalExpr:
		fmt.Fprintf(s, " %q", traversed(x.Traversal))
	case *hclsyntax.FunctionCallExpr:
		fmt.Fprintf(s, " %s %v", x.Name, x.ExpandFinal)
	case *hclsyntax.BinaryOpExpr:
		fmt.Fprintf(s, " %p", x.Op)
	case *hclsyntax.UnaryOpExpr:
		fmt.Fprintf(s, " %p", x.Op)
	case *hclsyntax.ForExpr:
		fmt.Fprintf(s, " %s %s %v", x.KeyVar, x.ValVar, x.Group)
	case *hclsyntax.ObjectConsKeyExpr:
		fmt.Fprintf(s, " %v", x.ForceNonLiteral)
	case *hclsyntax.ConditionalExpr, *hclsyntax.ParenthesesExpr, *hclsyntax.ObjectConsExpr, *hclsyntax.TupleConsExpr,
		*hclsyntax.IndexExpr, *hclsyntax.SplatExpr, *hclsyntax.AnonSymbolExpr, *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr,
		hclsyntax.ChildScope:
	default:
		fmt.Fprintf(s, " %s", position(n.Range()))
	}
	return nil
}

// Exit implements [hclsyntax.Walker].
func (s *shape) Exit(hclsyntax.Node) hcl.Diagnostics {
	s.WriteByte(')')
	return nil
}

// traversed is the text of a traversal with nothing left out, unlike [traversalText], which is for people: two that
// differ must never read the same.
func traversed(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch x := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(x.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + x.Name)
		case hcl.TraverseIndex:
			fmt.Fprintf(&b, "[%#v]", x.Key)
		default:
			fmt.Fprintf(&b, "?%T", step)
		}
	}
	return b.String()
}
