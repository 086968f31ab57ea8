package assessment

import (
	"fmt"
	"slices"
	"strconv"
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
	// Counts of the verdicts; Excepted of the fails, and Undecided those of checks that ask more than the
	// control ([assize.Control.Decides]): somebody must judge them.
	Counts       assize.Counts        `json:"counts"`
	Excepted     int                  `json:"excepted,omitempty"`
	Undecided    int                  `json:"undecided,omitempty"`
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
	expected := Expected(c)
	var deciding []ExpectationDerived
	for i := range expected {
		e := &expected[i]
		key, kept := placeKey{g.ID, c.ID, e.ID}, supplements(e, expected)
		x := d.expectation(key, e, kept)
		if e.Optional && (e.Kind != assize.ByCheck || x.Status != NotMet) {
			continue // what is not demanded can only speak against the control
		}
		d.count(&out, key, e, kept)
		out.Expectations = append(out.Expectations, x)
		if !kept || x.Status != Met && x.Status != NotApplicableStatus {
			deciding = append(deciding, x)
		}
	}
	out.Status, out.Reason = combine(deciding)
	if len(c.Over)+len(c.Mapped) > 0 {
		out.Status, out.Reason = overMappings(out.Status, out.Reason)
	}
	return out
}

// supplements reports whether answers of an operation are kept beside checks: they give no verdict, and
// the checks do.
func supplements(e *assize.Expectation, all []assize.Expectation) bool {
	return e.Kind == assize.ByAPI && slices.ContainsFunc(all, func(x assize.Expectation) bool {
		return x.Kind == assize.ByCheck && !x.Optional
	})
}

// count adds the verdicts of an expectation to those of its control.
func (d *deriver) count(out *Derived, key placeKey, e *assize.Expectation, kept bool) {
	t, ok := d.tallies[key]
	if !ok || e.Kind.Person() {
		return
	}
	if kept {
		t.Counts.Manual = 0 // items that are kept are no verdicts
	}
	out.Excepted += t.Excepted
	out.Undecided += t.Undecided
	out.Counts.Pass += t.Counts.Pass
	out.Counts.Fail += t.Counts.Fail
	out.Counts.Inconclusive += t.Counts.Inconclusive
	out.Counts.NotApplicable += t.Counts.NotApplicable
	out.Counts.Manual += t.Counts.Manual
}

// overMappings is the status of a requirement whose verdicts come over mappings: they never meet it, and that
// there is nothing to judge for them does not say that nothing is required.
func overMappings(s ControlStatus, reason string) (ControlStatus, string) {
	const confirm = "the verdicts come over mappings; a person must confirm that they cover the requirement"
	switch s {
	case Met:
		return Partial, confirm
	case Excepted:
		return Partial, reason + "; " + confirm
	case NotApplicableStatus:
		return NotEvaluable, "what it is mapped to finds nothing to judge; a person must judge the requirement"
	case NotMet, Overdue, Stale, NotEvaluable, Partial, PendingStatus, InactiveStatus:
	}
	return s, reason
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

// expectation derives one part; kept: it is a supplement, see [supplements].
func (d *deriver) expectation(key placeKey, e *assize.Expectation, kept bool) ExpectationDerived {
	out := ExpectationDerived{Expectation: e.ID}
	switch {
	case e.Kind.Person():
		out.Status, out.Reason, out.Due = d.person(key, e)
	case d.Connected != nil && !d.Connected(e.Kind):
		out.Status, out.Reason = NotEvaluable, "source not connected: "+string(e.Kind)
	default:
		out.Status, out.Reason = d.source(key, e, kept)
	}
	return out
}

// source derives from the verdicts of the last run.
func (d *deriver) source(key placeKey, e *assize.Expectation, kept bool) (ControlStatus, string) {
	t, ok := d.tallies[key]
	failed := t.Counts.Fail - t.Undecided
	switch {
	case !ok:
		return PendingStatus, "nothing has been collected yet"
	case failed > t.Excepted:
		return NotMet, fmt.Sprintf("%d of %d verdicts fail", failed-t.Excepted, t.Counts.Total())
	case t.Counts.Inconclusive > 0:
		return NotEvaluable, fmt.Sprintf("%d of %d verdicts are inconclusive", t.Counts.Inconclusive, t.Counts.Total())
	case d.old(t.AsOf, e):
		return Stale, "the last run was on " + t.AsOf.UTC().Format(dayLayout)
	case t.Undecided > 0:
		return Partial, fmt.Sprintf("%d of %d verdicts fail for what may be beside the requirement; a person must judge them", t.Undecided, t.Counts.Total())
	case t.Counts.Manual > 0 && kept:
		return Met, counted(t.Counts.Manual, "item kept", "items kept")
	case t.Counts.Manual > 0 && e.Kind != assize.ByCheck:
		return Partial, counted(t.Counts.Manual, "item was collected; it gives no verdict, a person must judge it",
			"items were collected; they give no verdict, a person must judge them")
	case t.Counts.Manual > 0:
		return Partial, fmt.Sprintf("%d of %d verdicts need an answer of the organisation profile", t.Counts.Manual, t.Counts.Total())
	case t.Excepted > 0:
		return Excepted, counted(t.Excepted, "fail is covered by an exception", "fails are covered by exceptions")
	case t.Counts.Pass > 0:
		return Met, counted(t.Counts.Pass, "verdict passes", "verdicts pass")
	}
	return NotApplicableStatus, "there is nothing to judge"
}

// counted is a number and what there are of it, in the words for one or for many.
func counted(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return strconv.Itoa(n) + " " + many
}

func (d *deriver) old(asOf time.Time, e *assize.Expectation) bool {
	limit := d.StaleAfter
	if e.FreshDays > 0 {
		limit = time.Duration(e.FreshDays) * 24 * time.Hour
	}
	return limit > 0 && d.Now.Sub(asOf) > limit
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
