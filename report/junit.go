package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/assize-dev/assize"
)

// junit writes JUnit XML, as build servers read it: a test suite for each control
// group of the framework, a test case for each finding of the group's checks. A fail
// is a failure (with an exception that holds: a case without one, which says both in its
// output), inconclusive an error, manual and not applicable are skipped with
// the reason, and so is what only the live account can decide; a pass has no child. A check that two groups have is a case in both.
//
// A suite states its counts before its cases and findings do not come by group, so
// this format keeps the text of its cases, and not the findings, until the end.
type junit struct {
	o      *out
	names  map[string]string
	time   string
	suites []*junitSuite
	of     map[string][]*junitSuite
	other  *junitSuite
	title  string
}

type junitSuite struct {
	id, title string
	counts    assize.Counts
	excepted  int
	deferred  int
	cases     strings.Builder
}

func newJUnit(w io.Writer, _ Options) Writer {
	return &junit{o: newOut(w), names: map[string]string{}, of: map[string][]*junitSuite{}}
}

// Begin makes the suites.
func (j *junit) Begin(run *assize.Run) error {
	j.time, j.title = run.AsOf.UTC().Format("2006-01-02T15:04:05"), "Assize"
	for _, a := range run.Accounts {
		j.names[a.ID] = clean(a.Name)
	}
	j.other = &junitSuite{id: "other", title: "Checks of no group"}
	if f := run.Framework; f != nil {
		j.title = "Assize: " + paragraph(f.Title)
		for i := range f.Groups {
			j.suite(run, &f.Groups[i])
		}
	}
	return j.o.err
}

func (j *junit) suite(run *assize.Run, g *assize.Group) {
	s := &junitSuite{id: g.ID, title: g.Title}
	j.suites = append(j.suites, s)
	seen := map[string]bool{}
	for i := range g.Controls {
		if applies, _ := g.Controls[i].AppliesTo.Any(run.Workloads); !applies {
			continue
		}
		for _, id := range controlChecks(&g.Controls[i]) {
			if !seen[id] {
				seen[id] = true
				j.of[id] = append(j.of[id], s)
			}
		}
	}
}

// Finding adds a case to the suites that have the check.
func (j *junit) Finding(f *assize.Finding) error {
	suites := j.of[f.Check.ID]
	if len(suites) == 0 {
		suites = []*junitSuite{j.other}
	}
	for _, s := range suites {
		s.counts.Add(f.Outcome)
		if f.Excepted() {
			s.excepted++
		}
		if f.Deferred() {
			s.deferred++
		}
		fmt.Fprintf(&s.cases, "<testcase classname=%s name=%s time=\"0\"", attr(s.id+"."+f.Check.ID), attr(j.caseName(f)))
		if body := j.body(f); body != "" {
			s.cases.WriteString(">" + body + "</testcase>\n")
		} else {
			s.cases.WriteString("/>\n")
		}
	}
	return j.o.err
}

// caseName is the subject: what tells the cases of one check apart.
func (j *junit) caseName(f *assize.Finding) string {
	name := placeText(f, j.names)
	if f.Resource != nil {
		name = cutID(clean(f.Resource.ID), 200) + " (" + name + ")"
	}
	return name
}

// body says what the verdict is, unless it is a pass.
func (j *junit) body(f *assize.Finding) string {
	reason := cut(paragraph(head(f.Reason, textReason)), textReason)
	switch f.Outcome {
	case assize.Pass:
		return ""
	case assize.Fail:
		if f.Excepted() {
			return fmt.Sprintf("<system-out>%s</system-out>", xmlText("fail: "+reason)+"\n"+j.detail(f))
		}
		return fmt.Sprintf("<failure type=%s message=%s>%s</failure>", attr(string(f.Check.Severity)), attr(reason), j.detail(f))
	case assize.Inconclusive:
		if f.Deferred() {
			break
		}
		cause := ""
		if f.Unknown != nil {
			cause = string(f.Unknown.Cause)
		}
		return fmt.Sprintf("<error type=%s message=%s>%s</error>", attr(cause), attr(reason), j.detail(f))
	case assize.Manual, assize.NotApplicable:
	}
	return fmt.Sprintf("<skipped message=%s/>", attr(outcomeName(f.Outcome)+": "+reason))
}

// detail is what a person needs to go on, in lines.
func (j *junit) detail(f *assize.Finding) string {
	text := []string{paragraph(f.Check.Title), "severity: " + clean(string(f.Check.Severity))}
	if f.Resource != nil {
		text = append(text, clean(f.Resource.Type)+" "+cutID(clean(f.Resource.Label()), 300))
	}
	for _, s := range []string{originText(f), exceptionText(f)} {
		if s != "" {
			text = append(text, s)
		}
	}
	for _, x := range looked(f, 120) {
		text = append(text, x.name+" = "+x.value)
	}
	if f.Outcome == assize.Fail {
		text = append(text, "fix: "+cut(paragraph(f.Check.Remediation.Text), textReason))
	}
	return xmlText(strings.Join(text, "\n"))
}

// End writes the suites. One without cases is written too: nothing was found there.
func (j *junit) End(sum *assize.Summary) error {
	if j.other.counts.Total() > 0 {
		j.suites = append(j.suites, j.other)
	}
	var all assize.Counts
	excepted, deferred := 0, 0
	for _, s := range j.suites {
		excepted += s.excepted
		deferred += s.deferred
		all.Fail += s.counts.Fail
		all.Inconclusive += s.counts.Inconclusive
		all.Manual += s.counts.Manual
		all.Pass += s.counts.Pass
		all.NotApplicable += s.counts.NotApplicable
	}
	j.o.str(`<?xml version="1.0" encoding="UTF-8"?>`, "\n<testsuites name=", attr(j.title), junitCounts(all, excepted, deferred), ">\n")
	for _, s := range j.suites {
		j.o.str("<testsuite name=", attr(s.title), " id=", attr(s.id), ` timestamp="`, j.time, `"`, junitCounts(s.counts, s.excepted, s.deferred), ">\n", s.cases.String(), "</testsuite>\n")
		s.cases.Reset()
	}
	for _, g := range gapRows(sum.Gaps, j.names) {
		j.o.str("<!-- could not be read: ", xmlComment(causeText(g.cause, g.operation, g.code)+" in "+some(g.places, 4)), " -->\n")
	}
	j.o.str("</testsuites>\n")
	return j.o.flush()
}

// junitCounts leaves the fails out that an exception covers, whose cases have no failure, and counts
// what is deferred to live as skipped, which its cases are.
func junitCounts(c assize.Counts, excepted, deferred int) string {
	return fmt.Sprintf(` tests="%d" failures="%d" errors="%d" skipped="%d" time="0"`,
		c.Total(), c.Fail-excepted, c.Inconclusive-deferred, c.Manual+c.NotApplicable+deferred)
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// xmlText escapes text that is clean but for line feeds.
func xmlText(s string) string { return xmlEscapes.Replace(s) }

// xmlComment is clean text in which no comment ends.
func xmlComment(s string) string { return strings.ReplaceAll(xmlText(clean(s)), "--", "- - ") }

// attr is a quoted attribute.
func attr(s string) string { return `"` + xmlText(clean(s)) + `"` }
