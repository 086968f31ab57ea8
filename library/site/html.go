package site

import (
	"html"
	"strings"
	"unicode"

	"github.com/assize-dev/assize/library/reference"
)

// document is an HTML page while it is written. It is written by hand: html/template finds methods by
// name, which keeps the linker from leaving out what of the AWS clients nobody calls.
type document struct {
	b    strings.Builder
	root string // leads to the root of the site
}

// str writes markup.
func (d *document) str(parts ...string) {
	for _, s := range parts {
		d.b.WriteString(s)
	}
}

// text writes what is no markup. HTML has no control characters but white space, and those that turn the direction of
// writing show a text as another one.
func (d *document) text(s string) { d.b.WriteString(html.EscapeString(strings.Map(shown, s))) }

func shown(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
		return unicode.ReplacementChar
	}
	return r
}

func (d *document) link(href, text string) {
	d.str(`<a href="`, html.EscapeString(href), `">`)
	d.text(text)
	d.str("</a>")
}

// begin opens a page at path; here names the list that it belongs to.
func (s *site) begin(path, title, here string) *document {
	root := up(path)
	d := &document{root: root}
	d.str("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
	d.text(title)
	d.str(`</title><meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		`<link rel="stylesheet" href="`, root, `assets/site.css"></head>`, "\n<body data-root=\"", root, "\">\n",
		`<a class="skip" href="#main">Skip to the content</a>`, "\n<header><a class=\"brand\" href=\"", root, `index.html">Assize</a>`,
		`<nav aria-label="Content"><ul>`)
	for _, l := range lists {
		current := ""
		if here == l.title || here == l.kind.Label() {
			current = ` aria-current="true"`
		}
		d.str(`<li><a href="`, root, l.folder, `/index.html"`, current, ">")
		d.text(l.title)
		d.str("</a></li>")
	}
	d.str("</ul></nav>\n", `<form role="search" action="`, root, `index.html" hidden><label for="q" class="sr">Search</label>`,
		`<input id="q" name="q" type="search" autocomplete="off" placeholder="Search: guardrail, SECAI3.8"></form>`, "</header>\n",
		`<section id="found" aria-label="Found" aria-live="polite" hidden></section>`, "\n<main id=\"main\">\n")
	return d
}

// end closes a page.
func (d *document) end() []byte {
	d.str("</main>\n<footer>Generated from the content of Assize. Not affiliated with Amazon Web Services.</footer>\n",
		`<script src="`, d.root, `assets/search.js" defer></script><script src="`, d.root, `assets/site.js" defer></script>`, "\n</body></html>\n")
	return []byte(d.b.String())
}

func (d *document) ref(s *site, from string, r reference.Ref) {
	switch {
	case r.To != nil && s.paths[*r.To] != "":
		d.link(up(from)+s.paths[*r.To], r.Text)
	case strings.HasPrefix(r.URL, "https://"):
		d.str(`<a rel="noreferrer" href="`, html.EscapeString(r.URL), `">`)
		d.text(r.Text)
		d.str("</a>")
	default:
		d.text(r.Text)
	}
}

func (d *document) section(s *site, path string, section *reference.Section) {
	d.str("<section>\n<h2>")
	d.text(section.Title)
	d.str("</h2>\n")
	for _, text := range section.Text {
		d.str("<p>")
		d.text(text)
		d.str("</p>\n")
	}
	if section.Code != "" {
		d.str(`<pre tabindex="0"><code>`)
		d.text(section.Code)
		d.str("</code></pre>\n")
	}
	if len(section.Rows) > 0 {
		d.str(`<ul class="rows">`)
		for i := range section.Rows {
			d.row(s, path, &section.Rows[i])
		}
		d.str("</ul>\n")
	}
	d.str("</section>\n")
}

func (d *document) row(s *site, path string, row *reference.Row) {
	d.str("<li>")
	d.ref(s, path, row.Head)
	if row.Note != "" {
		d.str(` <span class="note">`)
		d.text(row.Note)
		d.str("</span>")
	}
	for _, l := range row.Lines {
		d.str(`<div class="line">`)
		d.text(l)
		d.str("</div>")
	}
	d.str("</li>\n")
}
