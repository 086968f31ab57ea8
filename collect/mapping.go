package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// Mapping derives resources from records, as definitions declare. It is compiled
// once and safe for concurrent use.
//
// A fact's value is found at [assize.Fact.SourcePath] in the answer of its
// operation and stands at its Path in the resource. Grammar of the source path:
//
//	Name.Name      fields of objects
//	Name[]         each element of a list
//	Name{}         each entry of a map, in order of keys; the next step is
//	               @key or @value
//	@masked        at the end, after the path: whether a secret was masked at
//	               the path or below it
//	$id $arn $account $region
//	               of the record itself; the fact then has no operation
//
// Path has a [] for each [] or {} of the source path, and facts below the same
// list come from the same source list, so that elements keep together. A fact of
// type list<string> may have more of them in the source path: their values become one
// list.
type Mapping struct {
	byType map[string]*program
	digest string
	texts  texts
}

// program derives one type.
type program struct {
	def  *assize.Definition
	root []*node
}

// node is one name of the resource's properties.
type node struct {
	name string
	fact *factPlan // of a leaf
	list *listPlan // of a list of objects
	kids []*node   // of an object, and of the elements of a list; sorted by name
}

// origin says from where a path is followed: an answer of the record, an element
// of a list above it, or the record itself.
type origin struct {
	operation string
	depth     int // lists above; 0 means the answer
	steps     []step
}

// listPlan finds the elements of a list of objects.
type listPlan struct{ from origin }

// factPlan finds and converts one value.
type factPlan struct {
	fact   *assize.Fact
	from   origin
	self   string // "$id" and so on
	masked bool   // asks whether, not what
	enum   map[string]assize.Value
}

// step is one step of a source path.
type step struct {
	name string
	each eachKind
}

type eachKind int

const (
	eachNone eachKind = iota
	eachElement
	eachEntry
)

// The names of the two sides of a map's entry.
const (
	entryKey   = "@key"
	entryValue = "@value"
	maskedMark = "@masked"
)

// NewMapping compiles the definitions. The error names each fact that cannot be
// derived as declared.
func NewMapping(defs []*assize.Definition) (*Mapping, error) {
	m := &Mapping{byType: map[string]*program{}}
	var errs []error
	for _, def := range defs {
		p, err := compile(def)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if m.byType[def.Type] != nil {
			errs = append(errs, fmt.Errorf("%s: defined twice", def.Type))
		}
		m.byType[def.Type] = p
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	m.digest = digestOf(defs)
	return m, nil
}

// Digest identifies the definitions, "sha256:<hex>".
func (m *Mapping) Digest() string { return m.digest }

func compile(def *assize.Definition) (*program, error) {
	p := &program{def: def}
	var errs []error
	for i := range def.Facts {
		if err := p.add(&def.Facts[i]); err != nil {
			errs = append(errs, fmt.Errorf("%s: fact %s: %w", def.Type, def.Facts[i].Path, err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return p, nil
}

// add places a fact in the tree of the resource's properties.
func (p *program) add(f *assize.Fact) error {
	plan, err := planFact(f)
	if err != nil {
		return err
	}
	names := f.Steps()
	level := &p.root
	taken, depth := 0, 0 // source steps that lists above have taken
	for i, name := range names {
		name, isList := strings.CutSuffix(name, "[]")
		if name == "" || strings.ContainsAny(name, "[]{}@$") {
			return fmt.Errorf("path: %q is no name", names[i])
		}
		n := child(level, name)
		if i == len(names)-1 {
			if isList {
				return errors.New("path ends in a list of objects; a list of strings has no []")
			}
			if n.fact != nil || n.kids != nil {
				return errors.New("path is taken by another fact")
			}
			plan.from.steps, plan.from.depth = plan.from.steps[taken:], depth
			n.fact = plan
			return nil
		}
		if n.fact != nil {
			return fmt.Errorf("path: %s is a fact itself", strings.Join(names[:i+1], "."))
		}
		if isList {
			upto := taken + nextList(plan.from.steps[taken:])
			list := &listPlan{origin{operation: plan.from.operation, depth: depth, steps: plan.from.steps[taken:upto]}}
			if err := n.setList(list); err != nil {
				return err
			}
			taken, depth = upto, depth+1
		} else if n.list != nil {
			return fmt.Errorf("path: %s is a list in another fact", strings.Join(names[:i+1], "."))
		}
		if n.kids == nil {
			n.kids = []*node{}
		}
		level = &n.kids
	}
	return nil
}

// setList makes the node a list; facts that share it must find its elements in the same place.
func (n *node) setList(l *listPlan) error {
	switch {
	case n.list == nil && n.kids != nil:
		return fmt.Errorf("path: %s is an object in another fact", n.name)
	case n.list == nil:
		n.list = l
	case n.list.from.operation != l.from.operation || !slices.Equal(n.list.from.steps, l.from.steps):
		return fmt.Errorf("at: the elements of %s come from another list than those of an earlier fact", n.name)
	}
	return nil
}

// child returns the node of that name, made in its place when there is none.
func child(level *[]*node, name string) *node {
	i, found := slices.BinarySearchFunc(*level, name, func(n *node, name string) int { return strings.Compare(n.name, name) })
	if !found {
		*level = slices.Insert(*level, i, &node{name: name})
	}
	return (*level)[i]
}

// nextList is the number of steps up to and with the next list.
func nextList(steps []step) int {
	return slices.IndexFunc(steps, func(s step) bool { return s.each != eachNone }) + 1
}

// planFact parses the source of a fact.
func planFact(f *assize.Fact) (*factPlan, error) {
	if !slices.Contains(assize.FactTypes, f.Type) {
		return nil, fmt.Errorf("type %q is none of a fact", f.Type)
	}
	plan := &factPlan{fact: f}
	at := f.SourcePath()
	if strings.HasPrefix(at, "$") {
		return plan, plan.setSelf(at)
	}
	if service, operation, ok := strings.Cut(f.From, ":"); !ok || service == "" || operation == "" {
		return nil, fmt.Errorf("from: %q: want service:Operation", f.From)
	}
	plan.from.operation = f.From
	at, plan.masked = strings.CutSuffix(at, maskedMark)
	if plan.masked && f.Type != assize.Bool {
		return nil, errors.New("at: @masked is of type bool")
	}
	steps, err := parseSteps(at)
	if err != nil {
		return nil, err
	}
	plan.from.steps = steps
	want, got := strings.Count(f.Path, "[]"), 0
	for _, s := range steps {
		if s.each != eachNone {
			got++
		}
	}
	if got < want || got > want && f.Type != assize.Strings {
		return nil, fmt.Errorf("path has %d lists and at has %d", want, got)
	}
	plan.enum = make(map[string]assize.Value, len(f.Values))
	for _, v := range f.Values {
		plan.enum[v] = v
	}
	return plan, nil
}

func (p *factPlan) setSelf(at string) error {
	switch {
	case !slices.Contains([]string{"$id", "$arn", "$account", "$region"}, at):
		return fmt.Errorf("at: %q is none of $id, $arn, $account, $region", at)
	case p.fact.From != "":
		return fmt.Errorf("from: %s is of the record itself and comes from no operation", at)
	case p.fact.Type != assize.String:
		return fmt.Errorf("type: %s is a string", at)
	case strings.Contains(p.fact.Path, "[]"):
		return fmt.Errorf("path: %s stands in no list", at)
	}
	p.self = at
	return nil
}

// parseSteps parses a source path; the empty one is the answer itself.
func parseSteps(at string) ([]step, error) {
	if at == "" {
		return nil, nil
	}
	var steps []step
	for text := range strings.SplitSeq(at, ".") {
		s := step{name: text}
		if name, ok := strings.CutSuffix(text, "[]"); ok {
			s = step{name, eachElement}
		} else if name, ok := strings.CutSuffix(text, "{}"); ok {
			s = step{name, eachEntry}
		}
		afterEntry := len(steps) > 0 && steps[len(steps)-1].each == eachEntry
		isSide := s.name == entryKey || s.name == entryValue
		switch {
		case s.name == "" || strings.ContainsAny(s.name, "[]{}$") || !isSide && strings.Contains(s.name, "@"):
			return nil, fmt.Errorf("at: %q is no step", text)
		case afterEntry != isSide:
			return nil, errors.New("at: @key or @value stands after {} and nowhere else")
		case s.name == entryKey && s.each != eachNone:
			return nil, errors.New("at: a key has no elements")
		}
		steps = append(steps, s)
	}
	if steps[len(steps)-1].each == eachEntry {
		return nil, errors.New("at: after {} comes @key or @value")
	}
	return steps, nil
}
