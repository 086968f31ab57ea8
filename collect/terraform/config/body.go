package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// node is an evaluated body.
type node struct {
	arguments map[string]argument
	blocks    map[string]*blocks
}

// argument is the value of one, and what it was made of.
type argument struct {
	value     cty.Value
	refs      []string
	why       string // why it could not be evaluated
	sensitive bool
}

// blocks are nested ones of a type. rest: there may be more, which depends on refs.
type blocks struct {
	items []*node
	rest  bool
	refs  []string
}

// Arguments and blocks of a resource that are Terraform's and not the provider's.
var (
	metaArguments = []string{"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"}
	metaBlocks    = []string{"lifecycle", "provisioner", "connection"}
)

// arguments evaluates the instance's body, once. One that refers to itself is empty meanwhile.
func (in *instance) arguments() *node {
	if in.content != nil {
		return in.content
	}
	if in.busy {
		return &node{}
	}
	in.busy = true
	n := in.scope.body(in.decl.body, 0)
	for _, name := range metaArguments {
		delete(n.arguments, name)
	}
	for _, name := range metaBlocks {
		delete(n.blocks, name)
	}
	in.content, in.busy = n, false
	return n
}

// body evaluates a body with its nested blocks.
func (s *scope) body(b *hclsyntax.Body, depth int) *node {
	n := &node{arguments: map[string]argument{}, blocks: map[string]*blocks{}}
	for name, a := range b.Attributes {
		if depth == 0 && slices.Contains(metaArguments, name) {
			continue
		}
		v, why := s.eval(a.Expr)
		n.arguments[name] = argument{value: v, why: why, refs: references(a.Expr), sensitive: s.sensitive(a.Expr)}
	}
	for _, block := range b.Blocks {
		if depth == 0 && slices.Contains(metaBlocks, block.Type) {
			continue
		}
		name := blockName(block)
		if n.blocks[name] == nil {
			n.blocks[name] = &blocks{}
		}
		if name != block.Type || block.Type == "dynamic" && len(block.Labels) == 1 {
			s.dynamic(block, n.blocks[name], depth)
			continue
		}
		n.blocks[name].items = append(n.blocks[name].items, s.body(block.Body, depth+1))
	}
	return n
}

// dynamic writes the blocks of a dynamic one.
func (s *scope) dynamic(block *hclsyntax.Block, into *blocks, depth int) {
	forEach := expression(block.Body, "for_each")
	i := slices.IndexFunc(block.Body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "content" })
	if forEach == nil || i < 0 {
		into.rest = true
		return
	}
	content := block.Body.Blocks[i].Body
	iterator := block.Labels[0]
	if e := expression(block.Body, "iterator"); e != nil {
		if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
			iterator = t.RootName()
		} else if text := constantText(block.Body, "iterator"); text != "" {
			iterator = text
		}
	}
	v, _ := s.eval(forEach)
	switch {
	case !v.IsKnown():
		into.rest, into.refs = true, append(into.refs, references(forEach)...)
		return
	case v.IsNull():
		return
	case !v.CanIterateElements(), v.LengthInt() > maxInstances:
		into.rest = true
		return
	}
	inner := *s
	inner.secret = s.secret || s.sensitive(forEach)
	for it := v.ElementIterator(); it.Next(); {
		key, e := it.Element()
		if v.Type().IsSetType() {
			key = e
		}
		each := inner.with(iterator, cty.ObjectVal(map[string]cty.Value{"key": key, "value": e}))
		if s.module.ev.work++; s.module.ev.work > maxWork {
			into.rest = true
			return
		}
		into.items = append(into.items, each.body(content, depth+1))
	}
}

// object is the node as others see it: blocks as tuples of objects.
func (n *node) object() map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, a := range n.arguments {
		out[name] = a.value
	}
	for name, b := range n.blocks {
		if b.rest {
			out[name] = cty.DynamicVal
			continue
		}
		items := make([]cty.Value, len(b.items))
		for i, item := range b.items {
			items[i] = cty.ObjectVal(item.object())
		}
		out[name] = cty.TupleVal(items)
	}
	return out
}

// refersTo is what people are told of an unknown value.
func refersTo(path string, refs []string, why string) string {
	var b strings.Builder
	b.WriteString(path)
	if len(refs) > 0 {
		refs = slices.Clone(refs)
		slices.Sort(refs)
		refs = slices.Compact(refs)
		if len(refs) > 8 {
			refs = append(refs[:8], "…")
		}
		b.WriteString("; refers to " + strings.Join(refs, ", "))
	}
	if why != "" {
		b.WriteString("; could not be evaluated: " + why)
	}
	return b.String()
}
