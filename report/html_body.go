package report

import (
	"html"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// controls writes the framework's table: one row a control, worst first in groups.
func (p *page) controls(s *assize.Summary) {
	if len(s.Groups) == 0 {
		return
	}
	p.o.str(`<section id="controls" class="card" aria-labelledby="controls-title"><h2 id="controls-title">Controls</h2>`, "\n",
		`<p class="hint">A control's outcome is the worst of its findings. Where people must show something, or the checks come over a mapping, it never passes by itself.</p>`, "\n",
		`<table class="controls"><caption class="sr">Controls of the framework with their outcome and counts of findings</caption>`,
		`<thead><tr><th scope="col">Outcome<th scope="col">Control<th scope="col" class="mini">Findings`)
	for _, o := range assize.Outcomes {
		p.o.str(`<th scope="col" class="n">`, cell(o))
	}
	p.o.str("</tr></thead>\n")
	for i := range s.Groups {
		p.group(&s.Groups[i], s.Subjects)
	}
	p.o.str("</table></section>\n")
}

func (p *page) group(g *assize.GroupResult, subjects assize.Subjects) {
	var rows assize.Counts
	for _, c := range g.Controls {
		rows.Add(c.Outcome)
	}
	p.o.str(`<tbody><tr class="group"><th scope="rowgroup" colspan="8"><span>`, prose(g.Title), `</span> <small>`)
	if rows.Fail > 0 {
		p.o.str(fails(rows.Fail, many(rows.Total(), "control")))
	} else {
		p.o.str(many(rows.Total(), "control"))
	}
	p.o.str("</small>")
	if g.Group != nil {
		p.groupNotes(g.Group)
	}
	p.o.str("</tr>\n")
	for _, c := range byOutcome(g.Controls) {
		p.control(&c, subjects)
	}
	p.o.str("</tbody>\n")
}

// groupNotes says what is automated and what stays with the customer.
func (p *page) groupNotes(g *assize.Group) {
	if len(g.Automated)+len(g.Customer) == 0 && g.Usual == "" {
		return
	}
	p.o.str(`<details class="notes"><summary>What is looked at, what stays with you</summary><div>`)
	p.list("Looked at", g.Automated)
	p.list("Stays with you", g.Customer)
	if g.Usual != "" {
		p.o.str("<div><h3>Met most often</h3><p>", prose(g.Usual), "</p></div>")
	}
	p.o.str("</div></details>")
}

func (p *page) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.o.str("<div><h3>", title, "</h3><ul>")
	for _, i := range items {
		p.o.str("<li>", prose(i))
	}
	p.o.str("</ul></div>")
}

func (p *page) control(c *assize.ControlResult, subjects assize.Subjects) {
	control := c.Control
	if control == nil {
		control = &assize.Control{ID: c.ID}
	}
	var refs []string
	for _, id := range controlChecks(control) {
		if i, ok := p.checks[id]; ok {
			refs = append(refs, strconv.Itoa(i))
		}
	}
	shown := *c
	shown.Provenance = "" // has a mark of its own
	p.o.str(`<tr class="control" data-checks="`, strings.Join(refs, " "), `"><td>`, badge(c.Outcome), `<th scope="row">`, html.EscapeString(controlName(&shown)))
	if name := provenanceName(c.Provenance); name != "" {
		p.o.str(` <small class="whose">`, esc(name), "</small>")
	}
	if control.Note != "" {
		p.o.str(`<small class="note">`, prose(control.Note), "</small>")
	}
	for _, r := range remarks(c) {
		p.o.str(`<small class="note">`, html.EscapeString(r), "</small>")
	}
	p.aboutControl(control)
	p.asked(c, subjects)
	p.o.str(`<td class="mini">`)
	p.stack(c.Counts)
	for _, o := range assize.Outcomes {
		zero := ""
		if c.Counts.Of(o) == 0 {
			zero = " zero"
		}
		p.o.str(`<td class="n `, string(o), zero, `" data-label="`, cell(o), `">`, num(c.Counts.Of(o)))
	}
	p.o.str("</tr>\n")
}

// aboutControl writes what a control asks, how an auditor tests it, and what to do about it.
func (p *page) aboutControl(c *assize.Control) {
	if c.Description+c.Testing+c.ActionPlan+c.Responsibility == "" {
		return
	}
	summary := "What it asks"
	if c.Description == "" {
		summary = "Who is responsible"
	}
	p.o.str(`<details class="notes about"><summary>`, summary, "</summary>")
	if c.Description != "" {
		p.o.str("<p>", prose(c.Description), "</p>")
	}
	if c.Provenance == assize.ProvenanceAWS {
		p.o.str("<p>", prose(namedByText(c)), "</p>")
	}
	p.titled("Why", c.Why)
	p.titled("How it is tested", c.Testing)
	if c.ActionPlan != "" {
		p.titled("When it is not met: "+prose(strings.TrimSuffix(c.ActionPlanTitle, ".")), c.ActionPlan)
	}
	if c.Responsibility != "" {
		p.titled("In the AWS shared responsibility model", responsibilityText(c))
	}
	p.o.str("</details>")
}

// responsibilityText says who answers, and where the provider's part is proved.
func responsibilityText(c *assize.Control) string {
	text := map[string]string{"provider": "AWS", "shared": "AWS and the customer, each for a part", "customer": "the customer"}[c.Responsibility]
	if c.Proof != "" {
		text += ". AWS's part is proved by: " + c.Proof
	}
	return text
}

// asked writes what people must show for a control.
func (p *page) asked(c *assize.ControlResult, subjects assize.Subjects) {
	open := expectations(c, c.Open)
	if len(open) == 0 {
		return
	}
	p.o.str(`<details class="notes"><summary>`, many(len(open), "piece"), " of evidence asked of people</summary><div><ul>")
	for _, e := range open {
		p.o.str("<li>", html.EscapeString(askedText(e, subjects)))
		if e.Example != "" {
			p.o.str("<small>Enough: ", prose(e.Example), "</small>")
		}
	}
	p.o.str("</ul></div></details>")
}

// gaps writes what the collection could not read.
func (p *page) gaps(s *assize.Summary) {
	if len(s.Gaps) == 0 {
		return
	}
	p.o.str(`<section id="gaps" class="card" aria-labelledby="gaps-title"><h2 id="gaps-title">What could not be read</h2>`, "\n",
		`<p class="hint">`, many(len(s.Gaps), "read"), ` failed while collecting; the rest went on. Whatever needed them is inconclusive.</p>`, "\n",
		`<table class="list"><caption class="sr">Failed reads by cause</caption><thead><tr><th scope="col">Cause<th scope="col">Operation<th scope="col" class="n">Times`,
		`<th scope="col">Where<th scope="col">What to do</tr></thead><tbody>`, "\n")
	for _, r := range gapRows(s.Gaps, p.names) {
		p.o.str(`<tr><td data-label="Cause"><span class="badge inconclusive">`, esc(string(r.cause)), `</span><td data-label="Operation"><code>`, esc(r.operation), "</code>")
		if r.code != "" {
			p.o.str("<small>", esc(r.code), "</small>")
		}
		p.o.str(`<td class="n" data-label="Times">`, num(r.n), `<td data-label="Where">`, html.EscapeString(some(r.places, 6)))
		if len(r.types) > 0 {
			p.o.str("<small>incomplete: ", html.EscapeString(some(r.types, 8)), "</small>")
		}
		p.o.str(`<td data-label="What to do">`, html.EscapeString(p.advice(r.cause, r.operation)))
		if r.detail != "" {
			p.o.str("<small>", html.EscapeString(cut(paragraph(head(r.detail, pageReason)), 300)), "</small>")
		}
		p.o.str("</tr>\n")
	}
	p.o.str("</tbody></table></section>\n")
}

// about writes what a reader must know to repeat the result.
func (p *page) about(s *assize.Summary) {
	p.o.str(`<section id="about" class="card" aria-labelledby="about-title"><h2 id="about-title">About this result</h2>`, "\n", `<div class="columns">`)
	p.o.str("<div><h3>Made with</h3><dl class=\"pairs\">")
	for _, f := range [][2]string{
		{"Assize", p.run.Version},
		{"Library", p.run.LibraryDigest},
		{"Source", p.run.Source},
		{"Snapshot", p.run.SnapshotDigest},
		{"As of", asOf(p.run)},
		{"Scope", p.run.Scope},
		{"Profile", p.run.ProfilePath},
		{"Profile digest", p.run.ProfileDigest},
		{"Baseline", p.run.Baseline},
	} {
		if f[1] != "" {
			p.o.str("<dt>", f[0], "<dd>", esc(f[1]))
		}
	}
	p.o.str("</dl></div>\n")
	p.counts("Out of scope, not judged", "resource", s.OutOfScope)
	p.counts("Requests by collector", "request", s.Requests)
	for _, n := range p.run.Notes {
		p.lines(n.Title, n.Lines)
	}
	p.lines("Gone since the baseline", s.Gone)
	p.o.str("</div>\n")
	if f := p.run.Framework; f != nil {
		p.framework(f)
	}
	p.o.str("</section>\n")
}

// maxLines bounds a list of the page.
const maxLines = 200

// lines writes a list below a title, nothing where there is none.
func (p *page) lines(title string, all []string) {
	if len(all) == 0 {
		return
	}
	p.o.str("<div><h3>", prose(title), "</h3><ul class=\"plainlist\">")
	for _, l := range all[:min(len(all), maxLines)] {
		p.o.str("<li>", html.EscapeString(cut(clean(head(l, pageName)), pageName)))
	}
	if n := len(all) - maxLines; n > 0 {
		p.o.str("<li>and ", num(n), " more")
	}
	p.o.str("</ul></div>\n")
}

func (p *page) counts(title, noun string, counts map[string]int) {
	if len(counts) == 0 {
		return
	}
	p.o.str("<div><h3>", title, "</h3><p>", many(sum(counts), noun), `</p><ul class="plainlist">`)
	for _, l := range byCount(counts) {
		p.o.str("<li>", html.EscapeString(l))
	}
	p.o.str("</ul></div>\n")
}

func (p *page) framework(f *assize.Framework) {
	p.o.str(`<h3 class="rule">The framework: `, prose(f.Title), "</h3>")
	if f.Provenance != "" {
		p.o.str("<p>", prose(f.Provenance), "</p>")
	}
	if len(f.Facts) > 0 {
		p.o.str(`<dl class="pairs">`)
		for _, x := range f.Facts {
			p.o.str("<dt>", prose(x.Name), "<dd>", prose(x.Value))
		}
		p.o.str("</dl>")
	}
	for _, q := range f.Questions {
		p.o.str(`<details class="qa"><summary>`, prose(q.Question), "</summary><p>", prose(q.Answer), "</p></details>")
	}
	p.sources(f.Sources)
}

func (p *page) sources(sources []string) {
	if len(sources) == 0 {
		return
	}
	p.o.str(`<h4>Sources</h4><ul class="sources">`)
	for _, s := range sources {
		if isLink(s) {
			p.o.str(`<li><a href="`, esc(s), `" rel="noopener noreferrer" target="_blank">`, esc(strings.TrimPrefix(s, "https://")), "</a>")
		} else {
			p.o.str("<li>", esc(s))
		}
	}
	p.o.str("</ul>")
}
