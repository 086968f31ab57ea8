package report

import (
	"io"

	"github.com/assize-dev/assize"
)

// gitlab writes GitLab's Code Quality report ("Code Quality", Code Quality report
// format): an array of issues, which a merge request shows by line. It has no word for
// what is not decided, so an issue says so in its description and is of severity info,
// as is a fail that an exception covers. What only the live account can decide is left
// out, since no change of the code settles it.
type gitlab struct {
	o      *out
	source string
	names  map[string]string
	comma  string
}

type gitlabIssue struct {
	Description string         `json:"description"`
	Check       string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

func newGitLab(w io.Writer, _ Options) Writer {
	return &gitlab{o: newOut(w), names: map[string]string{}}
}

// Begin opens the array.
func (g *gitlab) Begin(run *assize.Run) error {
	g.source = clean(run.Source)
	for _, a := range run.Accounts {
		g.names[a.ID] = clean(a.Name)
	}
	g.o.str("[")
	return g.o.err
}

// Finding writes one issue.
func (g *gitlab) Finding(f *assize.Finding) error {
	reason := reasonOf(f)
	severity := gitlabSeverity(f)
	switch {
	case f.Outcome == assize.Fail:
	case f.Outcome == assize.Inconclusive && !f.Deferred(), f.Outcome == assize.Manual:
		reason = outcomeName(f.Outcome) + ": " + reason
	default:
		return g.o.err
	}
	issue := gitlabIssue{
		Description: paragraph(f.Check.Title) + ": " + subjectLine(f, g.names) + ": " + reason,
		Check:       clean(f.Check.ID), Fingerprint: sourceKey(f), Severity: severity,
	}
	file, line := sourceFile(f, g.source)
	issue.Location.Path, issue.Location.Lines.Begin = clean(file), line
	g.o.str(g.comma, "\n")
	g.comma = ","
	g.o.json(issue)
	return g.o.err
}

// End closes the array.
func (g *gitlab) End(*assize.Summary) error {
	g.o.str("\n]\n")
	return g.o.flush()
}

// gitlabSeverity is one of info, minor, major, critical and blocker.
func gitlabSeverity(f *assize.Finding) string {
	if f.Outcome != assize.Fail || f.Excepted() {
		return "info"
	}
	switch f.Check.Severity {
	case assize.Critical:
		return "blocker"
	case assize.High:
		return "critical"
	case assize.Medium:
		return "major"
	case assize.Low:
		return "minor"
	case assize.Informational:
	}
	return "info"
}
