package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// tables are what findings refer to: each thing once, in the order in which findings first
// named it. They hold pointers and texts that the result holds too.
type tables struct {
	resources  map[*assize.Resource]*tableResource
	byResource []*tableResource
	exceptions numbered[assize.Exception]
	texts      numbered[entryField]
	evidence   numbered[string] // the keys of its texts, with a comma between them
	last       shownResource
}

// numbered gives things numbers, equal ones the same.
type numbered[T comparable] struct {
	number map[T]int
	all    []T
}

// of returns the key of v: the prefix and its number, from 1.
func (n *numbered[T]) of(prefix string, v T) string {
	i, ok := n.number[v]
	if !ok {
		if n.number == nil {
			n.number = map[T]int{}
		}
		n.all = append(n.all, v)
		i = len(n.all)
		n.number[v] = i
	}
	return key(prefix, i)
}

func key(prefix string, n int) string { return prefix + strconv.Itoa(n) }

// tableResource is a resource of which findings cannot say everything.
type tableResource struct {
	*assize.Resource
	key   string
	facts []string // that a finding shows the start of
}

// encode appends a finding in at most maxEntry bytes to b, and keeps in the tables what the
// finding refers to.
func (t *tables) encode(b []byte, f *assize.Finding) ([]byte, error) {
	var out []byte
	for i, l := range steps {
		var e entry
		var err error
		if i == 0 && f.Resource != nil {
			e, err = t.last.entry(f)
		} else {
			e = makeEntry(f, l)
		}
		if err != nil {
			return nil, err
		}
		t.refer(&e, f)
		if out, err = e.append(b); err != nil || len(out)-len(b) <= maxEntry {
			return out, err
		}
	}
	return out, nil
}

// refer gives an entry its references. What a step cuts, the next one cuts too, so that
// nothing comes into the tables that the entry which is written does not name.
func (t *tables) refer(e *entry, f *assize.Finding) {
	if r := f.Resource; r != nil && (r.Origin != nil || len(e.cutFacts) > 0 || e.ID != r.ID || e.ARN != r.ShownARN() || e.Type != r.Type) {
		e.references.Resource = t.resource(r, e.cutFacts)
	}
	if f.Exception != nil {
		e.references.Exception = t.exceptions.of("x", *f.Exception)
	}
	if len(f.Evidence) > 0 {
		keys := make([]string, len(f.Evidence))
		for i, field := range f.Evidence {
			text, _ := field.Value.(string)
			keys[i] = t.texts.of("t", entryField{field.Name, text})
		}
		e.Evidence = t.evidence.of("e", strings.Join(keys, ","))
	}
	if e.Cut {
		t.whole(e, f)
	}
}

// whole refers to the texts of an entry that are cut and belong to no resource.
func (t *tables) whole(e *entry, f *assize.Finding) {
	keep := func(name, shown, all string) {
		if shown != all {
			e.Whole = append(e.Whole, t.texts.of("t", entryField{name, all}))
		}
	}
	keep("check", e.Check, f.Check.ID)
	keep("account", e.Account, f.Account)
	keep("region", e.Region, f.Region)
	if f.Resource == nil {
		keep("type", e.Type, f.Check.Subject.Type)
	}
	keep("reason", e.Reason, f.Reason)
	keep("scope", e.Scope, f.Scope)
	if u := f.Unknown; u != nil {
		keep("operation", e.Operation, u.Operation)
		keep("code", e.Code, u.Code)
	}
	for i, r := range f.Resources[:min(len(f.Resources), maxResources)] {
		shown := ""
		if i < len(e.Resources) {
			shown = e.Resources[i]
		}
		keep("resources", shown, r.Label())
	}
}

// resource returns the key of a resource whose facts of these names are kept whole.
func (t *tables) resource(r *assize.Resource, facts []string) string {
	row := t.resources[r]
	if row == nil {
		if t.resources == nil {
			t.resources = map[*assize.Resource]*tableResource{}
		}
		row = &tableResource{Resource: r, key: key("r", len(t.byResource)+1)}
		t.resources[r] = row
		t.byResource = append(t.byResource, row)
	}
	for _, name := range facts {
		if !slices.Contains(row.facts, name) {
			row.facts = append(row.facts, name)
		}
	}
	return row.key
}

// write writes the tables as members of the document, a line an entry.
func (t *tables) write(o *out) {
	w := tableWriter{o: o}
	w.begin("resources")
	var line []byte
	for _, r := range t.byResource {
		var err error
		line, err = r.append(line[:0])
		w.encoded(r.key, line, err)
	}
	w.begin("evidence")
	for i, keys := range t.evidence.all {
		w.entry(key("e", i+1), strings.Split(keys, ","))
	}
	w.begin("texts")
	for i, text := range t.texts.all {
		w.entry(key("t", i+1), text)
	}
	w.begin("exceptions")
	for i := range t.exceptions.all {
		w.entry(key("x", i+1), &t.exceptions.all[i])
	}
	w.end()
}

// append writes the resource as a member of the table has it.
func (r *tableResource) append(b []byte) ([]byte, error) {
	slices.Sort(r.facts)
	facts := make(assize.Object, len(r.facts))
	for i, name := range r.facts {
		facts[i] = assize.Field{Name: name, Value: r.Fact(name)}
	}
	m := members{b: append(b, '{')}
	m.text("type", r.Type, true)
	m.text("account", r.Account, false)
	m.text("region", r.Region, false)
	m.text("id", r.ID, true)
	m.text("arn", r.ShownARN(), false)
	if r.Origin != nil {
		m.origin("origin", r.Origin)
	}
	m.object("facts", facts)
	return append(m.b, '}'), m.err
}

// tableWriter writes objects with a line for each of their members.
type tableWriter struct {
	o     *out
	comma string
	open  bool
}

func (w *tableWriter) begin(name string) {
	w.end()
	w.o.str(`"`, name, `":{`)
	w.comma, w.open = "", true
}

func (w *tableWriter) entry(key string, v any) {
	w.o.str(w.comma, "\n\"", key, `":`)
	w.o.json(v)
	w.comma = ","
}

// encoded is entry for what is JSON already.
func (w *tableWriter) encoded(key string, data []byte, err error) {
	w.o.str(w.comma, "\n\"", key, `":`)
	w.o.fail(err)
	w.o.bytes(data)
	w.comma = ","
}

func (w *tableWriter) end() {
	if w.open {
		w.o.str("\n},\n")
	}
}
