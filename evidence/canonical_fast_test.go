package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// FuzzCanonical holds the scanner against encoding/json's decoder: the same bytes, or both refuse. What it writes is
// its own canonical form.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `""`, `0`, `-0`, `1e400`, `9007199254740993`, `1E21`, `0.000001`, `1e-7`, `true`, ` false `, `null`, `nul`, `[1,]`, `{"a":1,}`,
		`{"b":[1, 2,{"c":null}],"a":{"z":"\u20ac$\u000F\u000aA'B\"\\\\\"\/","y":[]}}`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `"\ud800"`, `"\ud83d\ude00"`,
		`{"\ue000":1,"😀":2,"z":3,"":4,"\ud83d":5}`, `{"ab":1,"a":2,"abc":3}`, "\"\x01\"", "\"\xff\"", `[[[[]]]]`, `1 2`, "\t{\n}\r", "\"\u2028<>&\"",
		`{"é":1,"e":2,"ê":3}`, `{"a":{"b":{"c":[{"d":1},{"e":[[],{}]}]}}}`, "\x00{}", "{\x0b}",
	} {
		f.Add([]byte(seed))
	}
	f.Add(bytes.Repeat([]byte("["), maxDepth+2))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := CanonicalJSON(data)
		want, errWant := slowCanonical(data)
		if (err == nil) != (errWant == nil) || !bytes.Equal(got, want) {
			t.Fatalf("%q: got %q, %v; want %q, %v", data, got, err, want, errWant)
		}
		if again, err2 := CanonicalJSON(got); err == nil && (err2 != nil || !bytes.Equal(again, got)) {
			t.Fatalf("%q: its canonical form %q becomes %q, %v", data, got, again, err2)
		}
	})
}

// slowCanonical is the oracle: the same rules over the decoder of encoding/json.
func slowCanonical(data []byte) ([]byte, error) {
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

// slowMember is one name of an object with its value in canonical form.
type slowMember struct {
	name  string
	units []uint16
	value []byte
}

func appendObject(b []byte, dec *json.Decoder, depth int) ([]byte, error) {
	var members []slowMember
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
		members = append(members, slowMember{name, utf16.Encode([]rune(name)), value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(members, func(x, y slowMember) int { return slices.Compare(x.units, y.units) })
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
