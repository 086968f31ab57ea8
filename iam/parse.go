package iam

import (
	"errors"
	"fmt"
	"strings"
)

// Limits of a document. AWS's own quotas are far lower; these bound the work an
// uploaded document can cause.
const (
	// DefaultMaxBytes is the largest document Parse accepts.
	DefaultMaxBytes = 1 << 20
	// DefaultMaxDepth is the deepest nesting Parse accepts; a policy needs seven levels.
	DefaultMaxDepth = 16
	// maxValueBytes is the longest value of an element or a condition; no policy that AWS stores is as long.
	maxValueBytes = 64 << 10
)

// Limits bounds what ParseWithin accepts. A zero field means the default.
type Limits struct {
	MaxBytes int
	MaxDepth int
}

// ErrTooLarge is wrapped by the error for a document beyond its size limit, beside the *ParseError that says where the
// limit is reached.
var ErrTooLarge = errors.New("policy document too large")

// Parse reads a policy document ("Grammar of the IAM JSON policy language"). It is strict
// where a mistake would change the meaning: unknown elements, duplicate keys and wrong
// types are errors of type *ParseError. It does not judge whether a layer
// accepts the policy; statements misplaced in a layer make decisions undecided.
func Parse(doc []byte) (*Policy, error) { return ParseWithin(doc, Limits{}) }

// ParseWithin is Parse with other limits.
func ParseWithin(doc []byte, l Limits) (*Policy, error) {
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxDepth <= 0 {
		l.MaxDepth = DefaultMaxDepth
	}
	if len(doc) > l.MaxBytes {
		// The reader of a file stops there too, and does not know how long it is.
		return nil, fmt.Errorf("%w: %w", ErrTooLarge, newLineIndex(doc[:l.MaxBytes]).errorf(l.MaxBytes, "it has more than %d bytes", l.MaxBytes))
	}
	p := &parser{lines: newLineIndex(doc)}
	root, err := readJSON(doc, l.MaxDepth, p.lines)
	if err != nil {
		return nil, err
	}
	return p.policy(root)
}

// ParseEncoded reads a document as the IAM API returns it, percent-encoded by RFC 3986,
// or plain. Positions refer to the decoded text.
func ParseEncoded(doc string) (*Policy, error) {
	if strings.HasPrefix(strings.TrimLeft(doc, " \t\r\n"), "{") {
		return Parse([]byte(doc))
	}
	if len(doc) > 3*DefaultMaxBytes {
		return nil, fmt.Errorf("%w: %d bytes encoded", ErrTooLarge, len(doc))
	}
	decoded, err := percentDecode(doc)
	if err != nil {
		return nil, err
	}
	return Parse(decoded)
}

// percentDecode undoes RFC 3986 encoding. A plus sign is a plus sign.
func percentDecode(s string) ([]byte, error) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			return nil, newLineIndex([]byte(s)).errorf(i, "expected two hexadecimal digits after %%")
		}
		out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
		i += 2
	}
	return out, nil
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}

// parser turns JSON values into a policy.
type parser struct {
	lines   *lineIndex
	version Version
}

func (p *parser) fail(n *jsonNode, format string, args ...any) error {
	return p.lines.errorf(n.offset, format, args...)
}

func (p *parser) want(n *jsonNode, k jsonKind, what string) error {
	if n.kind != k {
		return p.fail(n, "expected %s for %s, found %s", k, what, n.kind)
	}
	return nil
}

func (p *parser) policy(root *jsonNode) (*Policy, error) {
	if err := p.want(root, jsonObject, "the policy"); err != nil {
		return nil, err
	}
	out := &Policy{version: Version2008}
	var statements *jsonNode
	for _, m := range root.members {
		var err error
		switch m.name {
		case "Version":
			out.version, err = p.readVersion(m.value)
			out.hasVersion = true
		case "Id":
			err = p.want(m.value, jsonString, "Id")
			out.id, out.hasID = m.value.text, true
		case "Statement":
			statements = m.value
		default:
			err = p.lines.errorf(m.offset, "unknown element %q: expected Version, Id or Statement", m.name)
		}
		if err != nil {
			return nil, err
		}
	}
	if statements == nil {
		return nil, p.fail(root, "expected a Statement element in the policy")
	}
	p.version = out.version
	return out, p.statements(statements, out)
}

func (p *parser) readVersion(n *jsonNode) (Version, error) {
	if err := p.want(n, jsonString, "Version"); err != nil {
		return "", err
	}
	switch v := Version(n.text); v {
	case Version2008, Version2012:
		return v, nil
	default:
		return "", p.fail(n, "expected Version %q or %q, found %q", Version2012, Version2008, n.text)
	}
}

func (p *parser) statements(n *jsonNode, out *Policy) error {
	items := n.items
	switch n.kind {
	case jsonObject:
		items = []*jsonNode{n}
		out.single = true
	case jsonArray:
	case jsonNull, jsonBool, jsonNumber, jsonString:
		return p.fail(n, "expected an object or an array for Statement, found %s", n.kind)
	}
	for i, item := range items {
		s, err := p.statement(item, i)
		if err != nil {
			return err
		}
		out.statements = append(out.statements, s)
	}
	out.index()
	return nil
}
