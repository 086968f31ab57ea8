package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Functions that a rewritten expression calls where HCL itself would look into values; no
// configuration can call them, for $ begins no name.
const (
	fnText    = "$text"  // a part of a template: what is not known becomes a token
	fnPlain   = "$plain" // an operand: what has a token is unknown
	fnEqual   = "$equal"
	fnUnknown = "$unknown" // a function that is not evaluated, named by the first argument: a provider's, or a new one
	fnEach    = "$each"    // what a for expression runs over: counted
)

// A rewriter makes expressions keep track of what is not known, and collects the names of attributes
// that they ask for. It works in place, once for each expression.
type rewriter struct {
	names map[string]bool
	err   error
}

// body rewrites all expressions of a body.
func (r *rewriter) body(b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		a.Expr = r.expr(a.Expr)
	}
	for _, block := range b.Blocks {
		r.body(block.Body)
	}
}

func (r *rewriter) all(list []hclsyntax.Expression) {
	for i := range list {
		list[i] = r.expr(list[i])
	}
}

func (r *rewriter) expr(e hclsyntax.Expression) hclsyntax.Expression {
	switch x := e.(type) {
	case nil:
		return nil
	case *hclsyntax.LiteralValueExpr:
		if x.Val.Type() == cty.String && !x.Val.IsNull() && hasToken(x.Val.AsString()) {
			r.err = fmt.Errorf("%s: the text holds U+FDD0 or U+FDD1, characters that Unicode reserves", x.SrcRange)
		}
	case *hclsyntax.ScopeTraversalExpr:
		r.traversal(x.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		x.Source = r.expr(x.Source)
		r.traversal(x.Traversal)
	case *hclsyntax.FunctionCallExpr:
		r.all(x.Args)
		if !isFunction(x.Name) {
			x.Args = append([]hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: cty.StringVal(x.Name), SrcRange: x.NameRange}}, x.Args...)
			x.Name, x.ExpandFinal = fnUnknown, false
		}
	case *hclsyntax.ConditionalExpr:
		x.Condition = call(fnPlain, r.expr(x.Condition))
		x.TrueResult, x.FalseResult = r.expr(x.TrueResult), r.expr(x.FalseResult)
	case *hclsyntax.IndexExpr:
		x.Collection, x.Key = r.expr(x.Collection), r.expr(x.Key)
		return &indexExpr{x}
	case *hclsyntax.TupleConsExpr:
		r.all(x.Exprs)
	case *hclsyntax.ObjectConsExpr:
		for i := range x.Items {
			x.Items[i].KeyExpr, x.Items[i].ValueExpr = r.expr(x.Items[i].KeyExpr), r.expr(x.Items[i].ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		x.Wrapped = r.expr(x.Wrapped)
	case *hclsyntax.SplatExpr:
		x.Source, x.Each = r.expr(x.Source), r.expr(x.Each)
	case *hclsyntax.ParenthesesExpr:
		x.Expression = r.expr(x.Expression)
	case *hclsyntax.UnaryOpExpr:
		x.Val = call(fnPlain, r.expr(x.Val))
	case *hclsyntax.BinaryOpExpr:
		return r.operation(x)
	case *hclsyntax.ForExpr:
		r.loop(x)
	case *hclsyntax.TemplateExpr, *hclsyntax.TemplateJoinExpr, *hclsyntax.TemplateWrapExpr:
		r.template(x)
	}
	return e
}

// loop rewrites a for expression.
func (r *rewriter) loop(x *hclsyntax.ForExpr) {
	x.CollExpr = call(fnEach, r.expr(x.CollExpr))
	x.ValExpr = r.expr(x.ValExpr)
	if x.KeyExpr != nil {
		x.KeyExpr = r.expr(x.KeyExpr)
	}
	if x.CondExpr != nil {
		x.CondExpr = call(fnPlain, r.expr(x.CondExpr))
	}
}

// template rewrites the parts of a text.
func (r *rewriter) template(e hclsyntax.Expression) {
	switch x := e.(type) {
	case *hclsyntax.TemplateExpr:
		for i, part := range x.Parts {
			written := strings.Join(references(part), ", ")
			x.Parts[i] = textPart(r.expr(part), written)
		}
	case *hclsyntax.TemplateWrapExpr:
		x.Wrapped = r.expr(x.Wrapped)
	case *hclsyntax.TemplateJoinExpr:
		x.Tuple = r.expr(x.Tuple)
		if loop, ok := x.Tuple.(*hclsyntax.ForExpr); ok {
			loop.ValExpr = textPart(loop.ValExpr, strings.Join(references(loop.ValExpr), ", "))
		}
	}
}

// textPart lets an interpolated part of a template become a token where it is not known.
func textPart(e hclsyntax.Expression, written string) hclsyntax.Expression {
	if _, literal := e.(*hclsyntax.LiteralValueExpr); literal {
		return e
	}
	name := &hclsyntax.LiteralValueExpr{Val: cty.StringVal(written), SrcRange: e.Range()}
	return call(fnText, e, name)
}

// operation rewrites an operator: equality by a function that knows of tokens.
func (r *rewriter) operation(x *hclsyntax.BinaryOpExpr) hclsyntax.Expression {
	x.LHS, x.RHS = r.expr(x.LHS), r.expr(x.RHS)
	switch x.Op {
	case hclsyntax.OpEqual:
		return call(fnEqual, x.LHS, x.RHS)
	case hclsyntax.OpNotEqual:
		return &hclsyntax.UnaryOpExpr{Op: hclsyntax.OpLogicalNot, Val: call(fnEqual, x.LHS, x.RHS), SrcRange: x.SrcRange}
	}
	x.LHS, x.RHS = call(fnPlain, x.LHS), call(fnPlain, x.RHS)
	return x
}

// traversal notes the attributes that are asked for.
func (r *rewriter) traversal(t hcl.Traversal) {
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseAttr:
			r.names[s.Name] = true
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				r.names[s.Key.AsString()] = true
			}
		}
	}
}

// isFunction reports whether a function of the name can be called.
func isFunction(name string) bool {
	_, carries := carrying[name]
	_, looks := looking[name]
	_, text := textFunctions[name]
	return carries || looks || text || slices.Contains(otherFunctions, name)
}

// otherFunctions are those that are not in a table of their own.
var otherFunctions = []string{
	"try", "can", "tostring", "tonumber", "tobool", "tolist", "toset", "tomap", "length", "coalesce", "one", "alltrue",
	"anytrue", "sum", "index", "matchkeys", "transpose", "format", "sensitive", "nonsensitive", "ephemeralasnull",
	"jsonencode", "jsondecode", "file", "fileexists", "templatefile",
}

func call(name string, args ...hclsyntax.Expression) hclsyntax.Expression {
	at := args[0].Range()
	return &hclsyntax.FunctionCallExpr{Name: name, Args: args, NameRange: at, OpenParenRange: at, CloseParenRange: at}
}
