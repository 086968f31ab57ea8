package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

type sarifRule struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Short      sarifText `json:"shortDescription"`
	Full       sarifText `json:"fullDescription"`
	Help       sarifText `json:"help"`
	HelpURI    string    `json:"helpUri,omitempty"`
	Default    level     `json:"defaultConfiguration"`
	Properties ruleBag   `json:"properties"`
}

type level struct {
	Level string `json:"level"`
}

type ruleBag struct {
	Tags []string `json:"tags"`
	// Score is what code scanning sorts security alerts by, 0.0 to 10.0, as text.
	Score   string       `json:"security-severity"`
	Problem string       `json:"problem.severity"`
	Peers   assize.Peers `json:"peers,omitzero"`
}

func sarifRuleOf(c *assize.Check) sarifRule {
	r := sarifRule{
		ID: c.ID, Name: pascal(c.ID), Short: sarifText{Text: cmp.Or(paragraph(c.Title), clean(c.ID))},
		Full: sarifText{Text: cmp.Or(paragraph(c.Fails), paragraph(c.Title), clean(c.ID))}, Help: sarifHelp(c),
		Default: level{sarifLevel(c.Severity)},
		Properties: ruleBag{
			Tags: []string{"security", "ai", "aws"}, Score: score(c.Severity), Problem: problem(c.Severity), Peers: c.Peers,
		},
	}
	if c.Service != "" {
		r.Properties.Tags = append(r.Properties.Tags, clean(c.Service))
	}
	if i := slices.IndexFunc(c.Sources, isLink); i >= 0 {
		r.HelpURI = c.Sources[i]
	}
	return r
}

// isLink reports whether a source is a page that may be linked to.
func isLink(s string) bool {
	return strings.HasPrefix(s, "https://") && clean(s) == s && !strings.ContainsAny(s, " \"'<>`")
}

// sarifHelp is the page of a rule: why it matters and how to mend it.
func sarifHelp(c *assize.Check) sarifText {
	var text, md []string
	add := func(label, s string) {
		if s != "" {
			text = append(text, label+": "+s)
			md = append(md, "**"+label+"**\n\n"+s)
		}
	}
	add("Why it matters", paragraph(c.Why))
	add("What to do", paragraph(c.Remediation.Text))
	for _, code := range []struct{ language, text string }{{"sh", c.Remediation.CLI}, {"terraform", c.Remediation.Terraform}} {
		if strings.TrimSpace(code.text) == "" {
			continue
		}
		body := strings.Join(lines(code.text), "\n")
		fence := "```"
		for strings.Contains(body, fence) {
			fence += "`"
		}
		text = append(text, body)
		md = append(md, fence+code.language+"\n"+body+"\n"+fence)
	}
	add("Effort for what exists", retrofitText(c.Retrofit))
	for _, p := range c.Pitfalls {
		add("Beware", paragraph(p))
	}
	add("Note", paragraph(c.Note))
	if text == nil {
		return sarifText{Text: cmp.Or(paragraph(c.Title), clean(c.ID))}
	}
	return sarifText{Text: strings.Join(text, "\n\n"), Markdown: strings.Join(md, "\n\n")}
}

// pascal is the id as SARIF writes names of rules.
func pascal(id string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(clean(id), "_") {
		if r, n := utf8.DecodeRuneInString(part); n > 0 {
			b.WriteString(string(unicode.ToUpper(r)) + part[n:])
		}
	}
	return b.String()
}

func sarifLevel(s assize.Severity) string {
	switch s {
	case assize.Critical, assize.High:
		return "error"
	case assize.Medium:
		return "warning"
	case assize.Low, assize.Informational:
	}
	return "note"
}

// problem is the severity in the words that code scanning filters by.
func problem(s assize.Severity) string {
	switch s {
	case assize.Critical, assize.High:
		return "error"
	case assize.Medium:
		return "warning"
	case assize.Low, assize.Informational:
	}
	return "recommendation"
}

// score lies in the middle of the band that code scanning shows as the severity.
func score(s assize.Severity) string {
	switch s {
	case assize.Critical:
		return "9.5"
	case assize.High:
		return "8.0"
	case assize.Medium:
		return "5.5"
	case assize.Low:
		return "2.0"
	case assize.Informational:
	}
	return "0.0"
}
