package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// scope is where an expression is evaluated: an instance of a resource or call in a module.
type scope struct {
	module    *moduleInstance
	key       cty.Value // of the instance: a number or text; NilVal for none
	value     cty.Value // each.value
	uncertain []string  // what decides whether the instance is created, where that is not known
	// conditions identify what decides it; see condition
	conditions []string
	vars       map[string]cty.Value // iterators of dynamic blocks
	secret     bool                 // the instances were made of something sensitive
}

// with is the scope within a dynamic block.
func (s *scope) with(name string, v cty.Value) *scope {
	inner := *s
	inner.vars = maps.Clone(s.vars)
	if inner.vars == nil {
		inner.vars = map[string]cty.Value{}
	}
	inner.vars[name] = v
	return &inner
}

// eval evaluates an expression. What fails is unknown, and why says it.
func (s *scope) eval(e hclsyntax.Expression) (v cty.Value, why string) {
	if s.module.ev.stopped != nil {
		return cty.DynamicVal, s.module.ev.stopped.Error()
	}
	ctx := common().NewChild()
	ctx.Variables, ctx.Functions = s.variables(e), s.module.functions
	v, diags := e.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, firstLine(diags[0].Summary + ": " + diags[0].Detail)
	}
	v, _ = v.UnmarkDeep()
	if weight(v, maxWeight) >= maxWeight {
		return cty.DynamicVal, "too large to be evaluated"
	}
	return v, ""
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// variables are the values that the expression refers to.
func (s *scope) variables(e hclsyntax.Expression) map[string]cty.Value {
	t := newTree()
	all := e.Variables()
	for _, traversal := range all {
		s.resolve(t, traversal)
	}
	if s.module.lookup != nil {
		s.lookUpIndexed(t, e)
	} else {
		s.resolveCalls(t, all)
	}
	return t.values()
}

// resolveCalls puts the calls that the traversals name into the tree, each with all outputs that any of them names.
func (s *scope) resolveCalls(t *tree, all []hcl.Traversal) {
	outputs := map[string][]string{}
	every := map[string]bool{}
	literal := map[string]hcl.Traversal{} // one that names an instance
	for _, traversal := range all {
		if traversal.RootName() != "module" {
			continue
		}
		name, named := stepName(traversal, 1), outputsOf(traversal)
		every[name] = every[name] || named == nil
		outputs[name] = append(outputs[name], named...)
		if literal[name] == nil || isIndex(traversal, 2) {
			literal[name] = traversal
		}
	}
	for name, list := range outputs {
		slices.Sort(list)
		list = slices.Compact(list)
		if every[name] {
			list = nil
		}
		t.set(keyed(s.module.callValue(name, list).value, literal[name], 2), "module", name)
	}
}

// isIndex reports whether a step of a traversal is an index.
func isIndex(t hcl.Traversal, i int) bool {
	if i >= len(t) {
		return false
	}
	_, ok := t[i].(hcl.TraverseIndex)
	return ok
}

// resolve puts what a traversal needs into the tree.
func (s *scope) resolve(t *tree, traversal hcl.Traversal) {
	mi, root := s.module, traversal.RootName()
	if v, ok := s.vars[root]; ok {
		t.set(v, root)
		return
	}
	name := stepName(traversal, 1)
	switch root {
	case "local":
		t.set(mi.local(name).value, root, name)
		return
	case "path":
		t.set(mi.path(name), root, name)
		return
	case "terraform", "self", "tofu":
		t.set(cty.DynamicVal, root)
		return
	}
	if mi.lookup != nil {
		s.lookUp(t, traversal)
		return
	}
	switch root {
	case "var":
		t.set(mi.variable(name).value, root, name)
	case "count":
		t.set(orUnknown(s.key), root, "index")
	case "each":
		t.set(orUnknown(s.key), root, "key")
		t.set(orUnknown(s.value), root, "value")
	case "module":
		// See resolveCalls.
	case "data":
		typ, name := name, stepName(traversal, 2)
		t.set(keyed(mi.resourceValue("data."+typ+"."+name), traversal, 3), root, typ, name)
	default:
		t.set(keyed(mi.resourceValue(root+"."+name), traversal, 2), root, name)
	}
}

// keyed is the value, or unknown where the traversal names one of several instances whose keys are not known.
func keyed(v cty.Value, t hcl.Traversal, i int) cty.Value {
	if isIndex(t, i) && unknownKeys(v) {
		return cty.DynamicVal
	}
	return v
}

func orUnknown(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.DynamicVal
	}
	return v
}

// path is what path.* stands for.
func (mi *moduleInstance) path(name string) cty.Value {
	switch name {
	case "module":
		return cty.StringVal(mi.module.dir)
	case "root":
		return cty.StringVal(".")
	}
	return cty.UnknownVal(cty.String)
}

// stepName is the name at a step of a traversal, "" where there is none.
func stepName(t hcl.Traversal, i int) string {
	if i >= len(t) {
		return ""
	}
	switch s := t[i].(type) {
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String {
			return s.Key.AsString()
		}
	}
	return ""
}

// outputsOf is the output that a traversal of module.m names, nil where it may be any.
func outputsOf(t hcl.Traversal) []string {
	for i := 2; i < len(t) && i < 4; i++ {
		if a, ok := t[i].(hcl.TraverseAttr); ok {
			return []string{a.Name}
		}
	}
	return nil
}

// callValue is what module.name is: an object of outputs, or several by key; sensitive when one of them is. All
// outputs are meant where none is named.
func (mi *moduleInstance) callValue(name string, outputs []string) *memo {
	call := mi.module.calls[name]
	if call == nil || call.module == nil {
		return &memo{value: cty.DynamicVal}
	}
	if outputs == nil {
		outputs = slices.Sorted(maps.Keys(call.module.outputs))
	}
	return mi.once(mi.callValues, strings.Join(append([]string{name}, outputs...), " "), func(m *memo) {
		instances := mi.called(call)
		objects := make([]cty.Value, len(instances))
		keys := make([]cty.Value, len(instances))
		for i, child := range instances {
			object := map[string]cty.Value{}
			for _, o := range outputs {
				out := child.output(o)
				object[o] = out.value
				if len(child.scope.uncertain) > 0 {
					object[o] = doubtful(out.value)
				}
				m.sensitive = m.sensitive || out.sensitive
			}
			objects[i], keys[i] = cty.ObjectVal(object), child.scope.key
		}
		m.value = byKey(objects, keys, call.count != nil, call.forEach != nil)
	})
}

// doubtful is a value that may not be there: what it names stays, for that is held against the condition; the
// rest is unknown.
func doubtful(v cty.Value) cty.Value {
	switch {
	case v.IsKnown() && !v.IsNull() && v.Type() == cty.String && hasToken(v.AsString()):
		return v
	case v.IsKnown() && !v.IsNull() && v.Type().IsObjectType():
		object := map[string]cty.Value{}
		for name, e := range v.AsValueMap() {
			object[name] = doubtful(e)
		}
		return cty.ObjectVal(object)
	}
	return cty.DynamicVal
}

// byKey puts instances together: one, a tuple, or an object by key.
func byKey(values, keys []cty.Value, counted, keyed bool) cty.Value {
	switch {
	case counted:
		return cty.TupleVal(values)
	case keyed:
		object := map[string]cty.Value{}
		for i, k := range keys {
			object[k.AsString()] = values[i]
		}
		return cty.ObjectVal(object)
	case len(values) == 1:
		return values[0]
	}
	return cty.DynamicVal
}

// sensitive reports whether the expression refers to something sensitive. It errs on the side of masking.
func (s *scope) sensitive(e hclsyntax.Expression) bool {
	mi := s.module
	if mi.lookup != nil {
		return false
	}
	for _, t := range e.Variables() {
		if _, iterator := s.vars[t.RootName()]; iterator && s.secret {
			return true
		}
		name := stepName(t, 1)
		switch t.RootName() {
		case "var":
			if mi.variable(name).sensitive {
				return true
			}
		case "local":
			if mi.local(name).sensitive {
				return true
			}
		case "each":
			if s.secret {
				return true
			}
		case "module":
			if mi.callValue(name, outputsOf(t)).sensitive {
				return true
			}
		}
	}
	return callsSensitive(e)
}

// callsSensitive reports whether the expression calls the function sensitive.
func callsSensitive(e hclsyntax.Expression) bool {
	found := false
	visit(e, func(n hclsyntax.Node) {
		if f, ok := n.(*hclsyntax.FunctionCallExpr); ok && f.Name == "sensitive" {
			found = true
		}
	})
	return found
}

// visit calls do for an expression and all within it.
func visit(e hclsyntax.Expression, do func(hclsyntax.Node)) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		do(n)
		return nil
	})
}

// tree collects values by path, to be the variables of an expression.
type tree struct {
	value cty.Value
	kids  map[string]*tree
	index map[int]*tree
}

func newTree() *tree { return &tree{kids: map[string]*tree{}, index: map[int]*tree{}} }

// set puts a value at a path of names, and of numbers as "[0]".
func (t *tree) set(v cty.Value, names ...string) {
	for _, name := range names {
		t = t.kid(name)
	}
	t.value = v
}

func (t *tree) kid(name string) *tree {
	var n int
	if _, err := fmt.Sscanf(name, "[%d]", &n); err == nil && n >= 0 && n < maxIndex {
		if t.index[n] == nil {
			t.index[n] = newTree()
		}
		return t.index[n]
	}
	if t.kids[name] == nil {
		t.kids[name] = newTree()
	}
	return t.kids[name]
}

// maxIndex bounds the tuples that are made for an index that a query asks for.
const maxIndex = 1000

func (t *tree) values() map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, kid := range t.kids {
		out[name] = kid.whole()
	}
	return out
}

// whole is the value at the node: what was set where it is known, else what stands below it.
func (t *tree) whole() cty.Value {
	switch {
	case t.value != cty.NilVal && (t.value.IsKnown() || len(t.kids)+len(t.index) == 0):
		return t.value
	case len(t.index) > 0:
		n := slices.Max(slices.Collect(maps.Keys(t.index)))
		list := make([]cty.Value, n+1)
		for i := range list {
			list[i] = cty.DynamicVal
			if kid := t.index[i]; kid != nil {
				list[i] = kid.whole()
			}
		}
		return cty.TupleVal(list)
	case len(t.kids) > 0:
		return cty.ObjectVal(t.values())
	}
	return cty.DynamicVal
}
