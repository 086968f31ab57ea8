package collect

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// selfValue stands in the values of a place for the object's own id.
const selfValue = "$id"

// itselfStep is an object itself, as the one element of a list.
const itselfStep = "@"

// partFilter says which side objects of a type are a part.
type partFilter struct {
	typ string
	// attribute with a value that the side object must have; "" for all of the type.
	attribute, value string
}

// addFilter notes a part that has a name of its own or a condition.
func (prog *plannedProgram) addFilter(part *assize.TerraformPart) error {
	if part.As == "" && part.When == "" {
		return nil
	}
	f := partFilter{typ: part.Resource}
	if part.When != "" {
		var ok bool
		if f.attribute, f.value, ok = strings.Cut(part.When, "="); !ok || f.attribute == "" {
			return fmt.Errorf("parts: %s: when: %q: want attribute=value", part.Name(), part.When)
		}
	}
	if prog.parts == nil {
		prog.parts = map[string]partFilter{}
	}
	prog.parts[part.Name()] = f
	return nil
}

// addLists notes what a source says of lists as a whole.
func (prog *plannedProgram) addLists(src *assize.TerraformSource) error {
	for _, name := range src.Together {
		n := listAt(prog.root, strings.Split(name, "."))
		if n == nil {
			return fmt.Errorf("together: %s is no list of the facts", name)
		}
		n.together = true
	}
	used := map[string]bool{}
	spreadLists(prog.root, src.Spread, used)
	for from := range src.Spread {
		if !used[from] {
			return fmt.Errorf("spread: no fact comes from the elements of %s", from)
		}
	}
	return nil
}

// listAt finds a list by the names of its path.
func listAt(nodes []*plannedNode, names []string) *plannedNode {
	for _, n := range nodes {
		switch {
		case n.name != names[0]:
		case len(names) > 1:
			return listAt(n.kids, names[1:])
		case n.isList:
			return n
		}
	}
	return nil
}

// spreadLists sets the attributes by which the elements of each list are spread.
func spreadLists(nodes []*plannedNode, by map[string][]string, used map[string]bool) {
	for _, n := range nodes {
		spreadLists(n.kids, by, used)
		for i := range n.sources {
			src := &n.sources[i]
			name := strings.TrimSuffix(src.from.String(), ":")
			if attributes := by[name]; attributes != nil {
				src.spread, used[name] = attributes, true
			}
			spreadLists(src.kids, by, used)
		}
	}
}

// partType is the source's type of a part.
func (t *translation) partType(name string) string {
	if f, ok := t.prog.parts[name]; ok {
		return f.typ
	}
	return name
}

// of chooses the side objects that are the part. The *Unknown says that one may be it, or not.
func (f partFilter) of(all []*Planned) ([]*Planned, *assize.Unknown) {
	if f.attribute == "" {
		return all, nil
	}
	var parts []*Planned
	for _, p := range all {
		v := p.Attributes.Get(f.attribute)
		if u, ok := v.(*assize.Unknown); ok {
			return nil, u
		}
		if text, ok := ScalarText(v); ok && text == f.value {
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// spread makes of each element one for each entry of the attributes.
func spread(found []at, by []string) []at {
	if len(by) == 0 {
		return found
	}
	out := make([]at, 0, len(found))
	for _, e := range found {
		o, ok := e.value.(assize.Object)
		if !ok {
			out = append(out, e)
			continue
		}
		bare := slices.DeleteFunc(slices.Clone(o), func(f assize.Field) bool { return slices.Contains(by, f.Name) })
		for _, name := range by {
			if e.path == "" && slices.Contains(e.object.Unwritten, name) {
				continue
			}
			for _, v := range entriesOf(o.Get(name)) {
				one := e
				one.value = slices.Clone(bare).Set(name, v)
				out = append(out, one)
			}
		}
	}
	return out
}

// entriesOf are the entries of an attribute: those of a list, or the one of anything else.
// A list that is not known stands for one entry, since someone wrote it.
func entriesOf(v assize.Value) assize.List {
	switch x := v.(type) {
	case nil:
		return nil
	case assize.List:
		return x
	case bool:
		if !x {
			return nil
		}
	case string:
		if x == "" {
			return nil
		}
	}
	return assize.List{v}
}

// together builds a list of the elements of all its sources. What an object's own attribute
// says beside its parts may be what they made, read back: of an object that is there
// already, an element that no part makes could be written in the object, or be out of date.
func (t *translation) together(n *plannedNode, here at) assize.Value {
	var all, own assize.List
	var open *assize.Unknown
	stale, parts := false, false
	for i := range n.sources {
		src := &n.sources[i]
		if src.from.kind == placeLive {
			if open == nil && len(all)+len(own) == 0 {
				return deferred
			}
			continue
		}
		if src.from.part == "" && t.unset(&src.from, here, parts || stale) {
			continue
		}
		found, unknown, present := t.elements(&src.from, here)
		if unknown != nil {
			open = unknown
		}
		stale = stale || t.removed(&src.from, here)
		if !present || unknown != nil {
			continue
		}
		list, _ := t.objects(src, spread(found, src.spread)).(assize.List)
		switch itself := len(src.from.steps) > 0 && src.from.steps[0].name == itselfStep; {
		case src.from.part == "" && !itself:
			own = append(own, list...)
			continue
		case !itself:
			parts = true
		}
		all = append(all, list...)
	}
	switch made := t.made(); {
	case made || !parts && !stale:
		all = append(all, own...)
	case open == nil:
		open = strange(own, all, n.name)
	}
	if open != nil {
		return append(all, restOf(open))
	}
	if all == nil {
		return nil
	}
	return all
}

// strange is not nil when an element of own is not among the others.
func strange(own, others assize.List, name string) *assize.Unknown {
	for i, e := range own {
		same := func(o assize.Value) bool { return reflect.DeepEqual(o, e) }
		if !slices.ContainsFunc(others, same) {
			return &assize.Unknown{
				Cause:  assize.Unlinked,
				Detail: name + ": element " + strconv.Itoa(i) + " is there now and no side resource of the plan makes it; the plan does not say whether it stays",
			}
		}
	}
	return nil
}

// withRows adds to an object the lists that it has as attributes of numbered names.
func (prog *plannedProgram) withRows(p *Planned) *Planned {
	if len(prog.rows) == 0 {
		return p
	}
	out := *p
	out.Attributes, out.Sensitive = slices.Clone(p.Attributes), slices.Clone(p.Sensitive)
	for list, prefixes := range prog.rows {
		rows := make(assize.List, len(prefixes))
		for i, prefix := range prefixes {
			row := assize.Object{}
			for _, f := range p.Attributes {
				if name, ok := strings.CutPrefix(f.Name, prefix); ok && !slices.Contains(p.Unwritten, f.Name) {
					row = append(row, assize.Field{Name: name, Value: f.Value})
				}
			}
			rows[i] = row
			for _, path := range p.Sensitive {
				if rest, ok := strings.CutPrefix(path, prefix); ok {
					out.Sensitive = append(out.Sensitive, list+"["+strconv.Itoa(i)+"]."+rest)
				}
			}
		}
		out.Attributes = out.Attributes.Set(list, rows)
	}
	return &out
}

// saysAbsent reports whether the value at a place of the object itself stands for none.
func (t *translation) saysAbsent(p *plannedPlace, here at) bool {
	if len(p.values) == 0 || p.part != "" {
		return false
	}
	found, unknown := walkPlanned(here, p.steps)
	if unknown != nil {
		return false
	}
	text, ok := ScalarText(only(found).value)
	to, listed := p.values[text]
	return ok && listed && to == ""
}

// severalTexts translates a value of a list of texts, which may stand for several.
func severalTexts(p *plannedPlace, v assize.Value) ([]string, *assize.Unknown) {
	text, ok := ScalarText(v)
	if !ok {
		return nil, wrongPlanned(p.String(), "a list of texts")
	}
	isList := func(v assize.Value) bool { _, ok := v.([]any); return ok }
	to, found := p.values[text]
	if list, ok := to.([]any); ok {
		texts := make([]string, len(list))
		for i, e := range list {
			texts[i], _ = ScalarText(e)
		}
		return texts, nil
	}
	if !found {
		for _, other := range p.values {
			if isList(other) {
				return nil, &assize.Unknown{Cause: assize.DeferredToLive, Detail: "what " + text + " stands for only the live resource says"}
			}
		}
	}
	text, ok = ScalarText(translated(p.values, text))
	if !ok {
		return nil, wrongPlanned(p.String(), "a list of texts")
	}
	return []string{text}, nil
}

// restOf says that a list may have further elements, because of the cause of u.
func restOf(u *assize.Unknown) *assize.Unknown {
	rest := *u
	rest.Rest, rest.Refers = true, nil
	return &rest
}
