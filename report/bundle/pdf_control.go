package bundle

import (
	"slices"

	"github.com/assize-dev/assize/assessment"
)

// control writes the pages of a control.
func (d *document) control(i int) {
	k := &d.b.controls[i]
	d.AddPage()
	d.pages[i] = d.PageNo()
	d.SetLink(d.links[i], -1, -1)
	d.Bookmark(encode(cut(k.control.Title, 120)), 0, -1)
	d.style("", 9.5, soft)
	d.MultiCell(pdfWidth, pdfLine, encode(cut(k.group.Title, 200)), "", "L", false)
	d.heading(cut(k.control.Title, 300), 15)
	d.statusBoxes(k)
	d.facts([]fact{
		{"Control", k.control.ID},
		{"Whose it is", d.b.whose(k.control)},
		{"Description", orNull(k.control.Description)},
		{"Testing information", orNull(k.control.Testing)},
		{"Action plan", orNull(k.control.ActionPlan)},
	})
	d.expectations(k)
	d.evidenceByDay(k)
	d.failing(k)
	d.exceptions(k)
	d.asked(k)
	if len(k.state.Comments) > 0 {
		d.heading("Comments", 11)
		d.style("", 9.5, ink)
		for _, c := range k.state.Comments {
			d.bullet(c.Author + ", " + instant(c.Posted) + ": " + c.Text)
		}
	}
}

// statusBoxes shows what follows from evidence, and apart from it what a person decided.
func (d *document) statusBoxes(k *control) {
	const gap = 6.0
	width := (pdfWidth - gap) / 2
	boxes := [2][3]text{
		{{s: "Derived from evidence"}, {statusWord(k.derived.Status), statusInk(k.derived.Status)}, {s: k.derived.Reason}},
		{{s: "Decision of a person"}, {reviewWord(k.state.Status), ink}, {s: k.decision()}},
	}
	d.style("", 8.5, ink)
	lines := 1
	for _, box := range boxes {
		lines = max(lines, len(d.SplitLines([]byte(encode(cut(box[2].s, 400))), width-6)))
	}
	height := 14 + float64(lines)*4
	d.need(height + 4)
	y := d.GetY()
	d.SetDrawColor(rule.r, rule.g, rule.b)
	for i, box := range boxes {
		x := pdfMargin + float64(i)*(width+gap)
		d.Rect(x, y, width, height, "D")
		d.SetXY(x+2, y+1.5)
		d.style("", 8.5, soft)
		d.CellFormat(width-4, 4, box[0].s, "", 2, "L", false, 0, "")
		d.style("B", 12, box[1].c)
		d.CellFormat(width-4, 6, encode(box[1].s), "", 2, "L", false, 0, "")
		d.style("", 8.5, ink)
		for _, l := range d.SplitLines([]byte(encode(cut(box[2].s, 400))), width-6) {
			d.CellFormat(width-4, 4, string(l), "", 2, "L", false, 0, "")
		}
	}
	d.SetXY(pdfMargin, y+height+4)
}

func (d *document) expectations(k *control) {
	list := k.expectations()
	if len(list) == 0 {
		return
	}
	d.heading("Expectations", 11)
	g := d.grid(column{"Expectation", 64, false}, column{"Source", 30, false}, column{"Status", 26, false}, column{"Reason", 54, false})
	for _, e := range list {
		g.row(text{s: e.title}, text{s: e.kind}, text{statusWord(e.status), statusInk(e.status)}, text{s: e.reason})
	}
}

func (d *document) evidenceByDay(k *control) {
	d.heading("Evidence by day (UTC)", 11)
	if len(k.items) == 0 {
		d.style("", 9.5, ink)
		d.MultiCell(pdfWidth, pdfLine, "There is none in this report.", "", "L", false)
		return
	}
	g := d.grid(column{"Day", 36, false}, column{"Items", 18, true}, column{compliant, 23, true}, column{nonCompliant, 27, true},
		column{"Excepted", 20, true}, column{inconclusive, 24, true}, column{notApplicable, 26, true})
	for _, b := range k.rows() {
		g.row(plain(b.label, thousands(b.all()), thousands(b.compliant), thousands(b.nonCompliant), thousands(b.excepted), thousands(b.inconclusive), thousands(b.notApplicable))...)
	}
	t := &k.total
	g.row(plain("All", thousands(t.all()), thousands(t.compliant), thousands(t.nonCompliant), thousands(t.excepted), thousands(t.inconclusive), thousands(t.notApplicable))...)
}

// rows are the days with evidence, or weeks, months or years where they are many.
func (k *control) rows() []bucket {
	if len(k.days) > maxBars {
		return slices.DeleteFunc(bucketsOf(k.days), func(b bucket) bool { return b.all() == 0 })
	}
	out := make([]bucket, len(k.days))
	for i := range k.days {
		out[i] = bucket{k.days[i].date, k.days[i].tally}
	}
	return out
}

// items writes a table of evidence, and says how much more there is.
func (d *document) items(items []*item, more int) {
	g := d.grid(column{"Collected", 25, false}, column{"Account, Region", 26, false}, column{"Resource", 50, false}, column{"Verdict", 23, false}, column{"Reason", 50, false})
	for _, it := range items {
		v := verdict(it.outcome)
		g.row(text{s: it.collected.UTC().Format("2006-01-02 15:04")}, text{s: orNull(it.account + " " + it.region)}, text{s: orNull(it.subject)},
			text{v, verdictInk(v)}, text{s: it.reason})
	}
	if more > 0 {
		d.style("", 8.5, ink)
		d.MultiCell(pdfWidth, gridLine+1, "And "+many(more, "further item")+": see the control's index.html and evidence.csv.", "", "L", false)
	}
}

func (d *document) failing(k *control) {
	if items, more := d.b.failing(k); len(items) > 0 {
		d.heading("Non-compliant evidence", 11)
		d.items(items, more)
	}
}

// exceptions writes each exception with the evidence that fails under it: an exception hides nothing.
func (d *document) exceptions(k *control) {
	for i := range k.exceptions {
		e := &k.exceptions[i]
		d.heading("Exception", 11)
		d.facts(exceptionFacts(e, d.b.at))
		if items, more := d.b.covered(k, e.ID); len(items) > 0 {
			d.items(items, more)
		}
	}
}

// asked lists the due windows of people.
func (d *document) asked(k *control) {
	if len(k.windows) == 0 {
		return
	}
	d.heading("What people were asked for", 11)
	g := d.grid(column{"Expectation", 36, false}, column{"About", 44, false}, column{"Due", 20, false}, column{"State", 22, false},
		column{"Owner", 26, false}, column{"Reason", 26, false})
	for i, o := range k.windows {
		if i == maxShown {
			d.style("", 8.5, ink)
			d.MultiCell(pdfWidth, gridLine+1, "And "+many(len(k.windows)-i, "further part")+": see the control's index.html.", "", "L", false)
			return
		}
		c := ink
		switch o.State {
		case assessment.Collected:
			c = goodInk
		case assessment.Missed:
			c = badInk
		case assessment.Late, assessment.Failed, assessment.NotConnected:
			c = openInk
		case assessment.Pending, assessment.Excused, assessment.Closed:
		}
		g.row(text{s: o.Expectation}, text{s: about(o)}, text{s: dayOf(o.Due)}, text{capital(string(o.State)), c}, text{s: orNull(o.Owner)}, text{s: orNull(o.Reason)})
	}
}

// charts shows compliance over time, of everything and of each control set with evidence.
func (d *document) charts() {
	d.AddPage()
	d.Bookmark("Compliance over time", 0, -1)
	d.heading("Compliance over time", 18)
	d.legend()
	d.chart("All evidence of this report", bucketsOf(d.b.days()), 62)
	for g := range d.b.framework.Groups {
		group := &d.b.framework.Groups[g]
		if buckets := bucketsOf(d.b.daysOf(group)); len(buckets) > 0 {
			d.chart(group.Title, buckets, 34)
		}
	}
}

func (d *document) legend() {
	d.style("", 9, ink)
	for _, x := range []struct {
		name string
		c    colour
	}{{compliant, goodFill}, {nonCompliant, badFill}, {inconclusive, openFill}, {notApplicable, otherFill}} {
		d.fill(x.c)
		d.Rect(d.GetX(), d.GetY()+.8, 3, 3, "F")
		d.SetX(d.GetX() + 4)
		d.CellFormat(d.GetStringWidth(x.name)+8, pdfLine, x.name, "", 0, "L", false, 0, "")
	}
	d.Ln(pdfLine + 2)
}

// chart draws stacked bars of the verdicts.
func (d *document) chart(title string, buckets []bucket, height float64) {
	const left = 14.0
	d.need(height + 20)
	d.style("B", 10, ink)
	d.CellFormat(pdfWidth, 6, encode(d.fit(title, pdfWidth)), "", 1, "L", false, 0, "")
	if len(buckets) == 0 {
		d.style("", 9.5, ink)
		d.MultiCell(pdfWidth, pdfLine, "There is no evidence.", "", "L", false)
		return
	}
	x0, y0, top := pdfMargin+left, d.GetY()+height, highest(buckets)
	width := (pdfWidth - left) / float64(len(buckets))
	d.SetDrawColor(rule.r, rule.g, rule.b)
	d.Line(x0, y0-height, pdfMargin+pdfWidth, y0-height)
	d.Line(x0, y0, pdfMargin+pdfWidth, y0)
	for i := range buckets {
		b, y := &buckets[i], y0
		for _, part := range []struct {
			n int
			c colour
		}{{b.compliant, goodFill}, {b.nonCompliant, badFill}, {b.inconclusive, openFill}, {b.notApplicable, otherFill}} {
			h := float64(part.n) / float64(top) * height
			y -= h
			d.fill(part.c)
			d.Rect(x0+float64(i)*width+width*.1, y, min(width*.8, 14), h, "F")
		}
	}
	d.style("", 8, soft)
	d.SetXY(pdfMargin, y0-height-1)
	d.CellFormat(left-2, 4, thousands(top), "", 0, "R", false, 0, "")
	d.SetXY(pdfMargin, y0-3)
	d.CellFormat(left-2, 4, "0", "", 0, "R", false, 0, "")
	d.SetXY(x0, y0+.5)
	d.CellFormat((pdfWidth-left)/2, 4, buckets[0].label, "", 0, "L", false, 0, "")
	if len(buckets) > 1 {
		d.CellFormat((pdfWidth-left)/2, 4, buckets[len(buckets)-1].label, "", 0, "R", false, 0, "")
	}
	d.SetXY(pdfMargin, y0+8)
}
