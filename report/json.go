package report

import (
	"cmp"
	"io"
	"slices"

	"github.com/assize-dev/assize"
)

// jsonFormat names the shape of the document; it changes when a reader would break.
const jsonFormat = "assize.result/2"

// jsonWriter writes one JSON document:
//
//	format      "assize.result/2"
//	run         what was judged, with what
//	framework   groups, controls and the ids of their checks
//	checks      object by id: title, why, remediation, sources, ...
//	findings    array, one a line, each at most 1 KB; refers to checks by id, and
//	            to the tables that follow by key
//	resources   object by key: where a planned resource stands, and the whole of
//	            the names and facts of which findings show the start
//	evidence    object by key: keys of texts, in their order
//	texts       object by key: what it is, and the text
//	exceptions  object by key
//	summary     counts overall and by control, gaps, requests, changes
//
// The members come in this order, so that a reader of a stream knows the checks
// before the findings. A fact is null where the service answered that there is
// none, and {"$unknown": {...}} where it did not answer. "cut": true says that
// something in a finding was too long; "resource" and "whole" then name where it
// stands in full, and a name that was cut ends in "…#" and the start of the SHA-256
// of the whole. docs/formats/result.schema.json is the schema.
type jsonWriter struct {
	o      *out
	line   []byte // of the last finding, used again
	comma  string
	tables tables
}

func newJSON(w io.Writer, _ Options) Writer { return &jsonWriter{o: newOut(w)} }

// jsonRun is the run without what stands beside it in the document.
type jsonRun struct {
	*assize.Run
	Accounts  []assize.Account `json:"accounts"`
	Framework *struct{}        `json:"framework,omitempty"`
	Checks    *struct{}        `json:"checks,omitempty"`
}

// Begin writes everything up to the findings.
func (j *jsonWriter) Begin(run *assize.Run) error {
	j.o.str("{\n")
	j.o.member("format", jsonFormat)
	j.o.member("run", jsonRun{Run: run, Accounts: append([]assize.Account{}, run.Accounts...)})
	j.o.member("framework", withChecks(run.Framework))
	j.o.str(`"checks":{`)
	for i, c := range sortedChecks(run.Checks) {
		if i > 0 {
			j.o.str(",")
		}
		j.o.str("\n")
		j.o.json(c.ID)
		j.o.str(":")
		j.o.json(c)
	}
	j.o.str("\n},\n\"findings\":[")
	return j.o.err
}

// Finding writes one line.
func (j *jsonWriter) Finding(f *assize.Finding) error {
	data, err := j.tables.encode(j.line[:0], f)
	if err != nil {
		return err
	}
	j.line = data
	j.o.str(j.comma, "\n")
	j.o.bytes(data)
	j.comma = ","
	return j.o.err
}

// End writes the tables and the summary.
func (j *jsonWriter) End(s *assize.Summary) error {
	j.o.str("\n],\n")
	j.tables.write(j.o)
	j.o.str(`"summary":`)
	j.o.json(s)
	j.o.str("\n}\n")
	return j.o.flush()
}

// sortedChecks returns the checks by id.
func sortedChecks(checks []*assize.Check) []*assize.Check {
	return slices.SortedFunc(slices.Values(checks), func(a, b *assize.Check) int { return cmp.Compare(a.ID, b.ID) })
}

// withChecks is the framework with the checks of each control named, also of those
// whose id is that of their one check.
func withChecks(f *assize.Framework) *assize.Framework {
	if f == nil {
		return nil
	}
	full := *f
	full.Groups = slices.Clone(f.Groups)
	for i := range full.Groups {
		g := &full.Groups[i]
		g.Controls = slices.Clone(g.Controls)
		for j := range g.Controls {
			g.Controls[j].Checks = controlChecks(&g.Controls[j])
		}
	}
	return &full
}
