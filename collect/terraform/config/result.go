package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/assize-dev/assize"
)

// Object is an instance of a resource that the configuration describes.
type Object struct {
	Type    string
	Address string
	// Module is the address of its module's instance, "" for the root.
	Module string
	// Call are the names of the calls that lead to the module.
	Call []string
	// File and Line of the block; ModuleFile and ModuleLine of the module's call.
	File       string
	Line       int
	ModuleFile string
	ModuleLine int
	// Account and Region of its provider, "" where not known.
	Account, Region string
	// Attributes as configured; blocks are lists of objects. Texts of which a part is not
	// known have to be settled by [Evaluation.Settle].
	Attributes assize.Object
	Sensitive  []string
	// IfCreated says what decides whether there is such an object at all, where that is
	// not known: "count depends on var.enabled".
	IfCreated []string
	// Conditions identify what decides it: of two objects that have the same, both are there or none.
	Conditions []string
}

// Evaluation is what a configuration describes.
type Evaluation struct {
	Objects []*Object
	// Regions that providers name, sorted.
	Regions []string
	// Unset are the variables of the root module that have neither a default nor a value, by name.
	Unset []Variable
	ev    *evaluator
}

// Evaluate evaluates the configuration. The error says which bound it has reached, or which of the values
// given does not fit.
func (c *Configuration) Evaluate(o Options) (*Evaluation, error) {
	for _, name := range slices.Sorted(maps.Keys(o.Variables)) {
		if c.root.variables[name] == nil {
			return nil, fmt.Errorf("a value is given for variable %q, which the configuration does not declare", name)
		}
	}
	for _, f := range o.Files {
		parsed, err := parseVariables(f.Data, f.Name)
		if err != nil {
			return nil, err
		}
		with := *c
		with.given = append(slices.Clone(c.given), parsed)
		c = &with
	}
	if err := c.checkGiven(o); err != nil {
		return nil, err
	}
	ev := newEvaluator(c, o)
	e := &Evaluation{ev: ev, Unset: ev.unset()}
	regions := map[string]bool{}
	ev.visit(ev.newModule(c.root, nil, nil, &scope{}), func(mi *moduleInstance) {
		for name := range mi.module.providers {
			if region := mi.destinationOf(name).region; region != "" {
				regions[region] = true
			}
		}
		for _, key := range mi.module.order {
			e.add(mi, key)
		}
	})
	e.Regions = slices.Sorted(maps.Keys(regions))
	return e, ev.stopped
}

// visit calls do for the module and all below it.
func (ev *evaluator) visit(mi *moduleInstance, do func(*moduleInstance)) {
	if ev.stopped != nil {
		return
	}
	do(mi)
	for _, name := range mi.module.callOrder {
		for _, child := range mi.called(mi.module.calls[name]) {
			ev.visit(child, do)
		}
	}
}

// add makes the objects of a resource.
func (e *Evaluation) add(mi *moduleInstance, key string) {
	decl := mi.module.resources[key]
	if decl.data {
		return
	}
	x := mi.expand(key)
	to := mi.destinationOf(decl.providerOf())
	for _, in := range x.instances {
		if e.ev.stopped != nil {
			return
		}
		o := &Object{
			Type: decl.typ, Address: in.address, Module: mi.address, Call: mi.module.path,
			File: decl.at.Filename, Line: decl.at.Start.Line, Account: to.account, Region: to.region,
			IfCreated: in.uncertain(), Conditions: in.conditions(),
		}
		if mi.call != nil {
			o.ModuleFile, o.ModuleLine = mi.call.at.Filename, mi.call.at.Start.Line
		}
		c := &converter{}
		o.Attributes = c.node(in.arguments(), "")
		if region, ok := o.Attributes.Get("region").(string); ok && !hasToken(region) && decl.typ != "aws_s3_bucket" {
			o.Region = region
		}
		if to.defaultTags != cty.NilVal {
			o.Attributes = o.Attributes.Set("tags_all", allTags(to.defaultTags, o.Attributes.Get("tags")))
		}
		o.Sensitive = c.sensitive
		slices.Sort(o.Sensitive)
		e.Objects = append(e.Objects, o)
	}
}

// allTags are the tags of the provider with those of the object.
func allTags(byDefault cty.Value, own assize.Value) assize.Value {
	c := &converter{}
	all, ok := c.value(byDefault, "default_tags", argument{}).(assize.Object)
	if !ok {
		return &assize.Unknown{Cause: assize.UntilApply, Detail: "tags_all; the provider's default_tags are not known"}
	}
	switch tags := own.(type) {
	case *assize.Unknown:
		return tags
	case assize.Object:
		for _, f := range tags {
			all = all.Set(f.Name, f.Value)
		}
	}
	return all
}

// converter turns evaluated bodies into values.
type converter struct {
	sensitive []string // paths
}

func (c *converter) node(n *node, path string) assize.Object {
	fields := map[string]assize.Value{}
	for name, a := range n.arguments {
		at := join(path, name)
		v := c.value(a.value, at, a)
		if v == nil {
			continue
		}
		fields[name] = v
		if a.sensitive {
			c.sensitive = append(c.sensitive, at)
		}
	}
	for name, b := range n.blocks {
		at := join(path, name)
		list := assize.List{}
		for i, item := range b.items {
			list = append(list, c.node(item, at+"["+strconv.Itoa(i)+"]"))
		}
		if b.rest {
			unknown := &assize.Unknown{Cause: assize.UntilApply, Detail: refersTo(at, b.refs, ""), Rest: len(list) > 0}
			if len(list) == 0 {
				fields[name] = unknown
				continue
			}
			list = append(list, unknown)
		}
		fields[name] = list
	}
	return assize.NewObject(fields)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// value converts; what is not known says where it stands and what it was to be made of.
func (c *converter) value(v cty.Value, path string, a argument) assize.Value {
	if !v.IsKnown() {
		return &assize.Unknown{Cause: assize.UntilApply, Detail: refersTo(path, a.refs, a.why)}
	}
	if v.IsNull() {
		return nil
	}
	ty := v.Type()
	switch {
	case ty == cty.String:
		return v.AsString()
	case ty == cty.Bool:
		return v.True()
	case ty == cty.Number:
		if n, accuracy := v.AsBigFloat().Int64(); accuracy == 0 {
			return n
		}
		f, _ := v.AsBigFloat().Float64()
		return f
	case ty.IsObjectType() || ty.IsMapType():
		return c.object(v, path, a)
	case v.CanIterateElements():
		list := assize.List{}
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			list = append(list, c.value(e, path+"["+strconv.Itoa(len(list))+"]", a))
		}
		return list
	}
	return &assize.Unknown{Cause: assize.WrongAnswer, Detail: fmt.Sprintf("%s: a value of type %s", path, ty.FriendlyName())}
}

func (c *converter) object(v cty.Value, path string, a argument) assize.Value {
	fields := map[string]assize.Value{}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		name := k.AsString()
		if hasToken(name) {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: refersTo(path, a.refs, "a name in it is not known")}
		}
		if value := c.value(e, join(path, name), a); value != nil {
			fields[name] = value
		}
	}
	return assize.NewObject(fields)
}

// Targets says what the attribute of an object is known by: the resource that it identifies, and
// what stands for it in documents, "" where nothing does.
type Targets func(address, attribute string) (ref *assize.Reference, standIn string)

// Settle decides the texts among the attributes of an object of which a part is not known. A policy keeps
// what is known of it; any other is unknown, and names the object that it refers to where there is exactly one.
// An object that may not be there is named only by those that are there under the same condition.
func (e *Evaluation) Settle(o *Object, targets Targets) assize.Object {
	s := settler{tokens: &e.ev.tokens, targets: targets, given: o.IfCreated}
	return s.object(o.Attributes, "")
}

// Target is an attribute of an object.
type Target struct{ Address, Attribute string }

// Targets are the attributes of objects that the texts at a path of an object's attributes refer to: names joined
// by dots, [] behind lists; blocks that are lists of one are entered without. known is false when something
// there is unknown for another reason.
func (e *Evaluation) Targets(o *Object, path string) (targets []Target, known bool) {
	known = true
	texts := textsAt(o.Attributes, path, &known)
	for _, text := range texts {
		if !e.ev.tokens.names(text, func(tok *token) bool { return tok.object != nil }) {
			known = false // a name that is made of another's is not that one's
			continue
		}
		for _, tok := range e.ev.tokens.in(text) {
			if tok.object == nil {
				known = false
				continue
			}
			targets = append(targets, Target{tok.object.address, tok.attribute})
		}
	}
	return targets, known
}

// textsAt are the texts at a path.
func textsAt(v assize.Value, path string, known *bool) []string {
	switch x := v.(type) {
	case string:
		if path == "" {
			return []string{x}
		}
	case *assize.Unknown:
		*known = false
	case assize.List:
		var texts []string
		for _, e := range x {
			texts = append(texts, textsAt(e, path, known)...)
		}
		return texts
	case assize.Object:
		name, rest, _ := strings.Cut(path, ".")
		return textsAt(x.Get(strings.TrimSuffix(name, "[]")), rest, known)
	}
	return nil
}

// Blank are the attributes with nothing in place of texts of which a part is not known.
func Blank(attributes assize.Object) assize.Object {
	return (&settler{tokens: &tokens{}}).object(attributes, "")
}

// settler decides texts. given is what has to hold for the object to be there.
type settler struct {
	tokens  *tokens
	targets Targets
	given   []string
	// made: a text is put together of what is not known and of more.
	made bool
}

func (s *settler) object(o assize.Object, path string) assize.Object {
	out := make(assize.Object, len(o))
	for i, f := range o {
		out[i] = assize.Field{Name: f.Name, Value: s.value(f.Value, join(path, f.Name))}
	}
	return out
}

func (s *settler) value(v assize.Value, path string) assize.Value {
	switch x := v.(type) {
	case string:
		if hasToken(x) {
			return s.text(x, path)
		}
	case assize.List:
		out := make(assize.List, len(x))
		for i, e := range x {
			out[i] = s.value(e, path+"["+strconv.Itoa(i)+"]")
		}
		return out
	case assize.Object:
		return s.object(x, path)
	}
	return v
}

// text settles one text.
func (s *settler) text(text, path string) assize.Value {
	if policy, ok := s.policy(text); ok {
		return policy
	}
	u := &assize.Unknown{Cause: assize.UntilApply}
	var refs []string
	var named []*assize.Reference
	for _, tok := range s.tokens.in(text) {
		refs = append(refs, tok.written)
		ref, _ := s.target(tok)
		if ref != nil && !slices.ContainsFunc(named, func(r *assize.Reference) bool { return *r == *ref }) {
			named = append(named, ref)
		}
	}
	isName := s.tokens.names(text, func(tok *token) bool { ref, _ := s.target(tok); return ref != nil })
	s.made = s.made || !isName
	if len(named) == 1 && isName {
		u.Refers = named[0]
	}
	u.Detail = refersTo(path, refs, "")
	return u
}

// target is what a token names; a lookup's answer comes first.
func (s *settler) target(tok *token) (ref *assize.Reference, standIn string) {
	switch {
	case tok.unknown != nil:
		return tok.unknown.Refers, tok.standIn
	case tok.object == nil || s.targets == nil:
		return nil, ""
	}
	for _, condition := range tok.object.uncertain() {
		if !slices.Contains(s.given, condition) {
			return nil, ""
		}
	}
	return s.targets(tok.object.address, tok.attribute)
}
