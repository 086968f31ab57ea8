package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxNamed bounds the places of a circle that its error names.
const maxNamed = 12

// place is what others refer to: "local.a", "var.x", "output.o", "aws_s3_bucket.b", "data.aws_region.r" of a
// module, and "module.m", whose count, for_each and depends_on come before all that is in it.
type place struct {
	module *module
	name   string
}

// caller is where a module is called.
type caller struct {
	module *module
	call   *callDecl
}

// link is a reference to a place, with where it is written.
type link struct {
	to place
	at hcl.Range
}

// checker holds that what is referred to is declared, and that nothing leads back to itself. Terraform
// refuses both, whether or not anything is made of them.
type checker struct {
	callers map[*module]caller
	order   []place // in the order of the files
	state   map[place]int
	way     []link // places that lead to the one that is looked at, with where they are referred to
}

// The states of a place.
const (
	unseen = iota
	entered
	left
)

// check examines the references of all modules.
func (c *Configuration) check() error {
	k := &checker{callers: map[*module]caller{}, state: map[place]int{}}
	if err := k.collect(c.root); err != nil {
		return err
	}
	for _, p := range k.order {
		if err := k.visit(p, hcl.Range{}); err != nil {
			return err
		}
	}
	return nil
}

// sortedKeys are the names in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// checkDeclared holds that all is declared that the expressions of a module refer to. What types of resources other
// providers have, and which names stand for the elements of a dynamic block, it does not know: of resources only
// those of AWS are held.
func (m *module) checkDeclared() error {
	var fault error
	look := func(t hcl.Traversal) {
		if what := m.undeclared(t); what != "" && fault == nil {
			fault = fmt.Errorf("%s: %s is not declared: declare it, or mend the reference", position(t.SourceRange()), what)
		}
	}
	inExpression := func(e hclsyntax.Expression) {
		if e == nil {
			return
		}
		for _, t := range e.Variables() {
			look(t)
		}
	}
	for _, name := range sortedKeys(m.locals) {
		inExpression(m.locals[name])
	}
	for _, name := range m.order {
		eachTraversal(m.resources[name].body, 0, look)
	}
	for _, name := range sortedKeys(m.outputs) {
		inExpression(m.outputs[name].value)
	}
	for _, name := range m.callOrder {
		eachTraversal(m.calls[name].body, 0, look)
	}
	return fault
}

// undeclared is what a reference names that the module does not declare; "" where it does, or nobody knows.
func (m *module) undeclared(t hcl.Traversal) string {
	root, name := t.RootName(), stepName(t, 1)
	key := root + "." + name
	known := true
	switch {
	case name == "":
	case root == "local":
		known = m.locals[name] != nil
	case root == "var":
		known = m.variables[name] != nil
	case root == "module":
		known = m.calls[name] != nil
	case root == "data" && ofAWS(name):
		key += "." + stepName(t, 2)
		known = m.resources[key] != nil
	case ofAWS(root):
		known = m.resources[key] != nil
	}
	if known {
		return ""
	}
	return key
}

// ofAWS reports whether a type is one of the providers of AWS.
func ofAWS(typ string) bool {
	return strings.HasPrefix(typ, "aws_") || strings.HasPrefix(typ, "awscc_")
}

// collect lists the places of a module and of those that it calls.
func (k *checker) collect(m *module) error {
	add := func(name string) { k.order = append(k.order, place{m, name}) }
	for _, name := range sortedKeys(m.locals) {
		add("local." + name)
	}
	for _, name := range sortedKeys(m.variables) {
		add("var." + name)
	}
	for _, name := range m.order {
		add(name)
	}
	for _, name := range sortedKeys(m.outputs) {
		add("output." + name)
	}
	for _, name := range m.callOrder {
		add("module." + name)
	}
	if err := m.checkDeclared(); err != nil {
		return err
	}
	for _, name := range m.callOrder {
		if child := m.calls[name].module; child != nil {
			k.callers[child] = caller{m, m.calls[name]}
			if err := k.collect(child); err != nil {
				return err
			}
		}
	}
	return nil
}

// visit follows the references of a place, and of those that it leads to.
func (k *checker) visit(p place, at hcl.Range) error {
	switch k.state[p] {
	case left:
		return nil
	case entered:
		return k.circle(p, at)
	}
	k.state[p] = entered
	k.way = append(k.way, link{p, at})
	for _, next := range k.links(p) {
		if err := k.visit(next.to, next.at); err != nil {
			return err
		}
	}
	k.way = k.way[:len(k.way)-1]
	k.state[p] = left
	return nil
}

// circle is the error of a way that leads back to p; at is where its end refers to p.
func (k *checker) circle(p place, at hcl.Range) error {
	from := slices.IndexFunc(k.way, func(l link) bool { return l.to == p })
	var names []string
	for _, l := range k.way[from:] {
		if len(names) == maxNamed {
			names = append(names, "…")
			break
		}
		names = append(names, l.to.String())
	}
	names = append(names, p.String())
	return fmt.Errorf("%s: %s depends on itself: %s; Terraform refuses a circle: take one of the references out",
		position(at), p, strings.Join(names, " → "))
}

// String is the place's address without keys.
func (p place) String() string {
	if len(p.module.path) == 0 {
		return p.name
	}
	return "module." + strings.Join(p.module.path, ".module.") + "." + p.name
}

// links are the references that a place makes, and the call that its module is there by.
func (k *checker) links(p place) []link {
	var links []link
	up, called := k.callers[p.module]
	kind, name, _ := strings.Cut(p.name, ".")
	m := p.module
	switch kind {
	case "local":
		links = m.linksOf(m.locals[name])
	case "output":
		links = m.linksOf(m.outputs[name].value)
	case "var":
		if called {
			return up.module.linksOf(expression(up.call.body, name))
		}
		return nil
	case "module":
		for _, e := range []hclsyntax.Expression{m.calls[name].count, m.calls[name].forEach, expression(m.calls[name].body, "depends_on")} {
			links = append(links, m.linksOf(e)...)
		}
	default:
		eachTraversal(m.resources[p.name].body, 0, func(t hcl.Traversal) { links = append(links, m.targets(t)...) })
	}
	if called {
		links = append(links, link{place{up.module, "module." + up.call.name}, up.call.at})
	}
	return links
}

// linksOf are the references of an expression; none where there is no expression.
func (m *module) linksOf(e hclsyntax.Expression) []link {
	var links []link
	if e == nil {
		return nil
	}
	for _, t := range e.Variables() {
		links = append(links, m.targets(t)...)
	}
	return links
}

// targets are the places that a traversal names: of a module that is called its outputs, and the call.
func (m *module) targets(t hcl.Traversal) []link {
	at := t.SourceRange()
	root, name := t.RootName(), stepName(t, 1)
	key := root + "." + name
	switch root {
	case "local":
		if m.locals[name] != nil {
			return []link{{place{m, key}, at}}
		}
	case "var":
		if m.variables[name] != nil {
			return []link{{place{m, key}, at}}
		}
	case "module":
		return m.outputsNamed(t)
	case "data":
		key += "." + stepName(t, 2)
		fallthrough
	default:
		if m.resources[key] != nil {
			return []link{{place{m, key}, at}}
		}
	}
	return nil
}

// outputsNamed are the outputs that a reference to a call names, or may name.
func (m *module) outputsNamed(t hcl.Traversal) []link {
	call := m.calls[stepName(t, 1)]
	if call == nil {
		return nil
	}
	at := t.SourceRange()
	links := []link{{place{m, "module." + call.name}, at}}
	if call.module == nil {
		return links
	}
	outputs := outputsOf(t)
	if outputs == nil {
		outputs = sortedKeys(call.module.outputs)
	}
	for _, name := range outputs {
		if call.module.outputs[name] != nil {
			links = append(links, link{place{call.module, "output." + name}, at})
		}
	}
	return links
}

// eachTraversal calls do for the references of a body, those of blocks that only Terraform itself reads left out.
func eachTraversal(b *hclsyntax.Body, depth int, do func(hcl.Traversal)) {
	for _, name := range sortedKeys(b.Attributes) {
		if depth == 0 && name == "provider" || name == "providers" {
			continue
		}
		for _, t := range b.Attributes[name].Expr.Variables() {
			do(t)
		}
	}
	for _, block := range b.Blocks {
		if depth > 0 || !slices.Contains(metaBlocks, block.Type) {
			eachTraversal(block.Body, depth+1, do)
		}
	}
}
