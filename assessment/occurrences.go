package assessment

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// defaultDue is when evidence that is asked for once is due.
const defaultDue = 30 * 24 * time.Hour

// Schedule opens, closes and misses the due windows of what only people can give.
type Schedule struct {
	Assessment *Assessment
	Framework  *assize.Framework
	// Found lists, by resource type, what the last run found; Complete are the types of which the list
	// is complete: only of these a missing resource is gone.
	Found    map[string][]Subject
	Complete map[string]bool
	// Owner of an expectation about a resource (nil: about none); empty answers: nobody yet.
	Owner func(e *assize.Expectation, about *Subject) string
	// Inactive reports controls that people have set inactive: nothing is opened for them.
	Inactive func(ControlKey) bool
}

// Advance returns the occurrences that are new or change at a time, given those that are there.
// Calling it again with its own result applied returns nothing.
func (s *Schedule) Advance(now time.Time, there []Occurrence) ([]Occurrence, error) {
	known := map[string]*Occurrence{}
	newest := map[string]*Occurrence{}
	for i := range there {
		o := &there[i]
		known[o.ID] = o
		key := s.key(o.ControlSet, o.Control, o.Expectation, o.Resource)
		if last := newest[key]; last == nil || o.Start.After(last.Start) {
			newest[key] = o
		}
	}
	var out []Occurrence
	for g := range s.Framework.Groups {
		group := &s.Framework.Groups[g]
		for c := range group.Controls {
			control := &group.Controls[c]
			if s.Inactive != nil && s.Inactive(ControlKey{group.ID, control.ID}) {
				continue
			}
			for _, e := range control.Open() {
				opened, err := s.open(now, group.ID, control.ID, &e, newest)
				if err != nil {
					return nil, err
				}
				for _, o := range opened {
					if known[o.ID] == nil {
						out = append(out, o)
					}
				}
			}
		}
	}
	return append(out, s.over(now, there, newest)...), nil
}

func (s *Schedule) key(set, control, expectation string, r *Subject) string {
	return strings.Join([]string{set, control, expectation, r.Label()}, "\x00")
}

// Label names a subject: its ARN, or where it is with its type and id.
func (r *Subject) Label() string {
	switch {
	case r == nil:
		return ""
	case r.ARN != "":
		return r.ARN
	case r.Account == "":
		return r.Type + "/" + r.ID
	case r.Region == "":
		return r.Account + "/" + r.Type + "/" + r.ID
	}
	return r.Account + "/" + r.Region + "/" + r.Type + "/" + r.ID
}

// open makes the occurrences of an expectation that are due to begin.
func (s *Schedule) open(now time.Time, set, control string, e *assize.Expectation, newest map[string]*Occurrence) ([]Occurrence, error) {
	cadence, err := NewCadence(e.Cadence, zoneOf(e, s.Assessment), s.Assessment.Created)
	if err != nil {
		return nil, fmt.Errorf("control %s, expectation %s: %w", control, e.ID, err)
	}
	about := []*Subject{nil}
	if e.Per != "" {
		about = nil
		for i := range s.Found[e.Per] {
			about = append(about, &s.Found[e.Per][i])
		}
	}
	var out []Occurrence
	asked := map[string]bool{}
	for _, r := range about {
		key := s.key(set, control, e.ID, r)
		if asked[key] {
			continue // several accounts list a resource that is shared
		}
		asked[key] = true
		var from time.Time
		last := newest[key]
		if last != nil {
			from = last.Start
		}
		windows := cadence.Between(from, now)
		if r != nil && (last == nil || last.State == Closed) && len(windows) > 1 {
			// A resource that is new, or back, is asked about from now on, not for the time when it was not there.
			windows = windows[len(windows)-1:]
		}
		for _, w := range windows {
			o := Occurrence{
				Assessment: s.Assessment.ID, ControlSet: set, Control: control, Expectation: e.ID,
				Resource: r, Start: w.Start, End: w.End, Due: dueOf(e, w), State: Pending,
			}
			if s.Owner != nil {
				o.Owner = s.Owner(e, r)
			}
			o.ID = occurrenceID(&o)
			if over(&o, now) {
				o.State, o.Reason = Missed, missed
			}
			out = append(out, o)
		}
	}
	return out, nil
}

func zoneOf(e *assize.Expectation, a *Assessment) string {
	if e.TimeZone != "" {
		return e.TimeZone
	}
	return a.TimeZone
}

func dueOf(e *assize.Expectation, w Window) time.Time {
	switch {
	case e.DueDays > 0:
		due := w.Start.AddDate(0, 0, e.DueDays)
		if !w.End.IsZero() && due.After(w.End) {
			return w.End
		}
		return due
	case w.End.IsZero():
		return w.Start.Add(defaultDue)
	}
	return w.End
}

// over reports whether the window has ended.
func over(o *Occurrence, now time.Time) bool { return !o.End.IsZero() && !now.Before(o.End) }

// missed is the reason of a window that ended without evidence, gone that of one about a resource that is.
const (
	missed = "the window ended without evidence"
	gone   = "the resource is no longer there"
)

// over returns the windows that a time or what was found has changed: pending ones that have ended, those whose
// resource is gone, and those of a resource that is back. Of a resource only the newest window is closed and
// opened again: what was before stays as it was.
func (s *Schedule) over(now time.Time, there []Occurrence, newest map[string]*Occurrence) []Occurrence {
	var out []Occurrence
	for _, o := range there {
		before := o.State
		last := o.Resource != nil && o.Start.Equal(newest[s.key(o.ControlSet, o.Control, o.Expectation, o.Resource)].Start)
		switch {
		case last && o.State != Closed && s.gone(&o, now):
			o.State, o.Reason = Closed, gone
		case last && o.State == Closed && !over(&o, now) && s.found(o.Resource):
			o.State, o.Reason = Pending, ""
			if len(o.Evidence) > 0 {
				o.State = Collected
			}
		case o.State == Pending && over(&o, now):
			o.State, o.Reason = Missed, missed
		}
		if o.State != before {
			out = append(out, o)
		}
	}
	return out
}

// gone reports whether a window has nothing to ask about any more: its resource is known not to be there. What was
// answered stays as long as its window.
func (s *Schedule) gone(o *Occurrence, now time.Time) bool {
	if !s.Complete[o.Resource.Type] || s.found(o.Resource) {
		return false
	}
	switch o.State {
	case Collected, Late, Excused:
		return over(o, now) || o.End.IsZero()
	case Pending, Missed, Failed, Closed, NotConnected:
	}
	return true
}

func (s *Schedule) found(r *Subject) bool {
	return slices.ContainsFunc(s.Found[r.Type], func(x Subject) bool { return x.Label() == r.Label() })
}

// occurrenceID derives the id from what the occurrence is, as a UUID of version 8 (RFC 9562).
func occurrenceID(o *Occurrence) string {
	return NameID("occurrence", o.Assessment, o.ControlSet, o.Control, o.Expectation, o.Resource.Label(), o.Start.UTC().Format(time.RFC3339))
}

// NameID derives a lower-case UUID (version 8, RFC 9562) from texts: the same texts give the
// same id everywhere.
func NameID(texts ...string) string {
	sum := sha256.Sum256([]byte("assize\x00" + strings.Join(texts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// Answer returns the occurrence after evidence came for it. What the evidence supersedes no longer answers.
func (o *Occurrence) Answer(e *Evidence) Occurrence {
	next := *o
	next.Evidence = slices.DeleteFunc(slices.Clone(o.Evidence), func(id string) bool { return id == e.Supersedes })
	next.Evidence = append(next.Evidence, e.ID)
	if len(next.Evidence) == 1 {
		next.AsOf = time.Time{}
	}
	asOf := e.EffectiveTo
	if asOf.After(e.Received) {
		asOf = e.Received // a period that is not over yet is known up to now
	}
	if asOf.After(next.AsOf) {
		next.AsOf = asOf
	}
	switch o.State {
	case Pending, Missed, Failed:
		next.State, next.Reason = Collected, ""
		if e.Received.After(o.Due) {
			next.State = Late
		}
	case Collected, Late, Excused, Closed, NotConnected:
	}
	return next
}
