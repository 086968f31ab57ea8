package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Bounds of what is read and evaluated. A configuration beyond them is refused, or what
// is beyond them is unknown; each is far above what people write.
const (
	maxFile      = 4 << 20   // bytes of one file
	maxFiles     = 5000      // in all modules
	maxBytes     = 128 << 20 // of all files
	maxNesting   = 200       // brackets within brackets
	maxOperators = 50_000    // operators and brackets of one argument
	maxModules   = 20_000    // instances of modules
	maxDepth     = 32        // modules within modules
	maxInstances = 100_000   // of resources and data sources
	maxText      = 1 << 20   // bytes of a text that is put into another
	maxWork      = 1_000_000 // elements that for expressions run over
	maxChain     = 1000      // values that refer to one another
)

// A module is what one folder of a configuration declares. It is not changed once loaded.
type module struct {
	path      []string // names of the calls from the root
	dir       string   // for path.module and positions: relative to the root, "." for the root
	files     fileSet  // what file() may read
	variables map[string]*variableDecl
	locals    map[string]hclsyntax.Expression
	outputs   map[string]*outputDecl
	resources map[string]*resourceDecl // by "type.name", "data.type.name"
	order     []string                 // keys of resources as they are declared
	calls     map[string]*callDecl
	callOrder []string
	providers map[string]*hclsyntax.Body // by "aws", "aws.west"
	declared  map[string]hcl.Range       // by "resource aws_x.y", "local z"
}

type variableDecl struct {
	value     hclsyntax.Expression // the default; nil where there is none
	ty        cty.Type
	defaults  *typeexpr.Defaults
	sensitive bool
	nullable  bool
}

type outputDecl struct {
	value     hclsyntax.Expression
	sensitive bool
}

type resourceDecl struct {
	data           bool
	typ, name      string
	body           *hclsyntax.Body
	count, forEach hclsyntax.Expression
	provider       string // "aws.west"; "" for the default
	at             hcl.Range
}

type callDecl struct {
	name, source   string
	body           *hclsyntax.Body
	count, forEach hclsyntax.Expression
	providers      map[string]string // by the child's name
	at             hcl.Range
	module         *module // nil where it was not found
	missing        string  // why it was not found
}

// key is how the resource is referred to.
func (d *resourceDecl) key() string {
	if d.data {
		return "data." + d.typ + "." + d.name
	}
	return d.typ + "." + d.name
}

// once refuses a second declaration, as Terraform does: which of them is meant, nobody knows, and
// the one that would not be judged may be the one that fails.
func (m *module) once(what, name string, at hcl.Range) error {
	key := what + " " + name
	if first, ok := m.declared[key]; ok {
		return fmt.Errorf("%s: %s is declared already, at %s: keep one of them", position(at), key, position(first))
	}
	m.declared[key] = at
	return nil
}

// declare sorts a block into the module. Each thing is declared once.
func (m *module) declare(b *hclsyntax.Block, r *rewriter) error {
	want := map[string]int{"variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2}
	if n, ok := want[b.Type]; ok && len(b.Labels) != n {
		return fmt.Errorf("%s: %s needs %d labels and has %d", position(b.TypeRange), b.Type, n, len(b.Labels))
	}
	if want[b.Type] > 0 && b.Type != "provider" {
		if err := m.once(b.Type, strings.Join(b.Labels, "."), b.DefRange()); err != nil {
			return err
		}
	}
	switch b.Type {
	case "locals":
		for _, name := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
			a := b.Body.Attributes[name]
			if err := m.once("local", name, a.NameRange); err != nil {
				return err
			}
			m.locals[name] = r.expr(a.Expr)
		}
	case "variable":
		v, err := variableOf(b, r)
		if err != nil {
			return err
		}
		m.variables[b.Labels[0]] = v
	case "output":
		m.outputs[b.Labels[0]] = &outputDecl{value: r.expr(expression(b.Body, "value")), sensitive: constantBool(b.Body, "sensitive", false)}
	case "provider":
		key := b.Labels[0]
		if alias := constantText(b.Body, "alias"); alias != "" {
			key += "." + alias
		}
		if err := m.once(b.Type, key, b.DefRange()); err != nil {
			return err
		}
		r.body(b.Body)
		m.providers[key] = b.Body
	case "resource", "data":
		m.declareResource(b, r)
	case "module":
		m.declareCall(b, r)
	}
	return nil
}

func (m *module) declareResource(b *hclsyntax.Block, r *rewriter) {
	d := &resourceDecl{data: b.Type == "data", typ: b.Labels[0], name: b.Labels[1], body: b.Body, at: b.DefRange()}
	d.provider = providerName(expression(b.Body, "provider"))
	r.body(b.Body)
	d.count, d.forEach = expression(b.Body, "count"), expression(b.Body, "for_each")
	if m.resources[d.key()] == nil {
		m.order = append(m.order, d.key())
	}
	m.resources[d.key()] = d
}

func (m *module) declareCall(b *hclsyntax.Block, r *rewriter) {
	c := &callDecl{name: b.Labels[0], source: constantText(b.Body, "source"), body: b.Body, at: b.DefRange(), providers: map[string]string{}}
	if object, ok := expression(b.Body, "providers").(*hclsyntax.ObjectConsExpr); ok {
		for _, item := range object.Items {
			c.providers[providerName(item.KeyExpr)] = providerName(item.ValueExpr)
		}
	}
	r.body(b.Body)
	c.count, c.forEach = expression(b.Body, "count"), expression(b.Body, "for_each")
	if m.calls[c.name] == nil {
		m.callOrder = append(m.callOrder, c.name)
	}
	m.calls[c.name] = c
}

func variableOf(b *hclsyntax.Block, r *rewriter) (*variableDecl, error) {
	v := &variableDecl{
		ty: cty.DynamicPseudoType, sensitive: constantBool(b.Body, "sensitive", false), nullable: constantBool(b.Body, "nullable", true),
		value: r.expr(expression(b.Body, "default")),
	}
	e := expression(b.Body, "type")
	if text := constantText(b.Body, "type"); text != "" {
		// In JSON, and before Terraform 0.12, a type is a text.
		parsed, diags := hclsyntax.ParseExpression([]byte(text), b.TypeRange.Filename, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, fmt.Errorf("%s: type of variable %q: %w", position(b.TypeRange), b.Labels[0], diags)
		}
		e = parsed
	}
	if e == nil {
		return v, nil
	}
	switch hcl.ExprAsKeyword(e) {
	case "list", "map":
		return v, nil
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(e)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: type of variable %q: %w", position(b.TypeRange), b.Labels[0], diags)
	}
	v.ty, v.defaults = ty, defaults
	return v, nil
}

// expression is the argument of a body, nil where it is not set.
func expression(b *hclsyntax.Body, name string) hclsyntax.Expression {
	if a := b.Attributes[name]; a != nil {
		return a.Expr
	}
	return nil
}

// constantText is an argument that refers to nothing and is a text; "" otherwise.
func constantText(b *hclsyntax.Body, name string) string {
	v := constantOf(expression(b, name))
	if v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

func constantBool(b *hclsyntax.Body, name string, otherwise bool) bool {
	v := constantOf(expression(b, name))
	if v.Type() != cty.Bool {
		return otherwise
	}
	return v.True()
}

// constantOf evaluates an expression without anything to refer to; an empty tuple where that fails.
func constantOf(e hclsyntax.Expression) cty.Value {
	if e == nil {
		return cty.EmptyTupleVal
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() {
		return cty.EmptyTupleVal
	}
	return v
}

// providerName is what a provider argument names: aws.west, or "aws.west" in old texts.
func providerName(e hclsyntax.Expression) string {
	if e == nil {
		return ""
	}
	if key, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		e = key.Wrapped
	}
	if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
		return traversalText(t)
	}
	if v := constantOf(e); v.Type() == cty.String {
		return v.AsString()
	}
	return ""
}

// position is a place in a file for people; the file where the line is not known, as of values in JSON.
func position(r hcl.Range) string {
	if r.Start.Line == 0 {
		return r.Filename
	}
	return fmt.Sprintf("%s:%d", r.Filename, r.Start.Line)
}

// isOverride reports whether a file changes what others declare.
func isOverride(name string) bool {
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".tf")
	return base == "override" || strings.HasSuffix(base, "_override")
}
