package library_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// denied is the unknown that the property test puts in place of known values.
var denied = &assize.Unknown{Cause: assize.Denied, Operation: "test:Deny"}

// place is one spot in a resource's properties: a leaf, an object, a list, an
// element, or the tail of a list.
type place struct {
	steps []any  // field names and indexes; len(list) is the tail
	path  string // fact path, [] after lists
}

func (p place) String() string { return fmt.Sprint(p.steps) }

// placesIn lists every spot of a value that could have been unknown.
func placesIn(o assize.Object) []place {
	var out []place
	var walk func(v assize.Value, steps []any, path string)
	walk = func(v assize.Value, steps []any, path string) {
		if len(steps) > 0 {
			out = append(out, place{slices.Clone(steps), path})
		}
		switch x := v.(type) {
		case assize.Object:
			for _, f := range x {
				walk(f.Value, append(steps, f.Name), strings.TrimPrefix(path+"."+f.Name, "."))
			}
		case assize.List:
			for i, e := range x {
				walk(e, append(steps, i), path+"[]")
			}
			out = append(out, place{append(slices.Clone(steps), len(x)), path + "[]"})
		}
	}
	walk(o, nil, "")
	return out
}

// replace returns a copy of the object with the value in the place.
func (p place) replace(o assize.Object, v assize.Value) assize.Object {
	return put(o, p.steps, v).(assize.Object)
}

func put(in assize.Value, steps []any, v assize.Value) assize.Value {
	if len(steps) == 0 {
		return v
	}
	switch x := in.(type) {
	case assize.Object:
		name := steps[0].(string)
		return slices.Clone(x).Set(name, put(x.Get(name), steps[1:], v))
	case assize.List:
		i := steps[0].(int)
		out := slices.Clone(x)
		switch {
		case i < len(x):
			out[i] = put(x[i], steps[1:], v)
		case v == nil:
		default:
			if u, ok := v.(*assize.Unknown); ok {
				tail := *u
				tail.Rest = true
				v = &tail
			}
			out = append(out, v)
		}
		return out
	}
	return in
}

// operationsOf lists the operations that facts of the type come from.
func operationsOf(d *assize.Definition) []string {
	var out []string
	for i := range d.Facts {
		if op := d.Facts[i].From; op != "" && !slices.Contains(out, op) {
			out = append(out, op)
		}
	}
	return out
}

// deny returns the properties as they are when an operation was denied: every
// fact that comes from it is unknown, lists of objects as a whole.
func deny(d *assize.Definition, operation string, o assize.Object) assize.Object {
	for i := range d.Facts {
		if d.Facts[i].From == operation {
			path, _, _ := strings.Cut(d.Facts[i].Path, "[]")
			o = denyPath(o, strings.Split(path, "."))
		}
	}
	return o
}

func denyPath(o assize.Object, steps []string) assize.Object {
	if len(steps) == 1 {
		return slices.Clone(o).Set(steps[0], denied)
	}
	child, _ := o.Get(steps[0]).(assize.Object)
	return slices.Clone(o).Set(steps[0], denyPath(child, steps[1:]))
}

// valuePool gives values that a fact may have: its enum, both bools, numbers
// around common bounds, absence, and values of the examples of all checks.
type valuePool struct {
	defs map[string]*assize.Definition
}

func newPool(lib *library.Library) *valuePool {
	p := &valuePool{defs: map[string]*assize.Definition{}}
	for _, d := range lib.Definitions {
		p.defs[d.Type] = d
	}
	return p
}

func (p *valuePool) of(typ, path string) []assize.Value {
	out := []assize.Value{nil}
	list := strings.HasSuffix(path, "[]")
	for _, f := range p.defs[typ].Facts {
		switch {
		case f.Path == strings.TrimSuffix(path, "[]") && list == (f.Type == assize.Strings):
			out = append(out, scalars(&f)...)
		case f.Path == path:
			out = append(out, assize.List{}, assize.List{"x"}, assize.List{"*"})
		case list && strings.HasPrefix(f.Path, path+"."):
			out = append(out, assize.Object{})
		case !list && strings.HasPrefix(f.Path, path+"."):
			out = append(out, assize.Object{})
		case !list && strings.HasPrefix(f.Path, path+"[]."):
			out = append(out, assize.List{}, assize.List{assize.Object{}})
		}
	}
	return out
}

func scalars(f *assize.Fact) []assize.Value {
	switch f.Type {
	case assize.String, assize.Strings:
		out := []assize.Value{"", "x", "*", "alias/aws/s3", "arn:aws:kms:eu-central-1:111122223333:key/other"}
		for _, v := range slices.Concat(f.Values, f.APIValues) {
			out = append(out, v)
		}
		return out
	case assize.Int:
		return []assize.Value{int64(-1), int64(0), int64(1), int64(2), int64(3600), int64(1 << 40)}
	case assize.Double:
		return []assize.Value{-1.0, 0.0, 0.5, 0.7, 0.99, 1e9}
	case assize.Bool:
		return []assize.Value{true, false}
	case assize.Timestamp:
		return []assize.Value{"1970-01-01T00:00:00Z", "2026-10-31T23:59:59Z", "2100-01-01T00:00:00Z"}
	case assize.Policy:
		return []assize.Value{
			`{"Version":"2012-10-17","Statement":[]}`,
			`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`,
			`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`,
			"no policy",
		}
	}
	return nil
}
