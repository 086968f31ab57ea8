package library

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// Document is a framework as it is handed on: what is written of it, and its mappings where it
// has any. It is one YAML file: a framework as in frameworks/<id>.yaml, and after "---" a set of
// mappings as in mappings/<id>.yaml. The id is the name of the file.
type Document struct {
	Framework *assize.Framework
	Mappings  *assize.MappingSet // nil: none
}

// Encode writes the document as YAML. What is decoded of it is the same again.
func (d *Document) Encode() ([]byte, error) {
	data, err := Encode(d.Framework)
	if err != nil || d.Mappings == nil {
		return data, err
	}
	more, err := Encode(d.Mappings)
	return slices.Concat(data, []byte("---\n"), more), err
}

// DecodeDocument reads a document; name stands in errors, with the line. Unknown keys are refused.
func DecodeDocument(id, name string, data []byte) (*Document, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	d := &Document{Framework: &assize.Framework{}}
	if err := dec.Decode(d.Framework); err != nil {
		return nil, faults(name, err)
	}
	d.Framework.ID = id
	var set assize.MappingSet
	err := dec.Decode(&set)
	switch {
	case errors.Is(err, io.EOF):
		return d, nil
	case err != nil:
		return nil, faults(name, err)
	}
	set.Framework = id
	d.Mappings = &set
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: want a framework and at most one set of mappings, there are more documents", name)
	}
	return d, nil
}

// Document is the framework of that id (or alias) as its files say it, with its mappings: what it
// inherits is named, not copied, and need not be there.
func (l *Library) Document(id string) (*Document, error) {
	f := l.catalogue.frameworks[id]
	if f == nil {
		f = l.aliased(id)
	}
	if f == nil {
		_, err := l.Framework(id) // says which there are
		return nil, err
	}
	written, err := f.written()
	if err != nil {
		return nil, err
	}
	d := &Document{Framework: written}
	if _, ok := l.catalogue.mappings[f.id]; ok {
		d.Mappings, err = l.Mappings(f.id)
	}
	return d, err
}

// Encode writes a noun of the content ([assize.Framework], [assize.Group], [assize.MappingSet],
// [assize.Control]) as YAML in the style of the library: what is not set is left out, long texts are
// folded. It refuses values of other kinds than texts, numbers, booleans, lists and structs.
func Encode(v any) ([]byte, error) {
	w := &yamlWriter{}
	w.mapping(reflect.Indirect(reflect.ValueOf(v)), 0)
	return []byte(w.b.String()), w.err
}

// lineWidth is at which column texts are folded.
const lineWidth = 118

type yamlWriter struct {
	b   strings.Builder
	err error
}

func pad(n int) string { return strings.Repeat(" ", n) }

// mapping writes the fields of a struct, or the texts of a map, one a line.
func (w *yamlWriter) mapping(v reflect.Value, indent int) {
	if m, ok := v.Interface().(map[string]string); ok {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			w.b.WriteString(pad(indent) + w.scalar(key) + ":")
			w.value(reflect.ValueOf(m[key]), indent)
		}
		return
	}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "-" || v.Field(i).IsZero() {
			continue
		}
		w.b.WriteString(pad(indent) + name + ":")
		w.value(v.Field(i), indent)
	}
}

// value writes what follows a key at that indent, to the end of its line or lines.
func (w *yamlWriter) value(v reflect.Value, indent int) {
	switch v.Kind() { //nolint:exhaustive // every other kind is refused
	case reflect.String:
		w.text(v.String(), indent+2)
	case reflect.Int, reflect.Int64:
		w.b.WriteString(" " + strconv.FormatInt(v.Int(), 10) + "\n")
	case reflect.Bool:
		w.b.WriteString(" " + strconv.FormatBool(v.Bool()) + "\n")
	case reflect.Pointer:
		w.value(v.Elem(), indent)
	case reflect.Struct, reflect.Map:
		below := &yamlWriter{}
		below.mapping(v, indent+2)
		w.err = errors.Join(w.err, below.err)
		if below.b.Len() == 0 {
			w.b.WriteString(" {}\n")
		} else {
			w.b.WriteString("\n" + below.b.String())
		}
	case reflect.Slice:
		w.list(v, indent)
	default:
		w.err = fmt.Errorf("encode: %s is no part of the content", v.Type())
	}
}

func (w *yamlWriter) list(v reflect.Value, indent int) {
	if line, ok := w.flow(v, indent); ok {
		w.b.WriteString(" " + line + "\n")
		return
	}
	w.b.WriteString("\n")
	for i := range v.Len() {
		item := &yamlWriter{}
		if e := reflect.Indirect(v.Index(i)); e.Kind() == reflect.Struct {
			item.mapping(e, indent+4)
			text := cmp.Or(strings.TrimPrefix(item.b.String(), pad(indent+4)), "{}\n")
			w.b.WriteString(pad(indent+2) + "- " + text)
		} else {
			w.b.WriteString(pad(indent+2) + "-")
			w.value(e, indent+2)
		}
		w.err = errors.Join(w.err, item.err)
	}
}

// flow writes a list of short texts or numbers in one line.
func (w *yamlWriter) flow(v reflect.Value, indent int) (string, bool) {
	if v.Len() == 0 {
		return "[]", true
	}
	kind := v.Type().Elem().Kind()
	if kind != reflect.String && kind != reflect.Int {
		return "", false
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for i := range v.Len() {
		if kind == reflect.Int {
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(v.Index(i).Int(), 10)})
		} else {
			n.Content = append(n.Content, textNode(v.Index(i).String()))
		}
	}
	line, err := yaml.Marshal(n)
	w.err = errors.Join(w.err, err)
	text := strings.TrimSpace(string(line))
	return text, len(text)+indent < lineWidth && !strings.Contains(text, "\n")
}

// text writes a text: on its line where it is short, folded where that changes nothing of it.
func (w *yamlWriter) text(s string, indent int) {
	if len(s)+indent < lineWidth-20 || !foldable(s) {
		w.b.WriteString(" " + w.scalar(s) + "\n")
		return
	}
	w.b.WriteString(" >-\n" + pad(indent))
	column := indent
	for i, word := range strings.Split(s, " ") {
		switch {
		case i > 0 && column+1+len(word) > lineWidth:
			w.b.WriteString("\n" + pad(indent))
			column = indent
		case i > 0:
			w.b.WriteString(" ")
			column++
		}
		w.b.WriteString(word)
		column += len(word)
	}
	w.b.WriteString("\n")
}

// foldable: single spaces between printable words, so that line breaks read as the spaces again.
func foldable(s string) bool {
	if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) < 0
}

// scalar writes a text in one line, in quotes where it needs them.
func (w *yamlWriter) scalar(s string) string {
	line, err := yaml.Marshal(textNode(s))
	w.err = errors.Join(w.err, err)
	return strings.TrimSuffix(string(line), "\n")
}

// textNode is a text that is written in one line: in double quotes where it holds what is not
// printable, as plain as can be elsewhere.
func textNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if s != strings.TrimSpace(s) || strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}
