package library

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// exceptionFields are the fields of an entry; each must be there.
var exceptionFields = []string{"check", "address", "reason", "owner", "approver", "until"}

// ParseExceptions reads a register of exceptions (exceptions.yaml). name is the file's name,
// for errors. Each entry needs all of check, address, reason, owner, approver (somebody else) and
// until; unknown fields, checks that there are not and days that are none are refused, each with
// its line. It does not say which have expired.
func (l *Library) ParseExceptions(name string, data []byte) ([]assize.Exception, error) {
	root, err := oneDocument(name, data)
	if err != nil || root.Tag == nullTag {
		return nil, err
	}
	p := &exceptionParser{library: l, name: name}
	if root.Kind != yaml.MappingNode || len(root.Content) != 2 || root.Content[0].Value != "exceptions" {
		p.fault(root, "want one field, exceptions, with a list")
		return nil, errors.Join(p.errs...)
	}
	list := root.Content[1]
	if list.Kind != yaml.SequenceNode && list.Tag != nullTag {
		p.fault(list, "exceptions: want a list")
	}
	for _, entry := range list.Content {
		p.entry(entry)
	}
	return p.all, errors.Join(p.errs...)
}

// exceptionParser reads one register.
type exceptionParser struct {
	library *Library
	name    string
	all     []assize.Exception
	errs    []error
}

func (p *exceptionParser) fault(n *yaml.Node, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s:%d: %s", p.name, n.Line, fmt.Sprintf(format, args...)))
}

func (p *exceptionParser) entry(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.fault(n, "want an entry with %s", strings.Join(exceptionFields, ", "))
		return
	}
	before := len(p.errs)
	fields := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(exceptionFields, key.Value):
			p.fault(key, "there is no field %q; there are: %s", key.Value, strings.Join(exceptionFields, ", "))
		case fields[key.Value] != nil:
			p.fault(key, "%s stands twice", key.Value)
		case value.Kind != yaml.ScalarNode || strings.TrimSpace(value.Value) == "":
			p.fault(key, "%s: want a text", key.Value)
		}
		fields[key.Value] = value
	}
	for _, name := range exceptionFields {
		if fields[name] == nil {
			p.fault(n, "%s is missing", name)
		}
	}
	if len(p.errs) > before {
		return
	}
	text := func(name string) string { return strings.TrimSpace(fields[name].Value) }
	e := assize.Exception{
		Check: text("check"), Address: text("address"), Reason: text("reason"), Owner: text("owner"),
		Approver: text("approver"), Until: text("until"), File: p.name, Line: n.Line,
	}
	p.judge(&e, fields)
	p.all = append(p.all, e)
}

// judge holds that the fields say what they must.
func (p *exceptionParser) judge(e *assize.Exception, fields map[string]*yaml.Node) {
	if p.library.Check(e.Check) == nil {
		p.fault(fields["check"], "there is no check %q", e.Check)
	}
	if _, err := time.Parse(time.DateOnly, e.Until); err != nil {
		p.fault(fields["until"], "until: %q: want the last day on which it holds, YYYY-MM-DD", e.Until)
	}
	if strings.EqualFold(e.Owner, e.Approver) {
		p.fault(fields["approver"], "approver: %s is also the owner: somebody else has to allow it", e.Approver)
	}
	if strings.Trim(e.Address, "*.") == "" {
		p.fault(fields["address"], "address: %q is for everything: name what it is for", e.Address)
	}
	for _, other := range p.all {
		if other.Check == e.Check && other.Address == e.Address {
			p.fault(fields["check"], "%s is excepted for %s in line %d already", e.Check, e.Address, other.Line)
		}
	}
}
