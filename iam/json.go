package iam

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonKind is the type of a JSON value.
type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

var jsonKindNames = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

func (k jsonKind) String() string { return jsonKindNames[k] }

// jsonNode is one value of a document with the byte offset it starts at.
// text holds a string's value, a number's digits, or "true" and "false".
type jsonNode struct {
	kind    jsonKind
	offset  int
	text    string
	items   []*jsonNode
	members []jsonMember
}

// jsonMember is a name and value of an object.
type jsonMember struct {
	name   string
	offset int
	value  *jsonNode
}

// jsonReader reads RFC 8259 text strictly: no duplicate names, no invalid UTF-8,
// no lone surrogates, no depth beyond maxDepth. encoding/json is not used because it
// keeps the last of two duplicate names and gives no positions.
type jsonReader struct {
	doc      []byte
	pos      int
	depth    int
	maxDepth int
	lines    *lineIndex
}

func readJSON(doc []byte, maxDepth int, lines *lineIndex) (*jsonNode, error) {
	r := &jsonReader{doc: doc, maxDepth: maxDepth, lines: lines}
	n, err := r.value()
	if err != nil {
		return nil, err
	}
	r.space()
	if r.pos != len(doc) {
		return nil, r.fail(r.pos, "expected the end of the document")
	}
	return n, nil
}

func (r *jsonReader) fail(offset int, format string, args ...any) error {
	return r.lines.errorf(offset, format, args...)
}

func (r *jsonReader) space() {
	for r.pos < len(r.doc) {
		switch r.doc[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

// peek gives the next byte that is not white space, or 0 at the end.
func (r *jsonReader) peek() byte {
	r.space()
	if r.pos == len(r.doc) {
		return 0
	}
	return r.doc[r.pos]
}

func (r *jsonReader) value() (*jsonNode, error) {
	c := r.peek()
	start := r.pos
	switch {
	case r.pos == len(r.doc):
		return nil, r.fail(start, "expected a JSON value, found the end of the document")
	case c == '{':
		return r.nested(r.object)
	case c == '[':
		return r.nested(r.array)
	case c == '"':
		s, err := r.str()
		return &jsonNode{kind: jsonString, offset: start, text: s}, err
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	}
	for word, kind := range map[string]jsonKind{"true": jsonBool, "false": jsonBool, "null": jsonNull} {
		if len(r.doc)-start >= len(word) && string(r.doc[start:start+len(word)]) == word {
			r.pos += len(word)
			return &jsonNode{kind: kind, offset: start, text: word}, nil
		}
	}
	if bytes.HasPrefix(r.doc[start:], []byte(byteOrderMark)) {
		return nil, r.fail(start, "expected a JSON value, found a byte order mark: save the document as UTF-8 without one")
	}
	return nil, r.fail(start, "expected a JSON value")
}

// byteOrderMark begins what some editors save; JSON has none (RFC 8259, 8.1), nor does AWS take it.
const byteOrderMark = "\ufeff"

func (r *jsonReader) nested(read func() (*jsonNode, error)) (*jsonNode, error) {
	if r.depth == r.maxDepth {
		return nil, r.fail(r.pos, "nested deeper than %d levels", r.maxDepth)
	}
	r.depth++
	defer func() { r.depth-- }()
	return read()
}

func (r *jsonReader) object() (*jsonNode, error) {
	n := &jsonNode{kind: jsonObject, offset: r.pos}
	seen := make(map[string]bool)
	r.pos++
	if r.peek() == '}' {
		r.pos++
		return n, nil
	}
	for {
		if r.peek() != '"' {
			return nil, r.fail(r.pos, "expected a name in double quotes")
		}
		at := r.pos
		name, err := r.str()
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, r.fail(at, "duplicate key %q: expected each name once", name)
		}
		seen[name] = true
		if r.peek() != ':' {
			return nil, r.fail(r.pos, "expected ':' after %q", name)
		}
		r.pos++
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, jsonMember{name: name, offset: at, value: v})
		done, err := r.next('}')
		if done || err != nil {
			return n, err
		}
	}
}

func (r *jsonReader) array() (*jsonNode, error) {
	n := &jsonNode{kind: jsonArray, offset: r.pos}
	r.pos++
	if r.peek() == ']' {
		r.pos++
		return n, nil
	}
	for {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, v)
		done, err := r.next(']')
		if done || err != nil {
			return n, err
		}
	}
}

// next consumes a comma or the closing byte.
func (r *jsonReader) next(closing byte) (done bool, err error) {
	switch r.peek() {
	case ',':
		r.pos++
		return false, nil
	case closing:
		r.pos++
		return true, nil
	default:
		return false, r.fail(r.pos, "expected ',' or '%c'", closing)
	}
}

func (r *jsonReader) digits() bool {
	start := r.pos
	for r.pos < len(r.doc) && r.doc[r.pos] >= '0' && r.doc[r.pos] <= '9' {
		r.pos++
	}
	return r.pos > start
}

func (r *jsonReader) accept(set string) bool {
	for i := 0; i < len(set); i++ {
		if r.pos < len(r.doc) && r.doc[r.pos] == set[i] {
			r.pos++
			return true
		}
	}
	return false
}

func (r *jsonReader) number() (*jsonNode, error) {
	start := r.pos
	r.accept("-")
	ok := r.accept("0") || r.digits()
	if ok && r.accept(".") {
		ok = r.digits()
	}
	if ok && r.accept("eE") {
		r.accept("+-")
		ok = r.digits()
	}
	if !ok {
		return nil, r.fail(r.pos, "expected a digit")
	}
	return &jsonNode{kind: jsonNumber, offset: start, text: string(r.doc[start:r.pos])}, nil
}

func (r *jsonReader) str() (string, error) {
	start := r.pos
	r.pos++
	var out []byte
	for r.pos < len(r.doc) {
		c := r.doc[r.pos]
		switch {
		case c == '"':
			r.pos++
			return string(out), nil
		case c < 0x20:
			return "", r.fail(r.pos, "control character in a string: expected an escape")
		case c == '\\':
			var err error
			if out, err = r.escape(out); err != nil {
				return "", err
			}
		default:
			_, size := utf8.DecodeRune(r.doc[r.pos:])
			if c >= utf8.RuneSelf && size == 1 {
				return "", r.fail(r.pos, "invalid UTF-8 in a string")
			}
			out = append(out, r.doc[r.pos:r.pos+size]...)
			r.pos += size
		}
	}
	return "", r.fail(start, "string is not closed: expected '\"'")
}

func (r *jsonReader) escape(out []byte) ([]byte, error) {
	at := r.pos
	r.pos++
	if r.pos == len(r.doc) {
		return nil, r.fail(at, "expected an escape sequence")
	}
	c := r.doc[r.pos]
	r.pos++
	switch c {
	case '"', '\\', '/':
		return append(out, c), nil
	case 'b':
		return append(out, '\b'), nil
	case 'f':
		return append(out, '\f'), nil
	case 'n':
		return append(out, '\n'), nil
	case 'r':
		return append(out, '\r'), nil
	case 't':
		return append(out, '\t'), nil
	case 'u':
		u, ok := r.unicode()
		if !ok {
			return nil, r.fail(at, `expected \u with four hexadecimal digits and paired surrogates`)
		}
		return utf8.AppendRune(out, u), nil
	default:
		return nil, r.fail(at, "expected an escape sequence of JSON")
	}
}

// unicode reads the digits after \u, and the second half of a surrogate pair.
func (r *jsonReader) unicode() (rune, bool) {
	first, ok := r.hex4()
	if !ok || !utf16.IsSurrogate(first) {
		return first, ok
	}
	if r.pos+2 > len(r.doc) || r.doc[r.pos] != '\\' || r.doc[r.pos+1] != 'u' {
		return 0, false
	}
	r.pos += 2
	second, ok := r.hex4()
	if !ok {
		return 0, false
	}
	u := utf16.DecodeRune(first, second)
	return u, u != utf8.RuneError
}

func (r *jsonReader) hex4() (rune, bool) {
	if r.pos+4 > len(r.doc) {
		return 0, false
	}
	for _, c := range r.doc[r.pos : r.pos+4] {
		if !isHex(c) {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(string(r.doc[r.pos:r.pos+4]), 16, 32)
	r.pos += 4
	return rune(n), err == nil
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
