package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// encode is json.Marshal for documents that people open in terminals and browsers:
// besides what encoding/json escapes (C0 control characters, <, >, &), every other
// character that is not printable is escaped too. Nothing is lost: a reader of the
// JSON gets the same text back, but for broken UTF-8.
func encode(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return escape(data), nil
}

// WriteJSON writes v as a document of JSON with a line feed behind it, in one line where indent is empty. Characters that
// are not printable stand as escapes, as in every document of this package.
func WriteJSON(w io.Writer, v any, indent string) error {
	data, err := json.Marshal(v)
	if err == nil && indent != "" {
		var b bytes.Buffer
		err = json.Indent(&b, data, "", indent)
		data = b.Bytes()
	}
	if err != nil {
		return err
	}
	_, err = w.Write(append(escape(data), '\n'))
	return err
}

// escape replaces characters that are not printable, and those that have a meaning in
// HTML, in encoded JSON; they occur in strings only.
func escape(data []byte) []byte {
	if printable(data) {
		return data
	}
	out := make([]byte, 0, len(data)+16)
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r != '<' && r != '>' && r != '&' && (r < 0x7f || unicode.IsPrint(r)):
			out = append(out, data[i:i+n]...)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		}
		i += n
	}
	return out
}

// printable reports whether encoded JSON is as it is to be written.
func printable(data []byte) bool {
	for i := 0; i < len(data); {
		if c := data[i]; c < utf8.RuneSelf {
			if costs[c] == maxCost && c >= ' ' { // below it stands what separates values: in texts it is an escape
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if !unicode.IsPrint(r) {
			return false
		}
		i += n
	}
	return true
}

// out is a buffered writer that keeps its first error, so that a format writes its
// document without looking at each step and gives the error at the end of a call.
type out struct {
	w   *bufio.Writer
	err error
}

func newOut(w io.Writer) *out { return &out{w: bufio.NewWriterSize(w, 1<<16)} }

func (o *out) str(parts ...string) {
	for _, s := range parts {
		if o.err != nil {
			return
		}
		_, o.err = o.w.WriteString(s)
	}
}

// fail keeps an error, so that nothing is written after it.
func (o *out) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// bytes writes data as it is.
func (o *out) bytes(data []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(data)
	}
}

// json writes v, escaped.
func (o *out) json(v any) {
	if o.err != nil {
		return
	}
	data, err := encode(v)
	o.fail(err)
	o.bytes(data)
}

// member writes a member of a JSON object, on its own line, and a comma.
func (o *out) member(name string, v any) {
	o.str(`"`, name, `":`)
	o.json(v)
	o.str(",\n")
}

func (o *out) flush() error {
	if o.err == nil {
		o.err = o.w.Flush()
	}
	return o.err
}
