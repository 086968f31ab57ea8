package report

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// attack is text that would do something in some format were it not data.
const attack = "a\x1b[31mred\x1b]0;title\x07\x1b[2J" + "\u009b31m\x00\x7f\b" + "\u202egnp.\u2066exe\u200b\ufeff" +
	"\nline\r\n\ttab\u2028\u2029\u0085" + "<script>alert(1)</script>\"><img src=x onerror=alert(1)>' onmouseover='x" +
	"</script></style></textarea></title><!--]]>&lt;&#60;" + "\xff\xfe\xc3" + "{0}[text](javascript:alert(1))`$(id)`" + "\U000e0041\U0010fffd%s%n"

// everywhere is a fake whose every text from outside is s.
func everywhere(s string) *fake {
	check := &assize.Check{
		ID: s, Service: s, Title: s, Why: s, Severity: assize.High, Subject: assize.Subject{Kind: assize.SubjectResource, Type: s, None: assize.NoneFails},
		Rule: s, Applies: s, NotApplicableWhen: s, Fails: s, Remediation: assize.Remediation{Text: s, CLI: s, Terraform: s},
		Retrofit: assize.Retrofit{Cost: s, Note: s}, Pitfalls: []string{s}, Sources: []string{s, "https://x" + s}, Note: s,
		Peers: assize.Peers{Prowler: s, Powerpipe: s, Config: s, SecurityHub: s, Checkov: s, Trivy: s, Other: s},
	}
	texts := []string{s}
	run := &assize.Run{
		Version: s, LibraryDigest: s, Source: s, SnapshotDigest: s, AsOf: time.Unix(0, 0), ProfilePath: s, ProfileDigest: s, Scope: s, Baseline: s,
		Accounts: []assize.Account{{ID: s, Name: s, Regions: texts, Partition: s}, {ID: s + "2", Regions: texts}}, Checks: []*assize.Check{check},
		Framework: &assize.Framework{
			ID: s, Title: s, Version: s, Provenance: s, Description: s, Facts: []assize.FrameworkFact{{Name: s, Value: s}},
			Groups:    []assize.Group{{ID: s, Title: s, Automated: texts, Customer: texts, Usual: s, Controls: []assize.Control{{ID: s, Title: s, Note: s, Checks: texts}}}},
			Questions: []assize.Question{{Question: s, Answer: s}}, Sources: texts,
		},
	}
	unknown := &assize.Unknown{Cause: assize.Denied, Operation: s, Code: s, Detail: s}
	resource := &assize.Resource{Type: s, Account: s, Region: s, ID: s, ARN: "arn:" + s, Properties: assize.Object{
		{Name: "Deep", Value: assize.List{assize.Object{{Name: s, Value: s}}, unknown}}, {Name: "Text", Value: s}, {Name: "Unread", Value: unknown},
	}}
	planned := *resource
	planned.Origin = &assize.Origin{Kind: s, Address: s, Action: s, File: s, Line: 1, Module: s, ModuleFile: s, ModuleLine: 1}
	exception := &assize.Exception{Check: s, Address: s, Reason: s, Owner: s, Approver: s, Until: s, File: s, Line: 1}
	fake := &fake{run: run, summary: func(sum *assize.Summary) {
		sum.OutOfScope, sum.Requests, sum.Gone, sum.Interrupted = map[string]int{s: 1}, map[string]int{s: 1}, texts, true
		sum.Gaps = []assize.Gap{{Account: s, Region: s, Operation: s, Types: texts, Resource: s, Cause: assize.Denied, Code: s, Detail: s}}
	}}
	for _, o := range assize.Outcomes {
		for _, r := range []*assize.Resource{resource, &planned, nil} {
			f := &assize.Finding{Check: check, Outcome: o, Account: s, Region: s, Resource: r, Reason: s + "!", Scope: s, Paths: []string{"Deep", "Text", "Unread"}, Change: assize.New}
			if r == nil {
				f.Resources = []*assize.Resource{resource, resource, resource, resource}
			}
			if r == &planned {
				f.Exception = exception
			}
			if o == assize.Fail && r != nil {
				f.Evidence = []assize.Field{{Name: s, Value: s}, {Name: "policy", Value: "{" + s}}
			}
			if o == assize.Inconclusive {
				f.Unknown = unknown
			}
			fake.findings = append(fake.findings, f)
		}
	}
	return fake
}

// Hostile names are inert in every format.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	actions := func(string) []string { return []string{attack} }
	for _, f := range Formats {
		for _, verbose := range []bool{false, true} {
			got := everywhere(attack).render(t, f.Name, Options{Verbose: verbose, Actions: actions})
			printableOnly(t, f.Name, got)
		}
	}
}

// printableOnly fails where a document holds anything but printable characters and
// line breaks: no escapes, control characters or direction overrides.
func printableOnly(t *testing.T, format, doc string) {
	t.Helper()
	if !utf8.ValidString(doc) {
		t.Errorf("%s: not UTF-8", format)
	}
	for i, r := range doc {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("%s: %U at byte %d: %q", format, r, i, doc[max(0, i-40):min(len(doc), i+40)])
		}
	}
}

// The colours of text are the only escapes in it.
func TestHostileNamesInColour(t *testing.T) {
	t.Parallel()
	own := regexp.MustCompile("\x1b\\[[0-9;]+m")
	colored := everywhere(attack).render(t, "text", Options{Color: true})
	if diff := cmp.Diff(everywhere(attack).render(t, "text", Options{}), own.ReplaceAllString(colored, "")); diff != "" {
		t.Errorf("colours are not all that differs (-plain +coloured):\n%s", diff)
	}
}

var (
	tags   = regexp.MustCompile(`(?s)<!?/?[a-zA-Z][^<>]*>|<!--`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

// skeleton is the mark-up of a page without what stands in attributes.
func skeleton(t *testing.T, doc, script string) []string {
	t.Helper()
	if n := strings.Count(doc, "</script"); n != 2 {
		t.Errorf("%d ends of scripts, want 2", n)
	}
	var out []string
	rest := doc
	for _, block := range []string{pageStyle, script} {
		rest = strings.Replace(rest, block, "", 1)
	}
	for _, tag := range tags.FindAllString(rest, -1) {
		out = append(out, quoted.ReplaceAllString(tag, `""`))
	}
	if n := strings.Count(tags.ReplaceAllString(rest, ""), "<"); n != 0 {
		t.Errorf("%d < outside mark-up", n)
	}
	return out
}

// A page has the same mark-up whatever the names in it are.
func TestHostileNamesMakeNoMarkup(t *testing.T) {
	t.Parallel()
	want := skeleton(t, everywhere("harmless text").render(t, "html", Options{}), pageScript)
	got := skeleton(t, everywhere(attack).render(t, "html", Options{}), pageScript)
	// A name that is no link is not linked to, so the harmless text has no link either.
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mark-up (-harmless +hostile):\n%s", diff)
	}
}

// JSON keeps the names as they are, but for broken UTF-8.
func TestHostileNamesInJSON(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"json", "sarif", "cyclonedx"} {
		var doc any
		text := everywhere(attack).render(t, name, Options{})
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.ContainsAny(text, "<>") {
			t.Errorf("%s: < or > not escaped", name)
		}
	}
	name := "\u202e<b>\u009b\U000e0041"
	f := publicFinding(fakeChecks()["public"], assize.Fail, ml, "us-east-1", name, true, true)
	data, err := new(tables).encode(nil, f)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ ID string }
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != name {
		t.Errorf("id %q, want %q", got.ID, name)
	}
}
