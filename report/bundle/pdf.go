package bundle

import (
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of the page in millimetres (A4).
const (
	pdfMargin = 18.0
	pdfWidth  = 210 - 2*pdfMargin
	pdfBottom = 20.0
	pdfLine   = 4.6
)

// pdfPages stands for the number of pages while they are made. Text that is shown never holds such a character.
const pdfPages = "\x1bn"

// colour of text, lines and areas.
type colour struct{ r, g, b int }

var (
	ink       = colour{23, 27, 36}
	soft      = colour{79, 88, 104}
	accent    = colour{33, 65, 181}
	rule      = colour{213, 218, 227}
	shade     = colour{238, 240, 244}
	goodFill  = colour{47, 154, 105}
	badFill   = colour{207, 61, 52}
	openFill  = colour{224, 152, 47}
	otherFill = colour{154, 163, 178}
	goodInk   = colour{18, 96, 59}
	badInk    = colour{161, 27, 20}
	openInk   = colour{122, 70, 0}
)

// document lays out the summary. It is laid out twice: the table of contents, near the beginning, needs the numbers
// of pages that follow.
type document struct {
	*fpdf.Fpdf
	b     *builder
	links []int // of controls
	pages []int // on which they begin, once known
}

// pdf writes the summary to read and print.
func (b *builder) pdf(w io.Writer) error {
	first := b.layOut(nil)
	if err := first.Error(); err != nil {
		return err
	}
	return b.layOut(first.pages).Output(w)
}

func (b *builder) layOut(pages []int) *document {
	d := &document{Fpdf: fpdf.New("P", "mm", "A4", ""), b: b}
	d.SetCreationDate(b.at)
	d.SetModificationDate(b.at)
	d.SetCatalogSort(true)
	d.SetProducer("Assize", false)
	d.SetCreator("Assize "+clean(b.in.Version), true)
	d.SetTitle(clean(b.in.Report.Name), true)
	d.SetAuthor(clean(b.in.Report.Author), true)
	d.SetSubject("Assessment report: "+clean(b.state.Assessment.Name), true)
	d.SetLang("en")
	d.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	d.SetAutoPageBreak(true, pdfBottom)
	d.AliasNbPages(pdfPages)
	d.SetFooterFunc(d.footer)
	for range b.controls {
		d.links = append(d.links, d.AddLink())
	}
	d.pages = make([]int, len(b.controls))
	d.cover()
	d.overview()
	d.contents(pages)
	d.charts()
	for i := range b.controls {
		d.control(i)
	}
	return d
}

func (d *document) footer() {
	if d.PageNo() == 1 {
		return
	}
	d.SetY(-14)
	d.style("", 8, soft)
	d.CellFormat(pdfWidth*.8, 5, encode(cut(d.b.in.Report.Name+", "+instant(d.b.at), 110)), "", 0, "L", false, 0, "")
	d.CellFormat(pdfWidth*.2, 5, fmt.Sprintf("%d of %s", d.PageNo(), pdfPages), "", 0, "R", false, 0, "")
}

func (d *document) style(style string, size float64, c colour) {
	d.SetFont("Helvetica", style, size)
	d.SetTextColor(c.r, c.g, c.b)
}

func (d *document) fill(c colour) { d.SetFillColor(c.r, c.g, c.b) }

// cover is the first page.
func (d *document) cover() {
	d.AddPage()
	d.fill(accent)
	d.Rect(0, 0, 210, 6, "F")
	d.SetY(70)
	d.style("", 13, soft)
	d.MultiCell(pdfWidth, 7, "Assessment report", "", "L", false)
	d.style("B", 26, ink)
	d.MultiCell(pdfWidth, 12, encode(cut(d.b.in.Report.Name, 200)), "", "L", false)
	d.Ln(4)
	d.style("", 13, ink)
	d.MultiCell(pdfWidth, 7, encode(cut(d.b.state.Assessment.Name, 300)), "", "L", false)
	d.MultiCell(pdfWidth, 7, encode(cut(d.b.state.Assessment.Framework.Title+" "+d.b.state.Assessment.Framework.Version, 300)), "", "L", false)
	d.Ln(12)
	d.facts([]fact{{"Generated", instant(d.b.at)}, {"By", d.b.in.Report.Author}, {"Report id", d.b.in.Report.ID}})
	d.Ln(8)
	d.style("", 9, soft)
	d.MultiCell(pdfWidth, pdfLine, "This summary is one file of a bundle. VERIFY.md beside it says how the bundle is checked without a network. "+
		"The same report for screen readers is report.html. Characters that this file's fonts do not have stand as \\u and their number.", "", "L", false)
}

// overview says what the report is of, how the controls stand, and what is not proved.
func (d *document) overview() {
	d.AddPage()
	d.Bookmark("Overview", 0, -1)
	d.heading("Overview", 18)
	d.heading("Report", 13)
	d.facts(d.b.reportFacts())
	d.heading("Assessment", 13)
	d.facts(d.b.assessmentFacts())
	d.heading("Controls by derived status", 13)
	d.facts(d.b.statusCounts())
	d.style("", 9.5, ink)
	height := 13.0 + 8 // of the heading; the list stands on one page
	for _, s := range notProved {
		height += float64(len(d.SplitLines([]byte(encode(s)), pdfWidth-5)))*pdfLine + 1
	}
	d.need(height)
	d.heading("What is not proved", 13)
	d.style("", 9.5, ink)
	for _, s := range notProved {
		d.bullet(s)
	}
}

func (d *document) bullet(s string) {
	d.need(2 * pdfLine)
	d.CellFormat(5, pdfLine, "\x95", "", 0, "L", false, 0, "")
	d.MultiCell(pdfWidth-5, pdfLine, encode(s), "", "L", false)
	d.Ln(1)
}

// contents is the table of contents by control set.
func (d *document) contents(pages []int) {
	d.AddPage()
	d.Bookmark("Contents", 0, -1)
	d.heading("Contents", 18)
	set := ""
	for i := range d.b.controls {
		k := &d.b.controls[i]
		if k.group.ID != set || i == 0 {
			set = k.group.ID
			d.need(16)
			d.Ln(2)
			d.style("B", 11, ink)
			d.MultiCell(pdfWidth, 6, encode(cut(k.group.Title, 200)), "", "L", false)
		}
		page := ""
		if pages != nil {
			page = fmt.Sprint(pages[i])
		}
		d.need(6)
		d.style("", 9.5, ink)
		d.CellFormat(pdfWidth-45, 5.4, encode(d.fit(k.control.Title, pdfWidth-47)), "", 0, "L", false, d.links[i], "")
		d.style("", 9.5, statusInk(k.derived.Status))
		d.CellFormat(33, 5.4, encode(statusWord(k.derived.Status)), "", 0, "L", false, d.links[i], "")
		d.style("", 9.5, accent)
		d.CellFormat(12, 5.4, page, "", 1, "R", false, d.links[i], "")
	}
}

// fit cuts text to a width.
func (d *document) fit(s string, width float64) string {
	s = clean(s)
	for d.GetStringWidth(encode(s)) > width {
		s = cut(s, len([]rune(s))-1-len([]rune(s))/20)
	}
	return s
}

func (d *document) heading(s string, size float64) {
	d.need(size + 8)
	d.Ln(size / 6)
	d.style("B", size, ink)
	d.MultiCell(pdfWidth, size*.5, encode(s), "", "L", false)
	d.Ln(1.5)
}

// need begins a new page where less than so much of this one is left.
func (d *document) need(height float64) {
	if _, page := d.GetPageSize(); d.GetY()+height > page-pdfBottom {
		d.AddPage()
	}
}

// facts is a list of names and values.
func (d *document) facts(facts []fact) {
	const name = 41.0
	for _, f := range facts {
		d.style("", 9.5, ink)
		lines := d.SplitLines([]byte(encode(cut(f.value, 1500))), pdfWidth-name)
		d.need(min(float64(len(lines)), 4) * pdfLine)
		y := d.GetY()
		d.style("", 9.5, soft)
		d.CellFormat(name, pdfLine, encode(f.name), "", 0, "L", false, 0, "")
		d.style("", 9.5, ink)
		d.SetX(pdfMargin + name)
		d.SetLeftMargin(pdfMargin + name)
		for _, l := range lines {
			d.need(pdfLine)
			d.SetX(pdfMargin + name)
			d.CellFormat(pdfWidth-name, pdfLine, string(l), "", 1, "L", false, 0, "")
		}
		d.SetLeftMargin(pdfMargin)
		if len(lines) == 0 {
			d.SetY(y + pdfLine)
		}
		d.Ln(.35)
	}
	d.SetX(pdfMargin)
}

// encode writes text in the code page of the fonts (Windows-1252). A character that it does not have stands as its
// number: nothing is left out or shown as another.
func encode(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		switch i := strings.IndexRune(windows1252, r); {
		case r < 0x80 || r >= 0xa0 && r <= 0xff:
			b.WriteByte(byte(r))
		case i >= 0:
			b.WriteByte(byte(0x80 + len([]rune(windows1252[:i]))))
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// windows1252 are the characters from 0x80 on; a space stands where there is none.
const windows1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"
