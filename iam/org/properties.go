package org

import (
	"strings"

	"github.com/assize-dev/assize"
)

// text reads a property; u says why it is not known.
func text(r *assize.Resource, path string) (s string, u *assize.Unknown) {
	switch v := r.Properties.At(path).(type) {
	case string:
		return v, nil
	case *assize.Unknown:
		return "", v
	}
	return "", nil
}

// texts reads a property that is a text, a list of texts, or a text within lists of objects:
// a path with [] as facts have it. u says why some are not known.
func texts(r *assize.Resource, path string) (out []string, u *assize.Unknown) {
	walk(assize.Value(r.Properties), strings.Split(path, "."), func(v assize.Value) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case *assize.Unknown:
			u = v
		}
	})
	return out, u
}

// objects reads a list of objects. u says why some are not known.
func objects(r *assize.Resource, path string) (out []assize.Object, u *assize.Unknown) {
	walk(assize.Value(r.Properties), strings.Split(path+"[]", "."), func(v assize.Value) {
		switch v := v.(type) {
		case assize.Object:
			out = append(out, v)
		case *assize.Unknown:
			u = v
		}
	})
	return out, u
}

// walk visits what a path leads to. A list at its end is visited by element.
func walk(v assize.Value, steps []string, visit func(assize.Value)) {
	switch x := v.(type) {
	case *assize.Unknown:
		visit(x)
	case assize.List:
		for _, e := range x {
			walk(e, steps, visit)
		}
	case assize.Object:
		if len(steps) == 0 {
			visit(x)
			return
		}
		walk(x.Get(strings.TrimSuffix(steps[0], "[]")), steps[1:], visit)
	default:
		if len(steps) == 0 && v != nil {
			visit(v)
		}
	}
}

// tags reads Tags[].
func tags(r *assize.Resource) (map[string]string, *assize.Unknown) {
	list, u := objects(r, "Tags")
	out := map[string]string{}
	for _, t := range list {
		key, ok := t.Get("Key").(string)
		value, known := t.Get("Value").(string)
		switch {
		case ok && known:
			out[key] = value
		case ok && t.Get("Value") == nil:
			out[key] = ""
		default:
			u = &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a tag of " + r.Label() + " has no name or no value"}
		}
	}
	return out, u
}
