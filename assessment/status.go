package assessment

import (
	"fmt"
	"slices"
	"time"

	"github.com/assize-dev/assize"
)

// ControlStatus is derived from evidence; what a person decided stands apart.
type ControlStatus string

// The statuses of a control, and of each of its expectations.
const (
	// Met: everything that is expected is there and good.
	Met ControlStatus = "met"
	// NotMet: something was looked at and is not good.
	NotMet ControlStatus = "not met"
	// Partial: a part is met, another is still open or could not be evaluated.
	Partial ControlStatus = "partial"
	// Stale: the evidence is older than it may be.
	Stale ControlStatus = "stale"
	// Overdue: a person's part was due and has not come.
	Overdue ControlStatus = "overdue"
	// Excepted: what fails is covered by an exception that holds.
	Excepted ControlStatus = "excepted"
	// NotEvaluable: it could not be looked at; the reason says why. Never rendered as met.
	NotEvaluable ControlStatus = "not evaluable"
	// PendingStatus: nothing has come yet and nothing is overdue.
	PendingStatus ControlStatus = "pending"
	// NotApplicableStatus: there is nothing to judge.
	NotApplicableStatus ControlStatus = "not applicable"
	// InactiveStatus: a person has set the control inactive.
	InactiveStatus ControlStatus = "inactive"
)

// ControlStatuses lists all, worst first: the order in which lists are shown.
var ControlStatuses = []ControlStatus{
	NotMet, Overdue, Stale, NotEvaluable, Partial, PendingStatus, Excepted, Met, NotApplicableStatus, InactiveStatus,
}

// Derived is the status of one control with what it rests on.
type Derived struct {
	ControlSet string        `json:"control_set"`
	Control    string        `json:"control"`
	Title      string        `json:"title"`
	Status     ControlStatus `json:"status"`
	// Reason in a sentence.
	Reason string `json:"reason,omitempty"`
	// Review is what a person decided.
	Review ReviewStatus `json:"review"`
	// Counts of the verdicts, Excepted of the fails.
	Counts       assize.Counts        `json:"counts"`
	Excepted     int                  `json:"excepted,omitempty"`
	Expectations []ExpectationDerived `json:"expectations"`
}

// ExpectationDerived is the status of one expectation.
type ExpectationDerived struct {
	Expectation string        `json:"expectation"`
	Status      ControlStatus `json:"status"`
	Reason      string        `json:"reason,omitempty"`
	// Due is when the next open part is due.
	Due time.Time `json:"due,omitzero"`
}

// Inputs of derivation: all of one assessment.
type Inputs struct {
	Framework *assize.Framework
	State     *State
	Tallies   []Tally
	// Occurrences of all states.
	Occurrences []Occurrence
	// Connected reports whether a kind of source is connected.
	Connected func(assize.ExpectationKind) bool
	// Applies says whether the control concerns the assessment's workloads, and why not; nil: all do.
	Applies func(*assize.Control) (bool, string)
	// StaleAfter is how old the last run may be before its verdicts are stale; 0: they never are.
	StaleAfter time.Duration
	Now        time.Time
}

// Derive computes the status of every control, in the order of the framework.
func Derive(in Inputs) []Derived {
	d := &deriver{Inputs: in, tallies: map[placeKey]Tally{}, occurrences: map[placeKey][]*Occurrence{}}
	for _, t := range in.Tallies {
		d.tallies[placeKey{t.ControlSet, t.Control, t.Expectation}] = t
	}
	for i := range in.Occurrences {
		o := &in.Occurrences[i]
		key := placeKey{o.ControlSet, o.Control, o.Expectation}
		d.occurrences[key] = append(d.occurrences[key], o)
	}
	var out []Derived
	for g := range in.Framework.Groups {
		group := &in.Framework.Groups[g]
		for c := range group.Controls {
			out = append(out, d.control(group, &group.Controls[c]))
		}
	}
	return out
}

type placeKey struct{ set, control, expectation string }

type deriver struct {
	Inputs
	tallies     map[placeKey]Tally
	occurrences map[placeKey][]*Occurrence
}

func (d *deriver) control(g *assize.Group, c *assize.Control) Derived {
	out := Derived{ControlSet: g.ID, Control: c.ID, Title: c.Title, Review: d.State.ReviewOf(ControlKey{g.ID, c.ID})}
	if out.Review == ControlInactive {
		out.Status, out.Reason = InactiveStatus, "a person has set the control inactive"
		return out
	}
	if d.Applies != nil {
		if applies, why := d.Applies(c); !applies {
			out.Status, out.Reason = NotApplicableStatus, why
			return out
		}
	}
	for _, e := range Expected(c) {
		if e.Optional {
			continue
		}
		key := placeKey{g.ID, c.ID, e.ID}
		x := d.expectation(key, &e)
		if t, ok := d.tallies[key]; ok && !e.Kind.Person() {
			out.Excepted += t.Excepted
			for _, o := range assize.Outcomes {
				addCount(&out.Counts, o, t.Counts.Of(o))
			}
		}
		out.Expectations = append(out.Expectations, x)
	}
	out.Status, out.Reason = combine(out.Expectations)
	if out.Status == Met && len(c.Mapped) > 0 {
		// A mapping never passes anything by itself.
		out.Status, out.Reason = Partial, "the verdicts come over mappings; a person must confirm that they cover the requirement"
	}
	return out
}

func addCount(c *assize.Counts, o assize.Outcome, n int) {
	for range n {
		c.Add(o)
	}
}

// ChecksExpectation is the id of the expectation that the short form "checks:" of a control stands for.
const ChecksExpectation = "checks"

// Expected returns all expectations of a control, with its short form written out.
func Expected(c *assize.Control) []assize.Expectation {
	var out []assize.Expectation
	if len(c.Checks) > 0 {
		out = append(out, assize.Expectation{ID: ChecksExpectation, Kind: assize.ByCheck, Checks: c.Checks})
	}
	for _, e := range c.Expectations {
		if e.Kind == assize.ByCheck && len(c.Checks) > 0 && subset(e.Checks, c.Checks) {
			out = dropShort(out, e.Checks)
		}
		out = append(out, e)
	}
	return out
}

func subset(part, all []string) bool {
	for _, p := range part {
		if !slices.Contains(all, p) {
			return false
		}
	}
	return true
}

// dropShort takes checks that an expectation names itself out of the short form.
func dropShort(list []assize.Expectation, named []string) []assize.Expectation {
	for i := range list {
		if list[i].ID == ChecksExpectation {
			left := slices.DeleteFunc(slices.Clone(list[i].Checks), func(id string) bool { return slices.Contains(named, id) })
			if len(left) == 0 {
				return slices.Delete(list, i, i+1)
			}
			list[i].Checks = left
		}
	}
	return list
}

func (d *deriver) expectation(key placeKey, e *assize.Expectation) ExpectationDerived {
	out := ExpectationDerived{Expectation: e.ID}
	switch {
	case e.Kind.Person():
		out.Status, out.Reason, out.Due = d.person(key, e)
	case d.Connected != nil && !d.Connected(e.Kind):
		out.Status, out.Reason = NotEvaluable, "source not connected: "+string(e.Kind)
	default:
		out.Status, out.Reason = d.source(key, e)
	}
	return out
}

// source derives from the verdicts of the last run.
func (d *deriver) source(key placeKey, e *assize.Expectation) (ControlStatus, string) {
	t, ok := d.tallies[key]
	switch {
	case !ok:
		return PendingStatus, "nothing has been collected yet"
	case t.Counts.Fail > t.Excepted:
		return NotMet, fmt.Sprintf("%d of %d verdicts fail", t.Counts.Fail-t.Excepted, t.Counts.Total())
	case t.Counts.Inconclusive > 0:
		return NotEvaluable, fmt.Sprintf("%d of %d verdicts are inconclusive", t.Counts.Inconclusive, t.Counts.Total())
	case d.old(t.AsOf, e):
		return Stale, "the last run was on " + t.AsOf.UTC().Format(dayLayout)
	case t.Counts.Manual > 0 && e.Kind != assize.ByCheck:
		return Partial, fmt.Sprintf("%d items were collected; they give no verdict, a person must judge them", t.Counts.Manual)
	case t.Counts.Manual > 0:
		return Partial, fmt.Sprintf("%d of %d verdicts need an answer of the organisation profile", t.Counts.Manual, t.Counts.Total())
	case t.Excepted > 0:
		return Excepted, fmt.Sprintf("%d fails are covered by exceptions", t.Excepted)
	case t.Counts.Pass > 0:
		return Met, fmt.Sprintf("%d verdicts pass", t.Counts.Pass)
	}
	return NotApplicableStatus, "there is nothing to judge"
}

func (d *deriver) old(asOf time.Time, e *assize.Expectation) bool {
	limit := d.StaleAfter
	if e.FreshDays > 0 {
		limit = time.Duration(e.FreshDays) * 24 * time.Hour
	}
	return limit > 0 && d.Now.Sub(asOf) > limit
}

// person derives from the due windows: the newest window of each resource counts.
func (d *deriver) person(key placeKey, e *assize.Expectation) (ControlStatus, string, time.Time) {
	newest := map[string]*Occurrence{}
	for _, o := range d.occurrences[key] {
		if n := newest[o.Resource.Label()]; n == nil || o.Start.After(n.Start) {
			newest[o.Resource.Label()] = o
		}
	}
	var parts []ExpectationDerived
	var due time.Time
	for _, o := range newest {
		if o.State == Closed {
			continue
		}
		status, reason := d.occurrence(o, e)
		if o.State == Pending && (due.IsZero() || o.Due.Before(due)) {
			due = o.Due
		}
		parts = append(parts, ExpectationDerived{Expectation: o.ID, Status: status, Reason: reason})
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
	slices.SortFunc(parts, func(a, b ExpectationDerived) int {
		return slices.Index(ControlStatuses, a.Status) - slices.Index(ControlStatuses, b.Status)
	})
	status, reason := combine(parts)
	if len(parts) > 1 {
		reason = fmt.Sprintf("%s (%d asked about)", reason, len(parts))
	}
	return status, reason, due
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
		return Excepted, "excused: " + o.Reason
	case Collected, Late:
		return d.answered(o, e)
	case Closed:
	}
	return NotApplicableStatus, o.Reason
}

// answered looks at the reviews of the evidence that answered.
func (d *deriver) answered(o *Occurrence, e *assize.Expectation) (ControlStatus, string) {
	accepted, rejected := 0, 0
	for _, id := range o.Evidence {
		last := map[string]bool{}
		for _, r := range d.State.Reviews[id] {
			last[r.By] = r.Accepted
		}
		yes := 0
		for _, ok := range last {
			if ok {
				yes++
			}
		}
		accepted = max(accepted, yes)
		if yes < len(last) {
			rejected++
		}
	}
	switch {
	case len(o.Evidence) > 0 && rejected == len(o.Evidence):
		return NotMet, "the evidence was rejected by a reviewer"
	case e.FreshDays > 0 && d.Now.Sub(o.Start) > time.Duration(e.FreshDays)*24*time.Hour:
		return Stale, fmt.Sprintf("older than %d days", e.FreshDays)
	case accepted < e.Reviewers:
		return PendingStatus, fmt.Sprintf("%d of %d reviews", accepted, e.Reviewers)
	}
	return Met, "answered"
}

// combine makes one status of several: bad before missing before good; good and missing together
// are partial.
func combine(parts []ExpectationDerived) (ControlStatus, string) {
	if len(parts) == 0 {
		return NotEvaluable, "nothing is expected"
	}
	first := map[ControlStatus]string{}
	for i := len(parts) - 1; i >= 0; i-- {
		first[parts[i].Status] = parts[i].Reason
	}
	has := func(s ControlStatus) bool { _, ok := first[s]; return ok }
	for _, s := range []ControlStatus{NotMet, Overdue, Stale} {
		if has(s) {
			return s, first[s]
		}
	}
	good := has(Met) || has(Excepted)
	for _, s := range []ControlStatus{NotEvaluable, PendingStatus} {
		if has(s) && good {
			return Partial, first[s]
		}
	}
	for _, s := range []ControlStatus{Partial, NotEvaluable, PendingStatus, Excepted, Met, NotApplicableStatus} {
		if has(s) {
			return s, first[s]
		}
	}
	return InactiveStatus, first[InactiveStatus]
}
