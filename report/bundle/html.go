package bundle

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the style of the pages
	"encoding/base64"
	"html"
	"io"
	"strconv"

	"github.com/assize-dev/assize/assessment"
)

//go:embed page.css
var pageStyle string

// page writes one HTML file that needs nothing else. There is no script in it, and its content security policy
// lets nothing in but its own style: what evidence says stays text.
type page struct{ out *bufio.Writer }

func newPage(w io.Writer, title, kind string) *page {
	sum := sha256.Sum256([]byte(pageStyle))
	p := &page{bufio.NewWriter(w)}
	p.str(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`, base64.StdEncoding.EncodeToString(sum[:]),
		`'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>`, esc(title), `</title><style>`, pageStyle, `</style></head>
<body><a class="skip" href="#main">Skip to the content</a>
<header><p class="kind">`, esc(kind), `</p><h1>`, esc(title), `</h1></header>
`)
	return p
}

// esc makes data into text of HTML, also in attributes with double quotes.
func esc(s string) string { return html.EscapeString(clean(s)) }

func (p *page) str(parts ...string) {
	for _, s := range parts {
		p.out.WriteString(s) //nolint:errcheck // the writer keeps the first error for Flush
	}
}

func (p *page) end(foot string) error {
	p.str("<footer><p>", esc(foot), "</p></footer></body></html>\n")
	return p.out.Flush()
}

func (p *page) facts(facts []fact) {
	p.str("<dl>")
	for _, f := range facts {
		p.str("<dt>", esc(f.name), "</dt><dd>", esc(f.value), "</dd>\n")
	}
	p.str("</dl>\n")
}

// head begins a table: numbers name the columns with figures.
func (p *page) head(caption string, columns []string, numbers ...int) {
	p.str(`<div class="wide"><table><caption>`, esc(caption), "</caption><thead><tr>")
	for i, c := range columns {
		class := ""
		for _, n := range numbers {
			if n == i {
				class = ` class="n"`
			}
		}
		p.str(`<th scope="col"`, class, ">", esc(c), "</th>")
	}
	p.str("</tr></thead><tbody>\n")
}

func (p *page) foot() { p.str("</tbody></table></div>\n") }

// mark shows a verdict by word and colour.
func mark(word, class string) string { return `<span class="v ` + class + `">` + esc(word) + `</span>` }

func verdictMark(outcome string) string {
	switch v := verdict(outcome); v {
	case compliant:
		return mark(v, "good")
	case nonCompliant:
		return mark(v, "bad")
	case notApplicable:
		return mark(v, "other")
	default:
		return mark(v, "open")
	}
}

// statusMark shows a derived status; only what is met looks good.
func statusMark(s assessment.ControlStatus) string {
	class := "open"
	switch s {
	case assessment.Met:
		class = "good"
	case assessment.NotMet, assessment.Overdue:
		class = "bad"
	case assessment.NotApplicableStatus, assessment.InactiveStatus, assessment.PendingStatus:
		class = "other"
	case assessment.Partial, assessment.Stale, assessment.Excepted, assessment.NotEvaluable:
	}
	return mark(statusWord(s), class)
}

// html writes the report for browsers.
func (b *builder) html(w io.Writer) error {
	p := newPage(w, b.in.Report.Name, "Assessment report: "+b.state.Assessment.Name)
	p.str(`<main id="main"><nav aria-label="Contents"><h2>Contents</h2><ul>
<li><a href="#overview">Overview</a></li><li><a href="#not-proved">What is not proved</a></li>
<li><a href="#time">Compliance over time</a></li><li><a href="#controls">Controls</a></li></ul></nav>
<section aria-labelledby="overview"><h2 id="overview">Overview</h2><h3>Report</h3>`)
	p.facts(b.reportFacts())
	p.str("<h3>Assessment</h3>")
	p.facts(b.assessmentFacts())
	p.str("<h3>Controls by derived status</h3>")
	p.facts(b.statusCounts())
	p.str(`</section><section aria-labelledby="not-proved"><h2 id="not-proved">What is not proved</h2><div class="note"><ul>`)
	for _, s := range notProved {
		p.str("<li>", esc(s), "</li>")
	}
	p.str(`</ul></div><p>VERIFY.md says how this report is checked, and what is proved then.</p></section>
<section aria-labelledby="time"><h2 id="time">Compliance over time</h2>`)
	p.chart(bucketsOf(b.days()), "All evidence of this report")
	p.str("</section>\n")
	b.htmlControls(p)
	p.str("</main>\n")
	return p.end("Report " + b.in.Report.ID + ", " + instant(b.at))
}

func (b *builder) htmlControls(p *page) {
	p.str(`<section aria-labelledby="controls"><h2 id="controls">Controls</h2>`)
	set := ""
	for i := range b.controls {
		k := &b.controls[i]
		if k.group.ID != set || i == 0 {
			if i > 0 {
				p.foot()
			}
			set = k.group.ID
			p.str("<h3>", esc(k.group.Title), "</h3>")
			p.head("Control set "+k.group.ID+"; what people decided on it: "+reviewWord(b.state.SetStatus(k.group.ID)),
				[]string{"Control", "Derived status", "Decision of a person", compliant, nonCompliant, inconclusive, notApplicable}, 3, 4, 5, 6)
		}
		p.str(`<tr><th scope="row"><a href="#c`, strconv.Itoa(i+1), `">`, esc(k.control.Title), "</a></th><td>", statusMark(k.derived.Status),
			"</td><td>", esc(k.decision()), `</td><td class="n">`, thousands(k.total.compliant), `</td><td class="n">`,
			thousands(k.total.nonCompliant), `</td><td class="n">`, thousands(k.total.inconclusive), `</td><td class="n">`, thousands(k.total.notApplicable), "</td></tr>\n")
	}
	if len(b.controls) > 0 {
		p.foot()
	}
	for i := range b.controls {
		p.str(`<section class="control" aria-labelledby="c`, strconv.Itoa(i+1), `">`)
		b.htmlControl(p, &b.controls[i], i+1)
		p.str("</section>\n")
	}
	p.str("</section>\n")
}

// htmlControl writes one control of the report.
func (b *builder) htmlControl(p *page, k *control, n int) {
	p.str(`<h3 id="c`, strconv.Itoa(n), `">`, esc(k.control.Title), "</h3>")
	b.controlFacts(p, k)
	p.head("Evidence by day (UTC)", []string{"Day", "Items", compliant, nonCompliant, "Of these excepted", inconclusive, notApplicable}, 1, 2, 3, 4, 5, 6)
	for i := range k.days {
		d := &k.days[i]
		p.str(`<tr><th scope="row">`, d.date, "</th>")
		for _, n := range []int{d.all(), d.compliant, d.nonCompliant, d.excepted, d.inconclusive, d.notApplicable} {
			p.str(`<td class="n">`, thousands(n), "</td>")
		}
		p.str("</tr>\n")
	}
	p.foot()
	b.exceptionParts(p, k)
	p.str(`<p><a href="`, k.folder, `/index.html">All `, many(len(k.items), "item"), ` of evidence of this control</a></p>`)
}

// controlFacts writes what the control asks, its status, and its expectations.
func (b *builder) controlFacts(p *page, k *control) {
	p.str("<dl><dt>Derived status</dt><dd>", statusMark(k.derived.Status), " ", esc(k.derived.Reason), "</dd>",
		"<dt>Decision of a person</dt><dd>", esc(k.decision()), "</dd></dl>\n")
	c := k.control
	p.facts([]fact{
		{"Control", c.ID},
		{"Control set", k.group.Title},
		{"Whose it is", b.whose(c)},
		{"Description", orNull(c.Description)},
		{"Testing information", orNull(c.Testing)},
		{"Action plan", orNull(c.ActionPlan)},
	})
	p.head("Expectations", []string{"Expectation", "Source", "Status", "Reason"})
	for _, e := range k.expectations() {
		p.str(`<tr><th scope="row">`, esc(e.title), "</th><td>", esc(e.kind), "</td><td>", statusMark(e.status), "</td><td>", esc(e.reason), "</td></tr>\n")
	}
	p.foot()
	if len(k.windows) > 0 {
		p.head("What people were asked for", []string{"Expectation", "About", "Due", "State", "Owner", "Reason"})
		for _, o := range k.windows {
			p.str(`<tr><th scope="row">`, esc(o.Expectation), "</th><td>", esc(about(o)), "</td><td>", dayOf(o.Due), "</td><td>", esc(string(o.State)),
				"</td><td>", esc(orNull(o.Owner)), "</td><td>", esc(orNull(o.Reason)), "</td></tr>\n")
		}
		p.foot()
	}
	if len(k.state.Comments) > 0 {
		p.str("<h4>Comments</h4>")
		for _, c := range k.state.Comments {
			p.str("<p>", esc(c.Author), ", ", instant(c.Posted), ": ", esc(c.Text), "</p>\n")
		}
	}
}

// exceptionParts writes the exceptions with the evidence that fails under them.
func (b *builder) exceptionParts(p *page, k *control) {
	for i := range k.exceptions {
		e := &k.exceptions[i]
		p.str("<h4>Exception</h4>")
		p.facts(exceptionFacts(e, b.at))
		covered, more := b.covered(k, e.ID)
		p.head("Non-compliant evidence that this exception covers", []string{"Collected", "Resource", "Verdict", "Reason"})
		for _, it := range covered {
			p.str("<tr><td>", instant(it.collected), "</td><td>", esc(orNull(it.subject)), "</td><td>", verdictMark(it.outcome), "</td><td>", esc(it.reason), "</td></tr>\n")
		}
		p.foot()
		if more > 0 {
			p.str("<p>And ", many(more, "further item"), ": see the page of the control.</p>")
		}
	}
}
