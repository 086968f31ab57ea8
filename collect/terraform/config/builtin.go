package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var errArguments = errors.New("wrong number of arguments")

// plain lets a value with a token be unknown.
func plain(args []cty.Value) (cty.Value, error) {
	if tainted(args[0]) {
		return cty.DynamicVal, nil
	}
	return args[0], nil
}

// text is a part of a template: a text, or a token for what is not known.
func (ev *evaluator) text(args []cty.Value) (cty.Value, error) {
	v := args[0]
	if v.IsKnown() {
		if v.Type() == cty.String && !v.IsNull() && len(v.AsString()) > maxText {
			return cty.DynamicVal, fmt.Errorf("a text of %d bytes in a template", len(v.AsString()))
		}
		return v, nil
	}
	written := args[1].AsString()
	return cty.StringVal(ev.tokens.text("unknown "+written, token{written: written})), nil
}

// equal compares. What will be known after apply, and will not be absent, differs from nothing.
func (ev *evaluator) equal(args []cty.Value) (cty.Value, error) {
	a, b := args[0], args[1]
	if !tainted(a) && !tainted(b) {
		return stdlib.Equal(a, b)
	}
	if tainted(b) {
		a, b = b, a
	}
	if tainted(b) || !a.IsKnown() || !b.IsKnown() {
		return cty.UnknownVal(cty.Bool), nil
	}
	if b.IsNull() {
		if tok := ev.tokens.only(a); tok != nil && tok.mayBeAbsent() {
			return cty.UnknownVal(cty.Bool), nil
		}
		return cty.False, nil
	}
	if a.Type() != cty.String || b.Type() != cty.String || b.AsString() != "" {
		return cty.UnknownVal(cty.Bool), nil
	}
	// A text with something in it besides tokens, or with one that will not be empty, is not empty.
	s := a.AsString()
	for {
		before, tok, after := ev.tokens.cut(s)
		if before != "" || tok != nil && !tok.mayBeAbsent() {
			return cty.False, nil
		}
		if tok == nil {
			return cty.UnknownVal(cty.Bool), nil
		}
		s = after
	}
}

// each counts what for expressions run over, so that nested ones end.
func (ev *evaluator) each(args []cty.Value) (cty.Value, error) {
	v := args[0]
	if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
		ev.work += v.LengthInt()
		if ev.work > maxWork {
			return cty.DynamicVal, fmt.Errorf("for expressions run over more than %d elements", maxWork)
		}
	}
	return v, nil
}

// length counts. Of instances that may not be there nobody knows how many there are.
func (ev *evaluator) length(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	v := args[0]
	if ev.mayBeFewer(v) {
		return cty.UnknownVal(cty.Number), nil
	}
	if v.Type() == cty.String {
		if tainted(v) {
			return cty.UnknownVal(cty.Number), nil
		}
		return stdlib.Strlen(v)
	}
	if v.Type().IsSetType() && tainted(v) {
		return cty.UnknownVal(cty.Number), nil
	}
	return stdlib.Length(v)
}

// mayBeFewer reports whether an element names an instance of which it is not known whether it will be created.
func (ev *evaluator) mayBeFewer(v cty.Value) bool {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsKnown() && !e.IsNull() && e.Type().IsObjectType() && e.Type().HasAttribute("id") {
			e = e.GetAttr("id")
		}
		if !e.IsKnown() || e.IsNull() || e.Type() != cty.String {
			continue
		}
		for _, tok := range ev.tokens.in(e.AsString()) {
			if tok.object != nil && len(tok.object.scope.uncertain) > 0 {
				return true
			}
		}
	}
	return false
}

// coalesce gives the first argument that is neither null nor empty.
func coalesce(args []cty.Value) (cty.Value, error) {
	for _, v := range args {
		if !v.IsKnown() {
			return cty.DynamicVal, nil
		}
		if v.IsNull() || v.Type() == cty.String && v.AsString() == "" {
			continue
		}
		return v, nil
	}
	return cty.DynamicVal, errors.New("no argument of coalesce is neither null nor empty")
}

func one(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	v := args[0]
	if !v.IsKnown() {
		return cty.DynamicVal, nil
	}
	if v.IsNull() || !v.CanIterateElements() {
		return cty.DynamicVal, errors.New("one: want a list, set or tuple")
	}
	switch n := v.LengthInt(); n {
	case 0:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case 1:
		it := v.ElementIterator()
		it.Next()
		_, e := it.Element()
		return e, nil
	default:
		return cty.DynamicVal, fmt.Errorf("one: the list has %d elements", n)
	}
}

func allTrue(args []cty.Value) (cty.Value, error) { return quantified(args, cty.False) }
func anyTrue(args []cty.Value) (cty.Value, error) { return quantified(args, cty.True) }

// quantified is deciding where one element is, the opposite where none is, else unknown.
func quantified(args []cty.Value, deciding cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	if !args[0].IsKnown() || tainted(args[0]) {
		return cty.UnknownVal(cty.Bool), nil
	}
	if args[0].IsNull() || !args[0].CanIterateElements() {
		return cty.DynamicVal, errors.New("want a list of bool")
	}
	unknown := false
	for it := args[0].ElementIterator(); it.Next(); {
		_, e := it.Element()
		b, err := convert.Convert(e, cty.Bool)
		switch {
		case err != nil:
			return cty.DynamicVal, err
		case !b.IsKnown():
			unknown = true
		case !b.IsNull() && b.RawEquals(deciding), b.IsNull() && deciding.False():
			return deciding, nil
		}
	}
	if unknown {
		return cty.UnknownVal(cty.Bool), nil
	}
	return deciding.Not(), nil
}

func sum(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	if !args[0].IsWhollyKnown() || tainted(args[0]) {
		return cty.UnknownVal(cty.Number), nil
	}
	if args[0].IsNull() || !args[0].CanIterateElements() || args[0].LengthInt() == 0 {
		return cty.DynamicVal, errors.New("sum: want a list of at least one number")
	}
	total := cty.Zero
	for it := args[0].ElementIterator(); it.Next(); {
		_, e := it.Element()
		n, err := convert.Convert(e, cty.Number)
		if err != nil || n.IsNull() {
			return cty.DynamicVal, errors.New("sum: an element is not a number")
		}
		total = total.Add(n)
	}
	return total, nil
}

// containsValue finds what stands in a list also when it is not known yet; it does not rule it out.
func containsValue(args []cty.Value) (cty.Value, error) {
	if len(args) != 2 {
		return cty.DynamicVal, errArguments
	}
	if !tainted(args[0]) && !tainted(args[1]) {
		return stdlib.Contains(args[0], args[1])
	}
	if v, err := stdlib.Contains(args[0], args[1]); err == nil && v.IsKnown() && v.True() {
		return v, nil
	}
	return cty.UnknownVal(cty.Bool), nil
}

// format puts tokens into a text only where nothing but the text itself is asked for.
func format(args []cty.Value) (cty.Value, error) {
	if len(args) == 0 {
		return cty.DynamicVal, errArguments
	}
	if !light(args) {
		return cty.DynamicVal, nil
	}
	for _, a := range args {
		if tainted(a) && (!args[0].IsKnown() || args[0].IsNull() || args[0].Type() != cty.String || !simpleVerbs(args[0].AsString())) {
			return cty.DynamicVal, nil
		}
	}
	return callConverted(stdlib.FormatFunc, args)
}

// simpleVerbs reports whether a format has no verbs but %s, %v and %%.
func simpleVerbs(s string) bool {
	for {
		_, after, found := strings.Cut(s, "%")
		if !found {
			return true
		}
		if after == "" || !strings.Contains("sv%", after[:1]) {
			return false
		}
		s = after[1:]
	}
}

func matchKeys(args []cty.Value) (cty.Value, error) {
	if len(args) != 3 {
		return cty.DynamicVal, errArguments
	}
	values, keys, wanted := args[0], args[1], args[2]
	if !values.IsKnown() || !keys.IsWhollyKnown() || !wanted.IsWhollyKnown() || tainted(keys) || tainted(wanted) {
		return cty.DynamicVal, nil
	}
	for _, a := range args {
		if a.IsNull() || !a.CanIterateElements() {
			return cty.DynamicVal, errors.New("matchkeys: want lists")
		}
	}
	if values.LengthInt() != keys.LengthInt() {
		return cty.DynamicVal, errors.New("matchkeys: the lists of values and keys differ in length")
	}
	var found []cty.Value
	search, all := wanted.AsValueSlice(), values.AsValueSlice()
	for i, k := range keys.AsValueSlice() {
		for _, w := range search {
			if k.RawEquals(w) {
				found = append(found, all[i])
				break
			}
		}
	}
	return cty.TupleVal(found), nil
}

// indexOf is the place of a value in a list.
func indexOf(args []cty.Value) (cty.Value, error) {
	if len(args) != 2 {
		return cty.DynamicVal, errArguments
	}
	list, wanted := args[0], args[1]
	if !list.IsWhollyKnown() || !wanted.IsWhollyKnown() || tainted(list) || tainted(wanted) {
		return cty.UnknownVal(cty.Number), nil
	}
	if list.IsNull() || !list.Type().IsListType() && !list.Type().IsTupleType() {
		return cty.DynamicVal, errors.New("index: want a list")
	}
	for i, e := range list.AsValueSlice() {
		if equal, err := stdlib.Equal(e, wanted); err == nil && equal.IsKnown() && !equal.IsNull() && equal.True() {
			return cty.NumberIntVal(int64(i)), nil
		}
	}
	return cty.DynamicVal, errors.New("index: the value is not in the list")
}

// transpose turns a map of lists of texts about.
func transpose(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	if !args[0].IsWhollyKnown() || tainted(args[0]) {
		return cty.DynamicVal, nil
	}
	m, err := convert.Convert(args[0], cty.Map(cty.List(cty.String)))
	if err != nil || m.IsNull() {
		return cty.DynamicVal, fmt.Errorf("transpose: want a map of lists of texts: %w", err)
	}
	turned := map[string][]cty.Value{}
	for it := m.ElementIterator(); it.Next(); {
		k, list := it.Element()
		if list.IsNull() {
			return cty.DynamicVal, errors.New("transpose: a list is null")
		}
		for _, e := range list.AsValueSlice() {
			if e.IsNull() {
				return cty.DynamicVal, errors.New("transpose: a text is null")
			}
			turned[e.AsString()] = append(turned[e.AsString()], k)
		}
	}
	if len(turned) == 0 {
		return cty.MapValEmpty(cty.List(cty.String)), nil
	}
	out := map[string]cty.Value{}
	for k, list := range turned {
		out[k] = cty.ListVal(list)
	}
	return cty.MapVal(out), nil
}
