package report

import (
	"io"
	"iter"
	"strings"

	"github.com/assize-dev/assize"
)

// csvWriter writes comma-separated values for spreadsheets: a heading, then a line
// for each finding, also for what passed. Every cell is quoted, lines end in a line
// feed, and control characters stand as escapes.
//
// A spreadsheet takes a cell that begins with = + - or @ for a formula and runs it
// when the file is opened. Such a cell gets an apostrophe in front, which spreadsheets
// show as text. One that is set to semicolons splits cells there, so what follows a
// semicolon is treated alike.
type csvWriter struct {
	o        *out
	names    map[string]string
	controls map[string][]string
	mapped   map[string][]string
}

func newCSV(w io.Writer, _ Options) Writer {
	return &csvWriter{o: newOut(w), names: map[string]string{}}
}

// csvHeading names the columns. New ones are added at the end.
var csvHeading = []string{
	"outcome", "severity", "check", "title", "service", "account", "account_name", "region", "type", "id", "arn",
	"reason", "cause", "operation", "code", "scope", "change", "facts", "controls", "remediation", "effort",
	"address", "place", "module", "action", "exception", "mapped",
}

// Lengths of cells, in bytes; a spreadsheet holds 32,767 characters in one.
const (
	csvName = 2000
	csvText = 1000
)

// Begin writes the heading.
func (c *csvWriter) Begin(run *assize.Run) error {
	for _, a := range run.Accounts {
		c.names[a.ID] = a.Name
	}
	c.controls, c.mapped = controlsOf(run), mappedOf(run)
	c.line(csvHeading...)
	return c.o.err
}

// Finding writes one line.
func (c *csvWriter) Finding(f *assize.Finding) error {
	typ, id, arn := f.Check.Subject.Type, "", ""
	if r := f.Resource; r != nil {
		typ, id, arn = r.Type, r.ID, r.ShownARN()
	}
	var cause, operation, code string
	if u := f.Unknown; u != nil {
		cause, operation, code = string(u.Cause), u.Operation, u.Code
	}
	var o assize.Origin
	if at := origin(f); at != nil {
		o = *at
	}
	var facts []string
	for _, x := range looked(f, 200) {
		facts = append(facts, x.name+"="+x.value)
	}
	c.line(string(f.Outcome), string(f.Check.Severity), f.Check.ID, f.Check.Title, f.Check.Service,
		f.Account, c.names[f.Account], f.Region, typ, id, arn,
		cut(paragraph(head(f.Reason, csvText)), csvText), cause, operation, code, cut(paragraph(head(f.Scope, csvText)), csvText),
		string(f.Change), strings.Join(facts, " | "), strings.Join(c.controls[f.Check.ID], " "),
		cut(paragraph(f.Check.Remediation.Text), csvText), f.Check.Retrofit.Cost,
		o.Address, o.Place(), o.Call(), o.Action, exceptionText(f),
		strings.Join(c.mapped[f.Check.ID], " | "))
	return c.o.err
}

// End writes nothing more: a line that is no finding would be counted as one.
func (c *csvWriter) End(*assize.Summary) error { return c.o.flush() }

func (c *csvWriter) line(cells ...string) {
	for i, s := range cells {
		if i > 0 {
			c.o.str(",")
		}
		c.o.str(`"`, strings.ReplaceAll(csvCell(s), `"`, `""`), `"`)
	}
	c.o.str("\n")
}

// csvCell makes text harmless in a cell.
func csvCell(s string) string {
	parts := strings.Split(cutID(clean(s), csvName), ";")
	for i, p := range parts {
		if isFormula(p) {
			parts[i] = "'" + p
		}
	}
	return strings.Join(parts, ";")
}

// isFormula reports whether a spreadsheet could take text for a formula: it begins
// with one of the signs, or with their full-width forms, spaces and quotes aside.
// Tab and carriage return, which begin one too, are escapes by now.
func isFormula(s string) bool {
	s = strings.TrimLeft(s, " \"'")
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}

// mappedOf gives, per check, the requirements that it concerns over a mapping, with the source
// of each: "AU-2 over event-logging (subset)".
func mappedOf(run *assize.Run) map[string][]string {
	of := map[string][]string{}
	for c := range applying(run) {
		for _, m := range c.Mapped {
			of[m.Check] = append(of[m.Check], clean(c.ID)+" over "+overText([]assize.MappedOver{{Common: m.Common, Relation: m.Relation}})[0])
		}
	}
	return of
}

// controlsOf gives, per check, the ids of the framework's controls that have it.
func controlsOf(run *assize.Run) map[string][]string {
	of := map[string][]string{}
	for c := range applying(run) {
		for _, id := range controlChecks(c) {
			of[id] = append(of[id], c.ID)
		}
	}
	return of
}

// applying are the controls of the run's framework that concern a registered workload.
func applying(run *assize.Run) iter.Seq[*assize.Control] {
	return func(yield func(*assize.Control) bool) {
		if run.Framework == nil {
			return
		}
		for i := range run.Framework.Groups {
			g := &run.Framework.Groups[i]
			for j := range g.Controls {
				if applies, _ := g.Controls[j].AppliesTo.Any(run.Workloads); applies && !yield(&g.Controls[j]) {
					return
				}
			}
		}
	}
}
