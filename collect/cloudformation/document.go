package cloudformation

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// isPolicy tells a policy document by what IAM's grammar asks of each: statements with an
// effect. The object may be evaluated in part.
func isPolicy(o assize.Object) bool {
	if v, ok := o.Get("Version").(string); ok && (v == "2012-10-17" || v == "2008-10-17") && o.Get("Statement") != nil {
		return true
	}
	return hasEffect(o.Get("Statement"))
}

func hasEffect(v assize.Value) bool {
	switch x := v.(type) {
	case assize.Object:
		return x.Get("Effect") != nil
	case assize.List:
		for _, e := range x {
			if hasEffect(e) {
				return true
			}
		}
	case *choice:
		return hasEffect(x.yes) || hasEffect(x.no)
	}
	return false
}

// document is the text of a policy document that is known in part: see [assize.Hole]. It is
// an *Unknown where not even the statements are known.
func document(o assize.Object) assize.Value {
	var statements assize.List
	if why := addStatements(&statements, o.Get("Statement"), false); why != nil {
		return why
	}
	out := make(assize.Object, 0, len(o))
	for _, f := range o {
		v := documentValue(f.Value)
		if f.Name == "Statement" {
			v = statements
		}
		if v != nil {
			out = append(out, assize.Field{Name: f.Name, Value: v})
		}
	}
	if text, ok := collect.PolicyText(out, nil); ok {
		return text
	}
	return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "the policy document cannot be written as JSON"}
}

// addStatements appends the statements of a value. One that a condition which is not decided
// lets in has a condition that is not known: it matches as it stands, or nothing.
func addStatements(out *assize.List, v assize.Value, maybe bool) *assize.Unknown {
	switch x := v.(type) {
	case nil:
		return nil
	case assize.List:
		for _, e := range x {
			if why := addStatements(out, e, maybe); why != nil {
				return why
			}
		}
		return nil
	case *choice:
		if same(x) {
			return addStatements(out, x.yes, maybe)
		}
		if why := addStatements(out, x.yes, true); why != nil {
			return why
		}
		return addStatements(out, x.no, true)
	case assize.Object:
		if _, ok := x.Get("Effect").(string); !ok {
			return untilApply("a statement of the policy without a known effect")
		}
		*out = append(*out, statement(x, maybe))
		return nil
	case *late:
		return x.unknown()
	case *assize.Unknown:
		return x
	}
	return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a statement of the policy is not an object"}
}

// unknownCondition is a condition of which nothing is known.
const (
	unknownOperator = "StringEquals"
	unknownKey      = "assize:unknown"
)

// statement is one statement with holes.
func statement(o assize.Object, maybe bool) assize.Object {
	out := make(assize.Object, 0, len(o)+1)
	for _, f := range o {
		if f.Name == "Condition" {
			continue
		}
		if v := documentValue(f.Value); v != nil {
			out = append(out, assize.Field{Name: f.Name, Value: v})
		}
	}
	condition, known := conditionOf(o.Get("Condition"))
	if maybe || !known {
		block, _ := condition.Get(unknownOperator).(assize.Object)
		block = append(assize.Object(nil), block...).Set(unknownKey, assize.Hole)
		condition = condition.Set(unknownOperator, block)
	}
	if len(condition) > 0 {
		out = out.Set("Condition", condition)
	}
	return out
}

// conditionOf is the condition block with holes; known is false where some of it may be anything.
func conditionOf(v assize.Value) (block assize.Object, known bool) {
	if v == nil {
		return nil, true
	}
	o, ok := v.(assize.Object)
	if !ok {
		return nil, false
	}
	known = true
	for _, f := range o {
		keys, ok := f.Value.(assize.Object)
		if !ok {
			known = known && f.Value == nil
			continue
		}
		if v := documentValue(keys); v != nil {
			block = block.Set(f.Name, v)
		}
	}
	return block, known
}

// documentValue has texts with what stands for resources, and a hole for all else that is not known.
func documentValue(v assize.Value) assize.Value {
	switch x := v.(type) {
	case *late:
		if text, ok := x.documentText(); ok {
			return text
		}
		return assize.Hole
	case *choice:
		if same(x) {
			return documentValue(x.yes)
		}
		return assize.Hole
	case *assize.Unknown:
		return assize.Hole
	case string:
		return plainPartition(x)
	case assize.List:
		out := make(assize.List, 0, len(x))
		for _, e := range x {
			out = append(out, documentValue(e))
		}
		return out
	case assize.Object:
		out := make(assize.Object, 0, len(x))
		for _, f := range x {
			if v := documentValue(f.Value); v != nil {
				out = append(out, assize.Field{Name: f.Name, Value: v})
			}
		}
		return out
	}
	return v
}

// same tells whether a document says the same whatever the condition decides. What is unknown
// in both may differ.
func same(x *choice) bool {
	return isDocumentText(x.yes) && isDocumentText(x.no) && reflect.DeepEqual(documentValue(x.yes), documentValue(x.no))
}

// isDocumentText reports whether all of a value has a text in documents.
func isDocumentText(v assize.Value) bool {
	switch x := v.(type) {
	case *late:
		_, ok := x.documentText()
		return ok
	case *assize.Unknown, *choice:
		return false
	case assize.List:
		return !slices.ContainsFunc(x, func(e assize.Value) bool { return !isDocumentText(e) })
	case assize.Object:
		return !slices.ContainsFunc(x, func(f assize.Field) bool { return !isDocumentText(f.Value) })
	}
	return true
}

// lateDocument reads a text that is a policy document with parts that are not known, as
// Fn::Sub writes it.
func lateDocument(l *late) (doc assize.Value, ok bool) {
	if first := l.parts[0].text; !strings.HasPrefix(strings.TrimSpace(first), "{") {
		return nil, false
	}
	var b strings.Builder
	for _, p := range l.parts {
		b.WriteString(p.text)
		switch {
		case p.unknown != nil && p.stand == "":
			b.WriteString(assize.Hole)
		case p.unknown != nil:
			b.WriteString(p.stand)
		}
	}
	if !json.Valid([]byte(b.String())) {
		return nil, false
	}
	v, err := assize.ParseValue([]byte(plainPartition(b.String())))
	if err != nil {
		return nil, false
	}
	o, ok := wholeHoles(v).(assize.Object)
	if !ok || !isPolicy(o) {
		return nil, false
	}
	return document(o), true
}

// wholeHoles widens a hole within a text to the whole text.
func wholeHoles(v assize.Value) assize.Value {
	switch x := v.(type) {
	case string:
		if strings.Contains(x, assize.Hole) {
			return untilApply("a part of the document")
		}
	case assize.List:
		for i := range x {
			x[i] = wholeHoles(x[i])
		}
	case assize.Object:
		for i := range x {
			x[i].Value = wholeHoles(x[i].Value)
		}
	}
	return v
}
