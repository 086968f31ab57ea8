package report

import (
	"strconv"

	"github.com/assize-dev/assize"
)

// append writes the entry as encode would, without looking at its fields by
// reflection: a large result has hundreds of thousands of them.
func (e *entry) append(b []byte) ([]byte, error) {
	m := members{b: append(b, '{')}
	m.text("check", e.Check, true)
	m.text("outcome", string(e.Outcome), true)
	m.text("severity", string(e.Severity), true)
	m.text("subject", string(e.Subject), true)
	if len(e.whose) > 0 {
		m.b = append(append(m.b, ','), e.whose...)
	} else {
		m.whose(e)
	}
	m.number("together", e.Together)
	if len(e.Resources) > 0 {
		m.value("resources", e.Resources)
	}
	m.text("reason", e.Reason, false)
	m.text("cause", string(e.Cause), false)
	m.text("operation", e.Operation, false)
	m.text("code", e.Code, false)
	if e.shown != nil {
		m.encoded("facts", e.shown)
	} else {
		m.object("facts", e.Facts)
	}
	m.text("scope", e.Scope, false)
	m.text("change", string(e.Change), false)
	m.text("resource", e.references.Resource, false)
	m.text("evidence", e.Evidence, false)
	m.text("exception", e.references.Exception, false)
	if len(e.Whole) > 0 {
		m.value("whole", e.Whole)
	}
	if e.Cut {
		m.truth("cut")
	}
	return append(m.b, '}'), m.err
}

// whose writes what a finding is about.
func (m *members) whose(e *entry) {
	m.text("account", e.Account, false)
	m.text("region", e.Region, false)
	m.text("type", e.Type, false)
	m.text("id", e.ID, false)
	m.text("arn", e.ARN, false)
}

// encoded writes a member that is JSON already; an empty object is left out.
func (m *members) encoded(name string, data []byte) {
	if len(data) > len("{}") {
		m.name(name)
		m.b = append(m.b, data...)
	}
}

// origin writes where a planned resource stands.
func (m *members) origin(name string, o *assize.Origin) {
	m.name(name)
	m.b = append(m.b, '{')
	m.text("kind", o.Kind, true)
	m.text("address", o.Address, true)
	m.text("action", o.Action, false)
	m.text("file", o.File, false)
	m.number("line", o.Line)
	m.text("module", o.Module, false)
	m.text("module_file", o.ModuleFile, false)
	m.number("module_line", o.ModuleLine)
	m.b = append(m.b, '}')
}

// members writes members of one JSON object.
type members struct {
	b   []byte
	err error
}

func (m *members) name(name string) {
	if n := len(m.b); n > 0 && m.b[n-1] != '{' {
		m.b = append(m.b, ',')
	}
	m.b = append(m.b, '"')
	m.b = append(m.b, name...)
	m.b = append(m.b, '"', ':')
}

// text writes a member; an empty one only where it is always there.
func (m *members) text(name, value string, always bool) {
	if value != "" || always {
		m.name(name)
		m.string(value)
	}
}

// string writes a text. Quotes are all that most of those have that are not written as they are.
func (m *members) string(s string) {
	quotes := 0
	for i := range len(s) {
		switch costs[s[i]] {
		case 1:
		case quoteCost:
			quotes++
		default:
			m.marshal(s)
			return
		}
	}
	m.b = append(m.b, '"')
	if quotes == 0 {
		m.b = append(m.b, s...)
	} else {
		m.b = appendQuoted(m.b, s)
	}
	m.b = append(m.b, '"')
}

// appendQuoted appends a text that has nothing but quotes and backslashes to escape.
func appendQuoted(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		if costs[s[i]] != 1 {
			b = append(b, s[from:i]...)
			b = append(b, '\\')
			from = i
		}
	}
	return append(b, s[from:]...)
}

func (m *members) number(name string, n int) {
	if n != 0 {
		m.name(name)
		m.b = strconv.AppendInt(m.b, int64(n), 10)
	}
}

// truth writes a member that is true.
func (m *members) truth(name string) {
	m.name(name)
	m.b = append(m.b, "true"...)
}

func (m *members) value(name string, v any) {
	m.name(name)
	m.marshal(v)
}

func (m *members) marshal(v any) {
	data, err := encode(v)
	m.keep(err)
	m.b = append(m.b, data...)
}

// object writes a member; an empty one is left out.
func (m *members) object(name string, o assize.Object) {
	if len(o) == 0 {
		return
	}
	m.name(name)
	from := len(m.b)
	var err error
	m.b, err = o.AppendJSON(m.b)
	m.keep(err)
	if written := m.b[from:]; !printable(written) {
		m.b = append(m.b[:from], escape(written)...)
	}
}

// keep keeps the first error.
func (m *members) keep(err error) {
	if m.err == nil {
		m.err = err
	}
}
