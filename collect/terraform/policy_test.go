package terraform_test

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"slices"

	"github.com/assize-dev/assize"
)

var errNotExist = fs.ErrNotExist

// samePolicy compares documents: a text and a list of it are the same, the order of lists is nothing, and
// a hole may be any text.
func samePolicy(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return matches(canonical(x), canonical(y))
}

// matches compares canonical documents.
func matches(a, b any) bool {
	if a == assize.Hole || b == assize.Hole {
		return true
	}
	x, isX := a.(map[string]any)
	y, isY := b.(map[string]any)
	if isX && isY {
		if len(x) != len(y) {
			return false
		}
		for k, v := range x {
			if _, ok := y[k]; !ok || !matches(v, y[k]) {
				return false
			}
		}
		return true
	}
	l, isL := a.([]any)
	m, isM := b.([]any)
	if isL && isM && len(l) == len(m) {
		for i := range l {
			if !matches(l[i], m[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

func canonical(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			if s, ok := e.(string); ok && s == "" {
				delete(x, k)
				continue
			}
			x[k] = canonical(e)
		}
	case []any:
		texts := make([]string, 0, len(x))
		for i, e := range x {
			x[i] = canonical(e)
			if s, ok := e.(string); ok {
				texts = append(texts, s)
			}
		}
		if len(texts) == len(x) {
			slices.Sort(texts)
			if len(texts) == 1 {
				return texts[0]
			}
			return texts
		}
	}
	return v
}
