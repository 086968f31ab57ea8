package collect

import (
	"encoding/base64"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/assize-dev/assize"
)

// Encode turns an output of an SDK into an Object under the names of its Go
// fields, with those of embedded structs. Nil pointers, lists, maps and enums
// without a value are absent; times are RFC 3339 in UTC; bytes are base64; a union
// is an object with the member's name ({"S3": {...}}); the metadata of the answer is
// left out.
//
// What looks like a secret is replaced by "[masked: <kind>]"; masked lists the
// paths where that was done, sorted: names with dots between, "[3]" for the fourth
// of a list.
func Encode(v any) (value assize.Object, masked []string) {
	e := encoder{}
	value, _ = e.value(reflect.ValueOf(v), "", 0).(assize.Object)
	if value == nil {
		value = assize.Object{}
	}
	slices.Sort(e.masked)
	return value, e.masked
}

// maxDepth is what a snapshot can be read back with.
const maxDepth = 60

type encoder struct {
	path   []byte
	masked []string
}

var timeType = reflect.TypeFor[time.Time]()

// smithyDocument is how the SDK holds JSON of any shape.
type smithyDocument interface{ UnmarshalSmithyDocument(any) error }

// value encodes v. name is what a map, or a pair of name and value, calls it; a
// string is masked by it.
func (e *encoder) value(v reflect.Value, name string, depth int) assize.Value {
	if depth > maxDepth {
		return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "nested too deeply"}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return e.value(v.Elem(), name, depth)
	case reflect.Interface:
		return e.union(v, name, depth)
	case reflect.Struct:
		if v.Type() == timeType {
			return v.Interface().(time.Time).UTC().Format(time.RFC3339Nano)
		}
		return e.fields(v, depth)
	case reflect.Map:
		return e.entries(v, depth)
	case reflect.Slice, reflect.Array:
		return e.list(v, name, depth)
	case reflect.String:
		if v.Len() == 0 && v.Type().PkgPath() != "" {
			return nil // an enum without a value
		}
		return e.text(v.String(), name)
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float32, reflect.Float64:
		return number(v.Float())
	case reflect.Invalid, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Complex64, reflect.Complex128, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return nil // no output of the SDK has them
	}
	return nil
}

// number is f, which JSON can write or nobody knows.
func number(f float64) assize.Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "not a number"}
	}
	return f
}

// structPlan says which fields of a struct type are encoded, in order of name.
type structPlan struct {
	fields []planned
	// pair is the index in fields of the name in a pair of name and value; -1 in others.
	pair int
}

type planned struct {
	name  string
	index []int // more than one for a field of an embedded struct
}

var plans sync.Map // reflect.Type to *structPlan

func planOf(t reflect.Type) *structPlan {
	if p, ok := plans.Load(t); ok {
		return p.(*structPlan)
	}
	p := &structPlan{pair: -1}
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous && f.Name != "ResultMetadata" {
			p.fields = append(p.fields, planned{f.Name, f.Index})
		}
	}
	slices.SortFunc(p.fields, func(a, b planned) int { return strings.Compare(a.name, b.name) })
	has := func(name string) int {
		return slices.IndexFunc(p.fields, func(f planned) bool { return f.name == name })
	}
	if has("Value") >= 0 {
		p.pair = max(has("Name"), has("Key"))
	}
	plans.Store(t, p)
	return p
}

func (e *encoder) fields(v reflect.Value, depth int) assize.Value {
	p := planOf(v.Type())
	pair := ""
	if p.pair >= 0 {
		if f := reflect.Indirect(v.FieldByIndex(p.fields[p.pair].index)); f.Kind() == reflect.String {
			pair = f.String()
		}
	}
	o := make(assize.Object, 0, len(p.fields))
	for _, f := range p.fields {
		name := ""
		if f.name == "Value" {
			name = pair
		}
		done := e.enter(f.name)
		if x := e.value(v.FieldByIndex(f.index), cmpName(name, f.name), depth+1); x != nil {
			o = append(o, assize.Field{Name: f.name, Value: x})
		}
		e.path = e.path[:done]
	}
	return slices.Clip(o)
}

// cmpName is how a string is called: by its pair, or ":" and the field, which is
// no name that someone has chosen.
func cmpName(pair, field string) string {
	if pair != "" {
		return pair
	}
	return ":" + field
}

func (e *encoder) entries(v reflect.Value, depth int) assize.Value {
	if v.IsNil() {
		return nil
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	o := make(assize.Object, 0, len(keys))
	for _, key := range keys {
		done := e.enter(key.String())
		if x := e.value(v.MapIndex(key), key.String(), depth+1); x != nil {
			o = append(o, assize.Field{Name: key.String(), Value: x})
		}
		e.path = e.path[:done]
	}
	return o
}

func (e *encoder) list(v reflect.Value, name string, depth int) assize.Value {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return e.text(base64.StdEncoding.EncodeToString(v.Bytes()), name)
	}
	list := make(assize.List, v.Len())
	for i := range list {
		done := len(e.path)
		e.path = append(strconv.AppendInt(append(e.path, '['), int64(i), 10), ']')
		list[i] = e.value(v.Index(i), name, depth+1)
		e.path = e.path[:done]
	}
	return list
}

// union encodes what an interface holds: a member of a union, whose type the SDK
// names <Union>Member<Name>, a document, or, within a document, anything.
func (e *encoder) union(v reflect.Value, name string, depth int) assize.Value {
	if v.IsNil() {
		return nil
	}
	if doc, ok := v.Interface().(smithyDocument); ok {
		return e.document(doc, name, depth)
	}
	member := v.Elem()
	for member.Kind() == reflect.Pointer && !member.IsNil() {
		member = member.Elem()
	}
	if member.Kind() != reflect.Struct {
		return e.value(member, name, depth)
	}
	typ := member.Type().Name()
	if typ == "UnknownUnionMember" {
		tag := member.FieldByName("Tag").String()
		return assize.Object{{Name: tag, Value: &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a kind of value that this version does not know"}}}
	}
	kind, ok := strings.CutPrefix(typ, v.Type().Name()+"Member")
	value := member.FieldByName("Value")
	if !ok || !value.IsValid() {
		return e.value(member, name, depth)
	}
	done := e.enter(kind)
	inner := e.value(value, ":"+kind, depth+1)
	e.path = e.path[:done]
	if inner == nil {
		inner = assize.Object{}
	}
	return assize.Object{{Name: kind, Value: inner}}
}

func (e *encoder) document(doc smithyDocument, name string, depth int) assize.Value {
	var v any
	if err := doc.UnmarshalSmithyDocument(&v); err != nil {
		return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a document that cannot be decoded"}
	}
	if n, ok := v.(interface{ Float64() (float64, error) }); ok {
		f, err := n.Float64()
		if err != nil {
			return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "not a number"}
		}
		return number(f)
	}
	return e.value(reflect.ValueOf(v), name, depth)
}

// text is s, with secrets masked.
func (e *encoder) text(s, name string) assize.Value {
	clean, hit := Mask(s, name)
	if hit {
		e.masked = append(e.masked, string(e.path))
	}
	return clean
}

// enter adds a name to the path and returns its length before.
func (e *encoder) enter(name string) int {
	done := len(e.path)
	if done > 0 {
		e.path = append(e.path, '.')
	}
	e.path = append(e.path, name...)
	return done
}
