package cloudformation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
)

// parseJSON reads a template in JSON.
func parseJSON(data []byte) (*node, error) {
	r := &jsonReader{dec: json.NewDecoder(bytes.NewReader(data)), counter: counter{maxNodes}}
	r.dec.UseNumber()
	for i, c := range data {
		if c == '\n' {
			r.ends = append(r.ends, int64(i))
		}
	}
	n, err := r.node(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line %d: something follows the template's end", r.line())
	}
	return n, nil
}

// jsonReader turns tokens into nodes with lines.
type jsonReader struct {
	dec     *json.Decoder
	ends    []int64 // offsets of the ends of lines
	counter counter
}

// line is where the last token ends.
func (r *jsonReader) line() int {
	at := r.dec.InputOffset()
	return 1 + sort.Search(len(r.ends), func(i int) bool { return r.ends[i] >= at })
}

func (r *jsonReader) token() (json.Token, error) {
	tok, err := r.dec.Token()
	if err != nil {
		return nil, fmt.Errorf("line %d: not JSON: %w", r.line(), err)
	}
	return tok, nil
}

func (r *jsonReader) node(depth int) (*node, error) {
	tok, err := r.token()
	if err != nil {
		return nil, err
	}
	n := &node{line: r.line()}
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: nested deeper than %d levels", n.line, maxDepth)
	}
	if err := r.counter.take(n.line); err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case json.Delim:
		if t == '[' {
			return n, r.list(n, depth)
		}
		return n, r.object(n, depth)
	case json.Number:
		n.value = number(t.String())
	case nil, bool, string:
		n.value = t
	}
	return n, nil
}

func (r *jsonReader) list(n *node, depth int) error {
	n.kind = listNode
	for r.dec.More() {
		item, err := r.node(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.token()
	return err
}

func (r *jsonReader) object(n *node, depth int) error {
	n.kind = objectNode
	seen := map[string]int{}
	for r.dec.More() {
		tok, err := r.token()
		if err != nil {
			return err
		}
		name, ok := tok.(string)
		line := r.line()
		if !ok {
			return fmt.Errorf("line %d: a name is not a text", line)
		}
		if first, twice := seen[name]; twice {
			return fmt.Errorf("line %d: %q stands twice in one object, first on line %d", line, name, first)
		}
		seen[name] = line
		value, err := r.node(depth + 1)
		if err != nil {
			return err
		}
		n.fields = append(n.fields, nodeField{name, line, value})
	}
	_, err := r.token()
	return err
}
