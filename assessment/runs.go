package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// program is the actor of what nobody has asked for.
const program = "assize"

// Begin keeps what a run judges: the digest of its snapshot with the place of the body, and those of what
// judges. It is done once for a run: the caller reads the run again and goes on with what stands there.
func (s *Service) Begin(ctx context.Context, run *Run, at ...BlobLocation) error {
	batch := Batch{Scope: run.Assessment, Key: "run/" + run.ID + "/begin", Run: run, Blobs: at}
	if _, err := s.store.Commit(ctx, batch); err != nil {
		return fmt.Errorf("run %s: begin: %w", run.ID, err)
	}
	return nil
}

// Record commits one part of a run's evidence with the bodies that were written for it. Parts are
// numbered from 0; a part that was committed before is not committed again, so that a run which died
// can go on. It returns where the evidence stands.
func (s *Service) Record(ctx context.Context, run *Run, part int, items []Evidence, bodies []BlobLocation) ([]Position, error) {
	now := s.Now()
	batch := Batch{Scope: run.Assessment, Key: "run/" + run.ID + "/" + strconv.Itoa(part), Blobs: bodies}
	for i := range items {
		e, err := evidenceEntry(now, &items[i])
		if err != nil {
			return nil, err
		}
		batch.Leaves = append(batch.Leaves, e)
	}
	positions, err := s.store.Commit(ctx, batch)
	if err != nil {
		return nil, fmt.Errorf("run %s: part %d: %w", run.ID, part, err)
	}
	return positions, nil
}

// Finish ends a run: its leaf, its tallies and the due windows that follow from what was found, in
// one transaction. A run that was finished before is not finished again.
func (s *Service) Finish(ctx context.Context, event RunEvent, tallies []Tally, found map[string][]Subject, complete map[string]bool) error {
	run := event.Run
	run.Finished = whole(s.Now())
	event.Run = run
	e, err := entry(evidence.KindRun, run.Finished, program, "run/"+run.ID, event)
	if err != nil {
		return err
	}
	batch := Batch{Scope: run.Assessment, Key: "run/" + run.ID + "/end", Leaves: []Entry{e}, Run: &run, Tallies: tallies}
	leaf := batch.Leaves
	for range attempts {
		batch.Leaves, batch.Occurrences = slices.Clone(leaf), nil
		if run.State == RunDone {
			if err := s.due(ctx, &batch, found, complete); err != nil {
				return fmt.Errorf("run %s: %w", run.ID, err)
			}
		}
		if _, err = s.store.Commit(ctx, batch); !errors.Is(err, ErrConflict) {
			break // on a conflict somebody has answered a window meanwhile
		}
	}
	if err != nil {
		return fmt.Errorf("run %s: end: %w", run.ID, err)
	}
	return nil
}

// occurrences adds changed occurrences to the batch, with a leaf for each.
func (b *Batch) occurrences(s *Service, actor string, changed []Occurrence) error {
	for _, o := range changed {
		e, err := entry(evidence.KindOccurrence, s.Now(), actor, "occurrence/"+o.ID, OccurrenceEvent{Occurrence: o})
		if err != nil {
			return err
		}
		b.Leaves, b.Occurrences = append(b.Leaves, e), append(b.Occurrences, o)
	}
	return nil
}

// due adds to a batch the occurrences that are to be opened, closed or missed, guarded against those who answer
// them meanwhile.
func (s *Service) due(ctx context.Context, b *Batch, found map[string][]Subject, complete map[string]bool) error {
	size, err := s.store.Size(ctx)
	if err != nil {
		return err
	}
	st, err := s.State(ctx, b.Scope)
	if err != nil {
		return err
	}
	if st.Assessment.Status != Active {
		return nil
	}
	fw, err := s.Framework(ctx, st.Assessment.Framework)
	if err != nil {
		return fmt.Errorf("framework: %w", err)
	}
	there, err := s.store.Occurrences(ctx, OccurrenceQuery{Assessment: b.Scope})
	if err != nil {
		return err
	}
	schedule := &Schedule{
		Assessment: &st.Assessment, Framework: fw, Found: found, Complete: complete,
		Owner: func(e *assize.Expectation, _ *Subject) string { return owner(st, e) },
		Inactive: func(k ControlKey) bool {
			return st.ReviewOf(k) == ControlInactive
		},
	}
	changed, err := schedule.Advance(s.Now(), there)
	if err != nil {
		return err
	}
	b.OccurrencesAt = size
	return b.occurrences(s, program, changed)
}

// owner of what is due: the delegate of nobody in particular is the first audit owner.
func owner(st *State, e *assize.Expectation) string {
	if e.Owner != "" {
		return e.Owner
	}
	for _, r := range st.Assessment.Roles {
		if r.Type == ProcessOwner {
			return r.Name
		}
	}
	return ""
}

// Advance opens and misses due windows without a run: the clock alone makes evidence overdue.
// Windows about resources stay as the last run left them.
func (s *Service) Advance(ctx context.Context, id string) (changed int, err error) {
	for range attempts {
		batch := Batch{Scope: id}
		if err := s.due(ctx, &batch, nil, nil); err != nil || len(batch.Occurrences) == 0 {
			return 0, err
		}
		// Two schedulers do not write the same windows twice: the guard lets the second one look again.
		if _, err = s.store.Commit(ctx, batch); err == nil {
			return len(batch.Occurrences), nil
		}
		if !errors.Is(err, ErrConflict) {
			break
		}
	}
	return 0, fmt.Errorf("due windows of assessment %s: %w", id, err)
}

// Excuse says with a reason that nothing is due in a window that has not been answered.
func (s *Service) Excuse(ctx context.Context, id, actor, occurrence, reason string) error {
	n := utf8.RuneCountInString(reason)
	if strings.TrimSpace(reason) == "" || n > maxDescription {
		return &ValidationError{Fields: []Fault{{"reason", fmt.Sprintf("say why nothing is due, in at most %d characters", maxDescription)}}}
	}
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if st.Assessment.Status == Inactive {
			return nil, inactive(&st.Assessment)
		}
		size, err := s.store.Size(ctx)
		if err != nil {
			return nil, err
		}
		o, err := s.occurrence(ctx, id, occurrence)
		if err != nil {
			return nil, err
		}
		switch o.State {
		case Pending, Missed, Failed:
		case Collected, Late, Excused, Closed, NotConnected:
			return nil, &ValidationError{Fields: []Fault{{"occurrence", "it is " + string(o.State) + ": nothing is open to be excused"}}}
		}
		o.State, o.Reason = Excused, reason
		batch := &Batch{OccurrencesAt: size}
		return batch, batch.occurrences(s, actor, []Occurrence{*o})
	})
	return err
}

func (s *Service) occurrence(ctx context.Context, id, occurrence string) (*Occurrence, error) {
	all, err := s.store.Occurrences(ctx, OccurrenceQuery{Assessment: id})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == occurrence {
			return &all[i], nil
		}
	}
	return nil, fmt.Errorf("occurrence %s of assessment %s: %w", occurrence, id, ErrNotFound)
}
