package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// askedControl is a control with what people must show for it.
type askedControl struct {
	row   *assize.ControlResult
	asked []*assize.Expectation
}

// askedOf lists what people must show, in the order of the framework; n counts it.
func askedOf(s *assize.Summary) (asked []askedControl, n int) {
	for i := range s.Groups {
		for j := range s.Groups[i].Controls {
			row := &s.Groups[i].Controls[j]
			if list := expectations(row, row.Open); len(list) > 0 {
				asked = append(asked, askedControl{row, list})
				n += len(list)
			}
		}
	}
	return asked, n
}

// expectations finds those of a control by id.
func expectations(row *assize.ControlResult, ids []string) []*assize.Expectation {
	if row.Control == nil {
		return nil
	}
	var out []*assize.Expectation
	for i := range row.Control.Expectations {
		if e := &row.Control.Expectations[i]; slices.Contains(ids, e.ID) {
			out = append(out, e)
		}
	}
	return out
}

// askedText is what is asked of whom, and how often: "Keep the register (AI risk owner, every 3 months)".
func askedText(e *assize.Expectation, subjects assize.Subjects) string {
	var notes []string
	for _, n := range []string{paragraph(e.Owner), cadenceText(e.Cadence)} {
		if n != "" {
			notes = append(notes, n)
		}
	}
	if e.Per != "" {
		notes = append(notes, "for each "+clean(e.Per)+subjectsText(subjects, e.Per))
	}
	if e.Common != "" {
		notes = append(notes, "over "+clean(e.Common))
	}
	text := strings.TrimSuffix(paragraph(cmp.Or(e.Title, e.ID)), ".")
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, "; ") + ")"
	}
	return text
}

// subjectsText says how many resources of a type there are.
func subjectsText(subjects assize.Subjects, typ string) string {
	c, counted := subjects.Of(typ)
	switch {
	case !counted:
		return ""
	case !c.Complete && c.Found == 0:
		return ", not known how many"
	case !c.Complete:
		return ", at least " + num(c.Found)
	}
	return ", " + num(c.Found) + " found"
}

// cadenceText says a recurrence rule in words where it is a plain one.
func cadenceText(rule string) string {
	frequency, rest, _ := strings.Cut(rule, ";")
	unit := map[string]string{"FREQ=DAILY": "day", "FREQ=WEEKLY": "week", "FREQ=MONTHLY": "month", "FREQ=YEARLY": "year"}[frequency]
	number, interval := strings.CutPrefix(rest, "INTERVAL=")
	n, err := strconv.Atoi(number)
	switch {
	case rule == "":
		return "once"
	case unit != "" && rest == "":
		return "every " + unit
	case unit != "" && interval && err == nil && n > 0:
		return "every " + many(n, unit)
	}
	return clean(rule)
}

// overText names the source of a mapped result: "least-privilege (subset)".
func overText(over []assize.MappedOver) []string {
	out := make([]string, len(over))
	for i, o := range over {
		out[i] = clean(o.Common) + " (" + clean(string(o.Relation)) + ")"
	}
	return out
}

// remarks say what a reader must know about a row: why it does not apply, over what it is
// mapped, and what was not read for it.
func remarks(row *assize.ControlResult) []string {
	var out []string
	if row.Outcome == assize.NotApplicable && row.Reason != "" {
		out = append(out, paragraph(row.Reason))
	}
	if len(row.Over) > 0 {
		text := "over " + some(overText(row.Over), maxOver)
		if len(row.Over) > 1 {
			text += "; weakest: " + clean(string(row.Weakest))
		}
		out = append(out, text)
	}
	if row.Undecided > 0 {
		out = append(out, many(row.Undecided, "failure")+" over mappings wider than the requirement: judge whether it is concerned")
	}
	if unread := expectations(row, row.NotRead); len(unread) > 0 {
		out = append(out, "also demanded, not part of this run: "+some(sources(unread), maxOver))
	}
	return out
}

// maxOver are named one by one.
const maxOver = 4

// sources names the sources of expectations, those of one kind together.
func sources(list []*assize.Expectation) []string {
	names := map[assize.ExpectationKind]string{
		assize.ByAPI: "API", assize.ByConfig: "AWS Config", assize.BySecurityHub: "Security Hub", assize.ByCloudTrail: "CloudTrail", assize.ByInference: "prompts",
	}
	var out []string
	for _, kind := range assize.ExpectationKinds {
		var keywords []string
		for _, e := range list {
			if e.Kind == kind {
				keywords = append(keywords, clean(e.Keyword))
			}
		}
		if len(keywords) > 0 {
			out = append(out, names[kind]+" "+strings.Join(keywords, " "))
		}
	}
	return out
}

// provenanceName is a provenance as it is shown beside a control.
func provenanceName(p string) string {
	switch p {
	case "":
		return ""
	case assize.ProvenanceAWS:
		return "AWS"
	case assize.ProvenanceAssize:
		return "Assize"
	}
	return strings.ToUpper(clean(p))
}

// namedByAWS reports whether a control of the result has a name of AWS among names of ours.
func namedByAWS(s *assize.Summary) bool {
	for _, g := range s.Groups {
		if slices.ContainsFunc(g.Controls, func(c assize.ControlResult) bool { return c.Provenance == assize.ProvenanceAWS }) {
			return true
		}
	}
	return false
}

// namesText says what the mark [AWS] means.
const namesText = "[AWS]: a name that AWS has published; the control's text is Assize's."

// namedByText says under a name of AWS whose the text below it is.
func namedByText(c *assize.Control) string {
	name := "AWS has published the name"
	if c.NamedBy != "" {
		name += " (" + c.NamedBy + ")"
	}
	return name + "; this text, the evidence asked for and the checks are Assize's."
}
