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

// bucketsOf puts days together until they fit: by day, by week from Monday on, by month, by year. Days of which
// there is no evidence have no bar, and their dates show it.
func bucketsOf(days []day) []bucket {
	var out []bucket
	for _, label := range []func(time.Time) string{
		func(t time.Time) string { return t.Format("2006-01-02") },
		func(t time.Time) string {
			return "week of " + t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format("2006-01-02")
		},
		func(t time.Time) string { return t.Format("2006-01") },
		func(t time.Time) string { return t.Format("2006") },
	} {
		out = out[:0]
		for i := range days {
			t, err := time.Parse("2006-01-02", days[i].date)
			name := days[i].date
			if err == nil {
				name = label(t)
			}
			if len(out) == 0 || out[len(out)-1].label != name {
				out = append(out, bucket{label: name})
			}
			b := &out[len(out)-1]
			b.compliant += days[i].compliant
			b.nonCompliant += days[i].nonCompliant
			b.inconclusive += days[i].inconclusive
			b.excepted += days[i].excepted
		}
		if len(out) <= maxBars {
			break
		}
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
	p.str(`<figure><p class="key" aria-hidden="true"><i class="g"></i>Compliant<i class="b"></i>Non-compliant<i class="o"></i>Inconclusive</p>`,
		fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="`, chartWidth, chartHeight+chartFoot), esc(caption), `: verdicts over time; the table below has the figures">`)
	width := float64(chartWidth-chartLeft) / float64(len(buckets))
	for i := range buckets {
		b := &buckets[i]
		x, y := float64(chartLeft)+float64(i)*width, float64(chartHeight)
		for _, part := range []struct {
			class string
			n     int
		}{{"g", b.compliant}, {"b", b.nonCompliant}, {"o", b.inconclusive}} {
			height := float64(part.n) / float64(top) * (chartHeight - 10)
			y -= height
			p.str(fmt.Sprintf(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, part.class, x+width*.1, y, min(width*.8, 60), height))
		}
	}
	p.str(fmt.Sprintf(`<text x="4" y="14">%s</text><text x="4" y="%d">0</text><text x="%d" y="%d">`, thousands(top), chartHeight, chartLeft, chartHeight+16), esc(buckets[0].label),
		fmt.Sprintf(`</text><text x="%d" y="%d" text-anchor="end">`, chartWidth, chartHeight+16), esc(buckets[len(buckets)-1].label), "</text></svg><figcaption>", esc(caption), "</figcaption></figure>")
	p.head("Verdicts over time", []string{"Time", "Compliant", "Non-compliant", "Inconclusive"}, 1, 2, 3)
	for i := range buckets {
		b := &buckets[i]
		p.str(`<tr><th scope="row">`, esc(b.label), `</th><td class="n">`, strconv.Itoa(b.compliant), `</td><td class="n">`, strconv.Itoa(b.nonCompliant),
			`</td><td class="n">`, strconv.Itoa(b.inconclusive), "</td></tr>\n")
	}
	p.foot()
}
