package collect

import (
	"reflect"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// translation is the work on one object by one program.
type translation struct {
	m         *PlannedMapping
	prog      *plannedProgram
	object    *Planned
	convert   derivation // only its texts are used
	sensitive []string
}

// at is where a translation stands: an object's attributes, or something within them.
type at struct {
	object *Planned
	value  assize.Value
	key    string // of a map's entry
	path   string // of value, as in [Planned.Sensitive]
	stale  bool   // a side object that decided is taken away; see search
}

func (t *translation) properties(nodes []*plannedNode, here at) assize.Object {
	o := make(assize.Object, 0, len(nodes))
	for _, n := range nodes {
		if v := t.node(n, here); v != nil {
			o = append(o, assize.Field{Name: n.name, Value: v})
		}
	}
	return slices.Clip(o)
}

// node builds the value of one name, nil where it is absent.
func (t *translation) node(n *plannedNode, here at) assize.Value {
	switch {
	case n.fact != nil:
		return t.fact(n.fact, here)
	case n.isList:
		return t.list(n, here)
	}
	if o := t.properties(n.kids, here); len(o) > 0 {
		return o
	}
	return nil
}

// fact finds the value in the first place that decides: a side object that is there,
// the object itself where it has the attribute, a constant.
func (t *translation) fact(f *plannedFact, here at) assize.Value {
	if text, ok := t.identity(f.plan).(string); ok {
		if f.plan.self == "$id" || f.plan.self == "$arn" {
			for _, name := range append([]string{"id", t.prog.id, t.prog.arn}, t.prog.name...) {
				t.note(f.plan.fact, at{object: t.object, path: name})
			}
		}
		return text
	}
	var s search
	for i := range f.places {
		if v, decided := t.place(f, &f.places[i], here, &s); decided {
			return v
		}
	}
	if f.plan.self != "" {
		return t.self(f.plan.self)
	}
	return nil
}

// search is what the places of a fact that were looked at say about the next ones.
type search struct {
	stale bool // a side object that decided is taken away: what the object itself says is out of date
	old   bool // a side object could have decided
}

// place looks at one place of a fact, and reports whether it decides.
func (t *translation) place(f *plannedFact, p *plannedPlace, here at, s *search) (v assize.Value, decided bool) {
	switch p.kind {
	case placeLive:
		return deferred, true
	case placeNone:
		return nil, true
	case placeNew:
		switch {
		case t.made(), p.reset && (s.stale || here.stale):
			return t.constant(f.plan, p.constant), true
		case s.stale || here.stale:
			return nil, true // what was set is taken away, and does not come back as the service gave it
		}
		return deferred, true
	case placeSelf:
		return t.self(f.plan.self), true
	case placeConstant:
		return t.constantPlace(f, p, here, s)
	case placePath:
	}
	if p.part == "" && (s.stale || t.unset(p, here, s.old)) {
		return nil, false
	}
	s.old = s.old || p.part != ""
	v, there := t.path(f, p, here)
	switch {
	case v == nil && f.plan.self != "":
		return nil, false
	case v != nil || there:
		return t.orSelf(f.plan, v), true
	case t.saysAbsent(p, here):
		return nil, true
	}
	s.stale = s.stale || t.removed(p, here)
	return nil, false
}

// constantPlace is a constant; one of a side object, or within an object, decides where there is one.
func (t *translation) constantPlace(f *plannedFact, p *plannedPlace, here at, s *search) (v assize.Value, decided bool) {
	if p.inObject {
		object, unknown := walkPlanned(here, p.steps)
		switch {
		case unknown != nil:
			return unknown, true
		case object.value == nil:
			return nil, false
		}
	}
	if p.part == "" {
		return t.constant(f.plan, p.constant), true
	}
	parts, unknown := t.parts(p.part, here)
	switch {
	case unknown != nil:
		return unknown, true
	case len(parts) > 0:
		return t.constant(f.plan, p.constant), true
	}
	s.stale, s.old = s.stale || t.removed(p, here), true
	return nil, false
}

// made tells whether the object is made anew, so that it has what the service gives a
// new one. What a configuration or template describes is judged as if it were.
func (t *translation) made() bool {
	switch t.object.Origin.Action {
	case "create", "replace":
		return true
	case "":
		return t.object.Origin.Kind != "state"
	}
	return false
}

// orSelf lets the object's own identity stand for an identity that is not known.
func (t *translation) orSelf(plan *factPlan, v assize.Value) assize.Value {
	if u, ok := v.(*assize.Unknown); ok && plan.self != "" && u.Refers == nil {
		return t.self(plan.self)
	}
	return v
}

// path finds the value at a path. there: a side object decides, also that there is none.
func (t *translation) path(f *plannedFact, p *plannedPlace, here at) (v assize.Value, there bool) {
	if p.part == "" {
		return t.value(f, p, here), false
	}
	parts, unknown := t.parts(p.part, here)
	if unknown != nil {
		return unknown, true
	}
	if len(parts) == 0 {
		return nil, false
	}
	if p.each {
		return t.gatherParts(f, p, parts), true
	}
	for i, part := range parts {
		from := at{object: part, value: part.Attributes}
		if t.unset(p, from, false) {
			continue
		}
		next := t.value(f, p, from)
		if i > 0 && !reflect.DeepEqual(v, next) {
			return several(p.part, parts), true
		}
		v = next
	}
	return v, true
}

// gatherParts makes one list of the values of all side objects.
func (t *translation) gatherParts(f *plannedFact, p *plannedPlace, parts []*Planned) assize.Value {
	out := assize.List{}
	for _, part := range parts {
		if unknown, _ := t.gather(f, p, p.steps, at{object: part, value: part.Attributes}, &out); unknown != nil {
			out = append(out, unknown)
		}
	}
	return out
}

// value finds and converts the value at a path from here.
func (t *translation) value(f *plannedFact, p *plannedPlace, here at) assize.Value {
	if p.masked {
		return t.masked(p, here)
	}
	if f.plan.fact.Type == assize.Strings {
		out := assize.List{}
		unknown, present := t.gather(f, p, p.steps, here, &out)
		switch {
		case unknown != nil && unknown.Refers != nil && len(out) == 0:
			// One element is known to be there; only the source says whether it is the only one.
			return assize.List{unknown, restOf(unknown)}
		case unknown != nil:
			return unknown
		case !present:
			return nil
		}
		return out
	}
	here, unknown := walkPlanned(here, p.steps)
	if unknown != nil {
		return unknown
	}
	here = only(here)
	return t.finish(f, p, here)
}

// finish converts one value and notes whether it may be shown.
func (t *translation) finish(f *plannedFact, p *plannedPlace, here at) assize.Value {
	v := here.value
	if u, ok := v.(*assize.Unknown); ok {
		return u
	}
	v = translated(p.values, v)
	if v == nil || v == "" {
		return nil // providers keep "" for what is not set
	}
	if v == selfValue {
		return t.self(selfValue)
	}
	t.note(f.plan.fact, here)
	if out := t.converted(f.plan, v); out != nil {
		return out
	}
	return wrongPlanned(p.String(), "of type "+string(f.plan.fact.Type))
}

// note keeps the path of a fact whose value must not be shown.
func (t *translation) note(f *assize.Fact, here at) {
	for _, path := range here.object.Sensitive {
		if path == "" {
			t.hide(f)
			return
		}
		if within, ok := strings.CutPrefix(here.path, path); ok && (within == "" || within[0] == '.' || within[0] == '[') ||
			strings.HasPrefix(path, here.path+".") || strings.HasPrefix(path, here.path+"[") {
			t.hide(f)
			return
		}
	}
}

func (t *translation) hide(f *assize.Fact) {
	if !slices.Contains(t.sensitive, f.Path) {
		t.sensitive = append(t.sensitive, f.Path)
	}
}

// gather appends the texts found along the steps, through all lists. present is false
// when there is nothing at the end.
func (t *translation) gather(f *plannedFact, p *plannedPlace, steps []step, here at, out *assize.List) (unknown *assize.Unknown, present bool) {
	if n := nextList(steps); n > 0 {
		here, unknown := walkPlanned(here, steps[:n])
		if unknown != nil || here.value == nil {
			return unknown, false
		}
		found, unknown := elementsOf(here, steps[n-1])
		if unknown != nil {
			return unknown, true
		}
		for _, e := range found {
			if unknown, _ := t.gather(f, p, steps[n:], e, out); unknown != nil {
				*out = append(*out, unknown)
			}
		}
		return nil, true
	}
	here, unknown = walkPlanned(here, steps)
	if unknown != nil || here.value == nil {
		return unknown, false
	}
	list, ok := here.value.(assize.List)
	if !ok {
		list = assize.List{here.value}
	}
	t.note(f.plan.fact, here)
	for _, v := range list {
		if u, ok := v.(*assize.Unknown); ok {
			*out = append(*out, u)
			continue
		}
		texts, unknown := severalTexts(p, v)
		if unknown != nil {
			return unknown, true
		}
		for _, text := range texts {
			*out = append(*out, t.convert.text(f.plan, text))
		}
	}
	return nil, true
}

// self is the object's identity, which is not absent where it is not known yet.
func (t *translation) self(what string) assize.Value {
	var s string
	switch what {
	case "$id":
		s = t.m.textOf(t.object, t.prog.id)
	case "$arn":
		if t.prog.arn == noARN {
			return nil
		}
		s, _ = t.m.knownARN(t.prog, t.object)
	case "$account":
		if t.object.Account == "" {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: "nothing says into which account it goes"}
		}
		return t.convert.whole(t.object.Account)
	case "$region":
		if t.object.Region == "" {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: "nothing says into which Region it goes"}
		}
		return t.convert.whole(t.object.Region)
	}
	if s == "" {
		return &assize.Unknown{Cause: assize.UntilApply, Refers: t.m.reference(t.prog, t.object)}
	}
	return s
}
