package report

import (
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// checkChapter writes each check once; findings refer to it, and the script shows
// its body with a finding.
func (p *page) checkChapter() {
	if len(p.run.Checks) == 0 {
		return
	}
	p.o.str(`<section id="checks" class="card" aria-labelledby="checks-title"><h2 id="checks-title">Conditions</h2>`, "\n",
		`<p class="hint">What each check asks, why it matters, and how to mend a failure.</p>`, "\n")
	for i, c := range sortedChecks(p.run.Checks) {
		p.o.str(`<details class="check" id="c-`, strconv.Itoa(i), `" data-service="`, esc(c.Service), `" data-type="`, esc(c.Subject.Type), `"><summary><span class="sev `,
			esc(string(c.Severity)), `">`, esc(string(c.Severity)), `</span> <b>`, prose(c.Title), `</b> <code>`, esc(c.ID), "</code></summary>\n<div class=\"body\">")
		p.checkBody(c)
		p.o.str("</div></details>\n")
	}
	p.o.str("</section>\n")
}

func (p *page) checkBody(c *assize.Check) {
	p.titled("Why it matters", c.Why)
	p.titled("A failure means", c.Fails)
	p.titled("What to do", c.Remediation.Text)
	p.code("AWS CLI", c.Remediation.CLI)
	p.code("Terraform", c.Remediation.Terraform)
	if len(c.Pitfalls) > 0 {
		p.o.str("<h4>Beware</h4><ul>")
		for _, x := range c.Pitfalls {
			p.o.str("<li>", prose(x))
		}
		p.o.str("</ul>")
	}
	p.titled("Effort for what exists", retrofitText(c.Retrofit))
	p.titled("Does not apply when", c.NotApplicableWhen)
	p.titled("Note", c.Note)
	p.peers(c.Peers)
	p.sources(c.Sources)
	p.code("The rule, on "+c.Subject.Type, c.Rule)
}

func (p *page) titled(title, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p.o.str("<h4>", title, "</h4>")
	for para := range strings.SplitSeq(text, "\n\n") {
		if s := prose(para); s != "" {
			p.o.str("<p>", s, "</p>")
		}
	}
}

// code writes a block that the script gives a button to copy it.
func (p *page) code(title, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p.o.str(`<figure class="code"><figcaption>`, esc(title), "</figcaption><pre tabindex=\"0\"><code>")
	for i, l := range lines(text) {
		if i > 0 {
			p.o.str("\n")
		}
		p.o.str(esc(l))
	}
	p.o.str("</code></pre></figure>")
}

func (p *page) peers(peers assize.Peers) {
	if peers == (assize.Peers{}) {
		return
	}
	p.o.str(`<h4>Nearest elsewhere</h4><dl class="pairs peers">`)
	for _, x := range [][2]string{
		{"Security Hub", peers.SecurityHub},
		{"AWS Config", peers.Config},
		{"Prowler", peers.Prowler},
		{"Powerpipe", peers.Powerpipe},
		{"Checkov", peers.Checkov},
		{"Trivy", peers.Trivy},
		{"Other", peers.Other},
	} {
		if x[1] != "" {
			p.o.str("<dt>", x[0], "<dd><code>", esc(x[1]), "</code>")
		}
	}
	p.o.str("</dl>")
}
