package report

import (
	_ "embed" // the style and the script of the page
	"io"
	"strconv"
)

// matrix writes the answer as one HTML file that needs nothing else: groups of principals
// against what they reach.
//
// The document is a plain table, a row a group, that refers to targets and terms by their
// numbers; without the script, and on paper, that is what there is. With it, the table becomes a
// grid of which only the cells in sight are nodes, so that 5,000 groups and 300 targets stay usable.
type matrix struct {
	page
	a *Access
	// used counts, by terms, the principals that have something on them.
	used []int
}

//go:embed html/access.css
var matrixStyle string

//go:embed html/access.js
var matrixScript string

func writeAccessHTML(w io.Writer, a *Access, _ Options) error {
	m := &matrix{page: page{o: newOut(w), names: map[string]string{}}, a: a, used: make([]int, len(a.Terms))}
	for _, x := range a.Origin.Accounts {
		m.names[x.ID] = clean(x.Name)
	}
	for i := range a.Groups {
		seen := map[int]bool{}
		for _, g := range a.Groups[i].Grants {
			if !seen[g.Terms] {
				seen[g.Terms] = true
				m.used[g.Terms] += len(a.Groups[i].Principals)
			}
		}
	}
	m.head()
	m.summary()
	m.table()
	m.terms()
	m.targets()
	m.about()
	m.o.str("</main>\n<footer><p>Written by Assize ", esc(a.Origin.Version), ", from ", esc(a.Origin.Source), m.asOf(" as of "),
		". The file is complete in itself and asks nothing of any server.</footer>\n<script>", matrixScript, "</script>\n</body>\n</html>\n")
	return m.o.flush()
}

func (m *matrix) head() {
	style := pageStyle + matrixStyle
	m.o.str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src `, hashSource(style),
		"; script-src ", hashSource(pageEarly), " ", hashSource(matrixScript), "\">\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		`<meta name="color-scheme" content="light dark">`, "\n",
		`<meta name="referrer" content="no-referrer">`, "\n",
		`<meta name="generator" content="Assize `, esc(m.a.Origin.Version), "\">\n",
		"<title>", prose(m.a.Title), " · Assize</title>\n",
		"<style>", style, "</style>\n<script>", pageEarly, "</script>\n</head>\n<body>\n",
		`<nav class="skip" aria-label="Skip"><a href="#summary">Summary</a> <a href="#matrix">Matrix</a> <a href="#terms">Conditions</a></nav>`, "\n",
		`<header class="top"><div class="brand">`, mark, "<span>Assize</span></div>\n<h1>", prose(m.a.Title), "</h1>\n", `<dl class="facts">`)
	if at := m.asOf(""); at != "" {
		m.term("As of", at)
	}
	for _, f := range m.a.Question {
		m.term(f.Name, f.Value)
	}
	label := "Accounts"
	if len(m.a.Origin.Accounts) == 1 {
		label = "Account"
	}
	m.o.str("<div><dt>", label, "<dd>")
	m.accountList(m.a.Origin.Accounts)
	m.o.str("</div>")
	m.term("Source", m.a.Origin.Source+digestNote(m.a.Origin.Digest))
	m.term("Service authorization data", m.a.Origin.Data+digestNote(m.a.Origin.DataDigest))
	m.o.str("</dl></header>\n", `<main id="main">`, "\n")
}

// asOf is when the account was read, after a word; "" when that is not known.
func (m *matrix) asOf(before string) string {
	if m.a.Origin.AsOf.IsZero() {
		return ""
	}
	return before + m.a.Origin.AsOf.UTC().Format("2006-01-02 15:04:05 UTC")
}

func (m *matrix) summary() {
	c := m.a.Counts()
	class := "pass"
	switch {
	case c.Inconclusive > 0:
		class = "inconclusive"
	case c.Can > 0:
		class = "manual"
	case len(m.a.Unread) > 0:
		class = "inconclusive"
	}
	m.o.str(`<section id="summary" aria-labelledby="summary-title">`, "\n", `<h2 id="summary-title" class="sr">Summary</h2>`, "\n",
		`<div class="verdict `, class, `"><p class="big">`, m.a.verdictOf(), "</p><p>", esc(m.a.rest()), "</p></div>\n", `<ul class="tiles">`)
	for _, t := range []struct {
		class, name string
		n           int
	}{
		{"fail", "without any condition", c.Always},
		{"manual", "can, in all", c.Can},
		{"not_applicable", "through others", c.Indirect},
		{"inconclusive", "not decided", c.Inconclusive},
		{"pass", "reach nothing", m.a.Asked - c.Principals},
	} {
		m.o.str(`<li class="tile `, t.class, `"><b>`, num(t.n), "</b><span>", t.name, "</span>")
	}
	m.o.str("</ul>\n</section>\n")
}

// table writes the groups. The script reads the cells by their order: principals, with the
// account in data-a where it changes, then grants with the number of the terms, those of the
// targets, and the path.
func (m *matrix) table() {
	m.o.str(`<section id="matrix" class="card" aria-labelledby="matrix-title" data-noun="`, esc(m.a.Noun), `">`, "\n", `<h2 id="matrix-title">Who reaches what</h2>`, "\n",
		`<p class="hint">Principals of a row reach the same on the same terms. Numbers of conditions (C1) and of `, esc(m.a.Noun), "s are those of the lists below.</p>\n",
		`<table id="plain" class="plain"><caption class="sr">Groups of principals with what they reach</caption>`, "\n",
		`<thead><tr><th scope="col">Principals<th scope="col">Directly<th scope="col">Through others</thead>`, "\n<tbody>\n")
	for i := range m.a.Groups {
		m.group(&m.a.Groups[i])
	}
	m.o.str("</tbody></table>\n</section>\n")
}

func (m *matrix) group(g *AccessGroup) {
	m.o.str("<tr><td><ul>")
	account := ""
	for _, p := range g.Principals {
		m.o.str("<li")
		if p.Account != account {
			account = p.Account
			m.o.str(` data-a="`, esc(account), `"`)
		}
		m.o.str(">", esc(p.ARN))
	}
	m.o.str("</ul>")
	for _, direct := range []bool{true, false} {
		m.o.str("<td>")
		for _, grant := range g.Grants {
			if grant.Direct() == direct {
				m.grant(&grant)
			}
		}
	}
	m.o.str("\n")
}

func (m *matrix) grant(g *AccessGrant) {
	n := strconv.Itoa(g.Terms + 1)
	m.o.str("<p><a href=#c", n, ">C", n, "</a> ", ranges(g.Targets))
	for _, hop := range g.Path {
		m.o.str("<span>", prose(hop), "</span>")
	}
}

// terms writes the different terms of access, each once.
func (m *matrix) terms() {
	m.o.str(`<section id="terms" class="card" aria-labelledby="terms-title"><h2 id="terms-title">Conditions</h2>`, "\n",
		`<p class="hint">The different terms of access. A request has to meet every demand of one alternative.</p>`, "\n<ol class=\"terms\">\n")
	for i := range m.a.Terms {
		t := &m.a.Terms[i]
		m.o.str(`<li id="c`, strconv.Itoa(i+1), `" data-o="`, string(t.Outcome), `"><h3><span class="mark-`, string(t.Outcome), `">C`, strconv.Itoa(i+1), "</span> ",
			accessOutcomeName(t.Outcome), " <small>", many(m.used[i], "principal"), "</small></h3>\n")
		m.termsBody(t)
		m.o.str("</li>\n")
	}
	m.o.str("</ol>\n</section>\n")
}

// termsBody is what the script also shows beside a cell.
func (m *matrix) termsBody(t *AccessTerms) {
	m.o.str(`<div class="body">`)
	if len(t.Alternatives) > 0 {
		m.o.str(`<ul class="or">`)
		for _, a := range t.Alternatives {
			m.o.str("<li><ul>")
			for _, demand := range a {
				m.o.str("<li>", prose(demand))
			}
			m.o.str("</ul>")
		}
		m.o.str("</ul>")
	}
	m.o.str(`<dl class="pairs">`)
	m.listed("From", t.From)
	if t.MFA != "" {
		m.listed("MFA", []string{t.MFA})
	}
	if t.Outcome == AccessBroken {
		m.listed("Missing", t.Causes)
	} else {
		m.listed("Not known", t.Causes)
	}
	m.listed("Depends on", t.DependsOn)
	m.listed("Readings", t.Readings)
	m.listed("Example", witnessLines(t.Witness))
	m.o.str("</dl></div>")
}

func (m *matrix) listed(name string, values []string) {
	for i, v := range values {
		if i == 0 {
			m.o.str("<dt>", name)
		}
		m.o.str("<dd>", prose(v))
	}
}

// targets writes the columns with their numbers.
func (m *matrix) targets() {
	m.o.str(`<section id="targets" class="card" aria-labelledby="targets-title"><h2 id="targets-title">`, esc(capitalize(m.a.Noun)), "s</h2>\n", `<ol class="targets">`, "\n")
	for i := range m.a.Targets {
		t := &m.a.Targets[i]
		m.o.str("<li><b>", prose(t.Label()), "</b> <small>", prose(t.Kind), "</small> <code>", esc(t.ARN), "</code>\n")
	}
	m.o.str("</ol>\n</section>\n")
}

func (m *matrix) remarks(id, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	m.o.str(`<section id="`, id, `" class="card" aria-labelledby="`, id, `-title"><h2 id="`, id, `-title">`, title, "</h2>\n<ul class=\"plainlist\">\n")
	for _, s := range lines {
		m.o.str("<li>", prose(s), "\n")
	}
	m.o.str("</ul>\n</section>\n")
}

func (m *matrix) about() {
	m.remarks("beyond", "Who else, beside the users and roles that were asked", m.a.Beyond)
	m.remarks("unread", "What could not be read", m.a.Unread)
	if len(m.a.Readings) > 0 {
		m.o.str(`<section id="readings" class="card" aria-labelledby="readings-title"><h2 id="readings-title">Readings of AWS's documentation</h2>`, "\n",
			`<p class="hint">Where the documentation says nothing, the answers rest on these.</p>`, "\n<dl class=\"pairs\">\n")
		for _, f := range m.a.Readings {
			m.o.str("<dt>", prose(f.Name), "<dd>", prose(f.Value), "\n")
		}
		m.o.str("</dl>\n</section>\n")
	}
}
