package report

import (
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// style is the parameter of a terminal's colour sequence; empty for plain text.
type style string

// The styles of text. All of them are legible on dark and on light ground.
const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	blue   style = "34"
	alarm  style = "1;31"
)

// span is text in one style.
type span struct {
	style style
	text  string
}

func say(text string) span { return span{text: text} }

// printer puts spans on lines of a width. Text that it is given is clean.
type printer struct {
	o     *out
	width int
	color bool
}

// line writes spans on one line, whatever its width.
func (p *printer) line(spans ...span) {
	for _, s := range spans {
		p.span(s)
	}
	p.o.str("\n")
}

func (p *printer) span(s span) {
	if !p.color || s.style == plain || s.text == "" {
		p.o.str(s.text)
		return
	}
	p.o.str("\x1b[", string(s.style), "m", s.text, "\x1b[0m")
}

// wrap writes spans on as many lines as they need, broken at spaces; the first
// line begins with first, the others with as many spaces. A word that is longer
// than a line is not broken, it may be an ARN that someone copies; one that does not
// fit beside a label stands below it.
func (p *printer) wrap(first span, spans ...span) {
	indent := width(first.text)
	p.span(first)
	at, empty := indent, true
	for _, word := range words(spans) {
		n := 0
		for _, s := range word {
			n += width(s.text)
		}
		if empty && at+n > p.width && strings.TrimLeft(first.text, " -") != "" {
			indent = min(indent, 4)
		}
		if at+1+n > p.width && (!empty || indent < at) {
			p.o.str("\n", strings.Repeat(" ", indent))
			at, empty = indent, true
		}
		if !empty {
			p.o.str(" ")
			at++
		}
		for _, s := range word {
			p.span(s)
		}
		at, empty = at+n, false
	}
	p.o.str("\n")
}

// words splits spans at spaces; a word keeps the styles of its parts.
func words(spans []span) [][]span {
	var out [][]span
	var word []span
	for _, s := range spans {
		for i, part := range strings.Split(s.text, " ") {
			if i > 0 && word != nil {
				out = append(out, word)
				word = nil
			}
			if part != "" {
				word = append(word, span{s.style, part})
			}
		}
	}
	if word != nil {
		out = append(out, word)
	}
	return out
}

// pad fills text with spaces up to n columns.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-width(s))) }

// padLeft puts spaces before text up to n columns.
func padLeft(s string, n int) string { return strings.Repeat(" ", max(0, n-width(s))) + s }

// num is a count with a comma between thousands.
func num(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// many is a count with its noun: "1 check", "3 checks".
func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return num(n) + " " + noun + "s"
}

// outcomeName is an outcome in words.
func outcomeName(o assize.Outcome) string { return strings.ReplaceAll(string(o), "_", " ") }

func outcomeStyle(o assize.Outcome) style {
	switch o {
	case assize.Fail:
		return red
	case assize.Inconclusive:
		return yellow
	case assize.Manual:
		return blue
	case assize.Pass:
		return green
	case assize.NotApplicable:
		return dim
	}
	return plain
}

func severityStyle(s assize.Severity) style {
	switch s {
	case assize.Critical:
		return alarm
	case assize.High:
		return red
	case assize.Medium:
		return yellow
	case assize.Low, assize.Informational:
		return dim
	}
	return plain
}
