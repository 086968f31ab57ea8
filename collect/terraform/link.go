package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// joint is an object that may be joined to others: a parent, a part, or both.
type joint struct {
	p *collect.Planned
	// scope is the provider configuration: objects are joined within one.
	scope string
	// refer says what the attribute at a path names; nil where all is known, so that the
	// object's own attributes say it.
	refer func(link string) referral
	of    *planned // the instance of a plan that it will be; nil for any other
	// reference names the object; made when it is first asked for.
	reference *assize.Reference
}

// referral is what an attribute names: texts that are known, objects that its references
// lead to, and groups of objects of which it is one.
type referral struct {
	texts  []string
	to     []*joint
	groups []*jointGroup
	// why names the references, for people.
	why string
}

// jointGroup is objects of which one is meant. Groups are shared, so that many parts
// with the same candidates cost no more than one.
type jointGroup struct{ members []*joint }

// linker joins parts to parents.
type linker struct {
	m     *collect.PlannedMapping
	links map[string][]parentLink // by type of the part
	index map[indexKey][]*joint
	// perhaps says why a part may not be there although a parent is; nil where all are there.
	perhaps func(part, parent *joint) *assize.Unknown
	// open tells scopes that may be the same as any other; nil where none may.
	open func(scope string) bool
	// waiting are parts that could belong to one of several.
	waiting map[waitingKey]*assize.Unknown
	order   []waitingKey
}

type parentLink struct {
	parent string
	part   collect.PlannedPart
}

type indexKey struct{ typ, scope, text string }

// anyScope is where a name is looked up that the part's own scope does not have.
const anyScope = "*"

// named are the objects of the type that have the name: those of the scope, else the one of
// another scope, as a side resource may be made through another provider configuration. Of several, all that may be
// of the scope.
func (l *linker) named(typ, scope, text string) []*joint {
	if found := l.index[indexKey{typ, scope, text}]; len(found) > 0 {
		return found
	}
	found := l.index[indexKey{typ, anyScope, text}]
	if len(found) > 1 {
		found = slices.DeleteFunc(slices.Clone(found), func(j *joint) bool { return !l.mayShare(j.scope, scope) })
	}
	return found
}

type waitingKey struct {
	part, parent, scope string
	group               *jointGroup
}

func newLinker(m *collect.PlannedMapping) *linker {
	l := &linker{m: m, links: map[string][]parentLink{}, index: map[indexKey][]*joint{}, waiting: map[waitingKey]*assize.Unknown{}}
	for _, typ := range m.Types() {
		for _, part := range m.Parts(typ) {
			l.links[part.Type] = append(l.links[part.Type], parentLink{typ, part})
		}
	}
	return l
}

// join ties each part to its parents. What cannot be tied makes the facts of all that it
// could belong to unknown; see terraform.PlannedPart. incomplete is not nil when parts may be missing
// from the source: then no part is known to be absent.
func (l *linker) join(all []*joint, incomplete *assize.Unknown) {
	for _, j := range all {
		if len(l.m.Parts(j.p.Type)) > 0 {
			l.add(j)
		}
	}
	for _, j := range all {
		for _, link := range l.links[j.p.Type] {
			l.tie(j, link)
		}
	}
	for _, key := range l.order {
		l.doubt(key, l.waiting[key])
	}
	for _, j := range all {
		for _, part := range l.m.Parts(j.p.Type) {
			parts := j.p.Parts[part.Type]
			slices.SortFunc(parts, func(a, b *collect.Planned) int { return cmp.Compare(a.Origin.Address, b.Origin.Address) })
			if incomplete != nil && len(parts) == 0 {
				unlinked(j.p, part.Type, incomplete)
			}
		}
	}
}

// add indexes a parent by each text that names it.
func (l *linker) add(j *joint) {
	var seen []string
	for _, f := range j.p.Attributes {
		text, ok := f.Value.(string)
		if !ok || text == "" || !l.m.Identifies(j.p.Type, f.Name) || slices.Contains(seen, text) {
			continue
		}
		seen = append(seen, text)
		for _, scope := range []string{j.scope, anyScope} {
			key := indexKey{j.p.Type, scope, text}
			l.index[key] = append(l.index[key], j)
		}
	}
}

// tie joins a part by one of the ways in which it may name a parent.
func (l *linker) tie(j *joint, link parentLink) {
	r := l.referral(j, link.part.Link)
	var parents []*joint
	add := func(parent *joint) {
		if parent != j && parent.p.Type == link.parent && !slices.Contains(parents, parent) {
			parents = append(parents, parent)
		}
	}
	for _, text := range r.texts {
		for _, parent := range l.named(link.parent, j.scope, text) {
			add(parent)
		}
	}
	named := len(parents)
	for _, parent := range r.to {
		add(parent)
	}
	switch {
	case len(parents) == 1, named > 0 && len(r.texts) > 1:
		l.attachAll(parents, j)
	case len(parents) > 1 && len(r.texts) == 0 && strings.Contains(link.part.Link, "[]"):
		l.attachAll(parents, j)
	case len(parents) > 1:
		l.wait(j, link, &jointGroup{parents}, r.why)
	default:
		for _, group := range r.groups {
			l.wait(j, link, group, r.why)
		}
	}
}

// attachAll gives the part to each of the parents. One that may not be there makes unknown what it would say.
func (l *linker) attachAll(parents []*joint, j *joint) {
	for _, parent := range parents {
		var why *assize.Unknown
		if l.perhaps != nil {
			why = l.perhaps(j, parent)
		}
		if why != nil {
			unlinked(parent.p, j.p.Type, why)
		} else {
			attach(parent.p, j.p)
		}
	}
}

func attach(parent, part *collect.Planned) {
	if parent.Parts == nil {
		parent.Parts = map[string][]*collect.Planned{}
	}
	if !slices.Contains(parent.Parts[part.Type], part) {
		parent.Parts[part.Type] = append(parent.Parts[part.Type], part)
	}
}

// wait notes that the part belongs to one of the group. A group with one object of the type
// leaves no doubt.
func (l *linker) wait(j *joint, link parentLink, group *jointGroup, why string) {
	key := waitingKey{j.p.Type, link.parent, j.scope, group}
	if l.waiting[key] != nil {
		return
	}
	l.waiting[key] = &assize.Unknown{
		Cause: assize.Unlinked, Detail: j.p.Origin.Address + " may belong to it; " + link.part.Link + " refers to " + why,
	}
	l.order = append(l.order, key)
}

// doubt marks those of a group that have no such part.
func (l *linker) doubt(key waitingKey, why *assize.Unknown) {
	for _, parent := range key.group.members {
		if parent.p.Type == key.parent && l.mayShare(parent.scope, key.scope) && len(parent.p.Parts[key.part]) == 0 {
			unlinked(parent.p, key.part, why)
		}
	}
}

// mayShare tells whether two scopes may be one.
func (l *linker) mayShare(a, b string) bool {
	return a == b || l.open != nil && (l.open(a) || l.open(b))
}

func unlinked(p *collect.Planned, part string, why *assize.Unknown) {
	if p.Unlinked == nil {
		p.Unlinked = map[string]*assize.Unknown{}
	}
	if p.Unlinked[part] == nil {
		p.Unlinked[part] = why
	}
}

// remove notes on its parents that a part is taken away. Its attributes are those of before.
func (l *linker) remove(j *joint) {
	for _, link := range l.links[j.p.Type] {
		for _, text := range textsAt(j.p.Attributes, link.part.Link) {
			for _, parent := range l.named(link.parent, j.scope, text) {
				if len(parent.p.Parts[j.p.Type]) == 0 && !slices.Contains(parent.p.Removed, j.p.Type) {
					parent.p.Removed = append(parent.p.Removed, j.p.Type)
				}
			}
		}
	}
}

func (l *linker) referral(j *joint, link string) referral {
	if texts := textsAt(j.p.Attributes, link); len(texts) > 0 || j.refer == nil {
		return referral{texts: texts}
	}
	return j.refer(link)
}

// textsAt are the known texts at a path: names joined by dots, [] behind lists; blocks that
// are lists of one are entered without.
func textsAt(v assize.Value, path string) []string {
	switch x := v.(type) {
	case string:
		if path == "" && x != "" {
			return []string{x}
		}
	case assize.List:
		var texts []string
		for _, e := range x {
			texts = append(texts, textsAt(e, path)...)
		}
		return texts
	case assize.Object:
		name, rest, _ := strings.Cut(path, ".")
		return textsAt(x.Get(strings.TrimSuffix(name, "[]")), rest)
	}
	return nil
}
