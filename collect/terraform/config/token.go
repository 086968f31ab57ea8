package config

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/assize-dev/assize"
)

// Where a part of a text is not known, a token stands in it while expressions are evaluated: the
// rest of a document stays readable, and what is put together of it keeps what it refers to.
// A token is a number between two characters that Unicode reserves for use inside of programs;
// a configuration that contains them is refused. Functions and operators that look into a
// text do not know what they would find in a token, and their result is unknown.
const (
	tokenOpen  = '\uFDD0'
	tokenClose = '\uFDD1'
	tokenMarks = "\uFDD0\uFDD1"
)

// A token is what one stands for.
type token struct {
	// object and attribute of a managed resource that will be known after apply.
	object    *instance
	attribute string
	// unknown and standIn are what a lookup said.
	unknown *assize.Unknown
	standIn string
	// written is how the configuration names it, for people.
	written string
}

// mayBeAbsent reports whether the value may turn out to be null or an empty text.
func (t *token) mayBeAbsent() bool {
	if t.object != nil {
		return len(t.object.uncertain()) > 0
	}
	return t.unknown == nil || t.unknown.Refers == nil
}

// tokens are those of one evaluation. The same thing has the same token.
type tokens struct {
	list []token
	ids  map[string]int
}

// text returns the token of a thing, which key identifies.
func (t *tokens) text(key string, tok token) string {
	id, ok := t.ids[key]
	if !ok {
		if t.ids == nil {
			t.ids = map[string]int{}
		}
		id = len(t.list)
		t.ids[key] = id
		t.list = append(t.list, tok)
	}
	return string(tokenOpen) + strconv.Itoa(id) + string(tokenClose)
}

// key returns the token of an instance's key that is not known.
func (t *tokens) key(written string, tok token) string {
	text := t.text("key "+written, tok)
	return string(tokenOpen) + keyMark + strings.TrimPrefix(text, string(tokenOpen))
}

// keyMark tells the tokens of keys from others.
const keyMark = "k"

// isKeyToken reports whether a text is the token of a key, and nothing else.
func isKeyToken(s string) bool {
	rest, ok := strings.CutPrefix(s, string(tokenOpen)+keyMark)
	return ok && strings.IndexRune(rest, tokenClose) == len(rest)-len(string(tokenClose))
}

// cut splits a text at its first token; tok is nil where there is none.
func (t *tokens) cut(s string) (before string, tok *token, after string) {
	i := strings.IndexRune(s, tokenOpen)
	if i < 0 {
		return s, nil, ""
	}
	id, after, found := strings.Cut(s[i+len(string(tokenOpen)):], string(tokenClose))
	n, err := strconv.Atoi(strings.TrimPrefix(id, keyMark))
	if !found || err != nil || n < 0 || n >= len(t.list) {
		// A function has cut a token in two: nothing is known of what it stood for.
		return s[:i], &token{}, strings.TrimLeft(after, tokenMarks)
	}
	return s[:i], &t.list[n], after
}

// only is the token that a text is, nil where it is more than that, or no text.
func (t *tokens) only(v cty.Value) *token {
	if v.Type() != cty.String {
		return nil
	}
	before, tok, after := t.cut(v.AsString())
	if before != "" || after != "" {
		return nil
	}
	return tok
}

// in lists the tokens of a text.
func (t *tokens) in(s string) []*token {
	var all []*token
	for {
		_, tok, after := t.cut(s)
		if tok == nil {
			return all
		}
		all, s = append(all, tok), after
	}
}

// names reports whether a text is the name of what each token of the kind stands for, bare or
// within an ARN or address: "arn:aws:s3:::" before it, "/*" or ":*" behind it. "${bucket}-logs" is another's name.
func (t *tokens) names(s string, kind func(*token) bool) bool {
	all := s
	for {
		_, tok, after := t.cut(s)
		if tok == nil {
			return true
		}
		if kind(tok) {
			before := strings.TrimSuffix(all, after)
			before = before[:strings.LastIndex(before, string(tokenOpen))]
			if before != "" && !beginsAddress(before) || after != "" && after[0] != '/' && after[0] != ':' {
				return false
			}
		}
		s = after
	}
}

// beginsAddress reports whether what stands before a name is the rest of an ARN or of an address.
func beginsAddress(s string) bool {
	whole := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "/")
	return whole && (strings.HasPrefix(s, "arn:") || strings.HasPrefix(s, "s3://") || strings.HasPrefix(s, "https://"))
}

// hasToken reports whether a text holds one.
func hasToken(s string) bool { return strings.ContainsAny(s, tokenMarks) }

// tainted reports whether a token stands anywhere in the value.
func tainted(v cty.Value) bool {
	if v == cty.NilVal || !v.IsKnown() || v.IsNull() {
		return false
	}
	ty := v.Type()
	switch {
	case ty == cty.String:
		return hasToken(v.AsString())
	case ty.IsPrimitiveType(), !v.CanIterateElements():
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		key, e := it.Element()
		if tainted(e) || !ty.IsSetType() && tainted(key) {
			return true
		}
	}
	return false
}

// weight counts the values in v, up to limit.
func weight(v cty.Value, limit int) int {
	if !v.IsKnown() || v.IsNull() || v.Type().IsPrimitiveType() || !v.CanIterateElements() {
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			return 1 + len(v.AsString())/64
		}
		return 1
	}
	n := 1
	for it := v.ElementIterator(); it.Next() && n < limit; {
		_, e := it.Element()
		n += weight(e, limit-n)
	}
	return n
}
