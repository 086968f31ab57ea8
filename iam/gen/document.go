package gen

import (
	"encoding/json"
	"slices"
	"strings"
)

// node is a JSON value that keeps the order of its members: a text, a list, an object or true. No
// other kinds occur in what is written here.
type node struct {
	text    string
	list    []node
	members []member
	kind    nodeKind
}

type nodeKind uint8

const (
	textNode nodeKind = iota
	listNode
	objectNode
	trueNode
)

type member struct {
	name  string
	value node
}

func text(s string) node { return node{text: s} }

func object(members ...member) node { return node{kind: objectNode, members: members} }

// texts is one text, or a list of them: IAM takes both, and one is easier to read.
func texts(values []string) node {
	if len(values) == 1 {
		return text(values[0])
	}
	n := node{kind: listNode}
	for _, v := range values {
		n.list = append(n.list, text(v))
	}
	return n
}

// set adds a member.
func (n node) set(name string, value node) node {
	n.members = append(slices.Clone(n.members), member{name, value})
	return n
}

// with adds a member unless its value is empty.
func (n node) with(name string, values []string) node {
	if len(values) == 0 {
		return n
	}
	return n.set(name, texts(values))
}

// json writes the value, indented by two spaces a level, or on one line where indent is negative.
func (n node) json(b *strings.Builder, indent int) {
	switch n.kind {
	case textNode:
		b.WriteString(quote(n.text))
	case trueNode:
		b.WriteString("true")
	case listNode:
		braced(b, '[', ']', indent, len(n.list), func(i, inner int) { n.list[i].json(b, inner) })
	case objectNode:
		braced(b, '{', '}', indent, len(n.members), func(i, inner int) {
			b.WriteString(quote(n.members[i].name))
			b.WriteByte(':')
			if indent >= 0 {
				b.WriteByte(' ')
			}
			n.members[i].value.json(b, inner)
		})
	}
}

func braced(b *strings.Builder, open, shut byte, indent, n int, item func(i, indent int)) {
	inner := indent
	if indent >= 0 {
		inner++
	}
	b.WriteByte(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		newLine(b, inner)
		item(i, inner)
	}
	if n > 0 {
		newLine(b, indent)
	}
	b.WriteByte(shut)
}

func newLine(b *strings.Builder, indent int) {
	if indent >= 0 {
		b.WriteByte('\n')
		b.WriteString(strings.Repeat("  ", indent))
	}
}

// quote writes a JSON string, with <, > and & as they are.
func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// A string always encodes.
	_ = enc.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}

// statement is one statement of a policy to be written.
type statement struct {
	sid, effect       string
	principals        []principals
	action, notAction []string
	resource, notRes  []string
	conditions        []condition
}

// principals are callers of one kind: {"AWS", arns}. The kind "*" is everybody.
type principals struct {
	kind   string
	values []string
}

// condition is an operator with a key and its values.
type condition struct {
	operator, key string
	values        []string
}

func allow(sid string, action, resource []string, conditions ...condition) statement {
	return statement{sid: sid, effect: "Allow", action: action, resource: resource, conditions: conditions}
}

func deny(sid string, action, resource []string, conditions ...condition) statement {
	return statement{sid: sid, effect: "Deny", action: action, resource: resource, conditions: conditions}
}

func (s statement) to(kind string, values ...string) statement {
	s.principals = append(slices.Clone(s.principals), principals{kind, values})
	return s
}

func (s statement) node() node {
	n := object().with("Sid", nonEmpty(s.sid)).with("Effect", []string{s.effect})
	if len(s.principals) > 0 {
		p := text("*")
		if s.principals[0].kind != "*" {
			p = object()
			for _, c := range s.principals {
				p = p.with(c.kind, c.values)
			}
		}
		n = n.set("Principal", p)
	}
	n = n.with("Action", s.action).with("NotAction", s.notAction).with("Resource", s.resource).with("NotResource", s.notRes)
	if len(s.conditions) > 0 {
		n = n.set("Condition", conditionNode(s.conditions))
	}
	return n
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// conditionNode groups the conditions by operator, in the order of their first use.
func conditionNode(conditions []condition) node {
	out := object()
	for _, c := range conditions {
		i := slices.IndexFunc(out.members, func(m member) bool { return m.name == c.operator })
		if i < 0 {
			i = len(out.members)
			out.members = append(out.members, member{c.operator, object()})
		}
		out.members[i].value = out.members[i].value.with(c.key, c.values)
	}
	return out
}

// policyNode is a document of statements.
func policyNode(statements []statement) node {
	list := node{kind: listNode}
	for _, s := range statements {
		list.list = append(list.list, s.node())
	}
	return object(member{"Version", text("2012-10-17")}, member{"Statement", list})
}

// compact is the document without white space, as quotas count it.
func (n node) compact() string {
	var b strings.Builder
	n.json(&b, -1)
	return b.String()
}

// pretty is the document as people read it, ending in a line break.
func (n node) pretty() string {
	var b strings.Builder
	n.json(&b, 0)
	b.WriteByte('\n')
	return b.String()
}
