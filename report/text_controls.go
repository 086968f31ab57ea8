package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// columns are the outcomes as the table of controls heads them.
var columns = []struct {
	outcome assize.Outcome
	head    string
}{
	{assize.Fail, "fail"}, {assize.Inconclusive, "incon"}, {assize.Manual, "manual"}, {assize.Pass, "pass"}, {assize.NotApplicable, "n/a"},
}

// outcomeWidth is the width of the longest outcome as the table names it.
const outcomeWidth = len("inconclusive")

// controls writes one row a control, worst first inside a group.
func (t *text) controls(s *assize.Summary) {
	if len(s.Groups) == 0 {
		return
	}
	t.asked, t.askedCount = askedOf(s)
	t.subjects = s.Subjects
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = len(c.head)
		for _, g := range s.Groups {
			for _, row := range g.Controls {
				widths[i] = max(widths[i], len(strconv.Itoa(row.Counts.Of(c.outcome))))
			}
		}
	}
	title := t.width - 2 - outcomeWidth - 2
	for _, w := range widths {
		title -= w + 2
	}
	if t.askedCount > 0 {
		title -= len(askedHead) + 2
	}
	title = max(title, 8)
	head := pad("Control", 2+outcomeWidth+2+title)
	for i, c := range columns {
		head += "  " + padLeft(c.head, widths[i])
	}
	if t.askedCount > 0 {
		head += "  " + askedHead
	}
	t.line()
	t.line(span{dim, head})
	left := 0
	for i := range s.Groups {
		g := s.Groups[i]
		if ofPlan(t.run) && !t.opt.Verbose {
			g.Controls = t.decided(&g)
			left += len(s.Groups[i].Controls) - len(g.Controls)
		}
		if len(g.Controls) > 0 {
			t.group(&g, title, widths)
		}
	}
	if namedByAWS(s) {
		t.wrap(say("  "), span{dim, namesText})
	}
	if left > 0 {
		t.wrap(say("  "), span{dim, "and " + many(left, "control") + " of which the plan decides nothing: not applicable, or deferred to live; --verbose lists them"})
	}
}

// decided are the controls of which a plan decides something, or leaves something open.
func (t *text) decided(g *assize.GroupResult) []assize.ControlResult {
	var out []assize.ControlResult
	for i, c := range g.Controls {
		deferred := 0
		if g.Group != nil {
			for _, id := range controlChecks(&g.Group.Controls[i]) {
				deferred += t.deferred[id]
			}
		}
		if c.Counts.Total() > c.Counts.NotApplicable+deferred {
			out = append(out, c)
		}
	}
	return out
}

func (t *text) group(g *assize.GroupResult, title int, widths []int) {
	var rows assize.Counts
	for _, c := range g.Controls {
		rows.Add(c.Outcome)
	}
	note := ""
	if rows.Fail > 0 {
		note = fails(rows.Fail, many(len(g.Controls), "control"))
	}
	t.wrap(span{}, span{bold, paragraph(g.Title)}, span{dim, joined(note)})
	for _, c := range byOutcome(g.Controls) {
		t.control(&c, title, widths)
	}
}

func (t *text) control(c *assize.ControlResult, title int, widths []int) {
	first, rest := "", fold(controlName(c), title)
	first, rest = rest[0], rest[1:]
	row := []span{
		say("  "),
		{outcomeStyle(c.Outcome), pad(cell(c.Outcome), outcomeWidth)},
		say("  " + pad(first, title)),
	}
	for i, col := range columns {
		n := c.Counts.Of(col.outcome)
		st := outcomeStyle(col.outcome)
		if n == 0 {
			st = dim
		}
		row = append(row, say("  "), span{st, padLeft(strconv.Itoa(n), widths[i])})
	}
	if n := len(c.Open); t.askedCount > 0 && n > 0 {
		row = append(row, say("  "), span{blue, padLeft(strconv.Itoa(n), len(askedHead))})
	} else if t.askedCount > 0 {
		row = append(row, say("  "), span{dim, padLeft("0", len(askedHead))})
	}
	t.line(row...)
	in := strings.Repeat(" ", 2+outcomeWidth+2+2)
	for _, l := range rest {
		t.line(say(in + l))
	}
	unexplained := c.Outcome == assize.Manual && c.Counts.Manual+len(c.Open) == 0
	if t.opt.Verbose || c.Outcome == assize.NotApplicable || len(c.Over) > 0 || unexplained {
		for _, r := range remarks(c) {
			t.wrap(say(in), span{dim, r})
		}
	}
}

// askedHead heads the column of what is asked of people.
const askedHead = "asked"

// people writes what people must show, that no check can. A plan asks nobody yet: there it is
// counted, and listed when verbose.
func (t *text) people() {
	if t.askedCount == 0 || ofPlan(t.run) && !t.opt.Verbose {
		return
	}
	t.heading(blue, "ASKED OF PEOPLE", many(t.askedCount, "piece")+" of evidence for "+many(len(t.asked), "control")+"; without it none of them passes")
	left := t.askedCount
	for i, c := range t.asked {
		if i == maxRows && !t.opt.Verbose {
			t.line(span{dim, "  and " + num(left) + " more; --verbose and the page (--format html) list them"})
			return
		}
		t.wrap(span{}, span{plain, controlName(c.row)})
		for _, e := range c.asked {
			t.wrap(span{blue, "  - "}, span{dim, askedText(e, t.subjects)})
		}
		left -= len(c.asked)
	}
}

// cell names an outcome where there is little room.
func cell(o assize.Outcome) string {
	if o == assize.NotApplicable {
		return "n/a"
	}
	return outcomeName(o)
}

// byOutcome sorts controls worst first; those of one outcome keep the framework's
// order.
func byOutcome(rows []assize.ControlResult) []assize.ControlResult {
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b assize.ControlResult) int {
		return cmp.Compare(slices.Index(assize.Outcomes, a.Outcome), slices.Index(assize.Outcomes, b.Outcome))
	})
	return out
}

// controlName is the title, after the id where that is a number of a standard
// ("SageMaker.1") and no name.
func controlName(c *assize.ControlResult) string {
	if len(c.ID) <= 16 && strings.ContainsAny(c.ID, "0123456789") {
		return paragraph(c.ID + " " + c.Title + awsMark(c))
	}
	return paragraph(cmp.Or(c.Title, c.ID)) + awsMark(c)
}

// awsMark marks a name of AWS; see namesText.
func awsMark(c *assize.ControlResult) string {
	if c.Provenance == assize.ProvenanceAWS {
		return " [AWS]"
	}
	return ""
}

// fold breaks clean text at spaces into lines of n columns; those after the first
// are two columns shorter, to be set in. A word that is too long is cut.
func fold(s string, n int) []string {
	var out []string
	line, room := "", n
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= room:
			line += " " + word
		default:
			out = append(out, fit(line, room))
			line, room = word, n-2
		}
	}
	return append(out, fit(line, room))
}
