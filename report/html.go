package report

import (
	"crypto/sha256"
	_ "embed" // the style and the script of the page
	"encoding/base64"
	"html"
	"io"
	"strconv"

	"github.com/assize-dev/assize"
)

// page writes one HTML file that needs nothing else: style and script are inside,
// and its content security policy lets nothing in but these two, by their digests.
//
// The findings come first in the file, as rows of a plain table, because they are
// written as they are made; the summary, known at the end, is shown above them by
// the style, and moved there by the script. Without the script the plain table is
// what there is. With it the rows are taken out of the page and shown again in
// pages, so that 20,000 of them stay usable.
//
// The document is put together by hand: html/template calls methods by name, which
// keeps the linker from leaving out what is not used.
type page struct {
	o        *out
	opt      Options
	run      *assize.Run
	names    map[string]string
	checks   map[string]int // place in the checks chapter, by id
	accounts map[string]*assize.Counts
	severity map[assize.Severity]int
}

//go:embed html/report.css
var pageStyle string

//go:embed html/report.js
var pageScript string

// pageEarly runs before the body is laid out, so that the plain table never is.
const pageEarly = "document.documentElement.className='js'"

// The most of a text that stands in one row, in bytes.
const (
	pageReason = 600
	pageFact   = 240
	// pageEvidence holds a whole policy that is proposed.
	pageEvidence = 2400
	pageName     = 600
)

func newHTML(w io.Writer, opt Options) Writer {
	return &page{
		o: newOut(w), opt: opt, names: map[string]string{}, checks: map[string]int{},
		accounts: map[string]*assize.Counts{}, severity: map[assize.Severity]int{},
	}
}

// esc makes data into text of HTML, also in attributes with double quotes.
func esc(s string) string { return html.EscapeString(clean(s)) }

// prose is text that a person wrote.
func prose(s string) string { return html.EscapeString(paragraph(s)) }

func hashSource(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Begin writes the head, the header and the start of the table of findings.
func (p *page) Begin(run *assize.Run) error {
	p.run = run
	for _, a := range run.Accounts {
		p.names[a.ID] = clean(a.Name)
		p.accounts[a.ID] = &assize.Counts{}
	}
	for i, c := range sortedChecks(run.Checks) {
		p.checks[c.ID] = i
	}
	title := "Assessment"
	if run.Framework != nil {
		title = run.Framework.Title
	}
	p.o.str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src `, hashSource(pageStyle),
		"; script-src ", hashSource(pageEarly), " ", hashSource(pageScript), "\">\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		`<meta name="color-scheme" content="light dark">`, "\n",
		`<meta name="referrer" content="no-referrer">`, "\n",
		`<meta name="generator" content="Assize `, esc(run.Version), "\">\n",
		"<title>", prose(title), " · Assize</title>\n",
		"<style>", pageStyle, "</style>\n<script>", pageEarly, "</script>\n</head>\n<body>\n",
		`<nav class="skip" aria-label="Skip"><a href="#summary">Summary</a> <a href="#controls">Controls</a> <a href="#findings">Findings</a></nav>`, "\n")
	p.header(title)
	p.o.str(`<main id="main">`, "\n", `<section id="findings" class="card" aria-labelledby="findings-title">`, "\n",
		`<h2 id="findings-title">Findings</h2>`, "\n",
		`<table id="plain" class="plain"><caption class="sr">Every finding, in the order of the assessment</caption>`, "\n",
		`<thead><tr><th scope="col">Outcome<th scope="col">Severity<th scope="col">Condition<th scope="col">Subject<th scope="col">Account`,
		`<th scope="col">Region<th scope="col">What was found</thead>`, "\n<tbody>\n")
	return p.o.err
}

// Finding writes one row. The script reads the cells by their order and class.
func (p *page) Finding(f *assize.Finding) error {
	if a := p.accounts[f.Account]; a != nil {
		a.Add(f.Outcome)
	}
	if f.Outcome == assize.Fail {
		p.severity[f.Check.Severity]++
	}
	ref := "-1"
	if i, ok := p.checks[f.Check.ID]; ok {
		ref = strconv.Itoa(i)
	}
	p.o.str(`<tr data-c="`, ref, `" data-o="`, string(f.Outcome), `"`)
	if f.Change != "" && f.Change != assize.Unchanged {
		p.o.str(` data-n="`, esc(string(f.Change)), `"`)
	}
	p.o.str(`><td>`, outcomeName(f.Outcome), `<td>`, esc(string(f.Check.Severity)), `<td><a href="#c-`, ref, `">`, prose(f.Check.Title), "</a><td>")
	p.subject(f)
	p.o.str("<td>", html.EscapeString(p.account(f.Account)), "<td>", esc(f.Region), "<td>")
	p.found(f)
	p.o.str("</tr>\n")
	return p.o.err
}

func (p *page) account(id string) string {
	if name := p.names[id]; name != "" {
		return name
	}
	return clean(id)
}

func (p *page) subject(f *assize.Finding) {
	if r := f.Resource; r != nil {
		p.o.str("<b>", html.EscapeString(cutID(clean(r.ID), pageName)), "</b>")
		if arn := r.ShownARN(); arn != "" && arn != r.ID {
			p.o.str("<code>", html.EscapeString(cutID(clean(arn), pageName)), "</code>")
		}
		if o := originText(f); o != "" {
			p.o.str("<small class=w>", html.EscapeString(o), "</small>")
		}
		return
	}
	p.o.str("<b>", html.EscapeString(placeText(f, p.names)), "</b>")
}

// found writes the reason, the facts looked at, what would help where it could not
// be looked, and why the subject is in scope.
func (p *page) found(f *assize.Finding) {
	if f.Reason != "" {
		p.o.str("<p>", html.EscapeString(cut(paragraph(head(f.Reason, pageReason)), pageReason)))
	}
	if e := exceptionText(f); e != "" {
		p.o.str("<p>", html.EscapeString(capitalize(e)))
	}
	if u := f.Unknown; u != nil {
		p.o.str(`<p class=u>`, html.EscapeString(causeText(u.Cause, u.Operation, u.Code)), `<p class=a>`, html.EscapeString(p.advice(u.Cause, u.Operation)))
	}
	if facts := looked(f, pageFact); len(facts) > 0 {
		p.o.str("<dl>")
		for _, l := range facts {
			p.o.str("<dt>", html.EscapeString(l.name), "<dd>", html.EscapeString(l.value))
		}
		p.o.str("</dl>")
	}
	if evidence := shown(f, pageEvidence); len(evidence) > 0 {
		p.o.str("<dl class=v>")
		for _, l := range evidence {
			p.o.str("<dt>", html.EscapeString(l.name), "<dd>", html.EscapeString(l.value))
		}
		p.o.str("</dl>")
	}
	if n := len(f.Resources); f.Resource == nil && n > 0 {
		p.o.str("<p class=r>Looked at ", many(n, "resource"), ": ")
		for i, r := range f.Resources[:min(n, maxResources)] {
			if i > 0 {
				p.o.str(", ")
			}
			p.o.str(html.EscapeString(cutID(clean(r.Label()), pageName)))
		}
		if n > maxResources {
			p.o.str(" and ", num(n-maxResources), " more")
		}
	}
	if f.Scope != "" {
		p.o.str("<p class=s>", html.EscapeString(cut(paragraph(head(f.Scope, pageReason)), pageReason)))
	}
}

func (p *page) advice(cause assize.Cause, operation string) string {
	var actions []string
	if p.opt.Actions != nil && operation != "" {
		actions = p.opt.Actions(operation)
	}
	return clean(advice(cause, operation, actions))
}

// End writes everything else and the script.
func (p *page) End(s *assize.Summary) error {
	p.o.str("</tbody></table>\n</section>\n")
	p.summary(s)
	p.controls(s)
	p.gaps(s)
	p.checkChapter()
	p.about(s)
	p.o.str("</main>\n<footer><p>Written by Assize ", esc(p.run.Version), ", from ", esc(p.run.Source), " as of ", asOf(p.run),
		". The file is complete in itself and asks nothing of any server.</footer>\n<script>", pageScript, "</script>\n</body>\n</html>\n")
	return p.o.flush()
}
