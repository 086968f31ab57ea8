package config

import (
	"fmt"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// maxWeight bounds what one call of a function takes and gives, in values; longer texts count for more.
const maxWeight = 200_000

// call is what a function does with arguments that may be unknown or hold tokens.
type callFunc func(args []cty.Value) (cty.Value, error)

// anyFunction makes a function of any arguments.
func anyFunction(do callFunc) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{
			Name: "args", Type: cty.DynamicPseudoType,
			AllowNull: true, AllowUnknown: true, AllowDynamicType: true,
		},
		Type: func([]cty.Value) (cty.Type, error) { return cty.DynamicPseudoType, nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return do(args) },
	})
}

// light refuses arguments that are too large to be evaluated.
func light(args []cty.Value) bool {
	n := 0
	for _, a := range args {
		n += weight(a, maxWeight-n)
	}
	return n < maxWeight
}

// carries makes a function of one that moves values about without looking at them: tokens
// go through it.
func carries(f function.Function) function.Function {
	return anyFunction(func(args []cty.Value) (cty.Value, error) {
		if !light(args) {
			return cty.DynamicVal, nil
		}
		v, err := callConverted(f, args)
		if err != nil || light([]cty.Value{v}) {
			return v, err
		}
		return cty.DynamicVal, nil
	})
}

// looks makes a function of one that looks at its arguments: of a token it knows nothing.
func looks(f function.Function) function.Function {
	return anyFunction(func(args []cty.Value) (cty.Value, error) {
		if !light(args) {
			return cty.DynamicVal, nil
		}
		for _, a := range args {
			if tainted(a) {
				return cty.DynamicVal, nil
			}
		}
		return callConverted(f, args)
	})
}

// callConverted gives a function the types that it asks for, as Terraform does on its own: a tuple becomes
// a list, a number a text.
func callConverted(f function.Function, args []cty.Value) (cty.Value, error) {
	params, rest := f.Params(), f.VarParam()
	converted := make([]cty.Value, len(args))
	for i, a := range args {
		p := rest
		if i < len(params) {
			p = &params[i]
		}
		if p == nil {
			return cty.DynamicVal, errArguments
		}
		v, err := convert.Convert(a, p.Type)
		if err != nil {
			return cty.DynamicVal, err
		}
		converted[i] = v
	}
	return f.Call(converted)
}

// carrying are functions that keep what they are given as it is.
var carrying = map[string]function.Function{
	"chunklist": stdlib.ChunklistFunc, "coalescelist": stdlib.CoalesceListFunc,
	"concat": stdlib.ConcatFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc,
	"flatten": stdlib.FlattenFunc, "formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc,
	"join": stdlib.JoinFunc, "keys": stdlib.KeysFunc, "lookup": stdlib.LookupFunc, "merge": stdlib.MergeFunc,
	"reverse": stdlib.ReverseListFunc, "setproduct": stdlib.SetProductFunc, "setunion": stdlib.SetUnionFunc,
	"slice": stdlib.SliceFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
	"compact": stdlib.CompactFunc, "chomp": stdlib.ChompFunc, "trimspace": stdlib.TrimSpaceFunc,
}

// looking are functions whose result depends on what the text is.
var looking = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "contains": stdlib.ContainsFunc, "csvdecode": stdlib.CSVDecodeFunc,
	"floor": stdlib.FloorFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc,
	"log": stdlib.LogFunc, "lower": stdlib.LowerFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc,
	"parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "range": stdlib.RangeFunc, "regex": stdlib.RegexFunc,
	"regexall": stdlib.RegexAllFunc, "setintersection": stdlib.SetIntersectionFunc, "setsubtract": stdlib.SetSubtractFunc,
	"signum": stdlib.SignumFunc, "sort": stdlib.SortFunc, "split": stdlib.SplitFunc, "strrev": stdlib.ReverseFunc,
	"substr": stdlib.SubstrFunc, "timeadd": stdlib.TimeAddFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc,
	"trimprefix": stdlib.TrimPrefixFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
}

// common are the functions that need nothing of the evaluation, as the context around all others. A call of what
// is in no table is one of fnUnknown; see rewriter.
var common = sync.OnceValue(func() *hcl.EvalContext {
	all := map[string]function.Function{
		"try": function.New(&function.Spec{
			VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
			Type:     func([]cty.Value) (cty.Type, error) { return cty.DynamicPseudoType, nil },
			Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
		}),
		"can": tryfunc.CanFunc,
	}
	for name, f := range carrying {
		all[name] = carries(f)
	}
	for name, f := range looking {
		all[name] = looks(f)
	}
	for name, f := range textFunctions {
		all[name] = looks(f)
	}
	for name, ty := range map[string]cty.Type{
		"tostring": cty.String, "tonumber": cty.Number, "tobool": cty.Bool, "tolist": cty.List(cty.DynamicPseudoType),
		"toset": cty.Set(cty.DynamicPseudoType), "tomap": cty.Map(cty.DynamicPseudoType),
	} {
		all[name] = anyFunction(func(args []cty.Value) (cty.Value, error) { return conversion(name, ty, args) })
	}
	for name, do := range map[string]callFunc{
		"coalesce": coalesce, "one": one, "alltrue": allTrue, "anytrue": anyTrue, "sum": sum,
		"index": indexOf, "matchkeys": matchKeys, "transpose": transpose, "format": format, "contains": containsValue,
		"sensitive": same, "nonsensitive": same, "ephemeralasnull": same, fnPlain: plain,
		fnUnknown: func([]cty.Value) (cty.Value, error) { return cty.DynamicVal, nil },
	} {
		all[name] = anyFunction(do)
	}
	for _, name := range growing {
		all[name] = bounded(all[name])
	}
	return &hcl.EvalContext{Functions: all}
})

// functionsOf are the functions of a module in one evaluation: those that make tokens, and those that read files.
func functionsOf(mi *moduleInstance) map[string]function.Function {
	ev := mi.ev
	all := map[string]function.Function{}
	for name, do := range map[string]callFunc{
		"length": ev.length, "jsonencode": ev.jsonEncode, "jsondecode": ev.jsonDecode,
		fnText: ev.text, fnEqual: ev.equal, fnEach: ev.each,
		"file": mi.file, "fileexists": mi.fileExists,
		"templatefile": func(args []cty.Value) (cty.Value, error) { return mi.templateFile(args, 0) },
	} {
		all[name] = anyFunction(do)
	}
	return all
}

// try gives the first value that there is.
func try(args []cty.Value) (cty.Value, error) {
	var last error
	for _, arg := range args {
		v, diags := customdecode.ExpressionClosureFromVal(arg).Value()
		if !diags.HasErrors() {
			return v, nil
		}
		last = diags
	}
	return cty.DynamicVal, fmt.Errorf("no expression of try has a value: %w", last)
}

// conversion is one of the to… functions.
func conversion(name string, ty cty.Type, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, fmt.Errorf("%s: want one argument, got %d", name, len(args))
	}
	v := args[0]
	if (ty == cty.Number || ty == cty.Bool) && tainted(v) {
		return cty.UnknownVal(ty), nil
	}
	if !light(args) {
		return cty.DynamicVal, nil
	}
	return convert.Convert(v, ty)
}

func same(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, fmt.Errorf("want one argument, got %d", len(args))
	}
	return args[0], nil
}
