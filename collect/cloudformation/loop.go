package cloudformation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// loopPrefix begins the names of loops: Fn::ForEach::<name of the loop>.
const loopPrefix = "Fn::ForEach::"

func isLoop(name string) bool { return strings.HasPrefix(name, loopPrefix) }

// unroll writes loops out: each is a list of an identifier, a collection and an object whose
// fields are repeated. The error says which loop cannot be; the fields of others are given.
func (s *stack) unroll(fields []nodeField) ([]nodeField, error) {
	if !slices.ContainsFunc(fields, func(f nodeField) bool { return isLoop(f.name) }) {
		return fields, nil
	}
	var out []nodeField
	var failed error
	for _, f := range fields {
		if !isLoop(f.name) {
			out = append(out, f)
			continue
		}
		more, err := s.loop(&f)
		out, failed = append(out, more...), cmp.Or(failed, err)
	}
	return out, failed
}

func (s *stack) loop(f *nodeField) ([]nodeField, error) {
	if f.node.kind != listNode || len(f.node.items) != 3 || f.node.items[2].kind != objectNode {
		return nil, fmt.Errorf("%s: want an identifier, a collection and an object", f.name)
	}
	list, why := asList((&evaluation{s: s}).eval(f.node.items[1]))
	if why != nil {
		return nil, fmt.Errorf("%s: its collection is not known: %s", f.name, why.Detail)
	}
	var out []nodeField
	var failed error
	for _, v := range list {
		text, ok := collect.ScalarText(v)
		if !ok {
			return nil, fmt.Errorf("%s: an element of its collection is not known", f.name)
		}
		w := &writer{identifier: f.node.items[0].text(), value: text, nodes: &s.project.nodes}
		body, err := w.node(f.node.items[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		more, err := s.unroll(body.fields)
		out, failed = append(out, more...), cmp.Or(failed, err)
	}
	return out, failed
}

// writer repeats a loop's body with one element in place of the identifier.
type writer struct {
	identifier, value string
	nodes             *counter
}

func (w *writer) node(n *node) (*node, error) {
	if err := w.nodes.take(n.line); err != nil {
		return nil, err
	}
	out := &node{kind: n.kind, line: n.line, value: n.value}
	if name, arg := n.call(); name == "Ref" && arg.text() == w.identifier {
		return stringNode(w.value, n.line), nil
	}
	if text, ok := n.value.(string); ok {
		out.value = w.text(text)
	}
	for _, item := range n.items {
		e, err := w.node(item)
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, e)
	}
	for _, f := range n.fields {
		e, err := w.node(f.node)
		if err != nil {
			return nil, err
		}
		out.fields = append(out.fields, nodeField{w.text(f.name), f.line, e})
	}
	return out, nil
}

// text replaces ${identifier}, and &{identifier} by the letters and digits of the element.
func (w *writer) text(text string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, w.value)
	text = strings.ReplaceAll(text, "${"+w.identifier+"}", w.value)
	return strings.ReplaceAll(text, "&{"+w.identifier+"}", plain)
}

func sortFields(o assize.Object) {
	slices.SortFunc(o, func(a, b assize.Field) int { return cmp.Compare(a.Name, b.Name) })
}
