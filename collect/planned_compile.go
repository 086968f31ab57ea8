package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// plannedProgram translates objects of one type of the source into resources of one type.
type plannedProgram struct {
	def  *assize.Definition
	id   string   // attribute that holds what $id stands for
	arn  string   // attribute, template of attributes, or "-"
	name []string // further attributes that identify
	// when is an attribute that must have a value for the object to be of the type; may be empty.
	when, whenValue string
	region          string // where all of the type stand, "" where each says it
	root            []*plannedNode
	// parts are the side objects that have a name of their own or are chosen by an attribute.
	parts map[string]partFilter
	// rows are lists that the source has as attributes of numbered names.
	rows map[string][]string
	// json are attributes that hold a list or an object as text.
	json []string
	// computed are attributes that are made of others; see computations.
	computed []string
	// turning of the object before anything is computed of it; may be nil.
	turning *turning
}

// plannedNode is one name of the resource's properties.
type plannedNode struct {
	name string
	fact *plannedFact // of a leaf
	// sources of a list of objects, in order of preference; each has its own kids.
	sources  []plannedSource
	isList   bool
	together bool           // all of the sources count
	kids     []*plannedNode // of an object
}

// plannedSource is a place where the elements of a list are found.
type plannedSource struct {
	from plannedPlace
	kids []*plannedNode
	// spread are attributes of an element that make one element each.
	spread []string
}

// plannedFact finds and converts one value.
type plannedFact struct {
	plan   *factPlan
	places []plannedPlace
}

// plannedPlace is one of the places of a fact.
type plannedPlace struct {
	kind   placeKind
	part   string // type of the side object; "" for the object itself
	each   bool   // one element for each side object
	steps  []step
	masked bool // asks whether there is a secret, not what there is
	// reset: the constant of what is made comes back when a side object is taken away.
	reset bool
	// inObject: the constant of what an object that is there leaves out.
	inObject bool
	// constant of a constant; texts that stand for another value.
	constant string
	values   map[string]assize.Value
}

// constantIn stands between the path of an object and the constant that counts where the object is there: "block.=false".
const constantIn = ".="

type placeKind int

const (
	placePath placeKind = iota
	placeConstant
	placeLive
	placeNone
	placeNew  // a constant of what is made; live of what is there already
	placeSelf // $id and so on
)

// sameElements reports whether both find the same elements of a list.
func (p *plannedPlace) sameElements(q *plannedPlace) bool {
	return p.part == q.part && p.each == q.each && slices.Equal(p.steps, q.steps)
}

// elements splits a path at its first list: the place of the elements, and the rest
// of the way within one of them. A path without lists stands for a list of one.
func (p *plannedPlace) elements() (of, rest plannedPlace) {
	of, rest = *p, *p
	of.values, of.masked, of.constant = nil, false, ""
	if len(p.steps) > 0 {
		of.kind = placePath // also of a constant in the elements
	}
	rest.part, rest.each = "", false
	switch n := nextList(p.steps); {
	case p.each:
		of.steps = nil
	case n > 0:
		of.steps, rest.steps = p.steps[:n], p.steps[n:]
	default:
		of.steps = nil
	}
	return of, rest
}

// plannedEntry is a fact on its way into the tree: what is left of its path, and the
// places as seen from there.
type plannedEntry struct {
	fact   *assize.Fact
	names  []string
	places []plannedPlace
}

// plannedTree places facts in the tree of the resource's properties.
func plannedTree(entries []plannedEntry) ([]*plannedNode, error) {
	var nodes []*plannedNode
	var errs []error
	groups := map[string][]plannedEntry{}
	var names []string
	for _, e := range entries {
		name := strings.TrimSuffix(e.names[0], "[]")
		if groups[name] == nil {
			names = append(names, name)
		}
		groups[name] = append(groups[name], e)
	}
	slices.Sort(names)
	for _, name := range names {
		n, err := plannedNodeOf(name, groups[name])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		nodes = append(nodes, n)
	}
	return nodes, errors.Join(errs...)
}

func plannedNodeOf(name string, group []plannedEntry) (*plannedNode, error) {
	first := group[0]
	n := &plannedNode{name: name, isList: strings.HasSuffix(first.names[0], "[]")}
	if len(first.names) == 1 {
		fact, err := plannedFactOf(&first)
		n.fact = fact
		return n, err
	}
	below := make([]plannedEntry, len(group))
	for i, e := range group {
		if len(e.names) == 1 || strings.HasSuffix(e.names[0], "[]") != n.isList {
			return nil, fmt.Errorf("fact %s: %s is of another kind in fact %s", e.fact.Path, name, first.fact.Path)
		}
		below[i] = plannedEntry{e.fact, e.names[1:], e.places}
	}
	var err error
	if n.isList {
		n.sources, err = plannedSources(below)
	} else {
		n.kids, err = plannedTree(below)
	}
	return n, err
}

// plannedSources finds the places of a list's elements. Each fact below it must have
// a place in each of them, so that what stands together stays together.
func plannedSources(below []plannedEntry) ([]plannedSource, error) {
	var sources []plannedSource
	for _, e := range below {
		for i := range e.places {
			of, _ := e.places[i].elements()
			same := func(s plannedSource) bool { return s.from.sameElements(&of) }
			if of.kind == placePath && !slices.ContainsFunc(sources, same) {
				sources = append(sources, plannedSource{from: of})
			}
		}
	}
	if len(sources) == 0 {
		kids, err := plannedTree(below)
		return []plannedSource{{from: plannedPlace{kind: constantOrLive(below)}, kids: kids}}, err
	}
	var errs []error
	for i := range sources {
		kids, err := plannedTree(within(&sources[i].from, below, &errs))
		sources[i].kids = kids
		errs = append(errs, err)
	}
	if endsLive(below) {
		sources = append(sources, plannedSource{from: plannedPlace{kind: placeLive}})
	}
	return sources, errors.Join(errs...)
}

// endsLive reports whether each fact of a list is live where no path has it: then the list
// is, too.
func endsLive(below []plannedEntry) bool {
	return !slices.ContainsFunc(below, func(e plannedEntry) bool {
		return len(e.places) == 0 || e.places[len(e.places)-1].kind != placeLive
	})
}

// constantOrLive is the kind of a list of which no fact has a path: constants make one
// element, and where all are live, or none, the list is, too.
func constantOrLive(below []plannedEntry) placeKind {
	kind := placeNone
	for _, e := range below {
		for _, p := range e.places {
			if p.kind == placeConstant || p.kind == placeNew {
				return p.kind
			}
			if p.kind == placeLive {
				kind = placeLive
			}
		}
	}
	return kind
}

// within gives each fact the places that lie in the elements found at from.
func within(from *plannedPlace, below []plannedEntry, errs *[]error) []plannedEntry {
	inside := make([]plannedEntry, 0, len(below))
	for _, e := range below {
		in := plannedEntry{fact: e.fact, names: e.names}
		found := false
		for i := range e.places {
			of, rest := e.places[i].elements()
			isLast := i == len(e.places)-1
			switch {
			case of.kind == placeLive && isLast && found:
				// It is for where there is no such list: an element that is there says also what it lacks.
			case of.kind != placePath || of.sameElements(from):
				found = found || of.kind == placePath
				in.places = append(in.places, rest)
			}
		}
		if len(in.places) == 0 {
			*errs = append(*errs, fmt.Errorf("fact %s has no place in the list %s, from which another fact of the same list comes", e.fact.Path, from))
			continue
		}
		inside = append(inside, in)
	}
	return inside
}

// String is the place for people who write definitions.
func (p *plannedPlace) String() string {
	var b strings.Builder
	b.WriteString(p.part)
	if p.each {
		b.WriteString("[]")
	}
	if p.part != "" {
		b.WriteByte(':')
	}
	for i, s := range p.steps {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.name)
		switch s.each {
		case eachElement:
			b.WriteString("[]")
		case eachEntry:
			b.WriteString("{}")
		case eachNone:
		}
	}
	return b.String()
}

func plannedFactOf(e *plannedEntry) (*plannedFact, error) {
	f := &plannedFact{places: e.places, plan: &factPlan{fact: e.fact, self: selfOf(e.fact), enum: map[string]assize.Value{}}}
	for _, v := range slices.Concat(e.fact.Values, e.fact.APIValues) {
		f.plan.enum[v] = v
	}
	for i := range e.places {
		p := &e.places[i]
		if e.fact.Type != assize.Strings && (p.each || nextList(p.steps) > 0) {
			return nil, fmt.Errorf("fact %s: %s: more lists than the fact's path has", e.fact.Path, p)
		}
		if p.masked && e.fact.Type != assize.Bool {
			return nil, fmt.Errorf("fact %s: @masked is of type bool", e.fact.Path)
		}
	}
	return f, nil
}

// selfOf is what the fact takes from the object's identity, "$id" and so on; "" for another.
func selfOf(f *assize.Fact) string {
	if strings.HasPrefix(f.At, "$") {
		return f.At
	}
	return ""
}

// parsePlace parses a text of the grammar of [assize.TerraformPath].
func parsePlace(at string) (plannedPlace, error) {
	if value, ok := strings.CutPrefix(at, "="); ok {
		return plannedPlace{kind: placeConstant, constant: value}, nil
	}
	if value, ok := strings.CutPrefix(at, "new="); ok {
		return plannedPlace{kind: placeNew, constant: value}, nil
	}
	if value, ok := strings.CutPrefix(at, "reset="); ok {
		return plannedPlace{kind: placeNew, constant: value, reset: true}, nil
	}
	switch at {
	case assize.TerraformLive:
		return plannedPlace{kind: placeLive}, nil
	case assize.TerraformNone:
		return plannedPlace{kind: placeNone}, nil
	}
	var p plannedPlace
	if list, value, ok := strings.Cut(at, "[].="); ok {
		p.kind, p.constant = placeConstant, value
		at = list + "[]"
	} else if object, value, ok := strings.Cut(at, constantIn); ok {
		p.kind, p.constant, p.inObject = placeConstant, value, true
		at = object
	}
	if part, rest, ok := strings.Cut(at, ":"); ok {
		p.part, p.each = strings.CutSuffix(part, "[]")
		at = rest
		if p.part == "" || at == "" {
			return p, errors.New("want type:attribute, with a name on both sides")
		}
		if of, err := parsePlace(at); err == nil && of.kind != placePath {
			of.part = p.part // a constant of one of the types that make the resource
			return of, nil
		}
	}
	at, p.masked = strings.CutSuffix(at, maskedMark)
	if at == "" {
		return p, errors.New("there is no path")
	}
	var err error
	if rest, ok := strings.CutPrefix(at, itselfStep+"[]."); ok {
		p.steps, err = parseSteps(rest)
		p.steps = slices.Insert(p.steps, 0, step{itselfStep, eachElement})
		return p, err
	}
	p.steps, err = parseSteps(at)
	return p, err
}
