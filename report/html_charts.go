package report

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	"github.com/assize-dev/assize"
)

// chart begins a chart's card.
func (p *page) chart(title, class string) {
	p.o.str(`<figure class="card chart `, class, `"><figcaption>`, title, "</figcaption>\n")
}

// donut shows the five outcomes of all findings.
func (p *page) donut(c assize.Counts) {
	const radius = 52.0
	around := 2 * math.Pi * radius
	p.chart("Findings by outcome", "donut")
	p.o.str(`<svg viewBox="0 0 140 140" role="img" aria-label="`, countsText(c), `"><circle class="ground" cx="70" cy="70" r="52"/>`)
	at := 0.0
	for _, o := range assize.Outcomes {
		if n := c.Of(o); n > 0 {
			part := around * float64(n) / float64(c.Total())
			gap := 0.0
			if n < c.Total() {
				gap = math.Min(1.5, part/2)
			}
			fmt.Fprintf(p.o.w, `<circle class="arc %s" cx="70" cy="70" r="52" stroke-dasharray="%.2f %.2f" stroke-dashoffset="%.2f"/>`, o, part-gap, around-part+gap, -at)
			at += part
		}
	}
	sum := num(c.Total())
	p.o.str(`<text x="70" y="67" class="`, sumClass(sum), `">`, sum, `</text><text x="70" y="91" class="unit">findings</text></svg>`, "\n", `<ul class="legend">`)
	for _, o := range assize.Outcomes {
		p.o.str(`<li><i class="dot `, string(o), `"></i>`, outcomeName(o), " <b>", num(c.Of(o)), "</b>")
	}
	p.o.str("</ul></figure>\n")
}

// sumClass keeps a number within the ring.
func sumClass(number string) string {
	switch {
	case len(number) > len("999,999"):
		return "sum longest"
	case len(number) > len("999"):
		return "sum long"
	}
	return "sum"
}

func countsText(c assize.Counts) string {
	s := ""
	for i, o := range assize.Outcomes {
		if i > 0 {
			s += ", "
		}
		s += strconv.Itoa(c.Of(o)) + " " + outcomeName(o)
	}
	return s
}

// severities shows how many findings of each severity fail.
func (p *page) severities() {
	most := 1
	for _, n := range p.severity {
		most = max(most, n)
	}
	p.chart("Failing findings by severity", "bars")
	p.o.str(`<table><caption class="sr">Failing findings by severity</caption><tbody>`)
	for _, sev := range assize.Severities {
		n := p.severity[sev]
		p.o.str(`<tr><th scope="row">`, string(sev), `<td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" width="100" height="10" rx="2"/>`)
		fmt.Fprintf(p.o.w, `<rect class="sev-%s" width="%.2f" height="10" rx="2"/></svg>`, sev, 100*float64(n)/float64(most))
		p.o.str(`<td class="n">`, num(n), "</tr>")
	}
	p.o.str("</tbody></table></figure>\n")
}

// groups shows the controls of each group by their outcome.
func (p *page) groups(s *assize.Summary) {
	if len(s.Groups) == 0 {
		return
	}
	p.chart("Controls by group", "bars")
	p.o.str(`<table><caption class="sr">Controls of each group by outcome</caption><tbody>`)
	for _, g := range s.Groups {
		var rows assize.Counts
		for _, c := range g.Controls {
			rows.Add(c.Outcome)
		}
		p.stackRow(prose(g.Title), rows)
	}
	p.o.str("</tbody></table></figure>\n")
}

// maxBars bounds the rows of a chart; the rest is in the tables.
const maxBars = 12

// perAccount shows the findings of each account by outcome.
func (p *page) perAccount() {
	if len(p.run.Accounts) < 2 {
		return
	}
	p.chart("Findings by account", "bars")
	p.o.str(`<table><caption class="sr">Findings of each account by outcome</caption><tbody>`)
	for i, a := range p.run.Accounts {
		if i == maxBars {
			p.o.str(`<tr><td colspan="3" class="more">and `, num(len(p.run.Accounts)-i), " more accounts</tr>")
			break
		}
		p.stackRow(esc(cmp.Or(p.account(a.ID), "account not known")), *p.accounts[a.ID])
	}
	p.o.str("</tbody></table></figure>\n")
}

// stackRow writes one bar of a chart. name is HTML.
func (p *page) stackRow(name string, c assize.Counts) {
	p.o.str(`<tr><th scope="row">`, name, `<td class="bar">`)
	p.stack(c)
	p.o.str(`<td class="n">`)
	if c.Fail > 0 {
		p.o.str(`<b class="fail">`, num(c.Fail), "</b> of ")
	}
	p.o.str(num(c.Total()), "</tr>")
}

// stack draws counts side by side in proportion.
func (p *page) stack(c assize.Counts) {
	p.o.str(`<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="`, countsText(c), `"><title>`, countsText(c),
		`</title><rect class="ground" width="100" height="10"/>`)
	at := 0.0
	for _, o := range assize.Outcomes {
		if n := c.Of(o); n > 0 {
			part := 100 * float64(n) / float64(c.Total())
			fmt.Fprintf(p.o.w, `<rect class="%s" x="%.2f" width="%.2f" height="10"/>`, o, at, part)
			at += part
		}
	}
	p.o.str("</svg>")
}
