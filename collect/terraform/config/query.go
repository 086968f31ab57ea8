package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/assize-dev/assize"
)

// Lookup gives the value of a reference, as it is written. A value that is not known is an
// *assize.Unknown; then standIn is what stands for it in documents, "" for nothing.
type Lookup func(reference string) (v assize.Value, standIn string)

// Expression is what is written for an argument.
type Expression struct {
	// References are those of the expression and of the locals it uses, longest first.
	References []string
	// Dynamic: the argument is a block that a dynamic block writes.
	Dynamic bool
	// Made: a text is put together of what is not known and of more, so that it names nothing.
	Made  bool
	Value assize.Value
}

// Position is where a block stands.
func (c *Configuration) Position(names []string, key string) (file string, line int, ok bool) {
	m := c.module(names)
	if m == nil || m.resources[key] == nil {
		return "", 0, false
	}
	at := m.resources[key].at
	return at.Filename, at.Start.Line, true
}

// Call is where the last module of the names is called.
func (c *Configuration) Call(names []string) (file string, line int, ok bool) {
	if len(names) == 0 {
		return "", 0, false
	}
	m := c.module(names[:len(names)-1])
	if m == nil || m.calls[names[len(names)-1]] == nil {
		return "", 0, false
	}
	at := m.calls[names[len(names)-1]].at
	return at.Filename, at.Start.Line, true
}

func (c *Configuration) module(names []string) *module {
	m := c.root
	for _, name := range names {
		if m.calls[name] == nil || m.calls[name].module == nil {
			return nil
		}
		m = m.calls[name].module
	}
	return m
}

// Expression evaluates an argument: of a resource or data source by its key, of a call by "module.name", or a
// local, whose key is "local.name". The argument json of a policy document is the document.
// ok is false where it is not set.
func (c *Configuration) Expression(names []string, key, argument string, lookup Lookup) (Expression, bool) {
	m := c.module(names)
	if m == nil {
		return Expression{}, false
	}
	found := finder{}
	if name, ok := strings.CutPrefix(key, "local."); ok {
		if e := m.locals[name]; e != nil {
			found.expressions = append(found.expressions, e)
		}
	} else if name, ok := strings.CutPrefix(key, "module."); ok {
		if call := m.calls[name]; call != nil {
			found.find(call.body, strings.Split(argument, "."))
		}
	} else if d := m.resources[key]; d != nil {
		if d.data && d.typ == documentType && argument == "json" {
			return c.documentOf(m, d, lookup), true
		}
		found.find(d.body, strings.Split(argument, "."))
	}
	if len(found.expressions)+len(found.blocks) == 0 {
		return Expression{}, false
	}
	return found.evaluate(c.asked(m, lookup)), true
}

// asked is a module whose references lookup answers.
func (c *Configuration) asked(m *module, lookup Lookup) *moduleInstance {
	ev := newEvaluator(c, Options{})
	mi := ev.newModule(m, nil, nil, &scope{})
	mi.lookup = ev.lookupOf(lookup)
	return mi
}

// documentOf is the text of a policy document.
func (c *Configuration) documentOf(m *module, d *resourceDecl, lookup Lookup) Expression {
	mi := c.asked(m, lookup)
	in := &instance{decl: d, scope: &scope{module: mi}, address: d.key()}
	var out Expression
	seen := map[string]bool{}
	for _, e := range expressionsOf(d.body) {
		out.References = m.closure(e, seen, out.References)
	}
	slices.SortStableFunc(out.References, func(a, b string) int { return len(b) - len(a) })
	text := in.documentValue().GetAttr("json")
	v := (&converter{}).value(text, "json", argument{refs: out.References})
	out.Value = (&settler{tokens: &mi.ev.tokens}).value(v, "json")
	return out
}

// lookupOf turns what a lookup says into values of expressions.
func (ev *evaluator) lookupOf(lookup Lookup) func(string) (cty.Value, bool) {
	return func(reference string) (cty.Value, bool) {
		if lookup == nil {
			return cty.DynamicVal, false
		}
		v, standIn := lookup(reference)
		if u, ok := v.(*assize.Unknown); ok && (u.Refers != nil || standIn != "") {
			tok := token{unknown: u, standIn: standIn, written: reference}
			return cty.StringVal(ev.tokens.text(reference, tok)), true
		}
		return fromValue(v), true
	}
}

// fromValue is the value of an expression; what is not known is unknown.
func fromValue(v assize.Value) cty.Value {
	switch x := v.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType)
	case bool:
		return cty.BoolVal(x)
	case int64:
		return cty.NumberIntVal(x)
	case float64:
		return cty.NumberFloatVal(x)
	case string:
		if hasToken(x) {
			return cty.UnknownVal(cty.String)
		}
		return cty.StringVal(x)
	case assize.List:
		list := make([]cty.Value, len(x))
		for i, e := range x {
			if u, ok := e.(*assize.Unknown); ok && u.Rest {
				return cty.DynamicVal
			}
			list[i] = fromValue(e)
		}
		return cty.TupleVal(list)
	case assize.Object:
		object := map[string]cty.Value{}
		for _, f := range x {
			object[f.Name] = fromValue(f.Value)
		}
		return cty.ObjectVal(object)
	}
	return cty.DynamicVal
}

// finder collects what is written at the path of an argument.
type finder struct {
	expressions []hclsyntax.Expression
	blocks      []*hclsyntax.Body
	dynamic     bool
	written     []hclsyntax.Expression // of dynamic blocks on the way
	whole       *hclsyntax.Body        // the body of the blocks, where the path ends at blocks
	name        string
}

func (f *finder) find(b *hclsyntax.Body, steps []string) {
	name, rest := steps[0], steps[1:]
	if a := b.Attributes[name]; a != nil {
		f.expressions = append(f.expressions, a.Expr)
		return
	}
	for _, block := range b.Blocks {
		if blockName(block) != name {
			continue
		}
		body := block.Body
		if block.Type == "dynamic" {
			f.dynamic = true
			if e := expression(body, "for_each"); e != nil {
				f.written = append(f.written, e)
			}
			for _, inner := range body.Blocks {
				if inner.Type == "content" {
					body = inner.Body
				}
			}
		}
		if len(rest) > 0 {
			f.find(body, rest)
			continue
		}
		f.blocks, f.whole, f.name = append(f.blocks, body), b, name
	}
}

// evaluate gives the references and the value. Within dynamic blocks there is no iterator: what
// refers to it is unknown, unless the path ends at the blocks.
func (f *finder) evaluate(mi *moduleInstance) Expression {
	out := Expression{Dynamic: f.dynamic}
	all := append(slices.Clone(f.expressions), f.written...)
	for _, b := range f.blocks {
		all = append(all, expressionsOf(b)...)
	}
	seen := map[string]bool{}
	for _, e := range all {
		out.References = mi.module.closure(e, seen, out.References)
	}
	slices.SortStableFunc(out.References, func(a, b string) int { return len(b) - len(a) })
	s := &scope{module: mi}
	var values assize.List
	c := &converter{}
	for _, e := range f.expressions {
		v, why := s.eval(e)
		values = append(values, c.value(v, "", argument{refs: out.References, why: why}))
	}
	if f.whole != nil {
		n := s.body(&hclsyntax.Body{Attributes: hclsyntax.Attributes{}, Blocks: blocksNamed(f.whole, f.name)}, 1)
		values = append(values, c.node(n, "").Get(f.name))
	}
	settled := &settler{tokens: &mi.ev.tokens}
	out.Value = settled.value(values, "")
	if len(values) == 1 {
		out.Value = settled.value(values[0], "")
	}
	out.Made = settled.made
	return out
}

func blocksNamed(b *hclsyntax.Body, name string) []*hclsyntax.Block {
	var all []*hclsyntax.Block
	for _, block := range b.Blocks {
		if blockName(block) == name {
			all = append(all, block)
		}
	}
	return all
}

func expressionsOf(b *hclsyntax.Body) []hclsyntax.Expression {
	var all []hclsyntax.Expression
	for _, a := range b.Attributes {
		all = append(all, a.Expr)
	}
	for _, block := range b.Blocks {
		all = append(all, expressionsOf(block.Body)...)
	}
	return all
}

// closure adds the references of an expression, with those of the locals that it uses.
func (m *module) closure(e hclsyntax.Expression, seen map[string]bool, refs []string) []string {
	for _, t := range e.Variables() {
		if t.RootName() == "local" {
			name := stepName(t, 1)
			if local := m.locals[name]; local != nil && !seen["local."+name] {
				seen["local."+name] = true
				refs = m.closure(local, seen, refs)
			}
			continue
		}
		for _, s := range prefixes(t) {
			if !seen[s] {
				seen[s] = true
				refs = append(refs, s)
			}
		}
	}
	return refs
}

// lookUp asks for the value of a reference and puts it where it is written.
func (s *scope) lookUp(t *tree, traversal hcl.Traversal) {
	v, ok := s.module.lookup(traversalText(traversal))
	if !ok {
		v = cty.DynamicVal
	}
	t.set(v, stepsOf(traversal)...)
}

// stepsOf are the names of a traversal, numbers as "[0]".
func stepsOf(traversal hcl.Traversal) []string {
	var steps []string
	for _, step := range traversal {
		switch x := step.(type) {
		case hcl.TraverseRoot:
			steps = append(steps, x.Name)
		case hcl.TraverseAttr:
			steps = append(steps, x.Name)
		case hcl.TraverseIndex:
			steps = append(steps, indexStep(x.Key))
		default:
			return steps
		}
	}
	return steps
}

func indexStep(key cty.Value) string {
	if key.Type() == cty.String {
		return key.AsString()
	}
	return fmt.Sprintf("[%s]", key.AsBigFloat().Text('f', -1))
}

// lookUpIndexed asks for references whose index is an expression that can be evaluated:
// aws_s3_bucket.b[count.index].id.
func (s *scope) lookUpIndexed(t *tree, e hclsyntax.Expression) {
	visit(e, func(n hclsyntax.Node) {
		var rest hcl.Traversal
		index, ok := n.(*indexExpr)
		if relative, isRelative := n.(*hclsyntax.RelativeTraversalExpr); isRelative {
			rest = relative.Traversal
			index, ok = relative.Source.(*indexExpr)
		}
		if !ok {
			return
		}
		base, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr)
		if !ok || base.Traversal.RootName() == "local" {
			return
		}
		key, _ := s.eval(index.Key)
		if !key.IsKnown() || key.IsNull() || tainted(key) || key.Type() != cty.String && key.Type() != cty.Number {
			return
		}
		full := slices.Concat(base.Traversal, hcl.Traversal{hcl.TraverseIndex{Key: key}}, rest)
		s.lookUp(t, full)
	})
}
