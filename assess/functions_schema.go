package assess

import (
	"encoding/json"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
)

// schemaDepth is how many schemas may lie within each other.
const schemaDepth = 50

// callSchemaBounds answers schemaBounds(schema): whether the JSON schema lets no value of
// any length through, that is, whether each text has a maxLength, each list a maxItems and
// each object named properties only. A schema that leads to another model is unknown.
func callSchemaBounds(args []ref.Val) ref.Val {
	c, text := args[0].(*evalContext), string(args[1].(types.String))
	var root any
	if json.Unmarshal([]byte(text), &root) != nil {
		return c.unknown(&assize.Unknown{Cause: assize.Unlinked, Detail: "the schema is not JSON and was not read"})
	}
	s := &schemaReader{root: root}
	bounded := s.bounds(root, 0)
	if bounded && s.elsewhere {
		return c.unknown(&assize.Unknown{Cause: assize.Unlinked, Detail: "the schema leads to another one, which was not read"})
	}
	return types.Bool(bounded)
}

// schemaReader reads one schema. elsewhere says that a reference leads out of it; what it
// leads to is taken for bounded meanwhile.
type schemaReader struct {
	root      any
	elsewhere bool
}

// bounds tells whether the schema limits the size of what it takes.
func (s *schemaReader) bounds(schema any, depth int) bool {
	o, ok := schema.(map[string]any)
	if !ok || depth > schemaDepth {
		return false
	}
	if name, ok := o["$ref"].(string); ok {
		return s.follow(name, depth)
	}
	if o["enum"] != nil || o["const"] != nil {
		return true
	}
	if all, ok := o["allOf"].([]any); ok && s.any(all, depth) {
		return true
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		if some, ok := o[word].([]any); ok && len(some) > 0 && s.all(some, depth) {
			return true
		}
	}
	kinds, ok := o["type"].([]any)
	if !ok {
		kinds = []any{o["type"]}
	}
	for _, kind := range kinds {
		if !s.kindBounds(kind, o, depth) {
			return false
		}
	}
	return true
}

// kindBounds is bounds for values of one type.
func (s *schemaReader) kindBounds(kind any, o map[string]any, depth int) bool {
	switch kind {
	case "null", "boolean", "number", "integer":
		return true
	case "string":
		return o["maxLength"] != nil
	case "array":
		if several, ok := o["items"].([]any); ok {
			return o["additionalItems"] == false && s.all(several, depth)
		}
		return o["maxItems"] != nil && s.bounds(o["items"], depth+1)
	case "object":
		return s.objectBounds(o, depth)
	}
	return false // of no type: takes everything
}

func (s *schemaReader) objectBounds(o map[string]any, depth int) bool {
	if o["additionalProperties"] != false || o["patternProperties"] != nil {
		return false
	}
	properties, _ := o["properties"].(map[string]any)
	for _, p := range properties {
		if !s.bounds(p, depth+1) {
			return false
		}
	}
	return true
}

func (s *schemaReader) any(schemas []any, depth int) bool {
	for _, e := range schemas {
		if s.bounds(e, depth+1) {
			return true
		}
	}
	return false
}

func (s *schemaReader) all(schemas []any, depth int) bool {
	for _, e := range schemas {
		if !s.bounds(e, depth+1) {
			return false
		}
	}
	return true
}

// follow reads what a reference within the schema names; one that recurs is not bounded.
func (s *schemaReader) follow(name string, depth int) bool {
	path, ok := strings.CutPrefix(name, "#/")
	if !ok {
		s.elsewhere = true
		return true
	}
	at := s.root
	for step := range strings.SplitSeq(path, "/") {
		o, _ := at.(map[string]any)
		at = o[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
	}
	return s.bounds(at, depth+1)
}
