package collect

import (
	"fmt"
	"strconv"
	"unique"

	"github.com/assize-dev/assize"
)

// Derive compiles one definition and derives one resource; [Mapping] does so for many.
func Derive(def *assize.Definition, rec *assize.Record) (*assize.Resource, error) {
	m, err := NewMapping([]*assize.Definition{def})
	if err != nil {
		return nil, err
	}
	return m.Derive(rec)
}

// Derive makes the resource of a record. A fact whose operation answered "none" is
// absent; one whose operation has a gap is the gap's *Unknown, shared by all of
// them; one whose operation was not asked, or whose value is of another kind than
// declared, is *Unknown, too. It never fails for what a record holds; the error is
// that the type is not defined.
func (m *Mapping) Derive(rec *assize.Record) (*assize.Resource, error) {
	p := m.byType[rec.Type]
	if p == nil {
		return nil, fmt.Errorf("no definition of type %s", rec.Type)
	}
	d := &derivation{rec: rec, answers: map[string]answerOf{}, texts: &m.texts}
	res := &assize.Resource{
		Type: p.def.Type, Account: intern(rec.Account), Region: intern(rec.Region), ID: rec.ID, ARN: rec.ARN,
		Properties: d.object(p.root, nil),
	}
	if res.Properties == nil {
		res.Properties = assize.Object{}
	}
	return res, nil
}

// Defines reports whether resources of the type can be derived.
func (m *Mapping) Defines(typ string) bool { return m.byType[typ] != nil }

func intern(s string) string { return unique.Make(s).Value() }

// derivation is the work on one record.
type derivation struct {
	rec     *assize.Record
	answers map[string]answerOf
	texts   *texts
}

// answerOf is what an operation said: a value, nil for none, or an *Unknown.
type answerOf struct {
	value  assize.Value
	masked []string
}

// frame is an element of a list, with the frame of the list above it.
type frame struct {
	key   string // of a map's entry
	value assize.Value
	path  string // of value in the answer, as in [assize.Answer.Masked]
}

// answer looks an operation up, once.
func (d *derivation) answer(operation string) answerOf {
	if a, ok := d.answers[operation]; ok {
		return a
	}
	out := answerOf{value: &assize.Unknown{
		Cause: assize.NotConnected, Operation: operation, Detail: "the collection holds no answer of " + operation,
	}}
	if a := d.rec.Answer(operation); a != nil {
		switch {
		case a.Gap != nil:
			out.value = a.Gap.Unknown()
		case a.None != "":
			out.value = nil
		default:
			out.value, out.masked = a.Value, a.Masked
		}
	}
	d.answers[operation] = out
	return out
}

// object builds the object of the nodes; nil when none has a value.
func (d *derivation) object(nodes []*node, at *frame) assize.Object {
	var few [12]assize.Value
	values := few[:0]
	n := 0
	for _, node := range nodes {
		v := d.node(node, at)
		if v != nil {
			n++
		}
		values = append(values, v)
	}
	if n == 0 {
		return nil
	}
	o := make(assize.Object, 0, n)
	for i, node := range nodes {
		if values[i] != nil {
			o = append(o, assize.Field{Name: node.name, Value: values[i]})
		}
	}
	return o
}

// node builds the value of one name, nil where it is absent.
func (d *derivation) node(n *node, at *frame) assize.Value {
	switch {
	case n.fact != nil:
		return d.fact(n.fact, at)
	case n.list != nil:
		return d.list(n, at)
	}
	if o := d.object(n.kids, at); o != nil {
		return o
	}
	return nil
}

// list builds a list of objects.
func (d *derivation) list(n *node, at *frame) assize.Value {
	frames, unknown, present := d.elements(n.list.from, at)
	if unknown != nil {
		return unknown
	}
	if !present {
		return nil
	}
	list := make(assize.List, len(frames))
	for i := range frames {
		if u, ok := frames[i].value.(*assize.Unknown); ok {
			list[i] = u
			continue
		}
		o := d.object(n.kids, &frames[i])
		if o == nil {
			o = assize.Object{}
		}
		list[i] = o
	}
	return list
}

// start is where a path begins.
func (d *derivation) start(from origin, at *frame) frame {
	if from.depth > 0 {
		return *at
	}
	return frame{value: d.answer(from.operation).value}
}

// elements follows a path whose last step is a list or map. present is false where
// something on the way is absent.
func (d *derivation) elements(from origin, at *frame) (frames []frame, unknown *assize.Unknown, present bool) {
	f := d.start(from, at)
	last := from.steps[len(from.steps)-1]
	f, unknown = d.walk(f, from.steps, from.operation)
	if unknown != nil || f.value == nil {
		return nil, unknown, false
	}
	switch v := f.value.(type) {
	case assize.List:
		if last.each != eachElement {
			return nil, wrongKind(from.operation, last.name, "a map"), true
		}
		frames = make([]frame, len(v))
		for i := range v {
			frames[i] = frame{value: v[i], path: f.path + "[" + strconv.Itoa(i) + "]"}
		}
	case assize.Object:
		if last.each != eachEntry {
			return nil, wrongKind(from.operation, last.name, "a list"), true
		}
		frames = make([]frame, len(v))
		for i := range v {
			frames[i] = frame{key: v[i].Name, value: v[i].Value, path: join(f.path, v[i].Name)}
		}
	default:
		return nil, wrongKind(from.operation, last.name, "a list"), true
	}
	return frames, nil, true
}

// walk follows the names of the steps; it enters no list.
func (d *derivation) walk(f frame, steps []step, operation string) (frame, *assize.Unknown) {
	for _, s := range steps {
		if u, ok := f.value.(*assize.Unknown); ok {
			return f, u
		}
		switch s.name {
		case entryKey:
			return frame{value: f.key, path: f.path}, nil
		case entryValue:
			continue
		}
		if f.value == nil {
			// Absent here; a secret may not have been masked below it either.
			f.path = join(f.path, s.name)
			continue
		}
		o, ok := f.value.(assize.Object)
		if !ok {
			return f, wrongKind(operation, s.name, "in an object")
		}
		f = frame{value: o.Get(s.name), path: join(f.path, s.name)}
	}
	if u, ok := f.value.(*assize.Unknown); ok {
		return f, u
	}
	return f, nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func wrongKind(operation, name, want string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.WrongAnswer, Operation: operation, Detail: name + " is not " + want}
}
