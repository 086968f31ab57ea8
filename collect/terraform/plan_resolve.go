package terraform

import (
	"slices"

	"github.com/assize-dev/assize"
)

// context is where an expression is evaluated: a module instance, and the key and
// repetition of the resource or call whose argument it is.
type context struct {
	in     *moduleInstance
	key    instanceKey
	repeat *cfgExpr
	// of names the resource or call for a source.
	of Query
	// indexed: the references that are resolved together lead to instances of the key index.
	indexed bool
	index   instanceKey
}

// meaning is what references lead to. What has a known value is left out: it is not
// why a value is unknown.
type meaning struct {
	targets []target
	groups  []*jointGroup
	// lost are module instances in which the way ends: a local, or a module as a whole.
	lost []*moduleInstance
}

// target is an instance that is referred to, and the attribute, "" where the plan
// does not say which.
type target struct {
	to   *planned
	attr string
}

func (m *meaning) add(other meaning) {
	for _, t := range other.targets {
		if !slices.Contains(m.targets, t) {
			m.targets = append(m.targets, t)
		}
	}
	for _, g := range other.groups {
		if !slices.Contains(m.groups, g) {
			m.groups = append(m.groups, g)
		}
	}
	for _, mi := range other.lost {
		if !slices.Contains(m.lost, mi) {
			m.lost = append(m.lost, mi)
		}
	}
}

// maxHops bounds how far references are followed.
const maxHops = 64

// follow resolves an expression; rest is the way on within its value.
func (f *planFile) follow(c context, e *cfgExpr, rest []segment, hops int) meaning {
	if e == nil || e.known || hops > maxHops {
		return meaning{}
	}
	refs := distinct(e.refs)
	c.index, c.indexed = f.indexOf(c, refs)
	var m meaning
	for _, ref := range refs {
		m.add(f.reference(c, parseAddress(ref), rest, hops+1))
	}
	for _, one := range e.list {
		m.add(f.follow(c, one, nil, hops+1))
	}
	for _, one := range e.fields {
		m.add(f.follow(c, one, nil, hops+1))
	}
	return m
}

// indexOf is the key of the instances that an expression with an index refers to, as far as the
// references beside it show: x[each.key] and x[count.index] lead to the same key. What looks the
// key up in something else, x[each.value.parent] or x[var.parents[each.key]], leads to
// any. Arithmetic with an index, x[count.index + 1], is not to be seen.
func (f *planFile) indexOf(c context, refs []string) (key instanceKey, indexed bool) {
	for _, ref := range refs {
		switch way := parseAddress(ref); {
		case ref == "each.key", ref == "count.index":
			indexed = true
		case len(way) < 2:
		case way[0].name == "each":
			text, isText := f.knownReference(c, way).(string)
			return instanceKey{kind: textKey, text: text}, isText
		case way[0].name == "local":
			return c.key, false
		case way[0].name == "var":
			switch f.knownVariable(c, way[1].name).(type) {
			case assize.Object, assize.List:
				return c.key, false
			}
		}
	}
	return c.key, indexed
}

// counts tells whether an index leads to the instance of the same number, of n that there are. Where one is made
// for each, it does; where there are fewer or more of what refers, it may as well be x[count.index + 1].
func (c *context) counts(n int) bool {
	switch {
	case c.index.kind != numberKey:
		return true
	case c.of.Type == "module":
		return len(c.in.calls[c.of.Name]) == n
	}
	own := c.in.blocks[c.of.Type+"."+c.of.Name]
	return own != nil && len(own.list) == n
}

// reference resolves one reference.
func (f *planFile) reference(c context, ref, rest []segment, hops int) meaning {
	if c.in == nil || len(ref) == 0 {
		return meaning{}
	}
	switch ref[0].name {
	case "count", "path", "terraform", "self":
		return meaning{}
	case "each":
		if len(ref) > 1 && ref[1].name == "value" {
			return f.eachValue(c, append(tail(ref, 2), rest...), hops)
		}
		return meaning{}
	case "var":
		return f.variable(c, ref, rest, hops)
	case "local":
		return f.local(c, ref, rest, hops)
	case "module":
		return f.output(c, ref, rest, hops)
	case "data":
		if len(ref) < 3 {
			return meaning{}
		}
		return f.instances(c, "data."+ref[1].name+"."+ref[2].name, ref[2].key, append(tail(ref, 3), rest...))
	}
	if len(ref) < 2 {
		return meaning{}
	}
	return f.instances(c, ref[0].name+"."+ref[1].name, ref[1].key, append(tail(ref, 2), rest...))
}

func tail(ref []segment, from int) []segment {
	if len(ref) <= from {
		return nil
	}
	return slices.Clone(ref[from:])
}

// eachValue resolves each.value: the collection's element of the same key.
func (f *planFile) eachValue(c context, rest []segment, hops int) meaning {
	e := c.repeat
	if e == nil || e.known {
		return meaning{}
	}
	c.indexed, c.index, c.repeat = true, c.key, nil
	var m meaning
	for _, ref := range distinct(e.refs) {
		m.add(f.reference(c, parseAddress(ref), rest, hops+1))
	}
	return m
}

// variable resolves var.x to what the caller gives.
func (f *planFile) variable(c context, ref, rest []segment, hops int) meaning {
	if len(ref) < 2 || c.in.parent == nil || c.in.conf == nil || c.in.conf.call == nil {
		return meaning{} // of the root: given, or the default
	}
	arg := c.in.conf.call.args.field(ref[1].name)
	if arg == nil {
		return meaning{} // the default
	}
	way := tail(ref, 2)
	if ref[1].key.kind != noKey {
		way = append([]segment{{key: ref[1].key}}, way...)
	}
	return f.follow(c.in.context(), arg, append(way, rest...), hops)
}

// local resolves a local by the source; without one the way ends.
func (f *planFile) local(c context, ref, rest []segment, hops int) meaning {
	if f.o.Source != nil && len(ref) > 1 {
		e, ok := f.o.Source.Expression(Query{Module: c.in.names(), Type: "local", Name: ref[1].name})
		if ok {
			return f.follow(c, &cfgExpr{refs: e.References}, append(tail(ref, 2), rest...), hops)
		}
	}
	return meaning{lost: []*moduleInstance{c.in}}
}

// output resolves module.x.out to what the module gives out.
func (f *planFile) output(c context, ref, rest []segment, hops int) meaning {
	if len(ref) < 2 {
		return meaning{}
	}
	call := ref[1]
	if c.in.conf == nil || c.in.conf.calls[call.name] == nil {
		return meaning{lost: []*moduleInstance{c.in}}
	}
	var instances []*moduleInstance
	if call.key.kind == noKey && c.indexed && c.counts(len(c.in.calls[call.name])) {
		call.key = c.index
	}
	if mi := f.child(c.in, call); mi != nil {
		instances = append(instances, mi)
	} else {
		instances = c.in.calls[call.name]
	}
	way := append(tail(ref, 2), rest...)
	if len(instances) > 1 { // any of them: shared, so that many references cost no more than one
		return meaning{groups: []*jointGroup{f.groupOfCall(c.in, call.name)}}
	}
	var m meaning
	for _, mi := range instances {
		m.add(f.outputOf(mi, way, hops))
	}
	return m
}

func (f *planFile) outputOf(mi *moduleInstance, way []segment, hops int) meaning {
	for len(way) > 0 && way[0].name == "" {
		way = way[1:] // an index that the plan writes behind the module
	}
	if len(way) == 0 || mi.conf == nil {
		return meaning{lost: []*moduleInstance{mi}}
	}
	out := mi.conf.outputs[way[0].name]
	if out == nil {
		return meaning{}
	}
	return f.follow(context{in: mi}, out, way[1:], hops)
}

// instances resolves a resource or data source of the module instance.
func (f *planFile) instances(c context, block string, key instanceKey, way []segment) meaning {
	set := c.in.blocks[block]
	if set == nil || len(set.list) == 0 {
		return meaning{} // none is made, or it was read: known
	}
	for key.kind == noKey && len(way) > 0 && way[0].name == "" {
		key, way = way[0].key, way[1:]
	}
	attr := ""
	if len(way) > 0 {
		attr = way[0].name
	}
	if key.kind == noKey && c.indexed && c.counts(len(set.list)) {
		if p := set.find(c.index); p != nil {
			return f.targetOf(p, attr)
		}
	}
	if p := set.find(key); p != nil {
		return f.targetOf(p, attr)
	}
	switch {
	case key.kind != noKey:
		return meaning{} // no such instance
	case len(set.list) == 1:
		return f.targetOf(set.list[0], attr)
	}
	return meaning{groups: []*jointGroup{f.groupOf(set)}}
}

// targetOf is the instance, unless the attribute has a value.
func (f *planFile) targetOf(p *planned, attr string) meaning {
	if attr != "" {
		if p.action != "read" && !markedAt(p.afterPending, attr) {
			return meaning{}
		}
	}
	return meaning{targets: []target{{p, attr}}}
}

// groupOf are all instances of a block.
func (f *planFile) groupOf(set *blockInstances) *jointGroup {
	if set.group == nil {
		set.group = &jointGroup{}
		for _, p := range set.list {
			if p.after != nil {
				set.group.members = append(set.group.members, p.after)
			}
		}
	}
	return set.group
}

// groupOfCall are all objects of all instances of a module call.
func (f *planFile) groupOfCall(in *moduleInstance, call string) *jointGroup {
	key := segment{name: in.address + " " + call}
	if f.callGroups[key] == nil {
		g := &jointGroup{}
		for _, mi := range in.calls[call] {
			g.members = append(g.members, f.groupWithin(mi).members...)
		}
		f.callGroups[key] = g
	}
	return f.callGroups[key]
}

// groupWithin are all objects of a module instance and of those below it.
func (f *planFile) groupWithin(mi *moduleInstance) *jointGroup {
	if mi.group == nil {
		mi.group = &jointGroup{}
		for _, p := range mi.objects {
			if p.after != nil {
				mi.group.members = append(mi.group.members, p.after)
			}
		}
		for _, child := range mi.children {
			mi.group.members = append(mi.group.members, f.groupWithin(child).members...)
		}
	}
	return mi.group
}
