package cloudformation

import (
	"fmt"
	"slices"
	"strings"
)

// circles refuses resources that wait for each other, which CloudFormation cannot make: "Circular
// dependency between resources". Counted are references and DependsOn between resources that are
// made in any case; which way an undecided condition goes is not guessed. Of a template that a macro
// writes anew nothing is said, nor of resources that the SAM transform writes out.
func (s *stack) circles() error {
	if len(s.project.incomplete) > 0 {
		return nil
	}
	w := &circleSearch{s: s, done: map[*item]bool{}}
	for _, it := range s.order {
		if circle := w.from(it); circle != nil {
			return fmt.Errorf("%s:%d: resources refer to each other in a circle, %s, which CloudFormation refuses: take one of the references out, "+
				"or put it into a resource of its own", s.file, circle[0].line, circleText(circle))
		}
	}
	return nil
}

// circleText names the resources of a circle, the first of them twice.
func circleText(circle []*item) string {
	names := make([]string, 0, len(circle)+1)
	for _, it := range circle {
		names = append(names, it.logical)
	}
	return strings.Join(append(names, circle[0].logical), " → ")
}

// circleSearch goes from resource to resource.
type circleSearch struct {
	s    *stack
	path []*item
	done map[*item]bool // what leads into no circle
}

// from is the circle that a resource leads into, nil where there is none.
func (w *circleSearch) from(it *item) []*item {
	if at := slices.Index(w.path, it); at >= 0 {
		return w.path[at:]
	}
	if w.done[it] || strings.HasPrefix(it.typ, "AWS::Serverless::") || it.exists() != yes {
		return nil
	}
	w.path = append(w.path, it)
	for _, next := range w.waitsFor(it) {
		if circle := w.from(next); circle != nil {
			return circle
		}
	}
	w.path = w.path[:len(w.path)-1]
	w.done[it] = true
	return nil
}

// waitsFor lists the resources that must be there before a resource is made.
func (w *circleSearch) waitsFor(it *item) []*item {
	f := &referenceFinder{e: &evaluation{s: w.s, assume: it.condition}}
	f.in(it.properties)
	f.name(it.dependsOn.text())
	if it.dependsOn != nil {
		for _, on := range it.dependsOn.items {
			f.name(on.text())
		}
	}
	return f.found
}

// referenceFinder collects the resources that values refer to.
type referenceFinder struct {
	e     *evaluation
	found []*item
}

// name notes a resource by its logical name; other names are passed over.
func (f *referenceFinder) name(name string) {
	if it := f.e.s.items[name]; it != nil && !slices.Contains(f.found, it) {
		f.found = append(f.found, it)
	}
}

// in looks for references in a value. Of Fn::If only the side counts that is taken for certain.
func (f *referenceFinder) in(n *node) {
	if n == nil {
		return
	}
	name, arg := n.call()
	switch name {
	case "Ref":
		f.named(arg)
	case "Fn::GetAtt":
		f.getAtt(arg)
	case "Fn::Sub":
		f.sub(arg)
	case "Fn::If":
		f.choose(arg)
	default:
		for _, item := range n.items {
			f.in(item)
		}
		fields, _ := f.e.s.unroll(n.fields) // evaluation tells of loops that cannot be written out
		for _, field := range fields {
			f.in(field.node)
		}
	}
}

func (f *referenceFinder) getAtt(arg *node) {
	if len(arg.items) > 0 {
		f.named(arg.items[0])
		return
	}
	logical, _, _ := strings.Cut(arg.text(), ".")
	f.name(logical)
}

// named notes what a text, or a function that gives one, names. What the function itself refers to
// are parameters.
func (f *referenceFinder) named(arg *node) {
	if name, known := f.e.nameIn(arg); known {
		f.name(name)
	}
}

func (f *referenceFinder) choose(arg *node) {
	if len(arg.items) != 3 {
		return
	}
	switch f.e.holds(arg.items[0].text(), arg.line) {
	case yes:
		f.in(arg.items[1])
	case no:
		f.in(arg.items[2])
	case maybe:
	}
}

// sub looks at the names in ${}, but for those that Fn::Sub is given values for.
func (f *referenceFinder) sub(arg *node) {
	text, own := arg.text(), (*node)(nil)
	if len(arg.items) == 2 {
		text, own = arg.items[0].text(), arg.items[1]
		f.in(own)
	}
	for {
		_, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return
		}
		logical, _, _ := strings.Cut(strings.TrimSpace(name), ".")
		if own.get(strings.TrimSpace(name)) == nil {
			f.name(logical)
		}
		text = after
	}
}
