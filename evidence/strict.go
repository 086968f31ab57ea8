package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// strict walks over a text that should be in canonical form, with no table of what else JSON allows: that makes it some
// ten times as fast as a decoder and a writer one behind the other. What is not in canonical form is bad, without a
// word why: who wants the reason asks the decoder. Once bad, nothing more is read.
type strict struct {
	data []byte
	at   int
	bad  bool
}

// readStrictly begins a walk. Bytes that are not UTF-8 are bad wherever they stand.
func readStrictly(data []byte) strict { return strict{data: data, bad: !utf8.Valid(data)} }

// done reports whether all was read, and all of it was good.
func (s *strict) done() bool { return !s.bad && s.at == len(s.data) }

// peek is the next byte; 0, which canonical JSON never has, at the end or where something was bad.
func (s *strict) peek() byte {
	if s.bad || s.at >= len(s.data) {
		return 0
	}
	return s.data[s.at]
}

// passes passes a fixed text, and reports whether it stood there.
func (s *strict) passes(text string) bool {
	if s.bad || len(s.data)-s.at < len(text) || string(s.data[s.at:s.at+len(text)]) != text {
		return false
	}
	s.at += len(text)
	return true
}

// want passes a fixed text that must stand there.
func (s *strict) want(text string) {
	if !s.passes(text) {
		s.bad = true
	}
}

// text passes a text and returns what it says.
func (s *strict) text() string {
	raw, escapes := s.raw()
	return string(unescaped(raw, escapes))
}

// raw passes a text in its quotes. It returns the bytes between them, and how many of them belong to escapes beyond the
// characters that the escapes stand for.
func (s *strict) raw() (raw []byte, escapes int) {
	s.want(`"`)
	if s.bad {
		return nil, 0
	}
	begin := s.at
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '"':
			s.at++
			return s.data[begin : s.at-1], escapes
		case c == '\\':
			n := shortestEscape(s.data[s.at:])
			if n == 0 {
				s.bad = true
				return nil, 0
			}
			s.at += n
			escapes += n - 1
		case c < ' ':
			s.bad = true
			return nil, 0
		default:
			s.at++
		}
	}
	s.bad = true
	return nil, 0
}

// shortEscapes are the letters behind a backslash in two-byte escapes, each followed by what it stands for.
const shortEscapes = "\"\"\\\\b\bt\tn\nf\fr\r"

// escapedBy is the character that a letter behind a backslash stands for; 0 where it stands for none by itself.
func escapedBy(letter byte) byte {
	for i := 0; i < len(shortEscapes); i += 2 {
		if shortEscapes[i] == letter {
			return shortEscapes[i+1]
		}
	}
	return 0
}

// shortestEscape is the length of the escape that data begins with, and 0 if canonical JSON writes it otherwise. In
// six bytes it writes only control characters that have no letter.
func shortestEscape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	if escapedBy(data[1]) != 0 {
		return 2
	}
	if len(data) < 6 || data[1] != 'u' || data[2] != '0' || data[3] != '0' || data[4] > '1' {
		return 0
	}
	c, ok := controlOf(data)
	if !ok || strings.IndexByte("\b\t\n\f\r", c) >= 0 {
		return 0
	}
	return 6
}

// controlOf is the control character of an escape of six bytes, in lower case.
func controlOf(data []byte) (byte, bool) {
	high, low := strings.IndexByte(hexDigits, data[4]), strings.IndexByte(hexDigits, data[5])
	return byte(high<<4 | low), high >= 0 && low >= 0
}

// unescaped is what the bytes between two quotes say; they themselves where there are no escapes.
func unescaped(raw []byte, escapes int) []byte {
	if escapes == 0 {
		return raw
	}
	out := make([]byte, 0, len(raw)-escapes)
	for len(raw) > 0 {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(out, raw...)
		}
		out = append(out, raw[:i]...)
		if c := escapedBy(raw[i+1]); c != 0 {
			out, raw = append(out, c), raw[i+2:]
			continue
		}
		c, _ := controlOf(raw[i:])
		out, raw = append(out, c), raw[i+6:]
	}
	return out
}

// integer passes an integer in its shortest form.
func (s *strict) integer() int64 {
	begin := s.at
	for s.peek() == '-' || s.peek() >= '0' && s.peek() <= '9' {
		s.at++
	}
	digits := string(s.data[begin:s.at])
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != digits {
		s.bad = true
	}
	return n
}

// hash passes a hash in base64.
func (s *strict) hash() (h Hash) {
	raw, escapes := s.raw()
	if s.bad || escapes != 0 || len(raw) != hashText {
		s.bad = true
		return h
	}
	var room [hashText]byte
	n, err := base64.StdEncoding.Strict().Decode(room[:], raw)
	if err != nil || n != len(h) {
		s.bad = true
	}
	return Hash(room[:len(h)])
}

// digest passes a digest behind a prefix in quotes.
func (s *strict) digest(prefix string) (d Digest) {
	raw, escapes := s.raw()
	digits, ok := bytes.CutPrefix(raw, []byte(prefix))
	if s.bad || escapes != 0 || !ok || len(digits) != hex.EncodedLen(len(d)) {
		s.bad = true
		return d
	}
	if _, err := hex.Decode(d[:], digits); err != nil {
		s.bad = true
	}
	return d
}

// object passes an object and returns its bytes.
func (s *strict) object() []byte {
	begin := s.at
	if s.peek() != '{' {
		s.bad = true
	}
	s.value(0)
	if s.bad {
		return nil
	}
	return s.data[begin:s.at]
}

// value passes any value.
func (s *strict) value(depth int) {
	if depth > maxDepth {
		s.bad = true
		return
	}
	switch s.peek() {
	case '{':
		s.members(depth)
	case '[':
		s.elements(depth)
	case '"':
		s.raw()
	case 't':
		s.want("true")
	case 'f':
		s.want("false")
	case 'n':
		s.want("null")
	default:
		s.number()
	}
}

func (s *strict) elements(depth int) {
	s.want("[")
	if s.passes("]") {
		return
	}
	for !s.bad {
		s.value(depth + 1)
		if s.passes("]") {
			return
		}
		s.want(",")
	}
}

// members passes an object, whose names must rise: so none stands twice.
func (s *strict) members(depth int) {
	s.want("{")
	if s.passes("}") {
		return
	}
	var last []byte
	for first := true; !s.bad; first = false {
		name := unescaped(s.raw())
		if !first && compareUnits(last, name) >= 0 {
			s.bad = true
		}
		last = name
		s.want(":")
		s.value(depth + 1)
		if s.passes("}") {
			return
		}
		s.want(",")
	}
}

// number passes a number that is written as it would be written again.
func (s *strict) number() {
	begin := s.at
	for s.peek() != 0 && strings.IndexByte("+-.0123456789e", s.peek()) >= 0 {
		s.at++
	}
	text := s.data[begin:s.at]
	var room [32]byte
	again, err := appendNumber(room[:0], json.Number(text))
	if err != nil || !bytes.Equal(again, text) {
		s.bad = true
	}
}
