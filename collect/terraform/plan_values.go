package terraform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// merger puts together what is known and what is not of one instance.
type merger struct {
	f *planFile
	p *planned
	// unwritten are top-level arguments that are unknown and that nothing is seen to set.
	unwritten []string
}

// attributes are the three-valued attributes of an instance after apply: what
// "after" has, an *Unknown where "after_unknown" is true, and nothing for an argument that the
// configuration does not set and the service decides. unwritten are those of which that is not
// certain; see [collect.Planned].
func (f *planFile) attributes(p *planned) (out assize.Object, unwritten []string) {
	m := &merger{f: f, p: p}
	pending := objectOf(p.afterPending)
	known := objectOf(p.afterValues)
	out = make(assize.Object, 0, len(known)+len(pending))
	i := 0
	for _, field := range known {
		for ; i < len(pending) && pending[i].Name < field.Name; i++ {
			out = m.pendingOnly(out, pending[i])
		}
		v := field.Value
		if i < len(pending) && pending[i].Name == field.Name {
			v = m.merge(v, pending[i].Value, m.argument(field.Name), field.Name)
			i++
		}
		if v != nil {
			out = append(out, assize.Field{Name: field.Name, Value: v})
		}
	}
	for ; i < len(pending); i++ {
		out = m.pendingOnly(out, pending[i])
	}
	return out, m.unwritten
}

func (m *merger) pendingOnly(out assize.Object, pending assize.Field) assize.Object {
	if v := m.merge(nil, pending.Value, m.argument(pending.Name), pending.Name); v != nil {
		out = append(out, assize.Field{Name: pending.Name, Value: v})
	}
	return out
}

// argument is the expression of a top-level argument, nil where none is written.
func (m *merger) argument(name string) *cfgExpr {
	if m.p.block == nil {
		return nil
	}
	return m.p.block.args.field(name)
}

// merge puts a known tree and its marks together. e is what is written there.
func (m *merger) merge(v, mark assize.Value, e *cfgExpr, path string) assize.Value {
	switch x := mark.(type) {
	case bool:
		if x {
			return m.unknown(e, path)
		}
	case assize.Object:
		o := slices.Clone(objectOf(v))
		for _, field := range x {
			if merged := m.merge(o.Get(field.Name), field.Value, within(e, field.Name), path+"."+field.Name); merged != nil {
				o = o.Set(field.Name, merged)
			}
		}
		if v == nil && len(o) == 0 {
			return nil
		}
		return o
	case assize.List:
		return m.list(v, x, e, path)
	}
	return v
}

func (m *merger) list(v assize.Value, marks assize.List, e *cfgExpr, path string) assize.Value {
	known, ok := v.(assize.List)
	if !ok {
		return v
	}
	list := slices.Clone(known)
	names := m.elementNames(marks, e, path)
	pending := 0
	for i := range list {
		if i >= len(marks) {
			break
		}
		at := path + "[" + strconv.Itoa(i) + "]"
		if marks[i] == true && pending < len(names) {
			list[i] = names[pending]
			pending++
			continue
		}
		list[i] = m.merge(list[i], marks[i], element(e, i, len(list)), at)
	}
	return list
}

// elementNames are the resources that unknown elements of a list of texts will name,
// where there are as many references as such elements, or one reference for all.
func (m *merger) elementNames(marks assize.List, e *cfgExpr, path string) []assize.Value {
	count := 0
	for _, mark := range marks {
		if mark == true {
			count++
		}
	}
	if count == 0 || e == nil || len(e.refs) == 0 {
		return nil
	}
	names := m.names(m.f.follow(m.p.context(), e, nil, 0), path, e.shared)
	switch {
	case len(names) == count:
		return names
	case len(names) == 1:
		return slices.Repeat(names, count)
	}
	return nil
}

// unwritten stands for an argument within a block that is written without it.
var unwritten = &cfgExpr{known: true}

// within is what is written of a field of a block or object; nil where that is not to be
// seen.
func within(e *cfgExpr, name string) *cfgExpr {
	switch {
	case e == nil:
		return nil
	case e.known:
		return unwritten // a constant is whole: what it does not have, the service decides
	case e.fields != nil:
		if arg := e.fields[name]; arg != nil {
			return arg
		}
		return unwritten
	case len(e.list) == 1:
		return within(e.list[0], name)
	case len(e.refs) > 0:
		return &cfgExpr{refs: e.refs, shared: true}
	}
	return nil
}

// element is what is written of an element of n.
func element(e *cfgExpr, i, n int) *cfgExpr {
	switch {
	case e == nil:
		return nil
	case len(e.list) == n:
		return e.list[i]
	case len(e.list) == 0, n == 1 && len(e.list) == 1:
		return e
	}
	return nil
}

// unknown is the value of something that is known after apply.
func (m *merger) unknown(e *cfgExpr, path string) assize.Value {
	top := !strings.ContainsAny(path, ".[")
	switch {
	case e == unwritten:
		return nil
	case e != nil:
		return m.referred(e, path)
	case m.p.block == nil, !top:
		return m.fromSource(path, nil)
	case m.f.m.Identifies(m.p.typ, path):
		return &assize.Unknown{Cause: assize.UntilApply, Detail: path, Refers: m.f.named(m.p.after)}
	case m.isDynamic(path):
		return m.fromSource(path, nil)
	case m.f.o.Source != nil, strings.HasPrefix(m.p.typ, "awscc_"):
		return nil // not set: the provider or the service decides; awscc has no blocks
	}
	m.unwritten = append(m.unwritten, path)
	return m.f.unsetAt(path)
}

// unsetAt is the value of an argument that nothing is seen to set; all such of a path share one.
func (f *planFile) unsetAt(path string) *assize.Unknown {
	u := f.unset[path]
	if u == nil {
		u = &assize.Unknown{Cause: assize.UntilApply, Detail: path}
		f.unset[path] = u
	}
	return u
}

// isDynamic tells whether a dynamic block writes the argument; those are not among a plan's
// expressions.
func (m *merger) isDynamic(path string) bool {
	if m.f.o.Source == nil {
		return false
	}
	e, ok := m.f.o.Source.Expression(m.query(path))
	return ok && e.Dynamic
}

func (m *merger) query(path string) Query {
	c := m.p.context()
	c.of.Argument, c.of.Lookup = withoutIndexes(path), m.f.lookup(c)
	return c.of
}

// withoutIndexes takes [0] and the like out of a path.
func withoutIndexes(path string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(path, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// referred is the value of an argument that is unknown because of what it refers to.
func (m *merger) referred(e *cfgExpr, path string) assize.Value {
	sense := m.f.follow(m.p.context(), e, nil, 0)
	if text, ok := m.f.documentOf(sense, path); ok {
		return text
	}
	if isPolicyName(path) {
		// A document in part says more than the resource that it names.
		if v, ok := m.fromSource(path, e).(string); ok {
			return v
		}
	}
	names := m.names(sense, path, e.shared)
	if len(names) == 1 && len(sense.lost) == 0 && len(sense.groups) == 0 {
		return m.exactly(names[0], path, e)
	}
	if v, ok := m.fromSource(path, e).(string); ok {
		return v
	}
	if len(names) == 1 && len(sense.groups) == 0 {
		return names[0]
	}
	if len(names) > 1 && plural(path) {
		return append(assize.List(names), &assize.Unknown{Cause: assize.UntilApply, Detail: because(path, e), Rest: true})
	}
	return m.fromSource(path, e)
}

// exactly is the resource that the references lead to, unless the source shows that the value
// is made of its name, or that an index leads to another one: a plan shows neither.
func (m *merger) exactly(name assize.Value, path string, e *cfgExpr) assize.Value {
	if m.f.o.Source == nil {
		return name
	}
	written, ok := m.f.o.Source.Expression(m.query(path))
	if !ok {
		return name
	}
	u, _ := written.Value.(*assize.Unknown)
	switch {
	case written.Made:
		return &assize.Unknown{Cause: assize.UntilApply, Detail: because(path, e)}
	case u != nil && u.Refers != nil && *u.Refers != *name.(*assize.Unknown).Refers:
		return explained(u, path, e)
	}
	return name
}

// explained is what a source does not know, with the path that it was asked for.
func explained(u *assize.Unknown, path string, e *cfgExpr) *assize.Unknown {
	out := *u
	out.Detail = because(path, e)
	return &out
}

// names are the resources that a value will name, each once; nil when one of the
// references leads to something else. Where the references are those of a whole object, they are
// looked at only for a field that is called after what it names, and the others are of
// other fields.
func (m *merger) names(sense meaning, path string, shared bool) []assize.Value {
	if shared && !namesSomething(path) {
		return nil
	}
	var names []assize.Value
	var seen []*planned
	for _, t := range sense.targets {
		to := m.f.identified(t, path, 0)
		if to == nil && shared {
			continue
		}
		if to == nil {
			return nil
		}
		if slices.Contains(seen, to) {
			continue
		}
		seen = append(seen, to)
		names = append(names, &assize.Unknown{
			Cause: assize.UntilApply, Refers: m.f.named(to.after),
			Detail: path + ", refers to " + t.String(),
		})
	}
	return names
}

// String is the target as a reference.
func (t target) String() string {
	if t.attr == "" {
		return t.to.address
	}
	return t.to.address + "." + t.attr
}

// plural tells by its name that an argument is a list.
func plural(path string) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	return strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss")
}

// fromSource is what the source says of an argument, else an *Unknown.
func (m *merger) fromSource(path string, e *cfgExpr) assize.Value {
	if m.f.o.Source != nil {
		if written, ok := m.f.o.Source.Expression(m.query(path)); ok {
			switch v := sourceValue(written.Value).(type) {
			case nil:
			case *assize.Unknown:
				return explained(v, path, e)
			default:
				return v
			}
			if e == nil && !written.Dynamic && len(written.References) > 0 {
				e = &cfgExpr{refs: written.References}
				if names := m.names(m.f.follow(m.p.context(), e, nil, 0), path, false); len(names) == 1 {
					return names[0]
				}
			}
		}
	}
	return &assize.Unknown{Cause: assize.UntilApply, Detail: because(path, e)}
}

// sourceValue takes what a source adds: a document in part, the resource that is named, or the blocks that are written.
func sourceValue(v assize.Value) assize.Value {
	switch x := v.(type) {
	case string:
		if strings.HasPrefix(strings.TrimSpace(x), "{") {
			return x
		}
	case assize.List:
		if len(x) > 0 && !slices.ContainsFunc(x, func(v assize.Value) bool { _, ok := v.(assize.Object); return !ok }) {
			return x
		}
	case *assize.Unknown:
		if x.Refers != nil {
			return x
		}
	}
	return nil
}

// because says which value is unknown, and why.
func because(path string, e *cfgExpr) string {
	if e == nil || len(e.refs) == 0 {
		return path
	}
	refs := distinct(e.refs)
	if len(refs) > 4 {
		refs = append(slices.Clone(refs[:4]), "…")
	}
	return path + ", refers to " + strings.Join(refs, ", ")
}
