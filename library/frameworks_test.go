package library_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// folder is a user's folder of files by path.
func folder(files map[string]string) library.Folder {
	fsys := fstest.MapFS{}
	for path, text := range files {
		fsys[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return library.Folder{Name: "own", FS: fsys}
}

// head begins a framework of the tests.
const head = "title: Ours\nversion: \"1\"\nprovenance: ours\ndescription: For a test.\n"

const versioning, tls = "s3_bucket_versioning_enabled", "s3_bucket_enforces_ssl"

// baseFramework is what the frameworks of the tests extend.
const baseFramework = head + `
groups:
  - id: data
    title: Data
    controls:
      - {id: D-1, title: Versions are kept, checks: [` + versioning + `]}
      - id: D-2
        title: Transport is encrypted
        checks: [` + tls + `]
        expectations:
          - {id: review, kind: file, title: Review it, owner: data owner, example: A report, cadence: FREQ=YEARLY}
  - id: people
    title: People
    controls:
      - id: P-1
        title: Somebody answers
        expectations: [{id: who, kind: text, title: Say who, owner: head of AI, example: A name}]
`

// rows are the controls of a framework in one line each: group, id, title, checks, expectations.
func rows(f *assize.Framework) []string {
	var out []string
	for _, g := range f.Groups {
		for _, c := range g.Controls {
			row := g.ID + "/" + c.ID + " " + c.Title + " " + strings.Join(c.Checks, ",")
			for _, e := range c.Expectations {
				row += fmt.Sprintf(" [%s %s %s]", e.ID, e.Owner, e.Cadence)
			}
			out = append(out, row)
		}
	}
	return out
}

func TestInheritance(t *testing.T) {
	t.Parallel()
	const review, who = " [review data owner FREQ=YEARLY]", " [who head of AI ]"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"all", "extends: {framework: base}", []string{
			"data/D-1 Versions are kept " + versioning, "data/D-2 Transport is encrypted " + tls + review, "people/P-1 Somebody answers " + who,
		}},
		{"included groups and controls", "extends: {framework: base, include: [people, D-2]}", []string{
			"data/D-2 Transport is encrypted " + tls + review, "people/P-1 Somebody answers " + who,
		}},
		{"excluded", "extends: {framework: base, exclude: [people, D-1]}", []string{"data/D-2 Transport is encrypted " + tls + review}},
		{"fields that are set override", `
extends: {framework: base, exclude: [people]}
groups:
  - id: data
    controls:
      - {id: D-1, checks: [s3_bucket_mfa_delete_enabled]}
      - id: D-2
        expectations: [{id: review, kind: file, owner: auditor, title: Review it, example: A report}]
      - {id: D-3, title: Ours, checks: [` + versioning + `]}
`, []string{
			"data/D-1 Versions are kept s3_bucket_mfa_delete_enabled", "data/D-2 Transport is encrypted " + tls + " [review auditor FREQ=YEARLY]", "data/D-3 Ours " + versioning,
		}},
		{"a control moves to the group that it is written in", `
extends: {framework: base, exclude: [D-1]}
groups:
  - {id: more, title: More, controls: [{id: P-1, title: We know who answers}]}
`, []string{"data/D-2 Transport is encrypted " + tls + review, "more/P-1 We know who answers " + who}},
		{"no expectations", `
extends: {framework: base, include: [D-2]}
groups:
  - {id: data, controls: [{id: D-2, expectations: []}]}
`, []string{"data/D-2 Transport is encrypted " + tls}},
		{"over two", "extends: {framework: between}", []string{"data/D-2 Twice removed " + tls + review}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lib, err := library.Load(folder(map[string]string{
				"frameworks/base.yaml": baseFramework, "frameworks/mine.yaml": "title: Mine\nversion: \"1\"\n" + tt.text,
				"frameworks/between.yaml": "title: Between\nversion: \"1\"\nextends: {framework: base, include: [D-2]}\n" +
					"groups: [{id: data, controls: [{id: D-2, title: Twice removed}]}]\n",
			}))
			if err != nil {
				t.Fatal(err)
			}
			f, err := lib.Framework("mine")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rows(f)); diff != "" {
				t.Errorf("controls (-want +got):\n%s", diff)
			}
			if err := lib.Lint(); err != nil && strings.Contains(err.Error(), "own/") {
				t.Errorf("lint: %v", err)
			}
			base, err := lib.Framework("base")
			if err != nil || cmp.Diff("data/D-1 Versions are kept "+versioning, rows(base)[0]) != "" {
				t.Errorf("the framework that is extended is no longer as it was: %v, %v", rows(base), err)
			}
		})
	}
}

// TestFrameworkRefuses holds that a framework of a user that is wrong says where, and hinders no other.
func TestFrameworkRefuses(t *testing.T) {
	t.Parallel()
	group := func(control string) string {
		return head + "groups:\n  - id: g\n    title: G\n    controls:\n      - " + control + "\n"
	}
	person := func(more string) string {
		return group("{id: C-1, title: T, expectations: [{id: e, kind: file, title: Show it, owner: head, example: A report, " + more + "}]}")
	}
	tests := []struct {
		name string
		text string
		want string
	}{
		{"no such framework", "title: M\nversion: \"1\"\nextends: {framework: nowhere}", `own/frameworks/mine.yaml:3: extends: there is no framework of id "nowhere"`},
		{"itself by another name", "title: M\nversion: \"1\"\naliases: [Me]\nextends: {framework: Me}", `there is no framework of id "Me"`},
		{"a circle", "title: M\nversion: \"1\"\nextends: {framework: other}", "mine extends other extends mine"},
		{"nothing to exclude", "title: M\nversion: \"1\"\nextends: {framework: aws_genai_v2, exclude: [none]}", `has no group and no control "none"`},
		{"a name of AWS changed", "title: M\nversion: \"1\"\nextends: {framework: assize_genai_best_practices_v2, include: [SECAI3.8]}\n" +
			"groups: [{id: secure, controls: [{id: SECAI3.8, title: Weekly Reviews}]}]", "AWS has not published a control of this id and name"},
		{"an override that is wrong", "title: M\nversion: \"1\"\nextends: {framework: assize_genai_best_practices_v2, include: [SECAI3.8]}\n" +
			"groups:\n  - id: secure\n    controls:\n      - {id: SECAI3.8, expectations: [{id: access-review, cadence: FREQ=HOURLY}]}", "own/frameworks/mine.yaml:7: control SECAI3.8: expectation access-review: cadence: "},
		{"unknown key", head + "grops: []\n", "own/frameworks/mine.yaml:5: field grops not found"},
		{"unknown check", group("{id: C-1, title: T, checks: [none]}"), `own/frameworks/mine.yaml:9: control C-1 names check "none"`},
		{"long title", group("{id: C-1, checks: [" + tls + "], title: " + strings.Repeat("x", 300) + "}"), "title: has 305 characters, want at most 300"},
		{"texts in part", group("{id: C-1, title: T, provenance: assize, checks: [" + tls + "], description: D}"), "testing_information: there is none"},
		{"twice", group("{id: C-1, title: T, checks: [" + tls + "]}\n      - {id: C-1, title: T, checks: [" + tls + "]}"), `own/frameworks/mine.yaml:10: control "C-1" stands twice`},
		{"id of AWS's form", group("{id: SAFEAI3.1, title: T, checks: [" + tls + "]}"), "has the form of AWS's ids"},
		{"name not published", group("{id: C-1, title: T, provenance: aws, named_by: a document, checks: [" + tls + "]}"), "AWS has not published a control of this id and name"},
		{"no licence", group("{id: C-1, title: T, provenance: nist, checks: [" + tls + "]}"), "licence: ids or titles are not ours"},
		{"unknown record", group("{id: C-1, title: T, expectations: [{id: e, kind: questionnaire, record: none, title: Fill it in, owner: head, example: A form}]}"), `there is no governance record "none"`},
		{"unknown kind", group("{id: C-1, title: T, expectations: [{id: e, kind: paper}]}"), `kind "paper" is not one of`},
		{"no owner", group("{id: C-1, title: T, expectations: [{id: e, kind: file, title: Show it, example: A report}]}"), "owner: say which role answers"},
		{"keyword of another kind", group("{id: C-1, title: T, expectations: [{id: e, kind: config, keyword: bedrock_ListGuardrails}]}"), "has not the form of kind config"},
		{"events that read", group("{id: C-1, title: T, expectations: [{id: e, kind: cloudtrail, keyword: bedrock_ListGuardrails}]}"), "reads are no evidence of activity"},
		{"unknown type", person("per: AWS::Bedrock::Unheard"), `type "AWS::Bedrock::Unheard" is not declared`},
		{"no frequency", person("cadence: EVERY=MONTH"), "is no recurrence rule"},
		{"hourly", person("cadence: FREQ=HOURLY"), "want FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"},
		{"a start of its own", person(`cadence: "FREQ=DAILY;DTSTART=20260101T000000Z"`), "the start of an assessment begins it"},
		{"count and until", person(`cadence: "FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z"`), "exclude each other"},
		{"by the hour", person(`cadence: "FREQ=DAILY;BYHOUR=1"`), "evidence is asked by days or longer"},
		{"a day that never comes", person(`cadence: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"`), "nothing is ever due"},
		{"comes once", person(`cadence: "FREQ=YEARLY;COUNT=1"`), "nothing is ever due"},
		{"due in a thousand years", person(`cadence: FREQ=DAILY, due_days: 365000`), "due_days, fresh_days and reviewers are not negative, and days at most 3660"},
		{"no such month", person(`cadence: "FREQ=YEARLY;BYMONTH=13"`), "is no recurrence rule"},
		{"no such zone", person(`cadence: FREQ=DAILY, time_zone: Europe/Nowhere`), "time zone: "},
		{"scope", group("{id: C-1, title: T, checks: [" + tls + "], applies_to: {scopes: [6]}}"), "6 is none of the scopes 1 to 5"},
		{"factor", group("{id: C-1, title: T, checks: [" + tls + "], applies_to: {exposure: [everywhere]}}"), `exposure: "everywhere" is not one of internal, partner, public`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lib, err := library.Load(folder(map[string]string{
				"frameworks/mine.yaml": tt.text, "frameworks/other.yaml": "title: Other\nversion: \"1\"\nextends: {framework: mine}\n",
			}))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := lib.Framework("mine"); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
			if _, err := lib.Framework("aws_genai_v2"); err != nil {
				t.Errorf("another framework: %v", err)
			}
		})
	}
}

// hubFiles are a common control, a framework of requirements, and what they rest on.
func hubFiles(mappings string) map[string]string {
	return map[string]string{
		"common/ours.yaml": `
title: Ours
objectives:
  - id: own-data
    title: Data lasts
    common_controls:
      - {id: own-versions, title: Versions are kept, description: Of each object., checks: [` + versioning + `]}
      - id: own-transport
        title: Transport is encrypted
        description: On every way.
        checks: [` + tls + `, ` + versioning + `]
        expectations: [{id: review, kind: file, title: Review it, owner: data owner, example: A report}]
`,
		"frameworks/rules.yaml": head + `
requirements: true
licence: For a test.
groups:
  - id: g
    title: G
    controls:
      - {id: R 1, title: First, provenance: body}
      - {id: R 2, title: Second, provenance: body, expectations: [{id: own, kind: text, title: Say so, owner: head, example: A sentence}]}
`,
		"mappings/rules.yaml": "version: \"1\"\nframework_version: \"1\"\nauthor: Us\nmappings:\n" + mappings,
	}
}

func TestMappedRequirements(t *testing.T) {
	t.Parallel()
	lib, err := library.Load(folder(hubFiles(
		"  - {control: R 1, common: own-versions, relation: equal, rationale: Both ask it., confidence: high}\n" +
			"  - {control: R 1, common: own-transport, relation: intersects, rationale: A part., confidence: low}\n")))
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Framework("rules")
	if err != nil {
		t.Fatal(err)
	}
	got := f.Groups[0].Controls[0]
	want := assize.Control{
		ID: "R 1", Title: "First", Provenance: "body", Checks: []string{versioning, tls},
		Mapped: []assize.MappedCheck{
			{Check: versioning, Common: "own-versions", Relation: assize.Equal},
			{Check: tls, Common: "own-transport", Relation: assize.Intersects},
			{Check: versioning, Common: "own-transport", Relation: assize.Intersects},
		},
		Over: []assize.MappedOver{{Common: "own-versions", Relation: assize.Equal}, {Common: "own-transport", Relation: assize.Intersects}},
		Expectations: []assize.Expectation{
			{ID: "own-transport-review", Kind: assize.ByFile, Title: "Review it", Owner: "data owner", Example: "A report", Common: "own-transport"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requirement (-want +got):\n%s", diff)
	}
	passed := got.Result(assize.Counts{Pass: 3}, assize.Counts{Pass: 3}, nil, nil)
	if passed.Outcome != assize.Manual {
		t.Errorf("a requirement whose mapped checks pass is %s, want manual", passed.Outcome)
	}
	if failed := got.Result(assize.Counts{Pass: 3, Fail: 1}, assize.Counts{Fail: 1}, nil, nil); failed.Outcome != assize.Fail {
		t.Errorf("a requirement of which a mapped check fails is %s, want fail", failed.Outcome)
	}
	if f.Digest == "" {
		t.Error("the framework has no digest")
	}
}

func TestMappingsRefuse(t *testing.T) {
	t.Parallel()
	whole := "control: R 1, common: own-versions, relation: equal, rationale: Both ask it., confidence: high"
	tests := []struct{ name, old, replacement, want string }{
		{"common control", "own-versions", "nowhere", `own/mappings/rules.yaml:5: there is no common control "nowhere"`},
		{"control", "R 1", "R 9", `framework rules has no control "R 9"`},
		{"relation", "equal", "same", `R 1: relation: "same" is not one of`},
		{"confidence", "high", "sure", `confidence: "sure" is not one of`},
		{"rationale", "Both ask it.", `""`, "rationale: say why"},
		{"twice", "confidence: high", "confidence: high}\n  - {" + whole, "R 1 is mapped to own-versions twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lib, err := library.Load(folder(hubFiles("  - {" + strings.Replace(whole, tt.old, tt.replacement, 1) + "}\n")))
			if err != nil {
				t.Fatal(err)
			}
			if err := lib.Lint(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
			if _, err := lib.Framework("aws_genai_v2"); err != nil {
				t.Errorf("another framework: %v", err)
			}
		})
	}
}

// TestNoEvidence holds that a requirement that nothing answers is a fault.
func TestNoEvidence(t *testing.T) {
	t.Parallel()
	lib, err := library.Load(folder(hubFiles("  []\n")))
	if err != nil {
		t.Fatal(err)
	}
	const want = `own/frameworks/rules.yaml:12: control "R 1": nothing answers it`
	if err := lib.Lint(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
