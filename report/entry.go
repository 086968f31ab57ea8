package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// maxEntry bounds one finding in JSON, in bytes.
const maxEntry = 1024

// maxEvidence bounds the texts of a finding's evidence in formats that have no table of them.
const maxEvidence = 8

// maxResources bounds the resources named in a finding about several together.
const maxResources = 3

// entry is one finding as the JSON document carries it. What belongs to the check
// stands once in the document, under the check's id; what is long, or belongs to several
// findings, in its tables.
type entry struct {
	Check    string             `json:"check"`
	Outcome  assize.Outcome     `json:"outcome"`
	Severity assize.Severity    `json:"severity"`
	Subject  assize.SubjectKind `json:"subject"`
	Account  string             `json:"account,omitempty"`
	Region   string             `json:"region,omitempty"`
	Type     string             `json:"type,omitempty"`
	ID       string             `json:"id,omitempty"`
	ARN      string             `json:"arn,omitempty"`
	// Together is how many resources were looked at together, Resources the first.
	Together  int           `json:"together,omitempty"`
	Resources []string      `json:"resources,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Cause     assize.Cause  `json:"cause,omitempty"`
	Operation string        `json:"operation,omitempty"`
	Code      string        `json:"code,omitempty"`
	Facts     assize.Object `json:"facts,omitempty"`
	Scope     string        `json:"scope,omitempty"`
	Change    assize.Change `json:"change,omitempty"`
	references
	// Cut: something in the entry was too long and ends in "…".
	Cut bool `json:"cut,omitempty"`

	// Origin is where a planned resource stands, Exception what is written for the finding.
	Origin    *assize.Origin    `json:"-"`
	Exception *assize.Exception `json:"-"`
	// cutFacts are the names of the facts that are shortened or left out.
	cutFacts []string
	// whose and shown are the members from account to arn, and the facts, where they are encoded already.
	whose, shown []byte
}

// references are the keys of a finding into the tables of the document.
type references struct {
	// Resource has where a planned resource stands, and whole what is cut here.
	Resource string `json:"resource,omitempty"`
	// Evidence shows the failure where facts do not.
	Evidence  string `json:"evidence,omitempty"`
	Exception string `json:"exception,omitempty"`
	// Whole are other texts that are cut here.
	Whole []string `json:"whole,omitempty"`
}

// entryField is a text of the evidence.
type entryField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// limits bound the parts of an entry, in bytes of JSON. A name is cut so that
// different ones stay different.
type limits struct {
	text, name, fact, facts, shows int
}

// steps are tried in turn until an entry fits. The first cuts nothing that AWS
// returns but policies and long lists; the last fits whatever comes.
var steps = []limits{
	{text: 300, name: 300, fact: 120, facts: 8, shows: 2600},
	{text: 200, name: 260, fact: 48, facts: 8, shows: 800},
	{text: 120, name: 160, fact: 24, facts: 8, shows: 400},
	{text: 100, name: 100, fact: 16, facts: 3, shows: 200},
	{text: 48, name: 48, fact: 0, facts: 0, shows: 48},
}

func makeEntry(f *assize.Finding, l limits) entry {
	c := cutter{}
	e := c.entry(f, l)
	if f.Resource != nil {
		c.resource(&e, f.Resource, l)
	}
	looked := f.Looked()
	e.Facts = c.facts(looked, l)
	c.unshown(f, len(looked))
	e.Cut, e.cutFacts = c.cut, c.cutFacts
	return e
}

// entry is all but what the resource says.
func (c *cutter) entry(f *assize.Finding, l limits) entry {
	e := entry{
		Check: c.name(f.Check.ID, l.name), Outcome: f.Outcome, Severity: f.Check.Severity, Subject: f.Check.Subject.Kind,
		Account: c.name(f.Account, l.name), Region: c.name(f.Region, l.name), Type: c.name(f.Check.Subject.Type, l.name),
		Together: len(f.Resources), Reason: c.text(f.Reason, l.text), Scope: c.text(f.Scope, l.text), Change: f.Change,
		Exception: c.exception(f.Exception, l),
	}
	if l.facts > 0 {
		for i := 0; i < len(f.Resources) && i < maxResources; i++ {
			e.Resources = append(e.Resources, c.name(f.Resources[i].Label(), min(l.name, 160)))
		}
	}
	if u := f.Unknown; u != nil {
		e.Cause, e.Operation, e.Code = u.Cause, c.name(u.Operation, l.name), c.name(u.Code, l.name)
	}
	return e
}

// resource names the resource of an entry.
func (c *cutter) resource(e *entry, r *assize.Resource, l limits) {
	e.Type, e.ID, e.ARN = c.name(r.Type, l.name), c.name(r.ID, l.name), c.name(r.ShownARN(), l.name)
	e.Origin = c.origin(r.Origin, l)
}

// unshown counts the facts beyond those that are shown with any finding as cut.
func (c *cutter) unshown(f *assize.Finding, shown int) {
	if shown >= steps[0].facts && len(f.Paths) > shown {
		if all := f.Read(); len(all) > shown {
			c.cut, c.cutFacts = true, append(c.cutFacts, all[shown:]...)
		}
	}
}

func (c *cutter) evidence(fields []assize.Field, l limits) []entryField {
	var out []entryField
	for i := 0; i < len(fields) && i < maxEvidence; i++ {
		text, _ := fields[i].Value.(string)
		out = append(out, entryField{Name: c.text(fields[i].Name, 40), Value: c.text(text, l.shows)})
	}
	return out
}

func (c *cutter) origin(o *assize.Origin, l limits) *assize.Origin {
	if o == nil {
		return nil
	}
	out := assize.Origin{
		Kind: c.name(o.Kind, l.name), Address: c.name(o.Address, l.name), Action: c.name(o.Action, l.name), File: c.name(o.File, l.name), Line: o.Line,
		Module: c.name(o.Module, l.name), ModuleFile: c.name(o.ModuleFile, l.name), ModuleLine: o.ModuleLine,
	}
	if out == *o {
		return o // all findings of a resource share it
	}
	shortened := out // so that out needs no memory of its own where nothing is cut
	return &shortened
}

func (c *cutter) exception(e *assize.Exception, l limits) *assize.Exception {
	if e == nil {
		return nil
	}
	return &assize.Exception{
		Check: c.name(e.Check, l.name), Address: c.name(e.Address, l.name), Reason: c.text(e.Reason, l.text), Owner: c.name(e.Owner, l.name),
		Approver: c.name(e.Approver, l.name), Until: c.name(e.Until, l.name), File: c.name(e.File, l.name), Line: e.Line, Expired: e.Expired,
	}
}

// cutter shortens the parts of an entry and remembers whether it did, and to which facts.
type cutter struct {
	cut      bool
	cutFacts []string
}

func (c *cutter) text(s string, n int) string {
	end := fitsJSON(s, n)
	if end == len(s) {
		return s
	}
	c.cut = true
	return s[:end] + ellipsis
}

func (c *cutter) name(s string, n int) string {
	end := fitsJSON(s, n)
	if end == len(s) {
		return s
	}
	c.cut = true
	return s[:fitsJSON(s, n-hashLen-1)] + ellipsis + "#" + digest(s)[:hashLen]
}

func (c *cutter) facts(fields []assize.Field, l limits) assize.Object {
	cut := c.cut
	for ; len(fields) > l.facts; fields = fields[:len(fields)-1] {
		cut, c.cutFacts = true, append(c.cutFacts, fields[len(fields)-1].Name)
	}
	out := make(assize.Object, 0, len(fields))
	for _, f := range fields {
		c.cut = false
		name := c.shortName(f.Name, l)
		v := c.value(f.Value, l.fact)
		if c.cut {
			cut, c.cutFacts = true, append(c.cutFacts, f.Name)
		}
		if v != nil {
			out = out.Set(name, v)
		} else if i, found := slices.BinarySearchFunc(out, name, byName); !found {
			out = slices.Insert(out, i, assize.Field{Name: name}) // absent, and shown so
		}
	}
	c.cut = cut
	return out
}

// shortName is the name of a fact.
func (c *cutter) shortName(name string, l limits) string { return c.name(name, min(l.name, 120)) }

func byName(f assize.Field, name string) int { return strings.Compare(f.Name, name) }

// smallFact is the room for a value that is shown, in bytes: those shown as they are have no more.
const smallFact = 160

// value keeps a value whose JSON is short; a longer one becomes text that shows
// its start.
func (c *cutter) value(v assize.Value, n int) assize.Value {
	switch x := v.(type) {
	case nil, bool, int64, float64:
		return v
	case string:
		if fitsJSON(x, n) == len(x) {
			return v
		}
		return c.text(x, n)
	case *assize.Unknown:
		u := &assize.Unknown{Cause: x.Cause, Operation: c.name(x.Operation, max(n, 40)), Code: c.name(x.Code, max(n, 40)), Rest: x.Rest}
		if r := x.Refers; r != nil {
			most := max(n, 40)
			u.Refers = &assize.Reference{Type: c.name(r.Type, most), Account: c.name(r.Account, most), Region: c.name(r.Region, most), ID: c.name(r.ID, most)}
		}
		return u
	}
	var room [2][smallFact]byte // so that most values need no memory to be measured
	text := appendValue(room[0][:0], v, n)
	if len(text) <= n {
		if data, err := assize.AppendJSON(room[1][:0], v); err == nil && len(escape(data)) <= n {
			return v
		}
	}
	c.cut = true
	return c.text(string(text), n)
}

// maxCost is the most that a byte of a text costs in JSON: an escape.
const maxCost = 6

// fitsJSON returns how many bytes of s an encoded string of n bytes can hold: all
// of them, or as many as leave room for an ellipsis.
func fitsJSON(s string, n int) int {
	if len(s)*maxCost <= n || len(s) <= n && bare(s) {
		return len(s)
	}
	used, end := 0, 0
	for i, r := range s {
		used += costJSON(r)
		if used > n {
			return end
		}
		if used <= n-len(ellipsis) {
			_, size := utf8.DecodeRuneInString(s[i:])
			end = i + size
		}
	}
	return len(s)
}

// quoteCost is what a quote or a backslash costs in JSON.
const quoteCost = 2

// costs are the bytes that an ASCII character takes in JSON, by [costJSON]; 0 for a byte
// that is part of another one.
var costs = func() (costs [256]uint8) {
	for c := range utf8.RuneSelf {
		costs[c] = uint8(costJSON(rune(c)))
	}
	return costs
}()

// bare reports whether each byte of s takes one in JSON.
func bare(s string) bool {
	for i := range len(s) {
		if costs[s[i]] != 1 {
			return false
		}
	}
	return true
}

// costJSON is how many bytes a character takes in the strings that encode writes.
//
// No byte of a text costs more than maxCost.
func costJSON(r rune) int {
	switch {
	case r == '"' || r == '\\':
		return 2
	case r == '<' || r == '>' || r == '&' || r < 0x20 || r == 0x7f:
		return 6
	case r < 0x7f:
		return 1
	case r == utf8.RuneError:
		return 6 // broken UTF-8 is written as an escape
	case unicode.IsPrint(r):
		return utf8.RuneLen(r)
	case r < 0x10000:
		return 6
	}
	return 12
}
