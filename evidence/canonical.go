package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
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
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	out, err := appendCanonical(make([]byte, 0, len(data)), dec, 0)
	if err != nil {
		return nil, fmt.Errorf("canonical json: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("canonical json: there is more behind the document")
	}
	return out, nil
}

func appendCanonical(b []byte, dec *json.Decoder, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return appendArray(b, dec, depth)
		}
		return appendObject(b, dec, depth)
	case string:
		return appendText(b, t), nil
	case json.Number:
		return appendNumber(b, t)
	case bool:
		return strconv.AppendBool(b, t), nil
	}
	return append(b, "null"...), nil
}

func appendArray(b []byte, dec *json.Decoder, depth int) ([]byte, error) {
	b = append(b, '[')
	for first := true; dec.More(); first = false {
		if !first {
			b = append(b, ',')
		}
		var err error
		if b, err = appendCanonical(b, dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return append(b, ']'), err
}

// member is one name of an object with its value in canonical form.
type member struct {
	name  string
	units []uint16
	value []byte
}

func appendObject(b []byte, dec *json.Decoder, depth int) ([]byte, error) {
	var members []member
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		value, err := appendCanonical(nil, dec, depth+1)
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, utf16.Encode([]rune(name)), value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(members, func(x, y member) int { return slices.Compare(x.units, y.units) })
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			if members[i-1].name == m.name {
				return nil, fmt.Errorf("member %.80q stands twice", m.name)
			}
			b = append(b, ',')
		}
		b = append(appendText(b, m.name), ':')
		b = append(b, m.value...)
	}
	return append(b, '}'), nil
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
