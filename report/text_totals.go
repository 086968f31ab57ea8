package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// gapRow is what was not read for one reason.
type gapRow struct {
	openKey
	n      int
	places []string // account and Region, sorted, each once
	types  []string
	detail string
}

// gapRows groups gaps by cause, operation and code, in the order of causes.
func gapRows(gaps []assize.Gap, names map[string]string) []*gapRow {
	rows := map[openKey]*gapRow{}
	for _, g := range gaps {
		key := openKey{g.Cause, g.Operation, g.Code}
		r := rows[key]
		if r == nil {
			r = &gapRow{openKey: key, detail: g.Detail}
			rows[key] = r
		}
		r.n++
		r.places = insert(r.places, placeText(&assize.Finding{Account: g.Account, Region: g.Region}, names))
		for _, typ := range g.Types {
			r.types = insert(r.types, clean(typ))
		}
	}
	return slices.SortedFunc(maps.Values(rows), func(a, b *gapRow) int {
		if a.cause != b.cause {
			if a.cause.Before(b.cause) {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.operation, b.operation), cmp.Compare(a.code, b.code))
	})
}

// insert keeps a sorted set.
func insert(set []string, s string) []string {
	i, found := slices.BinarySearch(set, s)
	if found {
		return set
	}
	return slices.Insert(set, i, s)
}

// some joins the first n of a list and says how many are left.
func some(list []string, n int) string {
	s := ""
	for i, e := range list {
		if i == n {
			return s + " and " + num(len(list)-n) + " more"
		}
		if i > 0 {
			s += ", "
		}
		s += e
	}
	return s
}

// gaps writes what the collection could not read, whether or not a check asked.
func (t *text) gaps(s *assize.Summary) {
	if len(s.Gaps) == 0 {
		return
	}
	t.heading(yellow, "GAPS", many(len(s.Gaps), "read")+" failed while collecting; the rest went on")
	t.line()
	for i, r := range gapRows(s.Gaps, t.names) {
		if i == maxRows && !t.opt.Verbose {
			t.line(span{dim, "    and others; --verbose lists them"})
			break
		}
		t.wrap(span{yellow, "  - "}, say(causeText(r.cause, r.operation, r.code)), span{dim, joined(many(r.n, "time") + " in ")}, say(some(r.places, 4)))
		if len(r.types) > 0 {
			t.wrap(span{dim, "    incomplete: "}, say(some(r.types, 6)))
		}
		if r.detail != "" {
			t.wrap(say("    "), span{dim, cut(paragraph(head(r.detail, textReason)), 200)})
		}
	}
}

// controlTotals counts the controls of a framework of more than checks by outcome.
func (t *text) controlTotals(s *assize.Summary) {
	if t.askedCount == 0 {
		return
	}
	var rows assize.Counts
	for _, g := range s.Groups {
		for _, c := range g.Controls {
			rows.Add(c.Outcome)
		}
	}
	var parts []string
	for _, o := range assize.Outcomes {
		if n := rows.Of(o); n > 0 {
			parts = append(parts, num(n)+" "+outcomeName(o))
		}
	}
	t.wrap(say("  "), span{dim, many(rows.Total(), "control") + ": "}, say(strings.Join(parts, " · ")),
		span{dim, "; " + many(t.askedCount, "piece") + " of evidence asked of people"})
}

// totals writes the counts of the whole.
func (t *text) totals(s *assize.Summary) {
	t.heading(plain, "RESULT", "")
	var spans []span
	for i, o := range assize.Outcomes {
		if i > 0 {
			spans = append(spans, span{dim, " · "})
		}
		st := outcomeStyle(o)
		if s.Counts.Of(o) == 0 {
			st = dim
		}
		spans = append(spans, span{st, num(s.Counts.Of(o)) + " " + outcomeName(o)})
	}
	t.wrap(say("  "), spans...)
	t.wrap(say("  "), span{dim, many(s.Counts.Total(), "finding") + " of " + many(len(t.run.Checks), "check") + " in " + many(len(t.run.Accounts), "account")})
	for _, p := range apartText(s) {
		t.wrap(say("  "), span{yellow, p})
	}
	t.controlTotals(s)
	t.bySeverity()
	t.changes(s)
	if n := sum(s.OutOfScope); n > 0 {
		t.wrap(say("  "), span{dim, "Out of scope, not judged: "}, say(many(n, "resource")), span{dim, " (" + some(byCount(s.OutOfScope), t.rows(4)) + ")"})
	}
	if n := sum(s.Requests); n > 0 && t.opt.Verbose {
		t.wrap(say("  "), span{dim, "Requests: "}, say(num(n)), span{dim, " (" + some(byCount(s.Requests), len(s.Requests)) + ")"})
	}
	if s.Interrupted {
		t.wrap(say("  "), span{yellow, "The collection was cut short: what was not read is inconclusive."})
	}
}

// rows is how many of a list are shown: n, or all of them when verbose.
func (t *text) rows(n int) int {
	if t.opt.Verbose {
		return int(^uint(0) >> 1)
	}
	return n
}

func (t *text) bySeverity() {
	var spans []span
	for _, sev := range assize.Severities {
		if n := t.severity[sev]; n > 0 {
			if spans != nil {
				spans = append(spans, span{dim, " · "})
			}
			spans = append(spans, span{severityStyle(sev), num(n) + " " + string(sev)})
		}
	}
	if spans != nil {
		t.wrap(span{dim, "  Failing: "}, spans...)
	}
}

func (t *text) changes(s *assize.Summary) {
	if t.run.Baseline == "" {
		return
	}
	gone := max(s.Changes[assize.Gone], len(s.Gone))
	spans := []span{}
	add := func(st style, n int, what string) {
		if n == 0 {
			st = dim
		}
		if len(spans) > 0 {
			spans = append(spans, span{dim, " · "})
		}
		spans = append(spans, span{st, num(n) + " " + what})
	}
	add(alarm, s.Changes[assize.New], "new")
	add(green, s.Changes[assize.Fixed], "fixed")
	add(yellow, s.Changes[assize.Changed], "changed")
	add(plain, gone, "gone")
	add(plain, s.Changes[assize.Unchanged], "unchanged")
	t.wrap(span{dim, "  Against the baseline: "}, spans...)
	for i, g := range s.Gone {
		if i == t.rows(firstShown) {
			t.line(span{dim, "    and " + num(len(s.Gone)-i) + " more"})
			return
		}
		t.wrap(span{dim, "    gone: "}, span{dim, cut(clean(head(g, textSubject)), textSubject)})
	}
}

func sum(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// byCount lists "name count", most first.
func byCount(counts map[string]int) []string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, k := range keys {
		keys[i] = clean(k) + " " + num(counts[k])
	}
	return keys
}
