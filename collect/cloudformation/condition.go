package cloudformation

import (
	"reflect"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// decision is what is known of a condition.
type decision int

const (
	maybe decision = iota
	yes
	no
)

// holds decides a condition of the template by its name.
func (e *evaluation) holds(name string, line int) decision {
	if name == e.assume && name != "" {
		return yes
	}
	if from := slices.Index(e.s.deciding, name); from >= 0 {
		e.s.warn(line, "the condition "+name+" depends on itself: "+strings.Join(append(slices.Clone(e.s.deciding[from:]), name), " → "))
		return maybe
	}
	key := conditionKey{name, e.assume}
	if d, ok := e.s.decided[key]; ok {
		return d
	}
	n := e.s.conditions[name]
	if n == nil {
		e.s.warn(line, "there is no condition "+name)
		return maybe
	}
	e.s.deciding = append(e.s.deciding, name)
	d := e.condition(n)
	e.s.deciding = e.s.deciding[:len(e.s.deciding)-1]
	e.s.decided[key] = d
	return d
}

type conditionKey struct{ name, assume string }

// condition decides an expression of conditions.
func (e *evaluation) condition(n *node) decision {
	if e.depth++; e.depth > 4*maxDepth {
		e.depth--
		return maybe
	}
	defer func() { e.depth-- }()
	if n.kind != objectNode || len(n.fields) != 1 {
		return decisionOf(e.eval(n))
	}
	f := n.fields[0]
	switch f.name {
	case "Condition":
		return e.holds(f.node.text(), f.line)
	case "Fn::Not":
		if len(f.node.items) == 1 {
			return negate(e.condition(f.node.items[0]))
		}
	case "Fn::And":
		return negate(e.any(f.node.items, negate))
	case "Fn::Or":
		return e.any(f.node.items, func(d decision) decision { return d })
	case "Fn::Equals":
		if len(f.node.items) == 2 {
			return equal(e.eval(f.node.items[0]), e.eval(f.node.items[1]))
		}
	case "Fn::If":
		return decisionOf(e.eval(n))
	}
	e.s.warn(f.line, f.name+" is no condition that can be decided")
	return maybe
}

// any is whether one of the conditions holds, as seen through a function.
func (e *evaluation) any(items []*node, through func(decision) decision) decision {
	out := no
	for _, item := range items {
		switch through(e.condition(item)) {
		case yes:
			return yes
		case maybe:
			out = maybe
		case no:
		}
	}
	return out
}

func negate(d decision) decision {
	switch d {
	case yes:
		return no
	case no:
		return yes
	case maybe:
	}
	return maybe
}

// decisionOf reads a truth value.
func decisionOf(v assize.Value) decision {
	switch text, _ := collect.ScalarText(v); text {
	case "true":
		return yes
	case "false":
		return no
	}
	return maybe
}

// equal is Fn::Equals: texts, numbers and truth values are compared as texts.
func equal(a, b assize.Value) decision {
	if !isKnown(a) || !isKnown(b) {
		return maybe
	}
	x, okX := collect.ScalarText(a)
	y, okY := collect.ScalarText(b)
	if okX && okY && x == y || !okX && !okY && reflect.DeepEqual(a, b) {
		return yes
	}
	return no
}

// choose is Fn::If: the name of a condition and two values.
func (e *evaluation) choose(arg *node, line int) assize.Value {
	if arg.kind != listNode || len(arg.items) != 3 {
		return e.wrong(line, "Fn::If: want a condition and two values")
	}
	name := arg.items[0].text()
	switch e.holds(name, line) {
	case yes:
		return e.eval(arg.items[1])
	case no:
		return e.eval(arg.items[2])
	case maybe:
	}
	return &choice{
		yes: e.eval(arg.items[1]), no: e.eval(arg.items[2]),
		why: untilApply("the condition " + name + " of the template is not decided"),
	}
}
