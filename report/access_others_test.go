package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
)

// othersEverywhere writes the documents of the other questions about access, with s for every
// text from outside.
func othersEverywhere(s string) map[string]func(io.Writer, string, Options) error {
	texts := []string{s, s}
	a := accessEverywhere(s)
	explanation := &AccessExplanation{
		Principal: s, Call: s, Target: s, Origin: a.Origin, Outcome: "conditional", Terms: a.Terms[1], Runs: texts, Notes: texts,
		Checks: []AccessCheck{{Action: s, Resource: s, Why: s, Outcome: "never", Conditions: texts, Decision: s, Lacking: texts, Statements: []AccessStatement{
			{Layer: s, Policy: s, Sid: s, Effect: "Deny", Applies: "yes", Reason: s},
			{Layer: s, Policy: s, Applies: "not known", Reason: s},
			{Layer: s, Policy: s, Effect: "Allow", Applies: "no", Reason: s},
		}}},
	}
	difference := &AccessDifference{
		Edits: texts, Origin: a.Origin, Targets: a.Targets, Terms: a.Terms, Unread: texts,
		Changes: []AccessChanged{{Effect: AccessGained, Principals: a.Groups[0].Principals, Targets: []int{0}, Before: -1, After: 1}},
	}
	abilities := &AccessAbilities{
		Principal: s, Origin: a.Origin, Runs: a, Reads: a, In: s, Unread: texts,
		Abilities:  []AccessAbility{{What: s, Service: s, Always: texts, Conditional: texts, Inconclusive: texts}},
		Violations: []AccessViolation{{Rule: "model-scope", Decided: true, Reason: s, Requests: texts, Guard: s}, {Rule: "x", Reason: s}},
		Faults:     []AccessFault{{Policy: s, Rule: s, Severity: assize.High, Message: s, Fix: s}},
	}
	return map[string]func(io.Writer, string, Options) error{
		"explanation": func(w io.Writer, format string, o Options) error { return WriteExplanation(w, format, explanation, o) },
		"difference":  func(w io.Writer, format string, o Options) error { return WriteDifference(w, format, difference, o) },
		"abilities":   func(w io.Writer, format string, o Options) error { return WriteAbilities(w, format, abilities, o) },
	}
}

// Hostile names are inert in what explain, diff and can write.
func TestAccessDocumentsHostileNames(t *testing.T) {
	t.Parallel()
	for name, write := range othersEverywhere(attack) {
		for _, format := range []string{"table", "json", "csv"} {
			var b bytes.Buffer
			if err := write(&b, format, Options{Verbose: true}); err != nil {
				t.Fatal(err)
			}
			printableOnly(t, name+" "+format, b.String())
			if format == "json" && !json.Valid(b.Bytes()) {
				t.Errorf("%s: no JSON", name)
			}
		}
	}
}

// A statement of a policy begins no formula in a spreadsheet.
func TestDifferenceFormulas(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := othersEverywhere("=1+1")["difference"](&b, "csv", Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), `"=`) {
		t.Errorf("a cell is a formula:\n%s", b.String())
	}
}

func TestDifferenceVerdict(t *testing.T) {
	t.Parallel()
	ann, bob := principals(prod, "user/ann"), principals(prod, "user/bob")
	both := append(principals(prod, "user/ann"), bob...)
	tests := []struct {
		changes []AccessChanged
		want    string
	}{
		{nil, "Nothing changes."},
		{[]AccessChanged{{Effect: AccessGained, Principals: ann}, {Effect: AccessGained, Principals: both}, {Effect: AccessUndone, Principals: bob}}, "2 principals gain; 1 principal loses."},
		{[]AccessChanged{{Effect: AccessUnclear, Principals: ann}}, "1 principal is not decided."},
		{[]AccessChanged{{Effect: AccessMoved, Principals: ann}}, "1 principal gains and loses."},
	}
	for _, tt := range tests {
		d := &AccessDifference{Changes: tt.changes}
		if got := d.verdict(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
