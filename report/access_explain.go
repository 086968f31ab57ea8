package report

import (
	"cmp"
	"io"
	"strconv"
	"strings"
)

// explanationFormat names the shape of the JSON document; it changes when a reader would break.
const explanationFormat = "assize.explanation/1"

// AccessExplanation says why a principal can make a call or not, statement by statement.
type AccessExplanation struct {
	Principal string       `json:"principal"`
	Call      string       `json:"call"`
	Target    string       `json:"target,omitempty"`
	Origin    AccessOrigin `json:"origin"`
	// Outcome is "always", "conditional", "never" or "inconclusive".
	Outcome string `json:"outcome"`
	// Terms of the call as a whole.
	Terms AccessTerms `json:"terms"`
	// Checks are all that AWS checks for the call; every one has to pass.
	Checks []AccessCheck `json:"checks"`
	// Runs are what the call sets to work under another role.
	Runs []string `json:"runs,omitempty"`
	// Notes are readings of AWS's documentation that the list of checks rests on.
	Notes []string `json:"notes,omitempty"`
}

// AccessCheck is one authorization check of a call.
type AccessCheck struct {
	Action   string `json:"action"`
	Resource string `json:"resource"`
	Why      string `json:"why"`
	Outcome  string `json:"outcome"`
	// Conditions are alternatives; none for a check that never passes.
	Conditions []string `json:"conditions,omitempty"`
	// Decision on the example: what the evaluator says of one concrete request.
	Decision string `json:"decision"`
	// Statements are those about the action and resource, in the order of layers.
	Statements []AccessStatement `json:"statements"`
	// Lacking are the layers that would have to allow and do not.
	Lacking []string `json:"lacking,omitempty"`
}

// AccessStatement is a statement of a policy with what it does to the example request.
type AccessStatement struct {
	Layer     string `json:"layer"`
	Policy    string `json:"policy"`
	Statement int    `json:"statement"` // index from zero
	Sid       string `json:"sid,omitempty"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	// Effect is "Allow" or "Deny", "" for a policy that could not be read.
	Effect string `json:"effect"`
	// Applies is "yes", "no" or "not known".
	Applies string `json:"applies"`
	Reason  string `json:"reason"`
}

// WriteExplanation writes an explanation in the format "table" or "json". The error is that of
// the underlying writer.
func WriteExplanation(w io.Writer, format string, e *AccessExplanation, opt Options) error {
	if format == "json" {
		return writeDocument(w, explanationFormat, e)
	}
	width := max(cmp.Or(opt.Width, defaultWidth), minWidth)
	x := &explanation{printer: printer{o: newOut(w), width: width, color: opt.Color}, e: e, verbose: opt.Verbose}
	x.write()
	return x.o.flush()
}

// writeDocument writes a document with its format as its first member.
func writeDocument(w io.Writer, format string, v any) error {
	data, err := encode(v)
	if err != nil {
		return err
	}
	o := newOut(w)
	o.str(`{"format":"`, format, `",`, string(data[1:]), "\n")
	return o.flush()
}

type explanation struct {
	printer
	e       *AccessExplanation
	verbose bool
}

func (x *explanation) write() {
	e := x.e
	x.wrap(span{}, span{bold, clean(short(e.Principal) + ": " + e.Call)})
	x.line()
	x.field("Principal", clean(e.Principal))
	if e.Target != "" {
		x.field("Target", clean(e.Target))
	}
	x.origin(&e.Origin)
	for i := range e.Checks {
		x.check(i)
	}
	if len(e.Runs)+len(e.Notes) > 0 {
		x.line()
	}
	for _, r := range e.Runs {
		x.wrap(span{dim, "Then "}, say(paragraph(r)))
	}
	for _, n := range e.Notes {
		x.wrap(span{dim, "Reading "}, say(paragraph(n)))
	}
	x.line()
	x.wrap(span{}, span{outcomeColor(e.Outcome), verdictText(e.Outcome, len(e.Checks))})
	t := accessTable{printer: x.printer, a: &Access{}, verbose: true}
	t.terms(&e.Terms)
}

func (x *explanation) check(i int) {
	c := &x.e.Checks[i]
	x.line()
	x.wrap(span{dim, "Check " + strconv.Itoa(i+1) + " "}, span{bold, clean(c.Action)}, say(" on "+clean(c.Resource)+" ("+paragraph(c.Why)+")"))
	x.wrap(span{text: "    "}, span{outcomeColor(c.Outcome), c.Outcome}, say(conditionText(c.Conditions)))
	hidden := 0
	for _, s := range c.Statements {
		if s.Applies == "no" && !x.verbose {
			hidden++
			continue
		}
		x.statement(&s)
	}
	if hidden > 0 {
		x.line(span{dim, "    " + many(hidden, "statement") + " about it that did not apply (--verbose)"})
	}
	for _, l := range c.Lacking {
		x.wrap(span{red, "    lacking  "}, say(paragraph(l)))
	}
}

func conditionText(conditions []string) string {
	if len(conditions) == 0 || len(conditions) == 1 && conditions[0] == "always" {
		return ""
	}
	return ": " + paragraph(strings.Join(conditions, "; or "))
}

func (x *explanation) statement(s *AccessStatement) {
	if s.Effect == "" {
		x.wrap(span{yellow, "    ? "}, say(clean(s.Layer)+" policy "+paragraph(s.Policy)+": "+paragraph(s.Reason)))
		return
	}
	color, sign := dim, "  "
	if s.Applies != "no" {
		color, sign = green, "+ "
		if s.Effect == "Deny" {
			color, sign = red, "- "
		}
	}
	if s.Applies == "not known" {
		color, sign = yellow, "? "
	}
	name := paragraph(s.Policy) + ", statement " + strconv.Itoa(s.Statement)
	if s.Sid != "" {
		name += " (" + paragraph(s.Sid) + ")"
	}
	x.wrap(span{color, "    " + sign}, span{color, s.Effect}, say(" "+clean(s.Layer)+" policy "+name+" at "+strconv.Itoa(s.Line)+":"+strconv.Itoa(s.Column)+": "+paragraph(s.Reason)))
}

func verdictText(outcome string, checks int) string {
	all := "All " + many(checks, "check") + " pass"
	if checks == 1 {
		all = "The check passes"
	}
	switch outcome {
	case "always":
		return all + ", whatever the request's context."
	case "conditional":
		return all + " under conditions."
	case "never":
		return "Never: it is proved that no request passes."
	}
	return "Not decided: that is neither yes nor no."
}

func outcomeColor(outcome string) style {
	switch outcome {
	case "always", "conditional":
		return green
	case "never":
		return red
	}
	return yellow
}

// short is an ARN without what every ARN of its kind has.
func short(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return arn
	}
	return parts[5]
}
