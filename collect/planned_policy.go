package collect

import (
	"bytes"
	"encoding/json"

	"github.com/assize-dev/assize"
)

// PolicyText is the text of a policy document that is known as far as v is: a text
// stays as it is, an object becomes JSON. What is not known in it is the text that
// standIn gives for what it refers to, else [assize.Hole]. ok is false for what
// is no document. AWS ignores the order of fields; here it is that of their names.
func PolicyText(v assize.Value, standIn func(*assize.Unknown) string) (text string, ok bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case assize.Object:
		var b bytes.Buffer
		if err := writePolicy(&b, x, standIn); err != nil {
			return "", false
		}
		return b.String(), true
	}
	return "", false
}

func writePolicy(b *bytes.Buffer, v assize.Value, standIn func(*assize.Unknown) string) error {
	switch x := v.(type) {
	case *assize.Unknown:
		text := ""
		if standIn != nil {
			text = standIn(x)
		}
		if text == "" {
			text = assize.Hole
		}
		return writeJSON(b, text)
	case assize.Object:
		b.WriteByte('{')
		for i, f := range x {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, f.Name); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := writePolicy(b, f.Value, standIn); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case assize.List:
		b.WriteByte('[')
		for i, e := range x {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writePolicy(b, e, standIn); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	return writeJSON(b, v)
}

func writeJSON(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	b.Truncate(len(bytes.TrimRight(b.Bytes(), "\n")))
	return err
}
