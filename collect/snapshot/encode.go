package snapshot

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// appendRecord appends the record's line, without its end. A value is written here
// and not by encoding/json, which would copy it once for each level of nesting.
func appendRecord(b []byte, r *assize.Record) ([]byte, error) {
	b = append(b, `{"record":{"type":`...)
	b = appendString(b, r.Type)
	b = appendString(append(b, `,"account":`...), r.Account)
	b = appendString(append(b, `,"region":`...), r.Region)
	b = appendString(append(b, `,"id":`...), r.ID)
	if r.ARN != "" {
		b = appendString(append(b, `,"arn":`...), r.ARN)
	}
	for i := range r.Answers {
		if i == 0 {
			b = append(b, `,"answers":[`...)
		} else {
			b = append(b, ',')
		}
		var err error
		if b, err = appendAnswer(b, &r.Answers[i]); err != nil {
			return nil, err
		}
	}
	if len(r.Answers) > 0 {
		b = append(b, ']')
	}
	return append(b, "}}"...), nil
}

func appendAnswer(b []byte, a *assize.Answer) ([]byte, error) {
	var err error
	b = appendString(append(b, `{"operation":`...), a.Operation)
	switch {
	case a.Gap != nil:
		b, err = appendPlain(append(b, `,"gap":`...), a.Gap)
	case a.None != "":
		b = appendString(append(b, `,"none":`...), a.None)
	default:
		b, err = appendValue(append(b, `,"value":`...), a.Value)
	}
	if err == nil && len(a.Masked) > 0 {
		b, err = appendPlain(append(b, `,"masked":`...), a.Masked)
	}
	return append(b, '}'), err
}

func appendValue(b []byte, v assize.Value) ([]byte, error) {
	var err error
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case string:
		return appendString(b, v), nil
	case assize.List:
		b = append(b, '[')
		for i := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendValue(b, v[i]); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	case assize.Object:
		b = append(b, '{')
		for i := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, v[i].Name), ':')
			if b, err = appendValue(b, v[i].Value); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	}
	return appendPlain(b, v) // float64, *Unknown
}

// appendPlain appends what encoding/json writes, without its escapes for HTML.
func appendPlain(b []byte, v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...), nil
}

const hexDigits = "0123456789abcdef"

// appendString quotes s as encoding/json does: bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
