package config

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// instance is one instance of a resource or data source.
type instance struct {
	decl    *resourceDecl
	scope   *scope
	address string
	content *node // its arguments; nil until they are asked for
	busy    bool
}

// uncertain is what decides whether the instance is created, where that is not known.
func (in *instance) uncertain() []string {
	return slices.Concat(in.scope.module.uncertain, in.scope.uncertain)
}

// conditions identify what decides it.
func (in *instance) conditions() []string {
	return slices.Concat(in.scope.module.conditions, in.scope.conditions)
}

// expansion is a resource with all its instances.
type expansion struct {
	instances []*instance
	value     cty.Value
	done      bool
}

// scopes makes the scope of each instance that count or for_each asks for. Where that is not
// known there is one, which may or may not be created.
func (mi *moduleInstance) scopes(count, forEach hclsyntax.Expression, at hcl.Range) []*scope {
	base := &scope{module: mi}
	switch {
	case count != nil:
		return mi.counted(base, count, at)
	case forEach != nil:
		return mi.keyed(base, forEach, at)
	}
	return []*scope{{module: mi}}
}

func (mi *moduleInstance) counted(base *scope, count hclsyntax.Expression, at hcl.Range) []*scope {
	v, why := base.eval(count)
	n, err := convert.Convert(v, cty.Number)
	if err != nil || !n.IsKnown() || n.IsNull() || tainted(v) {
		return []*scope{{module: mi, key: cty.Zero, uncertain: []string{depends("count", count, why)}, conditions: []string{mi.condition("count", count)}}}
	}
	number, accuracy := n.AsBigFloat().Int64()
	if number < 0 || accuracy != big.Exact {
		mi.ev.stop(fmt.Errorf("%s: count is %s: want a whole number from 0 on", position(at), n.AsBigFloat().Text('f', -1)))
		return nil
	}
	if !mi.ev.room(number, at) {
		return nil
	}
	all := make([]*scope, number)
	for i := range all {
		all[i] = &scope{module: mi, key: cty.NumberIntVal(int64(i))}
	}
	return all
}

// depends says what decides how many instances there are, where that is not known.
func depends(what string, e hclsyntax.Expression, why string) string {
	if why != "" {
		return what + " could not be evaluated: " + why
	}
	return what + " depends on " + strings.Join(references(e), ", ")
}

func (mi *moduleInstance) keyed(base *scope, forEach hclsyntax.Expression, at hcl.Range) []*scope {
	v, why := base.eval(forEach)
	secret := base.sensitive(forEach)
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		written := strings.Join(references(forEach), ", ")
		key := mi.ev.tokens.key(mi.address+" "+written, token{written: "a key of " + written})
		value := cty.DynamicVal
		if v.Type().IsSetType() {
			value = cty.StringVal(key)
		}
		return []*scope{{
			module: mi, key: cty.StringVal(key), value: value, secret: secret,
			uncertain: []string{depends("for_each", forEach, why)}, conditions: []string{mi.condition("for_each", forEach)},
		}}
	}
	if !mi.ev.room(int64(v.LengthInt()), at) {
		return nil
	}
	var all []*scope
	for it := v.ElementIterator(); it.Next(); {
		key, e := it.Element()
		s := &scope{module: mi, key: key, value: e, secret: secret}
		if v.Type().IsSetType() {
			s.key = e
		}
		if text, err := convert.Convert(s.key, cty.String); err == nil && text.IsKnown() && !text.IsNull() {
			s.key = text
		} else {
			s.key = cty.StringVal(mi.ev.tokens.key(mi.address+position(at), token{written: "a key of for_each"}))
		}
		all = append(all, s)
	}
	return all
}

// room counts instances, and stops the evaluation where there are too many.
func (ev *evaluator) room(n int64, at hcl.Range) bool {
	if n > maxInstances || ev.instances+int(n) > maxInstances {
		ev.stop(fmt.Errorf("%s: %d instances: more than %d in all", position(at), n, maxInstances))
		return false
	}
	ev.instances += int(n)
	return true
}

// called are the instances of a call.
func (mi *moduleInstance) called(c *callDecl) []*moduleInstance {
	if all, ok := mi.calls[c.name]; ok {
		return all
	}
	mi.calls[c.name] = nil
	var all []*moduleInstance
	if c.module != nil {
		for _, s := range mi.scopes(c.count, c.forEach, c.at) {
			all = append(all, mi.ev.newModule(c.module, mi, c, s))
		}
	}
	mi.calls[c.name] = all
	return all
}

// expand makes the instances of a resource; nil where it is not declared.
func (mi *moduleInstance) expand(key string) *expansion {
	if x, ok := mi.resources[key]; ok {
		return x
	}
	decl := mi.module.resources[key]
	if decl == nil {
		return nil
	}
	x := &expansion{value: cty.DynamicVal}
	mi.resources[key] = x
	prefix := mi.address
	if prefix != "" {
		prefix += "."
	}
	for _, s := range mi.scopes(decl.count, decl.forEach, decl.at) {
		x.instances = append(x.instances, &instance{decl: decl, scope: s, address: prefix + key + keyText(s.key)})
	}
	return x
}

// resourceValue is what a reference to a resource gives.
func (mi *moduleInstance) resourceValue(key string) cty.Value {
	x := mi.expand(key)
	if x == nil {
		return cty.DynamicVal
	}
	if x.done {
		return x.value
	}
	x.done = true // one that refers to itself finds itself unknown
	values := make([]cty.Value, len(x.instances))
	keys := make([]cty.Value, len(x.instances))
	for i, in := range x.instances {
		values[i], keys[i] = in.value(), in.scope.key
	}
	decl := mi.module.resources[key]
	x.value = byKey(values, keys, decl.count != nil, decl.forEach != nil)
	return x.value
}

// value is the object that others see: what is configured, and of all else that the configuration
// asks for what will identify it, or unknown. Of one that may not be there nothing else is known.
func (in *instance) value() cty.Value {
	doubtful := len(in.scope.uncertain) > 0
	switch {
	case in.decl.data && doubtful:
		return cty.DynamicVal
	case in.decl.data:
		return in.dataValue()
	}
	ev := in.scope.module.ev
	object := map[string]cty.Value{}
	for name, v := range in.arguments().object() {
		if (!v.IsKnown() || !v.IsNull()) && !doubtful {
			object[name] = v
		}
	}
	for _, name := range append(ev.asked(), "id", "arn") {
		if _, ok := object[name]; ok {
			continue
		}
		if !ev.options.Identifies(in.decl.typ, name) {
			object[name] = cty.DynamicVal
			continue
		}
		tok := token{object: in, attribute: name, written: in.address + "." + name}
		object[name] = cty.StringVal(ev.tokens.text(tok.written, tok))
	}
	return cty.ObjectVal(object)
}

// asked are the names of all attributes that any expression asks for.
func (ev *evaluator) asked() []string {
	names := make([]string, 0, len(ev.config.names)+2)
	for name := range ev.config.names {
		names = append(names, name)
	}
	return names
}
