package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of canonical JSON, so that hostile input cannot exhaust the stack.
const maxDepth = 64

// Canonical returns v as canonical JSON (RFC 8785): no white space, members sorted by their
// UTF-16 code units, numbers as ECMAScript writes them, texts with the fewest escapes. Equal
// values give equal bytes. What RFC 8785 cannot say exactly is refused: integers beyond 2^53
// that would be read as others, texts that are not UTF-8, members that stand twice.
func Canonical(v any) ([]byte, error) {
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("canonical json: %w", err)
	}
	return CanonicalJSON(plain.Bytes())
}

// CanonicalJSON returns the canonical form of a JSON document; see [Canonical].
func CanonicalJSON(data []byte) ([]byte, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("canonical json: the text is not UTF-8")
	}
	if loneSurrogate(data) {
		return nil, errors.New("canonical json: a text has half of a surrogate pair")
	}
	if !json.Valid(data) {
		var v json.RawMessage
		return nil, fmt.Errorf("canonical json: %w", json.Unmarshal(data, &v))
	}
	s := scanner{data: data}
	out, err := s.value(make([]byte, 0, len(data)), 0)
	if err != nil {
		return nil, fmt.Errorf("canonical json: %w", err)
	}
	return out, nil
}

// scanner walks over a document that [json.Valid] has accepted, so it only has to find where things end.
type scanner struct {
	data []byte
	at   int
}

// next passes white space, and returns the byte behind it without passing that.
func (s *scanner) next() byte {
	for s.data[s.at] <= ' ' {
		s.at++
	}
	return s.data[s.at]
}

// value appends the next value.
func (s *scanner) value(b []byte, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	switch c := s.next(); c {
	case '{':
		return s.object(b, depth)
	case '[':
		return s.array(b, depth)
	case '"':
		text, err := s.text()
		return appendText(b, text), err
	case 't', 'n':
		s.at += len("true")
		return append(b, s.data[s.at-len("true"):s.at]...), nil
	case 'f':
		s.at += len("false")
		return append(b, "false"...), nil
	}
	begin := s.at
	for s.at < len(s.data) && strings.IndexByte("+-.0123456789eE", s.data[s.at]) >= 0 {
		s.at++
	}
	return appendNumber(b, json.Number(s.data[begin:s.at]))
}

// text passes a string and returns what it says.
func (s *scanner) text() (string, error) {
	begin, escaped := s.at, false
	for s.at++; s.data[s.at] != '"'; s.at++ {
		if s.data[s.at] == '\\' {
			escaped = true
			s.at++
		}
	}
	s.at++
	if !escaped {
		return string(s.data[begin+1 : s.at-1]), nil
	}
	var text string
	err := json.Unmarshal(s.data[begin:s.at], &text)
	return text, err
}

func (s *scanner) array(b []byte, depth int) ([]byte, error) {
	b = append(b, '[')
	s.at++
	for s.next() != ']' {
		if s.next() == ',' {
			s.at++
			b = append(b, ',')
		}
		var err error
		if b, err = s.value(b, depth+1); err != nil {
			return nil, err
		}
	}
	s.at++
	return append(b, ']'), nil
}

// member is one name of an object with its value in canonical form: bytes of a buffer.
type member struct {
	name     string
	from, to int
}

func (s *scanner) object(b []byte, depth int) ([]byte, error) {
	var few [16]member
	members := few[:0]
	begin := len(b)
	s.at++
	for s.next() != '}' {
		if s.next() == ',' {
			s.at++
			s.next()
		}
		name, err := s.text()
		if err != nil {
			return nil, err
		}
		s.next()
		s.at++ // the colon
		// "name":value, with a comma behind each, as if they stood in order already.
		m := member{name: name, from: len(b) - begin}
		b = append(appendText(b, name), ':')
		if b, err = s.value(b, depth+1); err != nil {
			return nil, err
		}
		m.to = len(b) - begin
		members = append(members, m)
	}
	s.at++
	return sorted(b, begin, members)
}

// sorted puts the members, which stand one behind the other from an offset of b, in order, with what is around them.
func sorted(b []byte, begin int, members []member) ([]byte, error) {
	plain := append([]byte(nil), b[begin:]...)
	slices.SortStableFunc(members, func(x, y member) int { return compareUnits(x.name, y.name) })
	b = append(b[:begin], '{')
	for i, m := range members {
		if i > 0 {
			if members[i-1].name == m.name {
				return nil, fmt.Errorf("member %.80q stands twice", m.name)
			}
			b = append(b, ',')
		}
		b = append(b, plain[m.from:m.to]...)
	}
	return append(b, '}'), nil
}

// surrogates is the first UTF-16 code unit of those that stand for code points beyond the basic plane, which begin at
// beyond.
const (
	surrogates = 0xD800
	beyond     = 0x10000
)

// compareUnits compares texts by their UTF-16 code units. That is the order of code points, and so of bytes in UTF-8,
// but for code points beyond the basic plane: their surrogates come before U+E000.
func compareUnits[T string | []byte](x, y T) int {
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			continue
		}
		if x[i] < utf8.RuneSelf && y[i] < utf8.RuneSelf {
			return cmp.Compare(x[i], y[i])
		}
		for i > 0 && !utf8.RuneStart(x[i]) {
			i-- // to the beginning of the code points that differ; those before are equal
		}
		a, _ := utf8.DecodeRuneInString(string(x[i:]))
		b, _ := utf8.DecodeRuneInString(string(y[i:]))
		return cmp.Compare(unit(a), unit(b))
	}
	return len(x) - len(y)
}

// unit orders code points as their first code unit does, and those beyond the basic plane among themselves.
func unit(r rune) int64 {
	if r < beyond {
		return int64(r) << 32
	}
	return surrogates<<32 + int64(r)
}

const hexDigits = "0123456789abcdef"

// appendText writes a text as RFC 8785, section 3.2.2.2 has it.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		case strings.IndexByte("\b\t\n\f\r", c) >= 0:
			b = append(b, '\\', "btn_fr"[c-'\b'])
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(b, '"')
}

// loneSurrogate reports whether an escape is one half of a surrogate pair without the other: encoding/json
// would take it for U+FFFD.
func loneSurrogate(data []byte) bool {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		unit := escaped(data[i:])
		switch {
		case unit >= 0xdc00 && unit <= 0xdfff:
			return true
		case unit >= 0xd800 && unit <= 0xdbff:
			low := escaped(data[min(i+6, len(data)):])
			if low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 11
		default:
			i++
		}
	}
	return false
}

// escaped is the number of an escape such as \u20ac at the beginning of data; -1 for anything else.
func escaped(data []byte) int64 {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseInt(string(data[2:6]), 16, 32)
	if err != nil {
		return -1
	}
	return n
}

// maxInteger is the largest integer up to which every reader of JSON has all of them exactly.
const maxInteger = 1 << 53

// appendNumber writes a number as ECMAScript's Number.prototype.toString does (RFC 8785,
// section 3.2.2.3).
func appendNumber(b []byte, n json.Number) ([]byte, error) {
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("number %.40s: %w", n, err)
	}
	if f == 0 {
		return append(b, '0'), nil
	}
	size := math.Abs(f)
	if size >= 1e-6 && size < 1e21 {
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if size >= maxInteger && text != string(n) && !strings.ContainsAny(string(n), ".eE") {
			return nil, fmt.Errorf("integer %.40s is beyond 2^53 and would be read as %s: write it as a text", n, text)
		}
		return append(b, text...), nil
	}
	if !strings.ContainsAny(string(n), ".eE") {
		return nil, fmt.Errorf("integer %.40s is beyond 2^53: write it as a text", n)
	}
	text := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	sign, digits := exponent[:1], strings.TrimLeft(exponent[1:], "0")
	return append(b, mantissa+"e"+sign+digits...), nil
}
