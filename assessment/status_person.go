package assessment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// windows are the two newest due windows about one resource: what is asked now, and what was asked before.
type windows struct{ now, before *Occurrence }

func (w *windows) add(o *Occurrence) {
	switch {
	case w.now == nil || o.Start.After(w.now.Start):
		w.now, w.before = o, w.now
	case w.before == nil || o.Start.After(w.before.Start):
		w.before = o
	}
}

// person derives from the due windows. What is good of all resources that were listed long ago is not known to be good
// of those that are there now.
func (d *deriver) person(key placeKey, e *assize.Expectation) (ControlStatus, string, time.Time) {
	status, reason, due := d.asked(key, e)
	tally, ran := d.tallies[key]
	good := status == Met || status == Excepted || status == NotApplicableStatus
	if e.Per != "" && ran && good && d.StaleAfter > 0 && d.Now.Sub(tally.AsOf) > d.StaleAfter {
		return Stale, e.Per + " was last listed on " + tally.AsOf.UTC().Format(dayLayout), due
	}
	return status, reason, due
}

// asked derives from the due windows of each resource.
func (d *deriver) asked(key placeKey, e *assize.Expectation) (ControlStatus, string, time.Time) {
	about := map[string]*windows{}
	for _, o := range d.occurrences[key] {
		label := o.Resource.Label()
		if about[label] == nil {
			about[label] = &windows{}
		}
		about[label].add(o)
	}
	var parts []ExpectationDerived
	var due time.Time
	for _, w := range about {
		if w.now.State == Closed {
			continue
		}
		status, reason := d.windows(w, e)
		if w.now.State == Pending && (due.IsZero() || w.now.Due.Before(due)) {
			due = w.now.Due
		}
		parts = append(parts, ExpectationDerived{Expectation: w.now.ID, Status: status, Reason: reason})
	}
	tally, ran := d.tallies[key]
	if tally.Counts.Inconclusive > 0 {
		parts = append(parts, ExpectationDerived{Status: NotEvaluable, Reason: "not every " + e.Per + " could be listed"})
	}
	if len(parts) == 0 {
		if e.Per != "" && ran {
			return NotApplicableStatus, "there is no " + e.Per, due
		}
		return PendingStatus, "nothing is due yet", due
	}
	// The order of a map is none: the reason that is shown must be the same each time.
	slices.SortFunc(parts, func(a, b ExpectationDerived) int {
		if by := slices.Index(ControlStatuses, a.Status) - slices.Index(ControlStatuses, b.Status); by != 0 {
			return by
		}
		return strings.Compare(a.Reason+a.Expectation, b.Reason+b.Expectation)
	})
	status, reason := combine(parts)
	if len(parts) > 1 {
		reason = fmt.Sprintf("%s (%d asked about)", reason, len(parts))
	}
	return status, reason, due
}

// windows derives from the newest window. While it is open and not due yet the one before it counts: what was
// missed stays overdue until it is made good, and what is still fresh stays good.
func (d *deriver) windows(w *windows, e *assize.Expectation) (ControlStatus, string) {
	status, reason := d.occurrence(w.now, e)
	if status != PendingStatus || w.now.State != Pending || w.before == nil {
		return status, reason
	}
	switch w.before.State {
	case Missed:
		return Overdue, "missed: the window ended on " + w.before.End.UTC().Format(dayLayout) + "; the next is " + reason
	case Collected, Late:
		if before, why := d.answered(w.before, e); e.FreshDays > 0 && before == Met {
			return Met, why + "; the next is " + reason
		}
	case Pending, Failed, Excused, Closed, NotConnected:
	}
	return status, reason
}

func (d *deriver) occurrence(o *Occurrence, e *assize.Expectation) (ControlStatus, string) {
	switch o.State {
	case Pending:
		if d.Now.After(o.Due) {
			return Overdue, "due since " + o.Due.UTC().Format(dayLayout)
		}
		return PendingStatus, "due on " + o.Due.UTC().Format(dayLayout)
	case Missed:
		return Overdue, "missed: the window ended on " + o.End.UTC().Format(dayLayout)
	case Failed:
		return NotEvaluable, "the source could not answer: " + o.Reason
	case NotConnected:
		return NotEvaluable, "source not connected"
	case Excused:
		if over(o, d.Now) {
			return Stale, "excused until " + o.End.UTC().Format(dayLayout)
		}
		return Excepted, "excused: " + o.Reason
	case Collected, Late:
		return d.answered(o, e)
	case Closed:
	}
	return NotApplicableStatus, o.Reason
}

// answered looks at the age of what answered, and at its reviews. Evidence that one reviewer rejects counts for
// nothing, whoever else has accepted it.
func (d *deriver) answered(o *Occurrence, e *assize.Expectation) (ControlStatus, string) {
	accepted, rejected := 0, 0
	for _, id := range o.Evidence {
		yes, no := votes(d.State.Reviews[id])
		if no > 0 {
			rejected++
			continue
		}
		accepted = max(accepted, yes)
	}
	switch {
	case len(o.Evidence) == 0:
		return NotEvaluable, "it is marked as answered, and there is no evidence"
	case rejected == len(o.Evidence):
		return NotMet, "the evidence was rejected by a reviewer"
	case e.FreshDays > 0 && d.Now.Sub(o.speaksOf()) > time.Duration(e.FreshDays)*24*time.Hour:
		return Stale, fmt.Sprintf("older than %d days", e.FreshDays)
	case e.FreshDays == 0 && over(o, d.Now):
		return Stale, "the window ended on " + o.End.UTC().Format(dayLayout)
	case accepted < e.Reviewers:
		return PendingStatus, fmt.Sprintf("%d of %d reviews", accepted, e.Reviewers)
	}
	return Met, "answered"
}

// votes counts the people who accept and reject; of each the last word counts.
func votes(reviews []Review) (yes, no int) {
	last := map[string]bool{}
	for _, r := range reviews {
		last[person(r.By)] = r.Accepted
	}
	for _, accepted := range last {
		if accepted {
			yes++
		} else {
			no++
		}
	}
	return yes, no
}

// speaksOf is the last moment that the evidence speaks about, as far as is known.
func (o *Occurrence) speaksOf() time.Time {
	if o.AsOf.IsZero() {
		return o.Start
	}
	return o.AsOf
}
