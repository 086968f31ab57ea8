package main

import (
	"slices"
	"strconv"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// chosen are the fields whose entries are named by whoever made the resource. A
// collection sees by the SDK's type that they are maps.
var chosen = []string{"Environment", "EnvironmentVariables", "HyperParameters", "Tags"}

// masker replaces what looks like a secret, as [collect.Encode] does with what the SDK answers.
type masker struct{ paths []string }

// value masks v. name is what a string is called, as [collect.Mask] wants it; in is the
// field that an object stands in.
func (m *masker) value(v assize.Value, path, name, in string) assize.Value {
	switch v := v.(type) {
	case string:
		clean, hit := collect.Mask(v, name)
		if hit {
			m.paths = append(m.paths, path)
		}
		return clean
	case assize.List:
		for i := range v {
			v[i] = m.value(v[i], path+"["+strconv.Itoa(i)+"]", name, "")
		}
	case assize.Object:
		pair, _ := v.Get("Key").(string)
		if s, ok := v.Get("Name").(string); ok {
			pair = s
		}
		for i := range v {
			field := v[i].Name
			called := ":" + field
			if slices.Contains(chosen, in) || field == "Value" && pair != "" {
				called = field
				if field == "Value" {
					called = pair
				}
			}
			below := field
			if path != "" {
				below = path + "." + field
			}
			v[i].Value = m.value(v[i].Value, below, called, field)
		}
	}
	return v
}
