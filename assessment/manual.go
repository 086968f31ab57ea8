package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// MaxManualPerDay is how many pieces of manual evidence a control takes in a day (Audit Manager quota).
const MaxManualPerDay = 100

// Manual is evidence that a person gives. Its body is in the blob store already, at Location.
type Manual struct {
	ControlSet, Control, Expectation string
	// Occurrence that it answers; empty: the oldest one of the expectation that is open, about Resource
	// where the expectation expands over resources.
	Occurrence string
	Resource   string
	// Effective is the period that it speaks about, apart from the time of upload; zero: the moment.
	EffectiveFrom, EffectiveTo time.Time
	Body                       evidence.Digest
	Size                       int64
	MediaType, FileName        string
	Location                   BlobLocation
	// NotRead says why nobody could look at what is given, an object elsewhere; empty: it is there. What was not seen
	// is kept with its name, and answers no window.
	NotRead    string
	Supersedes string
	Attributes map[string]string
}

// AddManual adds evidence that a person gives, and answers the due window that it is for.
func (s *Service) AddManual(ctx context.Context, id, actor string, m Manual) (*Evidence, error) {
	var out *Evidence
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		size, err := s.store.Size(ctx)
		if err != nil {
			return nil, err
		}
		asked := m // a second attempt is decided anew
		e, occurrence, err := s.manual(ctx, st, actor, &asked)
		if err != nil {
			return nil, err
		}
		en, err := evidenceEntry(s.Now(), e)
		if err != nil {
			return nil, err
		}
		out = e
		batch := &Batch{
			Leaves: []Entry{en}, Blobs: blobs(m.Location),
			Quota: &Quota{ControlSet: m.ControlSet, Control: m.Control, Day: e.Collected.Format(dayLayout), Most: MaxManualPerDay},
		}
		if occurrence != nil {
			batch.OccurrencesAt = size
			err = batch.occurrences(s, program, []Occurrence{occurrence.Answer(e)})
		}
		return batch, err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// CheckManual reports what is wrong with evidence before its body is stored: nothing is written. It returns the
// expectation that the evidence would answer, nil for none.
func (s *Service) CheckManual(ctx context.Context, id, actor string, m Manual) (*assize.Expectation, error) {
	st, err := s.State(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, _, err = s.manual(ctx, st, actor, &m); err != nil {
		return nil, err
	}
	control, err := s.control(ctx, st, m.ControlSet, m.Control)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(control.Expectations, func(e assize.Expectation) bool { return e.ID == m.Expectation })
	if i < 0 {
		return nil, nil //nolint:nilnil // evidence beside what is expected
	}
	return &control.Expectations[i], nil
}

func (s *Service) manual(ctx context.Context, st *State, actor string, m *Manual) (*Evidence, *Occurrence, error) {
	control, err := s.control(ctx, st, m.ControlSet, m.Control)
	if err != nil {
		return nil, nil, err
	}
	f := &faults{}
	f.want(st.Assessment.Status == Active, "assessmentId", "the assessment is INACTIVE")
	f.want(st.ReviewOf(ControlKey{m.ControlSet, m.Control}) != ControlInactive, "controlId", "the control is INACTIVE")
	f.want(control != nil, "controlId", "name the control")
	f.want(!m.Body.IsZero() && m.MediaType != "", "manualEvidence", "there is no body")
	f.want(m.EffectiveTo.IsZero() || !m.EffectiveTo.Before(m.EffectiveFrom), "effective", "the period ends before it begins")
	now := whole(s.Now())
	f.want(!m.EffectiveFrom.After(now), "effective", "the period begins in the future")
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	if err := s.quota(ctx, st, m, now); err != nil {
		return nil, nil, err
	}
	if err := s.supersedes(ctx, st, m); err != nil {
		return nil, nil, err
	}
	occurrence, err := s.answers(ctx, st, control, m)
	if err != nil {
		return nil, nil, err
	}
	about, err := s.about(ctx, st, occurrence, m)
	if err != nil {
		return nil, nil, err
	}
	e := &Evidence{
		ID: s.NewID(), Type: ManualEvidence, DataSource: "Manual", EventName: m.Expectation,
		Places:        []Place{{ControlSet: m.ControlSet, Control: m.Control, Expectation: m.Expectation}},
		EffectiveFrom: m.EffectiveFrom, EffectiveTo: m.EffectiveTo, Collected: now,
		Body: m.Body, Size: m.Size, MediaType: m.MediaType, FileName: m.FileName, Author: actor,
		Supersedes: m.Supersedes, Attributes: m.Attributes, Subjects: about, SubjectsTotal: len(about),
	}
	if e.EffectiveFrom.IsZero() {
		e.EffectiveFrom = now
	}
	if e.EffectiveTo.IsZero() {
		e.EffectiveTo = e.EffectiveFrom
	}
	if m.NotRead != "" {
		occurrence = nil
	}
	if occurrence != nil {
		e.Places[0].Occurrence = occurrence.ID
	}
	return e, occurrence, nil
}

func (s *Service) quota(ctx context.Context, st *State, m *Manual, now time.Time) error {
	folders, err := s.store.Folders(ctx, st.Assessment.ID, m.Control)
	if err != nil {
		return err
	}
	today := now.Format(dayLayout)
	for _, folder := range folders {
		if folder.ControlSet == m.ControlSet && folder.Day == today && folder.Manual >= MaxManualPerDay {
			return &ValidationError{Fields: []Fault{{"manualEvidence", fmt.Sprintf(
				"control %s has %d pieces of manual evidence today, the most that a day takes", m.Control, folder.Manual)}}}
		}
	}
	return nil
}

// supersedes holds a correction against what it corrects: manual evidence of the same control. It answers the window
// that the other did.
func (s *Service) supersedes(ctx context.Context, st *State, m *Manual) error {
	if m.Supersedes == "" {
		return nil
	}
	old, err := s.one(ctx, st.Assessment.ID, m.Supersedes)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(old.Places, func(p Place) bool { return p.ControlSet == m.ControlSet && p.Control == m.Control })
	if i < 0 || old.Type != ManualEvidence {
		return &ValidationError{Fields: []Fault{{"supersedes", fmt.Sprintf(
			"evidence %s is no manual evidence of control %s: only that can be corrected", m.Supersedes, m.Control)}}}
	}
	switch place := old.Places[i]; {
	case m.Occurrence == "":
		m.Occurrence = place.Occurrence
	case place.Occurrence != "" && place.Occurrence != m.Occurrence:
		return &ValidationError{Fields: []Fault{{"supersedes", fmt.Sprintf(
			"evidence %s answers another due window, %s", m.Supersedes, place.Occurrence)}}}
	}
	return nil
}

// answers finds the window that the evidence is for.
func (s *Service) answers(ctx context.Context, st *State, control *assize.Control, m *Manual) (*Occurrence, error) {
	if m.Occurrence != "" {
		o, err := s.occurrence(ctx, st.Assessment.ID, m.Occurrence)
		if err != nil {
			return nil, err
		}
		if o.ControlSet != m.ControlSet || o.Control != m.Control {
			return nil, &ValidationError{Fields: []Fault{{"occurrence", "it is of control " + o.Control + ", not of " + m.Control}}}
		}
		if m.Expectation != "" && m.Expectation != o.Expectation {
			return nil, &ValidationError{Fields: []Fault{{"occurrence", "it is of expectation " + o.Expectation + ", not of " + m.Expectation}}}
		}
		m.Expectation = o.Expectation
		return o, nil
	}
	if m.Expectation == "" {
		if open := control.Open(); len(open) == 1 {
			m.Expectation = open[0].ID
		}
	}
	if m.Expectation == "" {
		return nil, nil //nolint:nilnil // evidence beside what is expected answers no window
	}
	if !slices.ContainsFunc(control.Expectations, func(e assize.Expectation) bool { return e.ID == m.Expectation }) {
		return nil, fmt.Errorf("expectation %q of control %s: %w", m.Expectation, control.ID, ErrNotFound)
	}
	open, err := s.store.Occurrences(ctx, OccurrenceQuery{
		Assessment: st.Assessment.ID, Control: m.Control, Expectation: m.Expectation,
		States: []OccurrenceState{Pending, Missed, Failed},
	})
	if err != nil {
		return nil, err
	}
	return choose(open, m), nil
}

// about is the resource that evidence is about: that of the window which it answers, else the one that was named, of which
// the control must ask something.
func (s *Service) about(ctx context.Context, st *State, answered *Occurrence, m *Manual) ([]Subject, error) {
	if answered != nil {
		if m.Resource != "" && m.Resource != answered.Resource.Label() {
			return nil, &ValidationError{Fields: []Fault{{"resource", fmt.Sprintf("due window %s is not about %q", answered.ID, m.Resource)}}}
		}
		if answered.Resource == nil {
			return nil, nil
		}
		return []Subject{*answered.Resource}, nil
	}
	if m.Resource == "" {
		return nil, nil
	}
	asked, err := s.store.Occurrences(ctx, OccurrenceQuery{Assessment: st.Assessment.ID, Control: m.Control})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(asked, func(o Occurrence) bool { return o.ControlSet == m.ControlSet && o.Resource.Label() == m.Resource })
	if i < 0 {
		return nil, &ValidationError{Fields: []Fault{{"resource", fmt.Sprintf(
			"nothing is asked about %q: assize occurrence list shows what is, as resources are called there", m.Resource)}}}
	}
	return []Subject{*asked[i].Resource}, nil
}

// choose takes the newest pending window about the resource that was named, else the newest missed one.
func choose(open []Occurrence, m *Manual) *Occurrence {
	var best *Occurrence
	for i := range open {
		o := &open[i]
		if o.ControlSet != m.ControlSet || o.Resource.Label() != m.Resource && (m.Resource != "" || o.Resource != nil) {
			continue
		}
		if best == nil || o.Start.After(best.Start) {
			best = o
		}
	}
	return best
}
