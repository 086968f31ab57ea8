package assize

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Hidden is shown in place of a sensitive value.
const Hidden = "(sensitive)"

// shown is the value of a property as people and programs may see it.
func (r *Resource) shown(path string, v Value) Value {
	if len(r.Sensitive) == 0 && r.Origin == nil {
		return v
	}
	return r.show(plainPath(path), v)
}

// Fact is the whole value of a property, fit to be shown; path has no lists but at its end.
func (r *Resource) Fact(path string) Value { return r.shown(path, r.Properties.At(path)) }

// hides reports whether a text holds a sensitive text of the resource.
func (r *Resource) hides(text string) bool {
	if slices.ContainsFunc(r.Secrets, func(secret string) bool { return strings.Contains(text, secret) }) {
		return true
	}
	for _, path := range r.Sensitive {
		for _, secret := range textsAt(r.Properties, strings.Split(plainPath(path), "."), nil) {
			if secret != "" && strings.Contains(text, secret) {
				return true
			}
		}
	}
	return false
}

// SensitiveTexts are the texts of the resource that must not be shown.
func (r *Resource) SensitiveTexts() []string {
	texts := slices.Clone(r.Secrets)
	for _, path := range r.Sensitive {
		texts = textsAt(r.Properties, strings.Split(plainPath(path), "."), texts)
	}
	return texts
}

// textsAt appends the texts at a path and below it, in each element of lists on the way.
func textsAt(v Value, path []string, all []string) []string {
	switch x := v.(type) {
	case string:
		if len(path) == 0 {
			all = append(all, x)
		}
	case List:
		for _, e := range x {
			all = textsAt(e, path, all)
		}
	case Object:
		for _, f := range x {
			switch {
			case len(path) == 0:
				all = textsAt(f.Value, nil, all)
			case f.Name == path[0]:
				all = textsAt(f.Value, path[1:], all)
			}
		}
	}
	return all
}

// listMarks are the marks of lists in paths, with an index or without.
var listMarks = regexp.MustCompile(`\[\d*\]`)

// plainPath is a path without the marks of lists: what is sensitive in one element is
// hidden in all.
func plainPath(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	return listMarks.ReplaceAllString(path, "")
}

func (r *Resource) show(path string, v Value) Value {
	if slices.ContainsFunc(r.Sensitive, func(s string) bool {
		s = plainPath(s)
		return s == path || strings.HasPrefix(path, s+".")
	}) {
		return Hidden
	}
	switch x := v.(type) {
	case string:
		if text := Shown(x); text != x {
			return text
		}
	case *Unknown:
		detail := Shown(x.Detail)
		if detail == x.Detail {
			return x
		}
		u := *x
		u.Detail = detail
		return &u
	case List:
		out := make(List, len(x))
		for i, e := range x {
			out[i] = r.show(path, e)
		}
		return out
	case Object:
		out := make(Object, len(x))
		for i, f := range x {
			out[i] = Field{Name: f.Name, Value: r.show(path+"."+f.Name, f.Value)}
		}
		return out
	}
	return v
}

// Shown puts words in place of what stands in a text for values known after apply:
// [Hole] and [PlannedARN].
func Shown(text string) string {
	text = strings.ReplaceAll(text, Hole, "(known after apply)")
	if !strings.Contains(text, PlannedARNPrefix) {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, PlannedARNPrefix)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		escaped, rest, _ := strings.Cut(after, plannedEnd)
		address, err := url.PathUnescape(escaped)
		if err != nil {
			address = escaped
		}
		b.WriteString("(ARN of " + address + ")")
		text = rest
	}
}
