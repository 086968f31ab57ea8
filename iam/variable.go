package iam

import "strings"

// tokenKind tells the parts of a pattern apart.
type tokenKind uint8

const (
	tokenText     tokenKind = iota // literal text
	tokenStar                      // *
	tokenOne                       // ?
	tokenVariable                  // ${...}
)

// token is one part of a pattern. A pattern as a list of tokens is what both the
// matchers here and a symbolic evaluator start from.
type token struct {
	kind tokenKind
	text string
	ref  *variable
}

// variable is a policy variable, "IAM policy elements: Variables and tags".
type variable struct {
	key        contextKey
	fallback   string
	hasDefault bool
}

// syntax says which characters of a value are special.
type syntax struct {
	wildcards bool
	variables bool
	// variablesAfter is the number of colons before which ${ is plain text: variables
	// are recognised in a Resource only after the fifth colon.
	variablesAfter int
}

// tokenize splits a value into tokens. Text that only looks like a variable (no
// closing brace, no name) stays text.
func tokenize(s string, x syntax) []token {
	var out []token
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, token{kind: tokenText, text: text.String()})
			text.Reset()
		}
	}
	colons := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*' && x.wildcards:
			flush()
			out = append(out, token{kind: tokenStar})
		case c == '?' && x.wildcards:
			flush()
			out = append(out, token{kind: tokenOne})
		case c == '$' && x.variables && colons >= x.variablesAfter:
			t, size := variableAt(s[i:])
			if size == 0 {
				text.WriteByte(c)
				continue
			}
			if t.kind == tokenText {
				text.WriteString(t.text)
			} else {
				flush()
				out = append(out, t)
			}
			i += size - 1
		default:
			if c == ':' {
				colons++
			}
			text.WriteByte(c)
		}
	}
	flush()
	return out
}

// maxVariable bounds a variable with its default, in bytes. AWS's longest names are tag keys of 128 characters;
// without a bound, a text of many openings without an end would be searched from each of them.
const maxVariable = 1024

// variableAt reads ${key}, ${key, 'default'}, ${*}, ${?} or ${$} at the start of s
// and gives its size, or 0 when there is none.
func variableAt(s string) (token, int) {
	if !strings.HasPrefix(s, "${") {
		return token{}, 0
	}
	s = s[:min(len(s), maxVariable)]
	end := strings.IndexByte(s, '}')
	if quote := strings.IndexByte(s, '\''); quote >= 0 && quote < end {
		closing := strings.IndexByte(s[quote+1:], '\'')
		if closing < 0 {
			return token{}, 0
		}
		rest := strings.IndexByte(s[quote+1+closing:], '}')
		if rest < 0 {
			return token{}, 0
		}
		end = quote + 1 + closing + rest
	}
	if end < 0 {
		return token{}, 0
	}
	body := s[2:end]
	if body == "*" || body == "?" || body == "$" {
		return token{kind: tokenText, text: body}, end + 1
	}
	name, fallback, hasDefault := strings.Cut(body, ",")
	name = strings.TrimSpace(name)
	fallback = strings.TrimSpace(fallback)
	quoted := len(fallback) >= 2 && fallback[0] == '\'' && fallback[len(fallback)-1] == '\''
	if name == "" || hasDefault && !quoted {
		return token{}, 0
	}
	v := &variable{key: newContextKey(name), hasDefault: hasDefault}
	if hasDefault {
		v.fallback = fallback[1 : len(fallback)-1]
	}
	return token{kind: tokenVariable, ref: v}, end + 1
}

// resolution is what became of a variable in one request.
type resolution uint8

const (
	resolved     resolution = iota
	unresolved              // no value and no default, or a key with several values
	unknownValue            // the request does not say whether the key has a value
)

// value substitutes the variable. The text is literal: wildcards in it are not special.
func (v *variable) value(c *contextTable) (string, resolution) {
	e := c.lookup(&v.key)
	switch {
	case e == nil || e.state == keyAbsent:
		if e == nil && c.open {
			return "", unknownValue
		}
	case e.state == keyUnknown:
		return "", unknownValue
	case !e.multi:
		return e.values[0], resolved
	default:
		return "", unresolved
	}
	if v.hasDefault {
		return v.fallback, resolved
	}
	return "", unresolved
}

// resolveAll says whether every variable of a pattern has a value in a request.
func resolveAll(vars []*variable, c *contextTable) resolution {
	out := resolved
	for _, v := range vars {
		_, r := v.value(c)
		if r == unresolved {
			return unresolved
		}
		if r == unknownValue {
			out = unknownValue
		}
	}
	return out
}

// variablesOf lists the variables of a pattern.
func variablesOf(tokens []token) []*variable {
	var out []*variable
	for _, t := range tokens {
		if t.kind == tokenVariable {
			out = append(out, t.ref)
		}
	}
	return out
}
