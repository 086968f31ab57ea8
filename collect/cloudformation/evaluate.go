package cloudformation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// evaluation is the work on one value of a template.
type evaluation struct {
	s *stack
	// assume is a condition that holds: that of the resource which is looked at.
	assume string
	depth  int
	// path of the property, and whether a function is being called; a function that reads a
	// parameter whose value must not be shown makes secret true.
	path   string
	inCall bool
	secret bool
	hidden []string // paths of what must not be shown
}

// eval gives the value of a node, as described at [late].
func (e *evaluation) eval(n *node) assize.Value {
	if n == nil {
		return nil
	}
	if e.depth++; e.depth > 4*maxDepth {
		e.depth--
		return e.wrong(n.line, "refers to itself, or is nested too deep")
	}
	defer func() { e.depth-- }()
	switch n.kind {
	case scalarNode:
		return e.scalar(n)
	case listNode:
		return e.list(n)
	case objectNode:
	}
	name, arg := n.call()
	if name == "" {
		return e.object(n)
	}
	if e.inCall {
		return e.call(name, arg, n.line)
	}
	e.inCall, e.secret = true, false
	v := e.call(name, arg, n.line)
	if e.inCall = false; e.secret {
		e.hidden = append(e.hidden, e.path)
	}
	return v
}

// scalar is a scalar; a text with a dynamic reference is read when the stack is made.
func (e *evaluation) scalar(n *node) assize.Value {
	text, ok := n.value.(string)
	if !ok {
		return n.value
	}
	return dynamic(text)
}

func (e *evaluation) list(n *node) assize.Value {
	out := make(assize.List, 0, len(n.items))
	path, at := e.path, 0
	for _, item := range n.items {
		e.path = path + "[" + strconv.Itoa(at) + "]"
		v := e.eval(item)
		if v != nil {
			out = append(out, v)
		}
		if v != nil && !mayBeAbsent(v) {
			at++ // as settleList counts
		}
	}
	e.path = path
	return out
}

func (e *evaluation) object(n *node) assize.Value {
	fields, err := e.s.unroll(n.fields)
	if err != nil {
		return e.wrong(n.line, err.Error())
	}
	out := make(assize.Object, 0, len(fields))
	path := e.path
	for _, f := range fields {
		if f.name == "Fn::Transform" {
			e.s.incomplete(f.line, "Fn::Transform writes a part of the template")
			return e.wrong(f.line, "a part of it is written by Fn::Transform")
		}
		e.path = f.name
		if path != "" {
			e.path = path + "." + f.name
		}
		if v := e.eval(f.node); v != nil {
			out = append(out, assize.Field{Name: f.name, Value: v})
		}
	}
	e.path = path
	sortFields(out)
	return out
}

// wrong is the value of what cannot be read as it is written, and a warning.
func (e *evaluation) wrong(line int, why string) assize.Value {
	if e.secret {
		why, _, _ = strings.Cut(why, ": ") // what follows may repeat a value
	}
	e.s.warn(line, why)
	return &assize.Unknown{Cause: assize.WrongAnswer, Detail: fmt.Sprintf("%s:%d: %s", e.s.file, line, why)}
}

// call evaluates an intrinsic function.
func (e *evaluation) call(name string, arg *node, line int) assize.Value {
	switch name {
	case "Ref":
		return e.ref(arg, line)
	case "Fn::Sub":
		return e.sub(arg, line)
	case "Fn::If":
		return e.choose(arg, line)
	case "Fn::GetAtt":
		return e.getAtt(arg, line)
	case "Fn::Join":
		return e.join(arg, line)
	case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals":
		switch e.condition(&node{kind: objectNode, line: line, fields: []nodeField{{name, line, arg}}}) {
		case yes:
			return true
		case no:
			return false
		case maybe:
		}
		return untilApply("a condition that is not decided")
	}
	if f := functions[name]; f != nil {
		return f(e, arg, line)
	}
	return e.wrong(line, name+" is no function of CloudFormation")
}

// functions are those that look at nothing but their arguments, and those whose values
// come from elsewhere.
var functions map[string]func(e *evaluation, arg *node, line int) assize.Value

func init() { //nolint:gochecknoinits // the table refers to methods that refer to it
	functions = map[string]func(*evaluation, *node, int) assize.Value{
		"Fn::Select": (*evaluation).selectOne, "Fn::Split": (*evaluation).split, "Fn::FindInMap": (*evaluation).findInMap,
		"Fn::Base64": (*evaluation).base64, "Fn::Cidr": (*evaluation).cidr, "Fn::Length": (*evaluation).length,
		"Fn::ToJsonString": (*evaluation).toJSON, "Fn::ImportValue": (*evaluation).importValue,
		"Fn::GetAZs": elsewhere("the availability zones of the Region"), "Fn::GetStackOutput": elsewhere("an output of another stack"),
		"Fn::Transform": (*evaluation).transform,
	}
}

// elsewhere is a function whose value no template holds.
func elsewhere(what string) func(*evaluation, *node, int) assize.Value {
	return func(*evaluation, *node, int) assize.Value { return untilApply(what) }
}

func (e *evaluation) transform(arg *node, line int) assize.Value {
	name := arg.get("Name").text()
	e.s.incomplete(line, "the macro "+name+" writes a part of the template")
	return untilApply("what the macro " + name + " writes")
}
