package config

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// holes are the names within a statement whose texts may be unknown in a document that is known in part.
var holes = []string{"Resource", "NotResource", "Action", "NotAction", "Principal", "NotPrincipal", "Condition"}

// policy settles the text of a policy: what stands for an object takes its place, and [assize.Hole] takes that of a
// text of which anything else is not known. ok is false for any other text, and for a policy of which
// more is unknown than a document can say.
func (s *settler) policy(text string) (string, bool) {
	trimmed := strings.TrimSpace(text)
	if !strings.HasPrefix(trimmed, "{") {
		return "", false
	}
	dec := json.NewDecoder(strings.NewReader(trimmed))
	dec.UseNumber()
	var doc map[string]any
	if dec.Decode(&doc) != nil || dec.More() {
		return "", false
	}
	statements, ok := doc["Statement"].([]any)
	if !ok {
		one, isObject := doc["Statement"].(map[string]any)
		if !isObject {
			return "", false
		}
		statements = []any{one}
	}
	for _, e := range statements {
		statement, ok := e.(map[string]any)
		if !ok || !s.statement(statement) {
			return "", false
		}
	}
	if anyToken(doc) {
		return "", false
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(doc) != nil {
		return "", false
	}
	return strings.TrimSuffix(b.String(), "\n"), true
}

// statement settles the parts of a statement that may be unknown.
func (s *settler) statement(statement map[string]any) bool {
	for name, v := range statement {
		switch {
		case name == "Sid":
			if sid, ok := v.(string); ok && hasToken(sid) {
				delete(statement, name)
			}
		case name == "Condition":
			if _, ok := v.(map[string]any); !ok || !s.condition(v.(map[string]any)) {
				return false
			}
		case slices.Contains(holes, name):
			filled, ok := s.fill(v)
			if !ok {
				return false
			}
			statement[name] = filled
		}
	}
	return true
}

// condition settles the values of conditions; their operators and keys have to be known.
func (s *settler) condition(c map[string]any) bool {
	for operator, v := range c {
		keys, ok := v.(map[string]any)
		if !ok || hasToken(operator) {
			return false
		}
		for key, values := range keys {
			filled, ok := s.fill(values)
			if !ok || hasToken(key) {
				return false
			}
			keys[key] = filled
		}
	}
	return true
}

// fill settles a text, a list of texts, or an object of these.
func (s *settler) fill(v any) (any, bool) {
	switch x := v.(type) {
	case string:
		return s.standIns(x), true
	case []any:
		for i, e := range x {
			filled, ok := s.fill(e)
			if !ok {
				return nil, false
			}
			x[i] = filled
		}
	case map[string]any:
		for name, e := range x {
			filled, ok := s.fill(e)
			if !ok || hasToken(name) {
				return nil, false
			}
			x[name] = filled
		}
	}
	return v, true
}

// standIns puts what stands for objects into a text; where a token has nothing, a hole is all of it.
func (s *settler) standIns(text string) string {
	var b strings.Builder
	for {
		before, tok, after := s.tokens.cut(text)
		b.WriteString(before)
		if tok == nil {
			return b.String()
		}
		_, standIn := s.target(tok)
		if standIn == "" {
			return assize.Hole
		}
		b.WriteString(standIn)
		text = after
	}
}

// anyToken reports whether a token is left.
func anyToken(v any) bool {
	switch x := v.(type) {
	case string:
		return hasToken(x)
	case []any:
		return slices.ContainsFunc(x, anyToken)
	case map[string]any:
		for name, e := range x {
			if hasToken(name) || anyToken(e) {
				return true
			}
		}
	}
	return false
}
