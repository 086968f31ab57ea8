package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// Options say what a configuration alone does not.
type Options struct {
	// Variables of the root module, as text: HCL or a plain text, as -var takes them.
	Variables map[string]string
	// Files are further files of values: name and content.
	Files []VariableFile
	// Account that all goes to; may be empty.
	Account string
	// Identifies reports whether an attribute names the object itself, so that it is
	// known after apply and not absent then.
	Identifies func(typ, attribute string) bool
}

// VariableFile is a file of values for variables; its name says whether it is HCL or JSON.
type VariableFile struct {
	Name string
	Data []byte
}

// evaluator is one evaluation of a configuration.
type evaluator struct {
	config  *Configuration
	options Options
	tokens  tokens
	// destinations of providers, each evaluated once.
	destinations map[providerKey]destination
	work         int
	modules      int
	instances    int
	chain        int   // values that are being evaluated
	stopped      error // a bound that was reached
}

func newEvaluator(c *Configuration, o Options) *evaluator {
	ev := &evaluator{config: c, options: o, destinations: map[providerKey]destination{}}
	if ev.options.Identifies == nil {
		ev.options.Identifies = func(_, attribute string) bool { return attribute == "id" || attribute == "arn" }
	}
	return ev
}

// stop ends the evaluation with an error: from here on all is unknown.
func (ev *evaluator) stop(err error) {
	if ev.stopped == nil {
		ev.stopped = err
	}
}

// memo is a value that is evaluated once.
type memo struct {
	value     cty.Value
	sensitive bool
}

// moduleInstance is one instance of a module.
type moduleInstance struct {
	ev         *evaluator
	module     *module
	parent     *moduleInstance
	call       *callDecl
	scope      *scope   // of the call, in the parent
	address    string   // "" of the root
	uncertain  []string // why it may not be created
	conditions []string // what decides that
	variables  map[string]*memo
	locals     map[string]*memo
	outputs    map[string]*memo
	resources  map[string]*expansion
	calls      map[string][]*moduleInstance
	callValues map[string]*memo // what module.name is, by name and outputs
	functions  map[string]function.Function
	lookup     func(reference string) (cty.Value, bool) // of a query; nil otherwise
}

func (ev *evaluator) newModule(m *module, parent *moduleInstance, call *callDecl, s *scope) *moduleInstance {
	ev.modules++
	if ev.modules > maxModules {
		ev.stop(fmt.Errorf("more than %d instances of modules", maxModules))
	}
	mi := &moduleInstance{
		ev: ev, module: m, parent: parent, call: call, scope: s,
		variables: map[string]*memo{}, locals: map[string]*memo{}, outputs: map[string]*memo{},
		resources: map[string]*expansion{}, calls: map[string][]*moduleInstance{}, callValues: map[string]*memo{},
	}
	mi.functions = functionsOf(mi)
	if parent != nil {
		mi.address = strings.TrimPrefix(parent.address+".module."+call.name+keyText(s.key), ".")
		mi.uncertain, mi.conditions = slices.Concat(parent.uncertain, s.uncertain), slices.Concat(parent.conditions, s.conditions)
	}
	return mi
}

// once evaluates a value the first time it is asked for. One that refers to itself is unknown.
func (mi *moduleInstance) once(memos map[string]*memo, name string, eval func(*memo)) *memo {
	if m := memos[name]; m != nil {
		return m
	}
	m := &memo{value: cty.DynamicVal}
	memos[name] = m
	mi.ev.chain++
	defer func() { mi.ev.chain-- }()
	if mi.ev.chain > maxChain {
		mi.ev.stop(fmt.Errorf("more than %d values refer to one another, at %s", maxChain, name))
	}
	if mi.ev.stopped != nil {
		return m
	}
	value := *m
	eval(&value)
	if weight(value.value, maxWeight) >= maxWeight {
		value.value = cty.DynamicVal
	}
	*m = value
	return m
}

func (mi *moduleInstance) local(name string) *memo {
	return mi.once(mi.locals, name, func(m *memo) {
		if e := mi.module.locals[name]; e != nil {
			s := &scope{module: mi}
			m.value, _ = s.eval(e)
			m.sensitive = s.sensitive(e)
		}
	})
}

func (mi *moduleInstance) variable(name string) *memo {
	return mi.once(mi.variables, name, func(m *memo) {
		decl := mi.module.variables[name]
		if decl == nil {
			return
		}
		m.sensitive = decl.sensitive
		v, given := mi.argument(name, decl, m)
		if given && v.IsKnown() && v.IsNull() && !decl.nullable {
			given = false
		}
		if !given && decl.value != nil {
			v, _ = (&scope{module: mi}).eval(decl.value)
		} else if !given {
			v = cty.UnknownVal(decl.ty.WithoutOptionalAttributesDeep())
		}
		m.value = decl.convert(v)
	})
}

// convert gives the value the variable's type. What does not fit is unknown: Terraform would refuse it.
func (d *variableDecl) convert(v cty.Value) cty.Value {
	if d.defaults != nil && v.IsKnown() && !v.IsNull() {
		v = d.defaults.Apply(v)
	}
	ty := d.ty.WithoutOptionalAttributesDeep()
	if tainted(v) && (ty == cty.Number || ty == cty.Bool) {
		return cty.UnknownVal(ty)
	}
	converted, err := convert.Convert(v, d.ty)
	if err != nil {
		return cty.UnknownVal(ty)
	}
	return converted
}

// argument is the value that the caller gives, or the user for the root module.
func (mi *moduleInstance) argument(name string, decl *variableDecl, m *memo) (v cty.Value, given bool) {
	if mi.parent != nil {
		e := expression(mi.call.body, name)
		if e == nil {
			return cty.NilVal, false
		}
		m.sensitive = m.sensitive || mi.scope.sensitive(e)
		v, _ = mi.scope.eval(e)
		return v, true
	}
	if text, ok := mi.ev.options.Variables[name]; ok {
		return givenValue(text, decl.ty), true
	}
	for _, f := range slices.Backward(mi.ev.config.given) {
		if e := f.values[name]; e != nil {
			if v, diags := e.Value(nil); !diags.HasErrors() {
				return v, true
			}
			return cty.DynamicVal, true
		}
	}
	return cty.NilVal, false
}

// givenValue reads a value as -var takes it: a plain text for a text, HCL for others.
func givenValue(text string, ty cty.Type) cty.Value {
	if ty == cty.String || ty == cty.DynamicPseudoType {
		return cty.StringVal(text)
	}
	if shallow([]byte(text), "variable") != nil {
		return cty.DynamicVal
	}
	e, diags := hclsyntax.ParseExpression([]byte(text), "variable", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.StringVal(text)
	}
	if v, diags := e.Value(nil); !diags.HasErrors() {
		return v
	}
	return cty.StringVal(text)
}

func (mi *moduleInstance) output(name string) *memo {
	return mi.once(mi.outputs, name, func(m *memo) {
		if o := mi.module.outputs[name]; o != nil && o.value != nil {
			s := &scope{module: mi}
			m.value, _ = s.eval(o.value)
			m.sensitive = o.sensitive || s.sensitive(o.value)
		}
	})
}
