package report

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// fact is one fact that a rule looked at, for people.
type fact struct {
	name, value string
}

// looked returns the facts that the rule looked at, values cut at n bytes.
func looked(f *assize.Finding, n int) []fact {
	fields := f.Looked()
	out := make([]fact, 0, len(fields))
	for _, field := range fields {
		out = append(out, fact{name: cut(clean(field.Name), 120), value: valueText(field.Value, n)})
	}
	return out
}

// shown returns the evidence of a finding, texts cut at n bytes.
func shown(f *assize.Finding, n int) []fact {
	var out []fact
	for _, field := range f.Evidence[:min(len(f.Evidence), maxEvidence)] {
		out = append(out, fact{name: cut(clean(field.Name), 40), value: valueText(field.Value, n)})
	}
	return out
}

// valueText is a value on one line: scalars as they are, lists and objects as JSON
// has them, absent and unknown in words. No more of a value is read than is shown.
func valueText(v assize.Value, n int) string {
	switch x := v.(type) {
	case nil:
		return "absent"
	case string:
		if x == "" {
			return `""`
		}
		return cut(clean(head(x, n)), n)
	case *assize.Unknown:
		return cut(clean(unknownText(x)), n)
	}
	return cut(clean(string(appendValue(nil, v, n))), n)
}

// head is the start of a text of which n bytes will be shown: a character more, so
// that cut sees that there was more.
func head(s string, n int) string {
	if len(s) <= n+utf8.UTFMax {
		return s
	}
	n++
	for i := 0; i < utf8.UTFMax && !utf8.RuneStart(s[n]); i++ {
		n++
	}
	return s[:n]
}

func unknownText(u *assize.Unknown) string {
	if u.Refers != nil {
		return "known after apply, names " + u.Refers.ID
	}
	s := "unknown: " + string(u.Cause)
	if u.Operation != "" {
		s += " " + u.Operation
	}
	return s
}

// appendValue appends v in the way of JSON and stops soon after n bytes.
func appendValue(b []byte, v assize.Value, n int) []byte {
	if len(b) > n {
		return b
	}
	switch x := v.(type) {
	case nil:
		return append(b, "absent"...)
	case bool:
		return strconv.AppendBool(b, x)
	case int64:
		return strconv.AppendInt(b, x, 10)
	case float64:
		if math.Trunc(x) == x && math.Abs(x) < 1e15 {
			return strconv.AppendFloat(b, x, 'f', -1, 64)
		}
		return strconv.AppendFloat(b, x, 'g', -1, 64)
	case string:
		b = append(b, '"')
		b = append(b, head(x, n)...)
		return append(b, '"')
	case *assize.Unknown:
		return append(b, unknownText(x)...)
	case assize.List:
		return appendList(b, x, n)
	case assize.Object:
		return appendObject(b, x, n)
	}
	return append(b, "?"...)
}

func appendList(b []byte, list assize.List, n int) []byte {
	b = append(b, '[')
	for i, e := range list {
		if len(b) > n {
			return b
		}
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendValue(b, e, n)
	}
	return append(b, ']')
}

func appendObject(b []byte, o assize.Object, n int) []byte {
	b = append(b, '{')
	for i, f := range o {
		if len(b) > n {
			return b
		}
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, head(f.Name, n)...)
		b = append(b, ": "...)
		b = appendValue(b, f.Value, n)
	}
	return append(b, '}')
}
