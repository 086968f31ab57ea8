package report

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The document is what the schema says; the schema names everything that is in it.
func TestSchema(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/formats/result.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	fakes := map[string]*fake{"fake": newFake(), "planned": newPlanned(), "hostile": everywhere("x")}
	fakes["hostile"].run.Scope, fakes["hostile"].run.Checks[0].Retrofit.Cost = "ai", "low"
	for name, x := range fakes {
		var doc any
		if err := json.Unmarshal([]byte(x.render(t, "json", Options{})), &doc); err != nil {
			t.Fatal(err)
		}
		v := validator{root: schema}
		v.check(name, schema, doc)
		for _, p := range v.problems {
			t.Error(p)
		}
	}
	v := validator{root: schema}
	v.check("wrong", schema, map[string]any{"format": "other", "findings": []any{map[string]any{"outcome": "great"}}, "more": 1.0})
	if len(v.problems) < 5 {
		t.Errorf("a wrong document has %d problems: %q", len(v.problems), v.problems)
	}
}

// validator knows as much of JSON Schema as our schema uses.
type validator struct {
	root     map[string]any
	problems []string
}

func (v *validator) fail(at, format string, args ...any) {
	v.problems = append(v.problems, at+": "+fmt.Sprintf(format, args...))
}

func (v *validator) check(at string, s map[string]any, doc any) {
	if ref, ok := s["$ref"].(string); ok {
		v.check(at, v.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), doc)
		return
	}
	if alternatives, ok := s["anyOf"].([]any); ok {
		for _, one := range alternatives {
			w := validator{root: v.root}
			if w.check(at, one.(map[string]any), doc); len(w.problems) == 0 {
				return
			}
		}
		v.fail(at, "fits none of the alternatives")
		return
	}
	if want, ok := s["const"]; ok && want != doc {
		v.fail(at, "%v, want %v", doc, want)
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, doc) {
		v.fail(at, "%v is none of %v", doc, enum)
	}
	if least, ok := s["minimum"].(float64); ok && doc.(float64) < least {
		v.fail(at, "%v is less than %v", doc, least)
	}
	v.checkType(at, s, doc)
}

func (v *validator) checkType(at string, s map[string]any, doc any) {
	kind := map[bool]string{true: "null"}[doc == nil]
	switch doc.(type) {
	case map[string]any:
		kind = "object"
	case []any:
		kind = "array"
	case string:
		kind = "string"
	case float64:
		kind = "integer"
	case bool:
		kind = "boolean"
	}
	if want, ok := s["type"].(string); ok && want != kind {
		v.fail(at, "%s, want %s", kind, want)
		return
	}
	switch x := doc.(type) {
	case map[string]any:
		v.object(at, s, x)
	case []any:
		if most, ok := s["maxItems"].(float64); ok && len(x) > int(most) {
			v.fail(at, "%d items, at most %v", len(x), most)
		}
		items, _ := s["items"].(map[string]any)
		for i, e := range x {
			v.check(fmt.Sprintf("%s[%d]", at, i), items, e)
		}
	}
}

func (v *validator) object(at string, s map[string]any, doc map[string]any) {
	required, _ := s["required"].([]any)
	for _, r := range required {
		if _, ok := doc[r.(string)]; !ok {
			v.fail(at, "no %s", r)
		}
	}
	props, _ := s["properties"].(map[string]any)
	for name, value := range doc {
		if p, ok := props[name].(map[string]any); ok {
			v.check(at+"."+name, p, value)
			continue
		}
		switch more := s["additionalProperties"].(type) {
		case map[string]any:
			v.check(at+"."+name, more, value)
		case bool:
			if !more {
				v.fail(at, "the schema has no %s", name)
			}
		}
	}
}
