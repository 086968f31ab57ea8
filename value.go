package assize

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Value is what is known of one property. It is one of a closed set:
//
//	nil       absent: the source answered, and there is none
//	bool, int64, float64, string
//	List      in the order of the source
//	Object    fields sorted by name
//	*Unknown  not known: the source did not or could not answer
//
// Points in time are strings in RFC 3339, UTC. Policy documents are strings.
type Value any

// List is an ordered sequence. A last element that is an *Unknown with Rest set
// says that there may be further elements that could not be read.
type List []Value

// Object is a set of named values, sorted by name, names unique.
type Object []Field

// Field is one named value of an Object.
type Field struct {
	Name  string
	Value Value
}

// Unknown stands where a value is not known, and says why.
type Unknown struct {
	// Cause is one of the closed list; never empty.
	Cause Cause `json:"cause"`
	// Operation is the API operation that would have answered, as "s3:GetBucketPolicy"; may be empty.
	Operation string `json:"operation,omitempty"`
	// Code is the error code of the service, where there was one.
	Code string `json:"code,omitempty"`
	// Detail says more in a few words, for people.
	Detail string `json:"detail,omitempty"`
	// Rest marks the tail of a list whose further elements are not known.
	Rest bool `json:"rest,omitempty"`
	// Refers is the resource of the same inventory that the value will name once it
	// is known: its ARN, id or name. The value is then not absent.
	Refers *Reference `json:"refers,omitempty"`
}

// Hole stands in the text of a policy document where a part is not known: an element
// of a list of resources, principals or actions, or a whole value. A document with a
// hole is known in part; see assess, policy functions. No AWS document can hold it.
const Hole = "${assize:unknown}"

// NewObject makes an Object of a map.
func NewObject(fields map[string]Value) Object {
	o := make(Object, 0, len(fields))
	for name, v := range fields {
		o = append(o, Field{Name: name, Value: v})
	}
	o.sort()
	return o
}

func (o Object) sort() {
	slices.SortFunc(o, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
}

// Get returns the field's value, nil when there is no such field.
func (o Object) Get(name string) Value {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value
		}
	}
	return nil
}

// Set returns the object with the field set, in place where the field exists.
// Setting nil keeps no field.
func (o Object) Set(name string, v Value) Object {
	i, found := slices.BinarySearchFunc(o, name, func(f Field, n string) int { return strings.Compare(f.Name, n) })
	switch {
	case found && v == nil:
		return slices.Delete(o, i, i+1)
	case found:
		o[i].Value = v
		return o
	case v == nil:
		return o
	}
	return slices.Insert(o, i, Field{Name: name, Value: v})
}

// At follows a path of field names separated by dots. It returns the *Unknown
// that it meets on the way, and nil where a name is absent. It does not enter lists.
func (o Object) At(path string) Value {
	for {
		name, rest, more := strings.Cut(path, ".")
		v := o.Get(name)
		if !more {
			return v
		}
		switch x := v.(type) {
		case Object:
			o, path = x, rest
		case *Unknown:
			return x
		default:
			return nil
		}
	}
}

// MarshalJSON writes the object with its fields in order of name.
func (o Object) MarshalJSON() ([]byte, error) { return o.AppendJSON(nil) }

// AppendJSON appends what MarshalJSON returns to b, which saves a copy of it. After an error
// what it returns is not whole.
func (o Object) AppendJSON(b []byte) ([]byte, error) { return appendObject(b, o) }

// AppendJSON appends a value of any kind to b as the MarshalJSON of its kind writes it. After an
// error what it returns is not whole.
func AppendJSON(b []byte, v Value) ([]byte, error) { return appendValue(b, v) }

// appendValue writes a value as JSON, without a buffer for each of its parts: reports
// write hundreds of thousands of small objects.
func appendValue(b []byte, v Value) ([]byte, error) {
	switch x := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, x), nil
	case int64:
		return strconv.AppendInt(b, x, 10), nil
	case string:
		return appendText(b, x)
	case Object:
		return appendObject(b, x)
	case List:
		return appendList(b, x)
	case *Unknown:
		return appendUnknown(b, x)
	}
	data, err := marshalPlain(v)
	return append(b, data...), err
}

func appendObject(b []byte, o Object) ([]byte, error) {
	var err error
	b = append(b, '{')
	for i, f := range o {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendText(b, f.Name); err != nil {
			return nil, err
		}
		b = append(b, ':')
		if b, err = appendValue(b, f.Value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendList(b []byte, l List) ([]byte, error) {
	var err error
	if l == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '[')
	for i, e := range l {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, e); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// appendText writes a string. Most need no escape, or those of quotes alone, as addresses with keys do.
func appendText(b []byte, s string) ([]byte, error) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f {
			data, err := marshalPlain(s)
			return append(b, data...), err
		}
	}
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		if c := s[i]; c == '"' || c == '\\' {
			b = append(b, s[from:i]...)
			b = append(b, '\\')
			from = i
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"'), nil
}

// unknownKey is the one field of an object that stands for an *Unknown in JSON.
const unknownKey = "$unknown"

// MarshalJSON writes {"$unknown": {...}}.
func (u *Unknown) MarshalJSON() ([]byte, error) { return appendUnknown(nil, u) }

// appendUnknown writes the fields by hand: plans hold an unknown for most of what they say.
func appendUnknown(b []byte, u *Unknown) ([]byte, error) {
	b = append(b, `{"`+unknownKey+`":{"cause":`...)
	b, err := appendText(b, string(u.Cause))
	for _, m := range [...]struct{ name, text string }{{"operation", u.Operation}, {"code", u.Code}, {"detail", u.Detail}} {
		if m.text != "" && err == nil {
			b = append(append(append(b, `,"`...), m.name...), `":`...)
			b, err = appendText(b, m.text)
		}
	}
	if u.Rest {
		b = append(b, `,"rest":true`...)
	}
	if r := u.Refers; r != nil && err == nil {
		b = append(b, `,"refers":`...)
		b, err = appendObject(b, Object{{"type", r.Type}, {"account", r.Account}, {"region", r.Region}, {"id", r.ID}})
	}
	return append(b, "}}"...), err
}

// marshalPlain is json.Marshal without the escaping of HTML characters.
func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// maxValueDepth bounds the nesting of a decoded value.
const maxValueDepth = 64

// ParseValue decodes JSON into a Value: numbers without fraction become int64,
// null becomes absent, {"$unknown": ...} becomes *Unknown.
func ParseValue(data []byte) (Value, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := decodeValue(dec, 0)
	if err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, fmt.Errorf("more than one JSON value, at byte %d", dec.InputOffset())
	}
	return v, nil
}

func decodeValue(dec *json.Decoder, depth int) (Value, error) {
	if depth > maxValueDepth {
		return nil, fmt.Errorf("value nested deeper than %d levels, at byte %d", maxValueDepth, dec.InputOffset())
	}
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case json.Delim:
		if t == '[' {
			return decodeList(dec, depth)
		}
		return decodeObject(dec, depth)
	case json.Number:
		if i, err := t.Int64(); err == nil {
			return i, nil
		}
		return t.Float64()
	case nil:
		return nil, nil
	case bool:
		return t, nil
	case string:
		return t, nil
	}
	return nil, fmt.Errorf("unexpected JSON token %v", tok)
}

func decodeList(dec *json.Decoder, depth int) (Value, error) {
	list := List{}
	for dec.More() {
		v, err := decodeValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := dec.Token()
	return list, err
}

func decodeObject(dec *json.Decoder, depth int) (Value, error) {
	obj := Object{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := decodeValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		obj = append(obj, Field{Name: name.(string), Value: v})
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	obj.sort()
	for i := 1; i < len(obj); i++ {
		if obj[i].Name == obj[i-1].Name {
			return nil, fmt.Errorf("field %q stands twice in one object", obj[i].Name)
		}
	}
	if len(obj) == 1 && obj[0].Name == unknownKey {
		return decodeUnknown(obj[0].Value)
	}
	return slices.Clip(obj), nil
}

func decodeUnknown(v Value) (Value, error) {
	o, ok := v.(Object)
	if !ok {
		return nil, fmt.Errorf("%s: want an object with a cause", unknownKey)
	}
	str := func(name string) string { s, _ := o.Get(name).(string); return s }
	u := &Unknown{Cause: Cause(str("cause")), Operation: str("operation"), Code: str("code"), Detail: str("detail")}
	u.Rest, _ = o.Get("rest").(bool)
	if r, ok := o.Get("refers").(Object); ok {
		part := func(name string) string { s, _ := r.Get(name).(string); return s }
		u.Refers = &Reference{Type: part("type"), Account: part("account"), Region: part("region"), ID: part("id")}
	}
	if !u.Cause.Valid() {
		return nil, fmt.Errorf("%s: cause %q is not one of %s", unknownKey, u.Cause, strings.Join(causeNames(), ", "))
	}
	return u, nil
}
