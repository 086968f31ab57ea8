package library

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// plainYAML reads the plain part of YAML that the content is written in: blocks, lists, texts on one line,
// block texts, and flows on one line. It is several times as fast as the whole of YAML, and a quarter of the
// time of a small run. ok is false for whatever it does not know, which is then left to the YAML library; a
// test holds that both read the same of every file.
func plainYAML(data []byte) (root *yaml.Node, ok bool) {
	text := string(data)
	beyond := func(r rune) bool { return r >= 0x7f || r < ' ' && r != '\n' }
	if !strings.HasSuffix(text, "\n") || strings.ContainsFunc(text, beyond) {
		return nil, false
	}
	p := &plainReader{lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n")}
	root = p.block(0)
	return root, !p.failed && p.at == len(p.lines)
}

type plainReader struct {
	lines  []string
	at     int
	failed bool
}

func (p *plainReader) fail() *yaml.Node {
	p.failed = true
	return &yaml.Node{}
}

// line is the indent of the line that is read next and what stands in it; -1 at the end.
func (p *plainReader) line() (indent int, text string) {
	for p.at < len(p.lines) && p.lines[p.at] == "" {
		p.at++
	}
	if p.at == len(p.lines) {
		return -1, ""
	}
	text = strings.TrimLeft(p.lines[p.at], " ")
	return len(p.lines[p.at]) - len(text), text
}

// block reads a mapping or list whose lines begin at an indent.
func (p *plainReader) block(indent int) *yaml.Node {
	if _, text := p.line(); isItem(text) {
		return p.list(indent)
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	for !p.failed {
		at, text := p.line()
		if at != indent || isItem(text) {
			break
		}
		key, rest, ok := cutKey(text)
		if !ok {
			return p.fail()
		}
		p.at++
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, p.value(rest, indent, true))
	}
	if len(n.Content) == 0 {
		return p.fail()
	}
	return n
}

func isItem(text string) bool { return strings.HasPrefix(text, "- ") }

// list reads a list whose items begin at an indent. What stands behind the dash is read as a line of its
// own, two further in.
func (p *plainReader) list(indent int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for !p.failed {
		at, text := p.line()
		if at != indent || !isItem(text) {
			break
		}
		item := text[2:]
		if _, _, isKey := cutKey(item); isKey {
			p.lines[p.at] = strings.Repeat(" ", indent+2) + item
			n.Content = append(n.Content, p.block(indent+2))
			continue
		}
		p.at++
		n.Content = append(n.Content, p.value(item, indent, false))
	}
	return n
}

// cutKey splits a line of a mapping. Keys are plain.
func cutKey(text string) (key, rest string, ok bool) {
	end := strings.Index(text, ": ")
	if end < 0 && strings.HasSuffix(text, ":") {
		end = len(text) - 1
	}
	if end <= 0 || end > maxPlainKey || !isPlain(text[:end]) || strings.ContainsAny(text[:end], " ,") {
		return "", "", false
	}
	return text[:end], strings.TrimLeft(text[end+1:], " "), true
}

// maxPlainKey is how long a key may be, in bytes; YAML allows 1,024 characters for one on a line.
const maxPlainKey = 500

// isPlain tells a text that stands for itself without quotes.
func isPlain(text string) bool {
	c := text[0]
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '$' || c == '/' || c == '('
	return letter && !strings.Contains(text, " #") && !strings.Contains(text, ": ") && !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, " ")
}

// value reads what stands behind a key or a dash, and the lines below that belong to it.
func (p *plainReader) value(text string, indent int, ofKey bool) *yaml.Node {
	if text == "" {
		at, next := p.line()
		if ofKey && (at > indent || at == indent && isItem(next)) {
			return p.block(at)
		}
		return p.fail()
	}
	switch text {
	case "|", ">-":
		return p.text(text == "|", indent)
	}
	n, rest := p.flow(text, false)
	if rest != "" {
		return p.fail()
	}
	if at, _ := p.line(); at > indent {
		return p.fail() // a text of several lines
	}
	return n
}

// text reads a block text: as it is, or with its lines put together.
func (p *plainReader) text(literal bool, indent int) *yaml.Node {
	from := p.at
	if from == len(p.lines) || p.lines[from] == "" {
		return p.fail()
	}
	within := len(p.lines[from]) - len(strings.TrimLeft(p.lines[from], " "))
	if within <= indent {
		return p.fail()
	}
	var b strings.Builder
	blank := 0
	for ; p.at < len(p.lines); p.at++ {
		line := p.lines[p.at]
		if line == "" {
			blank++
			continue
		}
		own := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case own <= indent:
			return p.ended(&b, literal)
		case own < within, own > within && !literal, own == len(line):
			return p.fail()
		case b.Len() > 0 && (literal || blank > 0):
			b.WriteString(strings.Repeat("\n", blank))
			if literal {
				b.WriteByte('\n')
			}
		case b.Len() > 0:
			b.WriteByte(' ')
		}
		blank = 0
		b.WriteString(line[within:])
	}
	return p.ended(&b, literal)
}

func (p *plainReader) ended(b *strings.Builder, literal bool) *yaml.Node {
	if literal {
		b.WriteByte('\n')
		return &yaml.Node{Kind: yaml.ScalarNode, Style: yaml.LiteralStyle, Value: b.String()}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Style: yaml.FoldedStyle, Value: b.String()}
}

// flow reads a scalar, or a list or mapping on one line, and returns what follows it.
func (p *plainReader) flow(text string, inside bool) (n *yaml.Node, rest string) {
	if text == "" || p.failed {
		return p.fail(), ""
	}
	switch text[0] {
	case '[':
		return p.flowAll(text[1:], ']', yaml.SequenceNode)
	case '{':
		return p.flowAll(text[1:], '}', yaml.MappingNode)
	case '"', '\'':
		return p.quoted(text)
	}
	end := len(text)
	if inside {
		if end = strings.IndexAny(text, ",]}"); end < 0 {
			return p.fail(), ""
		}
	}
	value := strings.TrimRight(text[:end], " ")
	if value == "" || !isPlain(value) || inside && strings.ContainsAny(value, "[{?") {
		return p.fail(), ""
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: strings.Clone(value)}, text[end:] // the file is not kept for it
}

func (p *plainReader) quoted(text string) (n *yaml.Node, rest string) {
	end := strings.IndexByte(text[1:], text[0])
	if end < 0 {
		return p.fail(), ""
	}
	value, rest := text[1:end+1], text[end+2:]
	if text[0] == '"' && strings.Contains(value, `\`) || strings.HasPrefix(rest, text[:1]) {
		return p.fail(), "" // escapes
	}
	style := yaml.SingleQuotedStyle
	if text[0] == '"' {
		style = yaml.DoubleQuotedStyle
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Style: style, Value: strings.Clone(value)}, rest
}

// flowAll reads the elements of a list, or the keys and values of a mapping, to behind its end.
func (p *plainReader) flowAll(text string, end byte, kind yaml.Kind) (n *yaml.Node, rest string) {
	n = &yaml.Node{Kind: kind, Style: yaml.FlowStyle}
	for !p.failed {
		text = strings.TrimLeft(text, " ")
		if text != "" && text[0] == end && len(n.Content) == 0 {
			return n, text[1:]
		}
		if kind == yaml.MappingNode {
			key, after, ok := p.flowKey(text)
			if !ok {
				break
			}
			n.Content = append(n.Content, key)
			text = after
		}
		var e *yaml.Node
		e, text = p.flow(text, true)
		n.Content = append(n.Content, e)
		switch text = strings.TrimLeft(text, " "); {
		case p.failed || text == "":
			return p.fail(), ""
		case text[0] == end:
			return n, text[1:]
		case text[0] != ',':
			return p.fail(), ""
		}
		text = text[1:]
	}
	return p.fail(), ""
}

func (p *plainReader) flowKey(text string) (key *yaml.Node, rest string, ok bool) {
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		key, rest = p.quoted(text)
		if p.failed || !strings.HasPrefix(rest, ": ") || len(key.Value) > maxPlainKey {
			return nil, "", false
		}
		return key, strings.TrimLeft(rest[2:], " "), true
	}
	name, rest, ok := strings.Cut(text, ": ")
	if !ok || name == "" || len(name) > maxPlainKey || !isPlain(name) || strings.ContainsAny(name, " ,[]{}?") {
		return nil, "", false
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: name}, strings.TrimLeft(rest, " "), true
}
