package assess

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"

	"github.com/assize-dev/assize"
)

const (
	hasFunction     = "_has"
	knownFunction   = "_known"
	contextVariable = "_context"
	// ofAccount ends the name of the look-up in every Region that was read.
	ofAccount = "OfAccount"
)

// macros are CEL's own for lists, our has (CEL's answers true for an unknown
// field), default, and a context for every function that looks things up.
func macros(defs []*assize.Definition) []cel.Macro {
	ms := []cel.Macro{
		overKnown(operators.All, parser.MakeAll, orUnknown),
		overKnown(operators.Exists, parser.MakeExists, andKnown),
		overKnown(operators.ExistsOne, parser.MakeExistsOne, andKnown),
		overKnown(operators.Filter, parser.MakeFilter, andKnown),
		cel.GlobalMacro("has", 1, expandHas),
		cel.GlobalMacro("default", 2, expandDefault),
	}
	for _, f := range contextFunctions {
		ms = append(ms, withContext(f.name, f.args))
	}
	for _, d := range defs {
		if d.One != "" {
			ms = append(ms, withContext(d.One, 1))
		}
		if d.Many != "" {
			ms = append(ms, withContext(d.Many, 0), withContext(d.Many+ofAccount, 0))
		}
	}
	return ms
}

// overKnown is a macro over lists whose condition also asks whether the element is
// known. Without it exists(x, true) would be true, and all(x, false) false, of a list
// of which nothing but its unread rest is there. map is left out: rules need it nowhere.
func overKnown(name string, make cel.MacroFactory, combine func(known, condition ast.Expr, eh cel.MacroExprFactory) ast.Expr) cel.Macro {
	return cel.ReceiverMacro(name, 2, func(eh cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if args[0].Kind() != ast.IdentKind {
			return make(eh, target, args) // it says what is wrong
		}
		known := eh.NewCall(knownFunction, eh.NewIdent(contextVariable), eh.NewIdent(args[0].AsIdent()))
		return make(eh, target, []ast.Expr{args[0], combine(known, args[1], eh)})
	})
}

func andKnown(known, condition ast.Expr, eh cel.MacroExprFactory) ast.Expr {
	return eh.NewCall(operators.LogicalAnd, known, condition)
}

func orUnknown(known, condition ast.Expr, eh cel.MacroExprFactory) ast.Expr {
	return eh.NewCall(operators.LogicalOr, eh.NewCall(operators.LogicalNot, known), condition)
}

func withContext(name string, args int) cel.Macro {
	return cel.GlobalMacro(name, args, func(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		return eh.NewCall("_"+name, append([]ast.Expr{eh.NewIdent(contextVariable)}, args...)...), nil
	})
}

func expandHas(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	if args[0].Kind() != ast.SelectKind {
		return nil, eh.NewError(args[0].ID(), "has wants a field: has(resource.Field)")
	}
	sel := args[0].AsSelect()
	return eh.NewCall(hasFunction, sel.Operand(), eh.NewLiteral(types.String(sel.FieldName()))), nil
}

func expandDefault(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	if args[0].Kind() != ast.SelectKind {
		return nil, eh.NewError(args[0].ID(), "default wants a field and a value: default(resource.Field, 0)")
	}
	sel := args[0].AsSelect()
	has := eh.NewCall(hasFunction, eh.Copy(sel.Operand()), eh.NewLiteral(types.String(sel.FieldName())))
	return eh.NewCall(operators.Conditional, has, args[0], args[1]), nil
}

// lookupFunctions declares <one>, <many> and <many>OfAccount of each definition.
func lookupFunctions(defs []*assize.Definition, structs map[string]*structType) []cel.EnvOption {
	var opts []cel.EnvOption
	for _, d := range defs {
		typ, object := d.Type, structs[d.Type].cel
		if d.One != "" {
			opts = append(opts, cel.Function("_"+d.One, cel.Overload("_"+d.One, []*cel.Type{contextType, cel.StringType}, object,
				cel.OverloadIsNonStrict(), bind(2, lenient(reference, func(args []ref.Val) ref.Val {
					return args[0].(*evalContext).find(typ, string(args[1].(types.String)))
				})))))
		}
		if d.Many != "" {
			many := func(name string, call func(*evalContext) ref.Val) cel.EnvOption {
				return cel.Function("_"+name, cel.Overload("_"+name, []*cel.Type{contextType}, cel.ListType(object),
					cel.UnaryBinding(func(c ref.Val) ref.Val { return call(c.(*evalContext)) })))
			}
			opts = append(opts,
				many(d.Many, func(c *evalContext) ref.Val { return c.all(typ, c.region) }),
				many(d.Many+ofAccount, func(c *evalContext) ref.Val { return c.all(typ, "") }))
		}
	}
	return opts
}
