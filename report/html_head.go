package report

import (
	"html"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// mark is the sign of the project: a pair of scales.
const mark = `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M16 5v21M10 26h12M6 10h20M6 10l-4 9h8zM26 10l-4 9h8z"/><path class="pan" d="M2 19a4 4 0 0 0 8 0zM22 19a4 4 0 0 0 8 0z"/></svg>`

// maxAccounts are shown without asking.
const maxAccounts = 6

func (p *page) header(title string) {
	p.o.str(`<header class="top"><div class="brand">`, mark, "<span>Assize</span></div>\n<h1>", prose(title), "</h1>\n")
	if f := p.run.Framework; f != nil && f.Description+f.Version != "" {
		p.o.str(`<p class="lead">`, prose(f.Description+" "+capital(versionText(f))), "</p>\n")
	}
	p.o.str(`<dl class="facts">`)
	p.term("As of", asOf(p.run))
	label := "Accounts"
	if len(p.run.Accounts) == 1 {
		label = "Account"
	}
	p.o.str("<div><dt>", label, "<dd>")
	p.accountList(p.run.Accounts)
	p.o.str("</div>")
	p.term("Scope", scopeText(p.run.Scope))
	p.term("Source", p.run.Source+digestNote(p.run.SnapshotDigest))
	if p.run.ProfilePath != "" {
		p.term("Organisation profile", p.run.ProfilePath+digestNote(p.run.ProfileDigest))
	}
	if p.run.Baseline != "" {
		p.term("Compared with", p.run.Baseline)
	}
	if len(p.run.Workloads) > 0 {
		p.term("Workloads", workloadsText(p.run))
	}
	if f := p.run.Framework; f != nil && f.Digest != "" {
		p.term("Framework", f.ID+digestNote(f.Digest))
	}
	p.term("Library", many(len(p.run.Checks), "check")+digestNote(p.run.LibraryDigest)+foldersText(p.run))
	if p.run.AuthorizationData != "" {
		p.term("Service authorization data", p.run.AuthorizationData+digestNote(p.run.AuthorizationDataDigest))
	}
	p.o.str("</dl></header>\n")
}

func (p *page) term(name, value string) {
	p.o.str("<div><dt>", prose(name), "<dd>", prose(value), "</div>")
}

func (p *page) accountList(accounts []assize.Account) {
	p.o.str(`<ul class="accounts">`)
	for i, a := range accounts {
		if i == maxAccounts {
			p.o.str(`</ul><details><summary>and `, num(len(accounts)-i), ` more</summary><ul class="accounts">`)
		}
		p.o.str("<li>")
		if a.Name != "" {
			p.o.str("<b>", esc(a.Name), "</b> ")
		}
		p.o.str(`<span class="id">`, esc(a.ID), "</span> ")
		if len(a.Regions) > 0 {
			p.o.str(`<span class="regions" title="`, esc(strings.Join(a.Regions, ", ")), `">`, esc(regionsText(a.Regions)), "</span>")
		}
	}
	p.o.str("</ul>")
	if len(accounts) > maxAccounts {
		p.o.str("</details>")
	}
}

// badge shows an outcome by colour, sign and word.
func badge(o assize.Outcome) string {
	return `<span class="badge ` + string(o) + `">` + outcomeName(o) + `</span>`
}

// summary writes the verdict in words, the counts and the charts.
func (p *page) summary(s *assize.Summary) {
	var rows assize.Counts
	for _, g := range s.Groups {
		for _, c := range g.Controls {
			rows.Add(c.Outcome)
		}
	}
	p.o.str(`<section id="summary" aria-labelledby="summary-title">`, "\n", `<h2 id="summary-title" class="sr">Summary</h2>`, "\n")
	p.verdict(s, rows)
	p.o.str(`<ul class="tiles">`)
	for _, o := range assize.Outcomes {
		p.o.str(`<li class="tile `, string(o), `" data-o="`, string(o), `"><b>`, num(s.Counts.Of(o)), "</b><span>", outcomeName(o), "</span>")
	}
	p.o.str("</ul>\n")
	if apart := apartText(s); len(apart) > 0 {
		p.o.str(`<p class="hint">`, html.EscapeString(strings.Join(apart, ", ")), "</p>\n")
	}
	if p.run.Baseline != "" {
		p.changes(s)
	}
	p.o.str(`<div class="charts">`, "\n")
	p.donut(s.Counts)
	p.severities()
	p.groups(s)
	p.perAccount()
	p.o.str("</div>\n</section>\n")
}

func (p *page) verdict(s *assize.Summary, rows assize.Counts) {
	class, text := "pass", "Nothing fails."
	switch {
	case rows.Fail > 0:
		class, text = "fail", fails(rows.Fail, many(rows.Total(), "control"))+"."
	case s.Counts.Fail > 0:
		class, text = "fail", many(s.Counts.Fail, "finding")+" failed."
	case s.Counts.Inconclusive > 0:
		class, text = "inconclusive", "Nothing fails among what could be looked at."
	case s.Counts.Total() == 0:
		class, text = "not_applicable", "There was nothing to judge."
	}
	p.o.str(`<div class="verdict `, class, `"><p class="big">`, text, "</p><p>")
	switch n := s.Counts.Inconclusive; {
	case n > 0:
		p.o.str(many(n, "finding"), ` could not be judged, because something could not be read: that is neither a pass nor a fail. `)
	case s.Counts.Total() > 0:
		p.o.str("Everything that the checks asked for could be read. ")
	}
	if n := s.Counts.Manual; n > 0 {
		p.o.str(many(n, "finding"), " a person or the organisation profile must answer. ")
	}
	if asked, n := askedOf(s); n > 0 {
		p.o.str(many(len(asked), "control"), " cannot pass before people have shown ", many(n, "piece"), " of evidence. ")
	}
	if s.Interrupted {
		p.o.str("The collection was cut short. ")
	}
	p.o.str("</p></div>\n")
}

func (p *page) changes(s *assize.Summary) {
	p.o.str(`<dl class="changes" aria-label="Against the baseline">`)
	for _, c := range []struct {
		class, name string
		n           int
	}{
		{"fail", "new", s.Changes[assize.New]},
		{"pass", "fixed", s.Changes[assize.Fixed]},
		{"inconclusive", "changed", s.Changes[assize.Changed]},
		{"", "gone", max(s.Changes[assize.Gone], len(s.Gone))},
		{"", "unchanged", s.Changes[assize.Unchanged]},
	} {
		class := c.class
		if c.n == 0 {
			class = ""
		}
		p.o.str(`<div><dt>`, c.name, `<dd class="`, class, `">`, strconv.Itoa(c.n), "</div>")
	}
	p.o.str("</dl>\n")
}
