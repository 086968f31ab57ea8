package terraform

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// referral says what a link of an instance names, by its expression. It is asked only
// where the attribute has no known text.
func (f *planFile) referral(p *planned, link string) referral {
	if p.linking || !markedAt(p.afterPending, link) {
		return referral{} // null, or a circle
	}
	p.linking = true
	defer func() { p.linking = false }()
	var e *cfgExpr
	if p.block != nil {
		e = written(p.block.args, link)
	}
	if f.o.Source != nil {
		m := merger{f: f, p: p}
		x, ok := f.o.Source.Expression(m.query(strings.ReplaceAll(link, "[]", "")))
		u, _ := x.Value.(*assize.Unknown)
		switch {
		case !ok:
		case x.Made: // of another's name: it is not that one's
			return referral{groups: []*jointGroup{f.groupWithin(p.in)}, why: because(link, &cfgExpr{refs: x.References})}
		case u != nil && u.Refers != nil && f.byReference(u.Refers) != nil:
			return referral{to: []*joint{f.byReference(u.Refers)}}
		case e == nil:
			e = &cfgExpr{refs: x.References}
		}
	}
	if e == nil { // a dynamic block, or no configuration: anything of the module
		return referral{groups: []*jointGroup{f.groupWithin(p.in)}, why: "something that the plan does not show"}
	}
	sense := f.follow(p.context(), e, nil, 0)
	r := referral{groups: sense.groups, why: because(link, e)}
	for _, t := range sense.targets {
		r.to = append(r.to, f.parentsBy(t)...)
	}
	if len(r.to) == 0 && len(r.groups) == 0 {
		for _, mi := range sense.lost {
			r.groups = append(r.groups, f.groupWithin(mi))
		}
	}
	return r
}

// byReference is the object that there will be of a reference, nil where it is none of the plan's.
func (f *planFile) byReference(r *assize.Reference) *joint {
	j := f.byAddress[r.ID]
	if j == nil || *f.named(j) != *r {
		return nil
	}
	return j
}

// named is what names the object; all values that will name it share it.
func (f *planFile) named(j *joint) *assize.Reference {
	if j.reference == nil {
		j.reference = f.m.Reference(j.p)
	}
	return j.reference
}

// parentsBy are the objects that a reference stands for: the instance itself, and what it
// names in turn when it is a part, as the id of a bucket's policy is the bucket's name.
func (f *planFile) parentsBy(t target) []*joint {
	p := t.to
	if p.mode == "data" {
		return f.lookedUp(p)
	}
	if p.after == nil {
		return nil
	}
	if f.m.Maps(p.typ) {
		return []*joint{p.after}
	}
	var to []*joint
	for _, link := range f.linker.links[p.typ] {
		if !nameOfPart(t.attr, link.part.Link) {
			continue
		}
		r := f.linker.referral(p.after, link.part.Link)
		for _, text := range r.texts {
			to = append(to, f.linker.named(link.parent, p.after.scope, text)...)
		}
		to = append(to, r.to...)
	}
	if len(to) == 0 {
		return f.hop(t)
	}
	return to
}

// lookedUp are the resources of the plan that a deferred data source looks up: what its
// arguments name.
func (f *planFile) lookedUp(p *planned) []*joint {
	if p.linking || p.block == nil {
		return nil
	}
	p.linking = true
	defer func() { p.linking = false }()
	var to []*joint
	for _, field := range objectOf(p.afterValues) {
		if text, ok := field.Value.(string); ok {
			to = append(to, f.linker.named(p.typ, p.scope.key, text)...)
		}
	}
	for _, next := range f.follow(p.context(), p.block.args, nil, 0).targets {
		to = append(to, f.parentsBy(next)...)
	}
	return to
}

// nameOfPart tells whether an attribute of a part stands for what the part belongs to.
func nameOfPart(attr, link string) bool {
	first, _, _ := strings.Cut(link, ".")
	return attr == "" || attr == "id" || attr == "arn" || attr == "name" || attr == strings.TrimSuffix(first, "[]")
}

// hop follows an attribute that is itself an argument.
func (f *planFile) hop(t target) []*joint {
	if t.attr == "" || t.to.linking || t.to.block == nil {
		return nil
	}
	e := t.to.block.args.field(t.attr)
	if e == nil {
		return nil
	}
	t.to.linking = true
	defer func() { t.to.linking = false }()
	var to []*joint
	for _, next := range f.follow(t.to.context(), e, nil, 0).targets {
		to = append(to, f.parentsBy(next)...)
	}
	return to
}

// identified is the instance that a reference names once it is known; nil where it is
// not certain that the value identifies one. path is the argument that refers.
func (f *planFile) identified(t target, path string, hops int) *planned {
	p := t.to
	if p.after == nil || hops > maxHops {
		return nil
	}
	switch {
	case f.m.IsPart(p.typ) && !f.m.Maps(p.typ):
		parents := f.parentsBy(t)
		parents = slices.CompactFunc(parents, func(a, b *joint) bool { return a == b })
		if len(parents) == 1 {
			return parents[0].of
		}
		return nil
	case t.attr == "" && namesSomething(path), t.attr != "" && f.m.Identifies(p.typ, t.attr):
		return p
	case t.attr == "" || p.block == nil || p.block.args.field(t.attr) == nil:
		return nil
	}
	sense := f.follow(p.context(), p.block.args.field(t.attr), nil, 0)
	if len(sense.targets) != 1 || len(sense.groups) > 0 || len(sense.lost) > 0 {
		return nil
	}
	return f.identified(sense.targets[0], path, hops+1)
}

// namesSomething tells by its name that an argument takes what identifies a resource. A plan
// does not say which attribute is meant where an index is computed.
func namesSomething(path string) bool {
	name := strings.TrimSuffix(withoutIndexes(path[strings.LastIndexByte(path, '.')+1:]), "s")
	for _, end := range []string{"id", "identifier", "arn", "name", "bucket", "role", "key", "group", "subnet", "function", "topic", "queue", "policy_arn"} {
		if name == end || strings.HasSuffix(name, "_"+end) {
			return true
		}
	}
	return false
}

// markedAt tells whether anything at a path, or above it, is marked as unknown.
func markedAt(mark assize.Value, path string) bool {
	switch x := mark.(type) {
	case bool:
		return x
	case assize.List:
		return slices.ContainsFunc(x, func(e assize.Value) bool { return markedAt(e, path) })
	case assize.Object:
		if path == "" {
			return slices.ContainsFunc(x, func(f assize.Field) bool { return markedAt(f.Value, "") })
		}
		name, rest, _ := strings.Cut(path, ".")
		return markedAt(x.Get(strings.TrimSuffix(name, "[]")), rest)
	}
	return false
}

// written is what the configuration has at a path; of several blocks all together.
func written(e *cfgExpr, path string) *cfgExpr {
	if e == nil || path == "" {
		return e
	}
	if len(e.list) > 0 {
		all := &cfgExpr{}
		for _, one := range e.list {
			if w := written(one, path); w != nil {
				all.list = append(all.list, w)
			}
		}
		return all
	}
	name, rest, _ := strings.Cut(path, ".")
	if e.fields == nil {
		return e
	}
	return written(e.fields[strings.TrimSuffix(name, "[]")], rest)
}
