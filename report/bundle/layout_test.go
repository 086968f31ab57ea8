package bundle_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/internal/reportcase"
)

// TestLayout: the folders and names are those of Audit Manager's reports, and pages lead to bodies.
func TestLayout(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 6, Days: 1, Controls: 2, BodySize: 60}), true)
	files := m.files(t)
	var got []string
	for _, f := range slices.Sorted(maps.Keys(files)) {
		got = append(got, regexp.MustCompile(`[0-9a-f]{12}(_R|\.json)|-[0-9a-f]{8}/`).ReplaceAllString(f, "<id>$1"))
	}
	want := []string{
		"AssessmentReportSummary.pdf", "README.txt", "VERIFY.md", "assessment-results.json",
		"control-001<id>Assize_check/2026-03-03/05-00-00_bedrock_bedrock_logging_1_111122223333_<id>.json",
		"control-001<id>Assize_check/2026-03-03/05-00-00_bedrock_bedrock_logging_1_111122223333_<id>.json",
		"control-001<id>Assize_check/2026-03-03/05-00-01_bedrock_bedrock_logging_1_111122223333_<id>.json",
		"control-001<id>index.html",
		"control-002<id>Assize_check/2026-03-03/05-00-00_bedrock_bedrock_logging_2_111122223333_<id>.json",
		"control-002<id>Assize_check/2026-03-03/05-00-00_bedrock_bedrock_logging_2_111122223333_<id>.json",
		"control-002<id>Assize_check/2026-03-03/05-00-01_bedrock_bedrock_logging_2_111122223333_<id>.json",
		"control-002<id>Manual/2026-03-03/06-00-00_manual_-_<id>_Runbook_20.html.txt",
		"control-002<id>index.html", "controls.csv", "digest.txt", "evidence.csv", "framework.json",
		"ledger/checkpoint", "ledger/key.pub", "ledger/leaves-00001.jsonl", "manifest.jsonl", "report.html", "report.xlsx",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	href := regexp.MustCompile(`href="([^"#]+)"`)
	for name, f := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, link := range href.FindAllStringSubmatch(string(contents(t, f)), -1) {
			target := strings.TrimPrefix(link[1], "../")
			if files[target] == nil && files[name[:strings.LastIndex(name, "/")+1]+target] == nil {
				t.Errorf("%s leads to %s, which is not there", name, link[1])
			}
		}
	}
}

// TestPages: a control with more evidence than a page holds has several, and all of it is there.
func TestPages(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 2100, Days: 2, Controls: 1, BodySize: 60}), true)
	check(t, m)
	shown := 0
	for name, f := range m.files(t) {
		if strings.HasSuffix(name, ".html") && strings.Contains(name, "/") {
			shown += strings.Count(string(contents(t, f)), `<section class="control"`)
		}
	}
	if shown != 2101 {
		t.Errorf("%d pieces of evidence are shown, want 2,101", shown)
	}
}

// TestExceptions: an exception hides nothing: what fails under it is shown with it, as non-compliant.
func TestExceptions(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 42, Days: 1, Controls: 2, BodySize: 60}), true)
	files := m.files(t)
	rows, err := csv.NewReader(strings.NewReader(string(contents(t, files["evidence.csv"])))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	excepted := 0
	for _, row := range rows[1:] {
		if row[column("exception")] == "" {
			continue
		}
		excepted++
		if row[column("verdict")] != "Non-compliant" || row[column("outcome")] != "fail" {
			t.Errorf("excepted evidence is shown as %s", row[column("verdict")])
		}
		if row[column("control")] != "control-001" {
			t.Errorf("%s is excepted by an exception of another control", row[column("control")])
		}
	}
	_, page, _ := strings.Cut(string(contents(t, files["report.html"])), "Non-compliant evidence that this exception covers")
	page, _, _ = strings.Cut(page, "</table>")
	if got := strings.Count(page, "Non-compliant"); got == 0 || got > excepted || excepted == 0 {
		t.Errorf("the report shows %d pieces of evidence under the exception, evidence.csv %d", got, excepted)
	}
}

// TestExceptionOfOneControl: evidence that serves two controls and is excepted for one of them fails the other.
func TestExceptionOfOneControl(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	files := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 42, Days: 1, Controls: 2, BodySize: 60}), true).files(t)
	rows, err := csv.NewReader(strings.NewReader(string(contents(t, files["controls.csv"])))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	got := map[string][]string{}
	for _, row := range rows[1:] {
		got[row[column("control")]] = []string{row[column("non_compliant")], row[column("non_compliant_excepted")]}
	}
	// Of 42 verdicts six are fails: three of each control, and one of the first control's serves the second, too.
	if diff := cmp.Diff(map[string][]string{"control-001": {"3", "3"}, "control-002": {"4", "0"}}, got); diff != "" {
		t.Errorf("non-compliant, and of these excepted (-want +got):\n%s", diff)
	}
	for name, f := range files {
		if got := strings.Contains(string(contents(t, f)), "An exception covers it"); strings.HasSuffix(name, "/index.html") && got != strings.HasPrefix(name, "control-001-") {
			t.Errorf("%s says that an exception covers evidence: %t", name, got)
		}
	}
}

// TestOSCAL: ids, tokens and texts have the forms that OSCAL's schema asks for, and what is referred to is there.
func TestOSCAL(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 30, Days: 2, Controls: 3, BodySize: 60, Text: attack}), true)
	files := m.files(t)
	var document any
	if err := json.Unmarshal(contents(t, files["assessment-results.json"]), &document); err != nil {
		t.Fatal(err)
	}
	forms := map[string]*regexp.Regexp{
		"uuid": regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`),
		"id":   regexp.MustCompile(`^[\pL_][\pL\pN.\-_]*$`),
		"text": regexp.MustCompile(`^\S(.*\S)?$`),
	}
	form := map[string]string{
		"uuid": "uuid", "observation-uuid": "uuid", "subject-uuid": "uuid", "control-id": "id", "target-id": "id", "name": "id",
		"title": "text", "description": "text", "value": "text", "remarks": "text", "state": "id",
	}
	seen := map[string]int{}
	observations, related := map[string]bool{}, map[string]bool{}
	walk(document, func(name, value string) {
		seen[name]++
		if f := forms[form[name]]; f != nil && !f.MatchString(value) {
			t.Errorf("%s %q has not the form of a %s", name, value, form[name])
		}
		switch name {
		case "uuid":
			observations[value] = true
		case "observation-uuid":
			related[value] = true
		case "href":
			if files[value] == nil && !strings.HasPrefix(value, "#") {
				t.Errorf("%s is not in the bundle", value)
			}
		}
	})
	for id := range related {
		if !observations[id] {
			t.Errorf("there is no observation %s", id)
		}
	}
	if seen["collected"] != 31 || len(related) != 31 || seen["target-id"] != 3 {
		t.Errorf("%d observations, %d of them related, %d findings: want 31, 31, 3", seen["collected"], len(related), seen["target-id"])
	}
}

// walk yields every text of a document with the name of its member.
func walk(v any, yield func(name, value string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if s, ok := x.(string); ok {
				yield(name, s)
			}
			walk(x, yield)
		}
	case []any:
		for _, x := range v {
			walk(x, yield)
		}
	}
}

// TestStatuses: only what is met is satisfied or looks good, in every format.
func TestStatuses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCase(ctx, t, reportcase.Options{Items: 0, Controls: len(assessment.ControlStatuses), BodySize: 60})
	in, err := c.Input(ctx, "statuses", true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range in.Status {
		in.Status[i].Status, in.Status[i].Expectations = assessment.ControlStatuses[i], nil
	}
	m := writeInput(ctx, t, c, in)
	files := m.files(t)
	var results struct {
		Results struct {
			Results []struct {
				Findings []struct {
					Target struct {
						ID     string `json:"target-id"`
						Status struct {
							State string `json:"state"`
						} `json:"status"`
					} `json:"target"`
				} `json:"findings"`
			} `json:"results"`
		} `json:"assessment-results"`
	}
	if err := json.Unmarshal(contents(t, files["assessment-results.json"]), &results); err != nil {
		t.Fatal(err)
	}
	html := string(contents(t, files["report.html"]))
	for i, s := range assessment.ControlStatuses {
		want := map[bool]string{true: "satisfied", false: "not-satisfied"}[s == assessment.Met]
		if got := results.Results.Results[0].Findings[i].Target.Status.State; got != want {
			t.Errorf("%s is %s in OSCAL, want %s", s, got, want)
		}
		word := strings.ToUpper(string(s[:1])) + string(s[1:])
		if good := strings.Contains(html, fmt.Sprintf(`<span class="v good">%s</span>`, word)); good != (s == assessment.Met) {
			t.Errorf("%s looks good in HTML: %t", s, good)
		}
	}
}
