package collect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// list builds a list of objects from the first source that is there.
func (t *translation) list(n *plannedNode, here at) assize.Value {
	if n.together {
		return t.together(n, here)
	}
	stale, old := false, false
	for i := range n.sources {
		src := &n.sources[i]
		switch {
		case src.from.kind == placeLive, src.from.kind == placeNew && !t.made():
			return deferred
		case src.from.kind == placeNone:
			return nil
		}
		if src.from.part == "" && (stale || t.unset(&src.from, here, old)) {
			continue
		}
		old = old || src.from.part != ""
		found, unknown, present := t.elements(&src.from, here)
		switch {
		case unknown != nil:
			return unknown
		case present:
			if list := t.objects(src, spread(found, src.spread)); list != nil {
				return list
			}
		}
		stale = stale || t.removed(&src.from, here)
	}
	return t.newList(n, stale)
}

// newList is the list that the service gives a resource that is made, where a fact in it
// says so: one element with what is new, or what it goes back to when what set it is taken away
// (stale). Of any other resource that is there already only AWS knows.
func (t *translation) newList(n *plannedNode, stale bool) assize.Value {
	switch {
	case len(n.sources) == 0, !hasNew(n.sources[0].kids, false):
		return nil
	case t.made():
		stale = false
	case !stale:
		return deferred
	case !hasNew(n.sources[0].kids, true):
		return nil
	}
	return assize.List{t.properties(n.sources[0].kids, at{object: &Planned{Origin: t.object.Origin}, stale: stale})}
}

// hasNew tells whether a fact below is given to what is made; reset: and comes back.
func hasNew(nodes []*plannedNode, reset bool) bool {
	return slices.ContainsFunc(nodes, func(n *plannedNode) bool {
		isNew := func(p plannedPlace) bool { return p.kind == placeNew && (p.reset || !reset) }
		return n.fact != nil && slices.ContainsFunc(n.fact.places, isNew) || hasNew(n.kids, reset)
	})
}

// objects builds the elements of a list. A list of one that is in no list of the
// source is absent when there is nothing in it.
func (t *translation) objects(src *plannedSource, found []at) assize.Value {
	list := make(assize.List, 0, len(found))
	for _, e := range found {
		if u, ok := e.value.(*assize.Unknown); ok {
			list = append(list, u)
			continue
		}
		o := t.properties(src.kids, e)
		if len(o) == 0 && len(src.from.steps) == 0 && !src.from.each {
			return nil
		}
		list = append(list, o)
	}
	return list
}

// unset tells whether a path begins with an attribute that nothing sets; see [Planned]. old:
// a side object could have decided.
func (t *translation) unset(p *plannedPlace, here at, old bool) bool {
	if p.kind != placePath || here.path != "" || len(p.steps) == 0 || !slices.Contains(here.object.Unwritten, p.steps[0].name) {
		return false
	}
	isBlock := len(p.steps) > 1 && p.steps[0].each != eachEntry
	return old || !isBlock
}

// identity is what is known of the object itself, for facts that are it; nil for others.
func (t *translation) identity(plan *factPlan) assize.Value {
	if plan.self == "" {
		return nil
	}
	return t.self(plan.self)
}

// removed tells whether the plan takes the side object away that would have decided.
func (t *translation) removed(p *plannedPlace, here at) bool {
	return p.part != "" && slices.Contains(here.object.Removed, t.partType(p.part))
}

// elements finds the elements of a list. present is false where there is no such list.
func (t *translation) elements(p *plannedPlace, here at) (found []at, unknown *assize.Unknown, present bool) {
	if p.part != "" {
		parts, unknown := t.parts(p.part, here)
		switch {
		case unknown != nil:
			return nil, unknown, true
		case len(parts) == 0:
			return nil, nil, false
		case p.each:
			for _, part := range parts {
				found = append(found, at{object: part, value: part.Attributes})
			}
			if u := here.object.Unlinked[t.partType(p.part)]; u != nil {
				found = append(found, at{object: here.object, value: restOf(u)})
			}
			return found, nil, true
		case len(parts) > 1:
			return nil, several(p.part, parts), true
		}
		here = at{object: parts[0], value: parts[0].Attributes}
	}
	if len(p.steps) == 0 {
		return []at{here}, nil, true
	}
	here, unknown = walkPlanned(here, p.steps)
	if unknown != nil {
		return nil, unknown, true
	}
	found, unknown = elementsOf(here, p.steps[len(p.steps)-1])
	// An object's own empty list leaves the decision to the next place; that of a
	// side object is its answer.
	return found, unknown, here.value != nil && (len(found) > 0 || p.part != "" || unknown != nil)
}

// elementsOf lists the elements of a list, or the entries of a map. An object in place of
// a list is a list of one: providers nest blocks in either way.
func elementsOf(here at, last step) ([]at, *assize.Unknown) {
	switch v := here.value.(type) {
	case nil:
		return nil, nil
	case assize.List:
		if last.each == eachEntry {
			return nil, wrongPlanned(last.name, "a map")
		}
		found := make([]at, len(v))
		for i := range v {
			found[i] = at{object: here.object, value: v[i], path: here.path + "[" + strconv.Itoa(i) + "]"}
		}
		return found, nil
	case assize.Object:
		if last.each == eachElement {
			return []at{here}, nil
		}
		found := make([]at, len(v))
		for i := range v {
			found[i] = at{object: here.object, key: v[i].Name, value: v[i].Value, path: join(here.path, v[i].Name)}
		}
		return found, nil
	}
	if last.each == eachElement {
		return []at{here}, nil
	}
	return nil, wrongPlanned(last.name, "a map")
}

// walkPlanned follows the names of the steps. A block that is a list of one is entered.
func walkPlanned(here at, steps []step) (at, *assize.Unknown) {
	for _, s := range steps {
		switch s.name {
		case entryKey:
			return at{object: here.object, value: here.key, path: here.path}, nil
		case entryValue, itselfStep:
			continue
		}
		here = only(here)
		switch v := here.value.(type) {
		case *assize.Unknown:
			return here, v
		case nil:
			return here, nil
		case assize.Object:
			here = at{object: here.object, value: v.Get(s.name), path: join(here.path, s.name)}
		case assize.List:
			return here, wrongPlanned(s.name, "in one block, there are several")
		default:
			return here, wrongPlanned(s.name, "in a block")
		}
	}
	if u, ok := here.value.(*assize.Unknown); ok {
		return here, u
	}
	return here, nil
}

// only enters a list of one.
func only(here at) at {
	if list, ok := here.value.(assize.List); ok {
		switch len(list) {
		case 0:
			return at{object: here.object, path: here.path}
		case 1:
			return at{object: here.object, value: list[0], path: here.path + "[0]"}
		}
	}
	return here
}

// parts returns the side objects of the type, or why they are not known.
func (t *translation) parts(name string, here at) ([]*Planned, *assize.Unknown) {
	typ := t.partType(name)
	parts, unknown := t.prog.parts[name].of(here.object.Parts[typ])
	if unknown != nil {
		return nil, unknown
	}
	if len(parts) > 0 {
		return parts, nil
	}
	return nil, here.object.Unlinked[typ]
}

func several(typ string, parts []*Planned) *assize.Unknown {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.Origin.Address
	}
	return &assize.Unknown{Cause: assize.Unlinked, Detail: "several " + typ + " belong to it: " + strings.Join(names, ", ")}
}

func wrongPlanned(name, want string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.WrongAnswer, Detail: name + " is not " + want}
}

// deferred is the value of what no plan can say.
var deferred = &assize.Unknown{Cause: assize.DeferredToLive, Detail: "only the live resource says it"}
