//go:build iamoracle

package oracle

import (
	"encoding/json"
	"slices"

	"github.com/assize-dev/assize/iam"
)

// shrink takes away what a case can lose while a test of it still holds: policies, statements, conditions and
// values, one at a time, until nothing more can go.
func shrink(c *testCase, holds func(*testCase) bool) *testCase {
	for changed := true; changed; {
		changed = false
		var tree any
		if err := json.Unmarshal([]byte(c.text()), &tree); err != nil {
			panic(err) // it was marshalled from a case
		}
		for _, path := range paths(tree, nil) {
			smaller, ok := without(c, path)
			if ok && holds(smaller) {
				c, changed = smaller, true
				break
			}
		}
	}
	return c
}

// paths lists every member and element of a tree, large parts first.
func paths(tree any, at []any) [][]any {
	var out [][]any
	switch v := tree.(type) {
	case map[string]any:
		for key := range v {
			out = append(out, append(slices.Clone(at), key))
		}
		for key, child := range v {
			out = append(out, paths(child, append(slices.Clone(at), key))...)
		}
	case []any:
		for i := range v {
			out = append(out, append(slices.Clone(at), i))
		}
		for i, child := range v {
			out = append(out, paths(child, append(slices.Clone(at), i))...)
		}
	}
	return out
}

// without gives the case without one part, when it still is a case.
func without(c *testCase, path []any) (*testCase, bool) {
	var tree any
	if err := json.Unmarshal([]byte(c.text()), &tree); err != nil {
		return nil, false
	}
	text, err := json.Marshal(remove(tree, path))
	if err != nil {
		return nil, false
	}
	out := &testCase{}
	if json.Unmarshal(text, out) != nil || out.Principal == "" || out.Action == "" || out.Resource == "" || out.ResourceAccount == "" {
		return nil, false
	}
	if !out.accepted() {
		return nil, false
	}
	// What follows from the caller stays, since our engine would add it again.
	for key := range derivedKeys(out.Principal, out.ResourceAccount) {
		if out.Context[key] == nil {
			return nil, false
		}
	}
	return out, true
}

// accepted says whether AWS would store every policy of the case in its place.
func (c *testCase) accepted() bool {
	q, err := (parser{}).prepare(c)
	if err != nil {
		return false
	}
	ok := (c.ResourcePolicy != nil || !c.needsResourcePolicy()) && (c.Boundary == nil || c.Principal != root)
	check := func(l iam.Layer, policies ...*iam.Policy) {
		for _, p := range policies {
			ok = ok && (p == nil || p.Validate(l) == nil)
		}
	}
	p := &q.policies
	check(iam.LayerIdentity, p.Identity...)
	check(iam.LayerSession, p.Session...)
	check(iam.LayerBoundary, p.Boundary)
	check(iam.LayerResource, p.Resource)
	check(iam.LayerEndpoint, p.Endpoint)
	for _, level := range p.ServiceControl {
		check(iam.LayerServiceControl, level...)
	}
	for _, level := range p.ResourceControl {
		check(iam.LayerResourceControl, level...)
	}
	for _, d := range c.documents() {
		for _, s := range d.Statement {
			named, isMap := s.Principal.(map[string]any)
			ok = ok && (len(s.Resource) > 0 || len(s.NotResource) > 0) && (!isMap || len(named) > 0)
			for _, keys := range s.Condition {
				for _, values := range keys {
					ok = ok && len(values) > 0
				}
			}
		}
	}
	return ok
}

// remove takes the part at a path out of a tree.
func remove(tree any, path []any) any {
	last := len(path) == 1
	switch v := tree.(type) {
	case map[string]any:
		key, _ := path[0].(string)
		if last {
			delete(v, key)
		} else {
			v[key] = remove(v[key], path[1:])
		}
		return v
	case []any:
		i, _ := path[0].(int)
		if last {
			return slices.Delete(v, i, i+1)
		}
		v[i] = remove(v[i], path[1:])
		return v
	}
	return tree
}
