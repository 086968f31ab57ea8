package bundle

import (
	"fmt"
	"strconv"
	"time"
)

// bucket is a bar of a chart: a day, or a week or month where there are many days.
type bucket struct {
	label string
	tally
}

// maxBars is how many bars a chart has at most; more days are put together.
const maxBars = 62

// step is a width of bars: where the bar begins that holds a day, where the next one does, and its name.
type step struct {
	start, next func(time.Time) time.Time
	layout      string
}

// steps from the finest on: by day, by week from Monday on, by month, by year.
var steps = []step{
	{func(t time.Time) time.Time { return t }, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }, dayLayout},
	{
		func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) },
		func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }, "week of " + dayLayout,
	},
	{func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }, func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }, "2006-01"},
	{func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.YearDay()) }, func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }, "2006"},
}

// bucketsOf makes a bar for each day from the first to the last, also where there was no evidence; where that
// would be too many, for each week, month or year.
func bucketsOf(days []day) []bucket {
	if len(days) == 0 {
		return nil
	}
	var out []bucket
	for _, s := range steps {
		if out = s.bars(days); len(out) <= maxBars {
			break
		}
	}
	return out
}

func (s *step) bars(days []day) []bucket {
	var out []bucket
	at := s.start(days[0].time)
	for i := range days {
		for !days[i].time.Before(at) {
			if len(out) > maxBars && s.layout != "2006" {
				return out // too many: a wider step is taken
			}
			out, at = append(out, bucket{label: at.Format(s.layout)}), s.next(at)
		}
		b := &out[len(out)-1]
		b.sum(&days[i].tally)
	}
	return out
}

// highest is the tallest bar.
func highest(buckets []bucket) int {
	top := 1
	for i := range buckets {
		top = max(top, buckets[i].all())
	}
	return top
}

// Measures of the chart in HTML.
const (
	chartWidth  = 900
	chartHeight = 200
	chartLeft   = 60
	chartFoot   = 24
)

// chart draws the verdicts over time, and gives the figures as a table.
func (p *page) chart(buckets []bucket, caption string) {
	if len(buckets) == 0 {
		p.str("<p>There is no evidence.</p>")
		return
	}
	top := highest(buckets)
	p.str(`<figure><p class="key" aria-hidden="true"><i class="g"></i>Compliant<i class="b"></i>Non-compliant<i class="o"></i>Inconclusive<i class="a"></i>Not applicable</p>`,
		fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="`, chartWidth, chartHeight+chartFoot), esc(caption), `: verdicts over time; the table below has the figures">`)
	width := float64(chartWidth-chartLeft) / float64(len(buckets))
	for i := range buckets {
		b := &buckets[i]
		x, y := float64(chartLeft)+float64(i)*width, float64(chartHeight)
		for _, part := range []struct {
			class string
			n     int
		}{{"g", b.compliant}, {"b", b.nonCompliant}, {"o", b.inconclusive}, {"a", b.notApplicable}} {
			height := float64(part.n) / float64(top) * (chartHeight - 10)
			y -= height
			p.str(fmt.Sprintf(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, part.class, x+width*.1, y, min(width*.8, 60), height))
		}
	}
	p.str(fmt.Sprintf(`<text x="4" y="14">%s</text><text x="4" y="%d">0</text><text x="%d" y="%d">`, thousands(top), chartHeight, chartLeft, chartHeight+16), esc(buckets[0].label),
		fmt.Sprintf(`</text><text x="%d" y="%d" text-anchor="end">`, chartWidth, chartHeight+16), esc(buckets[len(buckets)-1].label), "</text></svg><figcaption>", esc(caption), "</figcaption></figure>")
	p.head("Verdicts over time", []string{"Time", compliant, nonCompliant, inconclusive, notApplicable}, 1, 2, 3, 4)
	for i := range buckets {
		b := &buckets[i]
		p.str(`<tr><th scope="row">`, esc(b.label), `</th><td class="n">`, strconv.Itoa(b.compliant), `</td><td class="n">`, strconv.Itoa(b.nonCompliant),
			`</td><td class="n">`, strconv.Itoa(b.inconclusive), `</td><td class="n">`, strconv.Itoa(b.notApplicable), "</td></tr>\n")
	}
	p.foot()
}
