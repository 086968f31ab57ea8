package iam

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// String prints the policy as compact JSON. Order, scalars, arrays and JSON types stay as
// they were read; only white space and escapes change.
// A policy that could not be read prints as its reason.
func (p *Policy) String() string {
	if p.opaque != "" {
		return "unreadable policy: " + p.opaque
	}
	var w jsonWriter
	w.open('{')
	if p.hasVersion {
		w.member("Version", string(p.version))
	}
	if p.hasID {
		w.member("Id", p.id)
	}
	w.name("Statement")
	if !p.single {
		w.open('[')
	}
	for i := range p.statements {
		w.comma()
		w.statement(&p.statements[i])
	}
	if !p.single {
		w.close(']')
	}
	w.close('}')
	return w.String()
}

// MarshalJSON gives the text of String, and an error for a policy that could not be read.
func (p *Policy) MarshalJSON() ([]byte, error) {
	if p.opaque != "" {
		return nil, fmt.Errorf("policy %q: %s", p.name, p.opaque)
	}
	return []byte(p.String()), nil
}

// jsonWriter writes JSON; fresh is true where no comma is wanted.
type jsonWriter struct {
	strings.Builder
	fresh bool
}

func (w *jsonWriter) open(c byte) {
	w.WriteByte(c)
	w.fresh = true
}

func (w *jsonWriter) close(c byte) {
	w.WriteByte(c)
	w.fresh = false
}

func (w *jsonWriter) comma() {
	if !w.fresh {
		w.WriteByte(',')
	}
	w.fresh = false
}

func (w *jsonWriter) name(s string) {
	w.comma()
	w.text(s)
	w.WriteByte(':')
	w.fresh = true
}

func (w *jsonWriter) member(name, value string) {
	w.name(name)
	w.text(value)
	w.fresh = false
}

func (w *jsonWriter) list(name string, l scalarList) {
	w.name(name)
	if l.array {
		w.open('[')
	}
	for _, v := range l.values {
		w.comma()
		if v.kind == jsonString {
			w.text(v.text)
		} else {
			w.WriteString(v.text)
		}
	}
	if l.array {
		w.close(']')
	}
	w.fresh = false
}

func (w *jsonWriter) statement(s *Statement) {
	w.open('{')
	if s.hasSid {
		w.member("Sid", s.sid)
	}
	w.member("Effect", s.effect.String())
	w.principal(&s.principal)
	w.list(negatable("Action", s.notAction), s.actionList)
	if s.hasRes {
		w.list(negatable("Resource", s.notRes), s.resList)
	}
	if s.hasCond {
		w.conditions(s.conditions)
	}
	w.close('}')
}

func negatable(name string, negated bool) string {
	if negated {
		return "Not" + name
	}
	return name
}

func (w *jsonWriter) principal(p *principalElement) {
	name := negatable("Principal", p.negated)
	switch {
	case !p.present:
	case p.bare:
		w.member(name, "*")
	default:
		w.name(name)
		w.open('{')
		for _, g := range p.groups {
			w.list(g.kind, g.list)
		}
		w.close('}')
	}
}

// conditions prints runs of one operator as one block, as they were read.
func (w *jsonWriter) conditions(list []condition) {
	w.name("Condition")
	w.open('{')
	for i := range list {
		if i == 0 || list[i].operator != list[i-1].operator {
			if i > 0 {
				w.close('}')
			}
			w.name(list[i].operator)
			w.open('{')
		}
		w.list(list[i].key, list[i].list)
	}
	if len(list) > 0 {
		w.close('}')
	}
	w.close('}')
}

const hexDigits = "0123456789abcdef"

// text writes a quoted string. Strings of a policy are valid UTF-8.
func (w *jsonWriter) text(s string) {
	w.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			w.WriteByte('\\')
			w.WriteByte(byte(c))
		case c < 0x20:
			w.WriteString(`\u00`)
			w.WriteByte(hexDigits[c>>4])
			w.WriteByte(hexDigits[c&15])
		default:
			w.WriteRune(min(c, utf8.MaxRune))
		}
	}
	w.WriteByte('"')
	w.fresh = false
}
