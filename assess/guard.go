package assess

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
)

// inspection walks a checked expression. It refuses what cannot be right with
// unknown or absent values, and collects the facts that the expression reads.
//
// Refused: == and != on anything but scalars and `in` on anything but literal
// lists (CEL compares lists and objects that hold an unknown as if it were not
// there), indexes, adding lists, struct and map literals, and reads of an
// optional fact that no has or default guards.
type inspection struct {
	ast     *ast.AST
	source  cel.Source
	structs map[string]*structType
	paths   []string
	errs    []error
}

// guards is the set of facts known to be present where an expression is evaluated.
type guards map[string]bool

func (g guards) with(more []string) guards {
	if len(more) == 0 {
		return g
	}
	out := maps.Clone(g)
	if out == nil {
		out = guards{}
	}
	for _, k := range more {
		out[k] = true
	}
	return out
}

// scope maps the variables of comprehensions to the path they run over.
type scope map[string]string

// inspect returns the fact paths that the expression reads, sorted in the order
// of reading, and all that is refused in it.
func inspect(a *cel.Ast, structs map[string]*structType) ([]string, []error) {
	in := &inspection{ast: a.NativeRep(), source: a.Source(), structs: structs}
	in.visit(in.ast.Expr(), nil, scope{"resource": "", "resources": ""})
	return in.paths, in.errs
}

func (in *inspection) refuse(e ast.Expr, format string, args ...any) {
	loc := in.ast.SourceInfo().GetStartLocation(e.ID())
	in.errs = append(in.errs, fmt.Errorf("%d:%d: %s", loc.Line(), loc.Column()+1, fmt.Sprintf(format, args...)))
}

func (in *inspection) visit(e ast.Expr, g guards, s scope) {
	switch e.Kind() {
	case ast.SelectKind:
		in.visitSelect(e, g, s)
	case ast.CallKind:
		in.visitCall(e, g, s)
	case ast.ComprehensionKind:
		in.visitComprehension(e, g, s)
	case ast.ListKind:
		for _, el := range e.AsList().Elements() {
			in.visit(el, g, s)
		}
	case ast.MapKind, ast.StructKind:
		in.refuse(e, "literal maps and structs have no place in a rule")
	case ast.IdentKind, ast.LiteralKind, ast.UnspecifiedExprKind:
	}
}

func (in *inspection) visitSelect(e ast.Expr, g guards, s scope) {
	sel := e.AsSelect()
	in.visit(sel.Operand(), g, s)
	st := in.structs[in.ast.GetType(sel.Operand().ID()).TypeName()]
	if st == nil {
		return
	}
	f := st.field(sel.FieldName())
	if f == nil {
		return // the checker has refused it
	}
	if f.kind != objectField && !st.profile {
		in.read(e, s)
	}
	if f.optional && !g[key(e)] {
		in.refuse(e, "%s may be absent: guard it, has(x.%s) && ..., or give a value, default(x.%s, ...)", f.name, f.name, f.name)
	}
}

// read notes the path of a fact, below the resource or an element of one of its lists.
func (in *inspection) read(e ast.Expr, s scope) {
	if p, ok := path(e, s); ok {
		in.note(p)
	}
}

func (in *inspection) note(p string) {
	if !slices.Contains(in.paths, p) {
		in.paths = append(in.paths, p)
	}
}

func path(e ast.Expr, s scope) (string, bool) {
	if e.Kind() == ast.IdentKind {
		p, ok := s[e.AsIdent()]
		return p, ok
	}
	if e.Kind() != ast.SelectKind {
		return "", false
	}
	p, ok := path(e.AsSelect().Operand(), s)
	if p == "" {
		return e.AsSelect().FieldName(), ok
	}
	return p + "." + e.AsSelect().FieldName(), ok
}

func (in *inspection) visitCall(e ast.Expr, g guards, s scope) {
	call := e.AsCall()
	if call.IsMemberFunction() {
		in.visit(call.Target(), g, s)
	}
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		in.visit(args[0], g, s)
		in.visit(args[1], g.with(present(args[0], true)), s)
		return
	case operators.LogicalOr:
		in.visit(args[0], g, s)
		in.visit(args[1], g.with(present(args[0], false)), s)
		return
	case operators.Conditional:
		in.visit(args[0], g, s)
		in.visit(args[1], g.with(present(args[0], true)), s)
		in.visit(args[2], g.with(present(args[0], false)), s)
		return
	case hasFunction:
		in.visitHas(e, g, s)
		return
	case operators.Equals, operators.NotEquals:
		in.wantScalars(e, args)
	case operators.In, operators.OldIn:
		in.wantLiteralList(e, args[1])
	case operators.Index, operators.OptIndex, operators.OptSelect:
		in.refuse(e, "an index has no place in a rule: use exists, all or filter")
	case operators.Add:
		if in.ast.GetType(e.ID()).Kind() == types.ListKind && !accumulates(args[0]) {
			in.refuse(e, "lists cannot be added")
		}
	}
	for _, a := range args {
		in.visit(a, g, s)
	}
}

func accumulates(e ast.Expr) bool {
	return e.Kind() == ast.IdentKind && (e.AsIdent() == parser.AccumulatorName || e.AsIdent() == parser.HiddenAccumulatorName)
}

func (in *inspection) visitHas(e ast.Expr, g guards, s scope) {
	args := e.AsCall().Args()
	in.visit(args[0], g, s)
	name := args[1].AsLiteral().Value().(string)
	st := in.structs[in.ast.GetType(args[0].ID()).TypeName()]
	switch {
	case st == nil:
		in.refuse(e, "has(x.%s): x is no object with declared facts", name)
		return
	case st.field(name) == nil:
		in.refuse(e, "has: %s declares no fact %s", st.name, name)
		return
	}
	if p, ok := path(args[0], s); ok && !st.profile {
		if p != "" {
			p += "."
		}
		in.note(p + name)
	}
}

func (in *inspection) wantScalars(e ast.Expr, args []ast.Expr) {
	for _, a := range args {
		if t := in.ast.GetType(a.ID()); !scalarKind(t.Kind()) {
			in.refuse(e, "== and != compare scalars only, not %s: use exists or all", t)
			return
		}
	}
}

func scalarKind(k types.Kind) bool {
	return slices.Contains([]types.Kind{
		types.BoolKind, types.IntKind, types.UintKind, types.DoubleKind, types.StringKind, types.TimestampKind, types.DurationKind,
	}, k)
}

func (in *inspection) wantLiteralList(e, list ast.Expr) {
	if list.Kind() == ast.ListKind {
		literal := func(el ast.Expr) bool { return el.Kind() == ast.LiteralKind }
		if !slices.ContainsFunc(list.AsList().Elements(), func(el ast.Expr) bool { return !literal(el) }) {
			return
		}
	}
	in.refuse(e, "in wants a list of literals: write list.exists(x, x == value)")
}

func (in *inspection) visitComprehension(e ast.Expr, g guards, s scope) {
	c := e.AsComprehension()
	in.visit(c.IterRange(), g, s)
	if p, ok := path(c.IterRange(), s); ok {
		inner := maps.Clone(s)
		if p == "" {
			inner[c.IterVar()] = "" // an element of resources is a resource
		} else {
			inner[c.IterVar()] = p + "[]"
		}
		s = inner
	} else if _, shadows := s[c.IterVar()]; shadows {
		s = maps.Clone(s)
		delete(s, c.IterVar())
	}
	fresh := maps.Clone(g)
	maps.DeleteFunc(fresh, func(k string, _ bool) bool { return strings.HasPrefix(k, c.IterVar()+".") })
	in.visit(c.AccuInit(), fresh, s)
	in.visit(c.LoopCondition(), fresh, s)
	in.visit(c.LoopStep(), fresh, s)
	in.visit(c.Result(), fresh, s)
}

// present lists the facts that are present when e is true (or, with want false, when e is false).
func present(e ast.Expr, want bool) []string {
	if e.Kind() != ast.CallKind {
		return nil
	}
	call := e.AsCall()
	args := call.Args()
	switch call.FunctionName() {
	case hasFunction:
		if k := key(args[0]); want && k != "" {
			return []string{k + "." + args[1].AsLiteral().Value().(string)}
		}
	case operators.LogicalNot:
		return present(args[0], !want)
	case operators.LogicalAnd:
		if want {
			return append(present(args[0], true), present(args[1], true)...)
		}
	case operators.LogicalOr:
		if !want {
			return append(present(args[0], false), present(args[1], false)...)
		}
	}
	return nil
}

// key names an operand that always gives the same value: a variable, a field of
// one, a look-up by one. Empty for anything else.
func key(e ast.Expr) string {
	if e.Kind() == ast.IdentKind {
		return e.AsIdent()
	}
	if e.Kind() == ast.SelectKind {
		if k := key(e.AsSelect().Operand()); k != "" {
			return k + "." + e.AsSelect().FieldName()
		}
		return ""
	}
	if e.Kind() != ast.CallKind || e.AsCall().IsMemberFunction() || len(e.AsCall().Args()) != 2 {
		return ""
	}
	args := e.AsCall().Args()
	if k := key(args[1]); k != "" && key(args[0]) == contextVariable {
		return e.AsCall().FunctionName() + "(" + k + ")"
	}
	return ""
}
