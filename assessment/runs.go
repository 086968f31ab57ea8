package assessment

import (
	"context"
	"fmt"
	"strconv"

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
	if run.State == RunDone {
		changed, err := s.due(ctx, run.Assessment, found, complete)
		if err != nil {
			return fmt.Errorf("run %s: %w", run.ID, err)
		}
		if err := batch.occurrences(s, changed); err != nil {
			return err
		}
	}
	if _, err = s.store.Commit(ctx, batch); err != nil {
		return fmt.Errorf("run %s: end: %w", run.ID, err)
	}
	return nil
}

// occurrences adds changed occurrences to the batch, with a leaf for each.
func (b *Batch) occurrences(s *Service, changed []Occurrence) error {
	for _, o := range changed {
		e, err := entry(evidence.KindOccurrence, s.Now(), program, "occurrence/"+o.ID, OccurrenceEvent{Occurrence: o})
		if err != nil {
			return err
		}
		b.Leaves, b.Occurrences = append(b.Leaves, e), append(b.Occurrences, o)
	}
	return nil
}

// due returns the occurrences that are to be opened, closed or missed.
func (s *Service) due(ctx context.Context, id string, found map[string][]Subject, complete map[string]bool) ([]Occurrence, error) {
	st, err := s.State(ctx, id)
	if err != nil {
		return nil, err
	}
	if st.Assessment.Status != Active {
		return nil, nil
	}
	fw, err := s.Framework(ctx, st.Assessment.Framework)
	if err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	there, err := s.store.Occurrences(ctx, OccurrenceQuery{Assessment: id})
	if err != nil {
		return nil, err
	}
	schedule := &Schedule{
		Assessment: &st.Assessment, Framework: fw, Found: found, Complete: complete,
		Owner: func(e *assize.Expectation, _ *Subject) string { return owner(st, e) },
		Inactive: func(k ControlKey) bool {
			return st.ReviewOf(k) == ControlInactive
		},
	}
	return schedule.Advance(s.Now(), there)
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
	occurrences, err := s.due(ctx, id, nil, nil)
	if err != nil || len(occurrences) == 0 {
		return 0, err
	}
	batch := Batch{Scope: id}
	if err := batch.occurrences(s, occurrences); err != nil {
		return 0, err
	}
	// The same windows give the same key: two schedulers do not write them twice.
	batch.Key = "due/" + NameID(ids(occurrences)...)
	if _, err := s.store.Commit(ctx, batch); err != nil {
		return 0, fmt.Errorf("due windows of assessment %s: %w", id, err)
	}
	return len(occurrences), nil
}

func ids(list []Occurrence) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.ID + string(o.State)
	}
	return out
}

// Excuse says with a reason that nothing is due in a window.
func (s *Service) Excuse(ctx context.Context, id, actor, occurrence, reason string) error {
	if reason == "" {
		return &ValidationError{Fields: []Fault{{"reason", "say why nothing is due"}}}
	}
	_, err := s.change(ctx, id, func(*State) (*Batch, error) {
		o, err := s.occurrence(ctx, id, occurrence)
		if err != nil {
			return nil, err
		}
		o.State, o.Reason = Excused, reason
		e, err := entry(evidence.KindOccurrence, s.Now(), actor, "occurrence/"+o.ID, OccurrenceEvent{Occurrence: *o})
		return &Batch{Leaves: []Entry{e}, Occurrences: []Occurrence{*o}}, err
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
