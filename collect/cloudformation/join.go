package cloudformation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// objects evaluates all resources, joins those that belong to others, and lists them for the
// mapping.
func (p *project) objects(t *Template) []*collect.Planned {
	j := &joiner{m: p.o.Mapping, byType: map[string][]*item{}, byAddress: map[string]*item{}, known: map[string]*namesOf{}}
	var made []*item
	for _, s := range p.stacks {
		for _, it := range s.order {
			switch it.exists() {
			case no:
				continue
			case maybe:
				t.Conditional = append(t.Conditional, it.planned.Origin.Address)
			case yes:
			}
			it.attributes()
			it.openOutside()
			made = append(made, it)
			j.byType[it.typ] = append(j.byType[it.typ], it)
			j.byAddress[it.planned.Origin.Address] = it
		}
	}
	j.join(p, made)
	var out []*collect.Planned
	for _, it := range made {
		switch {
		case it.child != nil, it.typ == metadataType:
			continue // what is in it is counted; it makes nothing itself
		}
		t.Total++
		if !isAttached(it.typ) || p.o.Mapping.Maps(it.typ) {
			out = append(out, it.planned)
		}
	}
	slices.Sort(t.Conditional)
	return out
}

// metadataType is what the CDK adds to each template to count its users.
const metadataType = "AWS::CDK::Metadata"

// joiner ties resources to those that they belong to.
type joiner struct {
	m         *collect.PlannedMapping
	byType    map[string][]*item
	byAddress map[string]*item
	known     map[string]*namesOf // by type
}

func (j *joiner) join(p *project, made []*item) {
	type link struct {
		parent string
		part   collect.PlannedPart
	}
	links := map[string][]link{}
	for _, typ := range j.m.Types() {
		for _, part := range j.m.Parts(typ) {
			links[part.Type] = append(links[part.Type], link{typ, part})
		}
	}
	for _, it := range made {
		for _, l := range links[it.typ] {
			for _, n := range j.named(it, l.part.Link, l.parent) {
				j.tie(n, it.typ, it.planned)
			}
		}
		for _, a := range attachments {
			if a.typ == it.typ {
				for _, n := range j.named(it, a.link, a.parent) {
					a.attach(n, it)
				}
			}
		}
	}
	j.doubt(p, made)
	for _, it := range made {
		openEgress(it)
		for _, parts := range it.planned.Parts {
			slices.SortFunc(parts, func(a, b *collect.Planned) int { return cmp.Compare(a.Origin.Address, b.Origin.Address) })
		}
	}
}

// doubt says of what may be given parts by something that was not read that it may have them: of
// all resources, where macros write a part of a template, and of those that are handed to a
// nested stack whose template is not at hand.
func (j *joiner) doubt(p *project, made []*item) {
	for _, it := range made {
		j.doubtOutside(it)
		if len(p.incomplete) > 0 {
			j.mayHaveParts(it, "a macro may write some: "+p.incomplete[0].Text)
		}
		if it.typ != stackType || it.child != nil {
			continue
		}
		given, _ := it.planned.Attributes.Get("Parameters").(assize.Object)
		for _, f := range given {
			if u, ok := f.Value.(*assize.Unknown); ok && u.Refers != nil && j.byAddress[u.Refers.ID] != nil {
				j.mayHaveParts(j.byAddress[u.Refers.ID], "the nested stack "+it.planned.Origin.Address+" may make some")
			}
		}
	}
}

// mayHaveParts makes facts that parts would decide unknown where there are none.
func (j *joiner) mayHaveParts(it *item, why string) {
	for _, part := range j.m.Parts(it.typ) {
		if len(it.planned.Parts[part.Type]) == 0 {
			j.tie(naming{it, &assize.Unknown{Cause: assize.Unlinked, Detail: why}}, part.Type, nil)
		}
	}
}

// tie joins a part, or says that it may belong to the parent.
func (*joiner) tie(n naming, typ string, part *collect.Planned) {
	p := n.parent.planned
	if n.why != nil {
		if p.Unlinked == nil {
			p.Unlinked = map[string]*assize.Unknown{}
		}
		if p.Unlinked[typ] == nil {
			p.Unlinked[typ] = n.why
		}
		return
	}
	if p.Parts == nil {
		p.Parts = map[string][]*collect.Planned{}
	}
	if !slices.Contains(p.Parts[typ], part) {
		p.Parts[typ] = append(p.Parts[typ], part)
	}
}

// naming is a resource that another one names, or may name: then why says so.
type naming struct {
	parent *item
	why    *assize.Unknown
}

// named lists the resources of a type that an attribute names.
func (j *joiner) named(it *item, link, typ string) []naming {
	var out []naming
	for _, v := range valuesAt(it.planned.Attributes, link) {
		switch x := v.(type) {
		case string:
			out = append(out, j.byText(it, link, typ, x)...)
		case *assize.Unknown:
			if x.Refers == nil {
				out = append(out, j.all(it, link, typ)...)
			} else if parent := j.byAddress[x.Refers.ID]; parent != nil && parent.typ == typ {
				out = append(out, naming{parent, unsure(it, parent)})
			}
		}
	}
	return out
}

// unsure says why a resource may not be there although its parent is: its condition is not
// decided, and is another one.
func unsure(it, parent *item) *assize.Unknown {
	if it.exists() == yes || it.s == parent.s && it.condition == parent.condition {
		return nil
	}
	return &assize.Unknown{
		Cause:  assize.Unlinked,
		Detail: it.planned.Origin.Address + " belongs to it where the condition " + it.condition + " holds, which is not decided",
	}
}

// byText lists the resource that has the name, else those whose name is not known.
func (j *joiner) byText(it *item, link, typ, text string) []naming {
	known := j.names(typ)
	if parent := known.byName[placedName{it.s.account, it.s.region, text}]; parent != nil {
		return []naming{{parent, unsure(it, parent)}}
	}
	return j.candidates(it, link, known.unnamed)
}

// all lists all resources of the type: any may be named.
func (j *joiner) all(it *item, link, typ string) []naming {
	return j.candidates(it, link, j.byType[typ])
}

// candidates are those of the items that go to the same place.
func (j *joiner) candidates(it *item, link string, items []*item) []naming {
	why := &assize.Unknown{Cause: assize.Unlinked, Detail: it.planned.Origin.Address + " may belong to it; what its " + link + " names is not known"}
	var out []naming
	for _, parent := range items {
		if parent.s.account == it.s.account && parent.s.region == it.s.region {
			out = append(out, naming{parent, why})
		}
	}
	return out
}

// namesOf are the resources of a type by name, and those of which a name is not known.
type namesOf struct {
	byName  map[placedName]*item
	unnamed []*item
}

type placedName struct{ account, region, name string }

func (j *joiner) names(typ string) *namesOf {
	if n := j.known[typ]; n != nil {
		return n
	}
	n := &namesOf{byName: map[placedName]*item{}}
	identified := j.m.IdentifiedBy(typ)
	for _, it := range j.byType[typ] {
		for _, name := range identified {
			switch x := it.planned.Attributes.Get(name).(type) {
			case string:
				n.byName[placedName{it.s.account, it.s.region, x}] = it
			case *assize.Unknown:
				n.unnamed = append(n.unnamed, it)
			}
		}
	}
	j.known[typ] = n
	return n
}

// valuesAt lists the values at a path: names joined by dots, [] behind lists. Lists at its
// end are entered.
func valuesAt(v assize.Value, path string) []assize.Value {
	switch x := v.(type) {
	case nil:
		return nil
	case *assize.Unknown:
		return []assize.Value{x}
	case assize.List:
		var out []assize.Value
		for _, e := range x {
			out = append(out, valuesAt(e, path)...)
		}
		return out
	case assize.Object:
		name, rest, _ := strings.Cut(path, ".")
		return valuesAt(x.Get(strings.TrimSuffix(name, "[]")), rest)
	}
	if path == "" {
		return []assize.Value{v}
	}
	return nil
}
