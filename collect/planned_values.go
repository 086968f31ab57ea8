package collect

import (
	"reflect"
	"slices"
	"strconv"
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

// list builds a list of objects from the first source that is there.
func (t *translation) list(n *plannedNode, here at) assize.Value {
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
			if list := t.objects(src, found); list != nil {
				return list
			}
		}
		stale = stale || t.removed(&src.from, here)
	}
	return nil
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
	return p.part != "" && slices.Contains(here.object.Removed, p.part)
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
		case entryValue:
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
func (t *translation) parts(typ string, here at) ([]*Planned, *assize.Unknown) {
	if parts := here.object.Parts[typ]; len(parts) > 0 {
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
	stale, old := false, false
	for i := range f.places {
		p := &f.places[i]
		switch p.kind {
		case placeLive:
			return deferred
		case placeNone:
			return nil
		case placeNew:
			if !t.made() {
				return deferred
			}
			return t.constant(f.plan, p.constant)
		case placeSelf:
			return t.self(f.plan.self)
		case placeConstant:
			return t.constant(f.plan, p.constant)
		case placePath:
		}
		if p.part == "" && (stale || t.unset(p, here, old)) {
			continue
		}
		old = old || p.part != ""
		v, there := t.path(f, p, here)
		if v == nil && f.plan.self != "" {
			continue
		}
		if v != nil || there {
			return t.orSelf(f.plan, v)
		}
		stale = stale || t.removed(p, here)
	}
	if f.plan.self != "" {
		return t.self(f.plan.self)
	}
	return nil
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

// translated looks a value up in what it stands for. Numbers and booleans are looked up by
// their text.
func translated(values map[string]assize.Value, v assize.Value) assize.Value {
	if len(values) == 0 {
		return v
	}
	text, ok := scalarText(v)
	if !ok {
		return v
	}
	to, ok := values[text]
	switch n := to.(type) {
	case int:
		return int64(n)
	default:
		if ok {
			return n
		}
	}
	return v
}

// scalarText is a scalar as Terraform writes it in a text.
func scalarText(v assize.Value) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case bool:
		return strconv.FormatBool(x), true
	case int64:
		return strconv.FormatInt(x, 10), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	}
	return "", false
}

// converted returns the value in the fact's type, nil when it is of another kind.
func (t *translation) converted(plan *factPlan, v assize.Value) assize.Value {
	switch plan.fact.Type {
	case assize.String:
		if _, isBool := v.(bool); isBool {
			return nil
		}
		if text, ok := scalarText(v); ok {
			return t.convert.text(plan, text)
		}
		return nil
	case assize.Policy:
		if text, ok := PolicyText(v, nil); ok {
			return text
		}
		return nil
	case assize.Timestamp:
		if day, ok := v.(string); ok && len(day) == len("2006-01-02") {
			v = day + "T00:00:00Z"
		}
	case assize.Int, assize.Double, assize.Bool, assize.Strings:
	}
	return t.convert.convert(plan, v)
}

// constant is the value of a constant; "[]" is an empty list.
func (t *translation) constant(plan *factPlan, text string) assize.Value {
	if plan.fact.Type == assize.Strings {
		if text == "[]" {
			return assize.List{}
		}
		return assize.List{t.convert.text(plan, text)}
	}
	if v := t.converted(plan, text); v != nil {
		return v
	}
	return wrongPlanned("="+text, "of type "+string(plan.fact.Type))
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
		text, ok := scalarText(translated(p.values, v))
		if !ok {
			return wrongPlanned(p.String(), "a list of texts"), true
		}
		*out = append(*out, t.convert.text(f.plan, text))
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

// masked tells whether there is a secret at the path or below it: text that looks like
// one, or is called one. Where there is nothing at the path it is absent.
func (t *translation) masked(p *plannedPlace, here at) assize.Value {
	here, unknown := walkPlanned(here, p.steps)
	if unknown != nil {
		return unknown
	}
	if here.value == nil {
		return nil
	}
	name := ""
	if len(p.steps) > 0 {
		name = p.steps[len(p.steps)-1].name
	}
	found, unknown := secretBelow(here.value, name)
	switch {
	case found:
		return true
	case unknown != nil:
		return unknown
	}
	return false
}

// secretBelow looks for a secret; what is not known may be one.
func secretBelow(v assize.Value, name string) (found bool, unknown *assize.Unknown) {
	var kids []assize.Field
	switch x := v.(type) {
	case *assize.Unknown:
		if x.Refers != nil {
			return false, nil
		}
		return false, x
	case string:
		_, hit := Mask(x, name)
		return hit, nil
	case assize.List:
		for _, e := range x {
			kids = append(kids, assize.Field{Name: name, Value: e})
		}
	case assize.Object:
		kids = x
	}
	for _, kid := range kids {
		hit, u := secretBelow(kid.Value, kid.Name)
		if hit {
			return true, nil
		}
		if unknown == nil {
			unknown = u
		}
	}
	return false, unknown
}
