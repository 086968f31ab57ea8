package bundle

import "github.com/assize-dev/assize/assessment"

// column of a table: heading, width in millimetres, where figures stand.
type column struct {
	name  string
	width float64
	right bool
}

// grid writes rows under a heading that stands again on every page.
type grid struct {
	d       *document
	columns []column
}

const (
	gridSize = 8.5
	gridLine = 4.0
	// gridLines bounds a cell, so that a row always fits a page.
	gridLines = 12
)

func (d *document) grid(columns ...column) *grid {
	g := &grid{d, columns}
	d.need(4 * gridLine)
	g.heading()
	return g
}

func (g *grid) heading() {
	d := g.d
	d.style("B", gridSize, ink)
	d.fill(shade)
	d.SetDrawColor(rule.r, rule.g, rule.b)
	for _, c := range g.columns {
		d.CellFormat(c.width, gridLine+2, c.name, "TB", 0, alignment(c), true, 0, "")
	}
	d.Ln(-1)
}

func alignment(c column) string {
	if c.right {
		return "R"
	}
	return "L"
}

// text of a cell with its colour.
type text struct {
	s string
	c colour
}

func (g *grid) row(cells ...text) {
	d := g.d
	d.style("", gridSize, ink)
	lines := make([][][]byte, len(cells))
	height := 1
	for i, c := range cells {
		lines[i] = d.SplitLines([]byte(encode(cut(c.s, 600))), g.columns[i].width-1)
		if len(lines[i]) > gridLines {
			lines[i] = append(lines[i][:gridLines-1], []byte("..."))
		}
		height = max(height, len(lines[i]))
	}
	full := float64(height)*gridLine + 1.6
	if _, page := d.GetPageSize(); d.GetY()+full > page-pdfBottom {
		d.AddPage()
		g.heading()
		d.style("", gridSize, ink)
	}
	x, y := pdfMargin, d.GetY()
	for i, c := range cells {
		if c.c != (colour{}) {
			d.SetTextColor(c.c.r, c.c.g, c.c.b)
		} else {
			d.SetTextColor(ink.r, ink.g, ink.b)
		}
		for n, l := range lines[i] {
			d.SetXY(x, y+.8+float64(n)*gridLine)
			d.CellFormat(g.columns[i].width, gridLine, string(l), "", 0, alignment(g.columns[i]), false, 0, "")
		}
		x += g.columns[i].width
	}
	d.SetDrawColor(rule.r, rule.g, rule.b)
	d.Line(pdfMargin, y+full, x, y+full)
	d.SetXY(pdfMargin, y+full)
}

// plain are cells in the colour of text.
func plain(cells ...string) []text {
	out := make([]text, len(cells))
	for i, s := range cells {
		out[i] = text{s: s}
	}
	return out
}

// statusInk is the colour of a status: only what is met is green.
func statusInk(s assessment.ControlStatus) colour {
	switch s {
	case assessment.Met:
		return goodInk
	case assessment.NotMet, assessment.Overdue:
		return badInk
	case assessment.NotApplicableStatus, assessment.InactiveStatus, assessment.PendingStatus:
		return soft
	case assessment.Partial, assessment.Stale, assessment.Excepted, assessment.NotEvaluable:
	}
	return openInk
}

func verdictInk(v string) colour {
	switch v {
	case compliant:
		return goodInk
	case nonCompliant:
		return badInk
	case notApplicable:
		return soft
	}
	return openInk
}
