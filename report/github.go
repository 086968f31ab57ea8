package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/assize-dev/assize"
)

// github writes workflow commands, which GitHub Actions shows as annotations of a run
// and of the lines of a pull request ("Workflow commands for GitHub Actions", Setting
// an error message): a fail is an error, a warning or a notice by its severity, one that an
// exception covers a warning, what could not be looked at a notice. What passed, does not apply,
// waits for an answer of the organisation, or only the live account can decide stands in the last
// line alone, which gives all counts.
//
// GitHub shows ten annotations of a kind for a step, so what says the same of every resource must not
// take their place; the log has all.
type github struct {
	o     *out
	names map[string]string
}

func newGitHub(w io.Writer, _ Options) Writer {
	return &github{o: newOut(w), names: map[string]string{}}
}

// Begin writes nothing: there is no heading among commands.
func (g *github) Begin(run *assize.Run) error {
	for _, a := range run.Accounts {
		g.names[a.ID] = clean(a.Name)
	}
	return g.o.err
}

// Finding writes one command.
func (g *github) Finding(f *assize.Finding) error {
	command := ""
	switch {
	case f.Excepted():
		command = "warning"
	case f.Outcome == assize.Fail:
		command = commandOf(f.Check.Severity)
	case f.Deferred():
		return g.o.err
	case f.Outcome == assize.Inconclusive:
		command = "notice"
	default:
		return g.o.err
	}
	properties := ""
	if o := origin(f); o != nil && o.File != "" {
		properties = "file=" + commandProperty(o.File) + ","
		if o.Line > 0 {
			properties += fmt.Sprintf("line=%d,", o.Line)
		}
	}
	title := string(f.Check.Severity) + ": " + paragraph(f.Check.Title)
	if f.Outcome != assize.Fail {
		title = outcomeName(f.Outcome) + ": " + paragraph(f.Check.Title)
	}
	g.o.str("::", command, " ", properties, "title=", commandProperty(title), "::", commandData(subjectLine(f, g.names)+": "+reasonOf(f)+" (check "+f.Check.ID+")"), "\n")
	return g.o.err
}

// End writes the counts.
func (g *github) End(s *assize.Summary) error {
	g.o.str("::notice title=Assize::", commandData(outcomeCounts(s)), "\n")
	return g.o.flush()
}

// subjectLine names the subject and what becomes of it, for one line.
func subjectLine(f *assize.Finding, names map[string]string) string {
	if f.Resource == nil {
		return placeText(f, names)
	}
	s := cutID(clean(f.SubjectLabel()), textSubject)
	if o := origin(f); o != nil && o.Module != "" {
		s += " (" + cutID(clean(callText(o)), textSubject) + ")"
	}
	return s
}

// outcomeCounts gives all outcomes in one line.
func outcomeCounts(s *assize.Summary) string {
	parts := make([]string, 0, len(assize.Outcomes)+3)
	for _, o := range assize.Outcomes {
		parts = append(parts, num(s.Counts.Of(o))+" "+outcomeName(o))
	}
	return strings.Join(append(parts, apartText(s)...), ", ")
}

// apartText counts what belongs to other counts and is told apart.
func apartText(s *assize.Summary) []string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{s.Excepted, "of the fails excepted"},
		{s.Expired, "of the fails with an exception that has expired"},
		{s.Deferred, "of the inconclusive deferred to live"},
	} {
		if p.n > 0 {
			parts = append(parts, num(p.n)+" "+p.what)
		}
	}
	return parts
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// commandData escapes the message of a command.
func commandData(s string) string { return dataEscapes.Replace(clean(s)) }

// commandProperty escapes the value of a property, in which : and , mean something too.
func commandProperty(s string) string { return propertyEscapes.Replace(clean(s)) }

// commandOf is how loud a failure of a severity is: what blocks by default is an error.
func commandOf(s assize.Severity) string {
	switch s {
	case assize.Critical, assize.High:
		return "error"
	case assize.Medium:
		return "warning"
	case assize.Low, assize.Informational:
	}
	return "notice"
}
