package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/assize-dev/assize/assessment"
)

// Assessments are what a [Scheduler] needs to know.
type Assessments interface {
	// Assessments lists all, newest first.
	Assessments(ctx context.Context) ([]assessment.Assessment, error)
}

// Advancer opens and misses due windows by the clock alone; see [assessment.Service.Advance].
type Advancer interface {
	Advance(ctx context.Context, id string) (changed int, err error)
}

// Scheduler puts runs into the queue as the cadences of assessments ask for them.
type Scheduler struct {
	Assessments Assessments
	Runner      Runner
	Windows     Advancer
	Now         func() time.Time
}

// Tick enqueues the run of the current window of each active assessment, where there is none yet, and
// advances the due windows. Windows that passed while nothing was running are not made up for one by one: the
// run of the current one catches up. What is wrong with one assessment does not keep the others from
// going on; the error joins all.
func (s *Scheduler) Tick(ctx context.Context) error {
	list, err := s.Assessments.Assessments(ctx)
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	var errs []error
	for i := range list {
		if list[i].Status != assessment.Active {
			continue
		}
		if err := s.one(ctx, &list[i]); err != nil {
			errs = append(errs, fmt.Errorf("schedule assessment %s: %w", list[i].ID, err))
		}
	}
	return errors.Join(errs...)
}

func (s *Scheduler) one(ctx context.Context, a *assessment.Assessment) error {
	cadence, err := assessment.NewCadence(a.Cadence, a.TimeZone, a.Created)
	if err != nil {
		return err
	}
	if window, ok := cadence.At(s.Now()); ok {
		if _, err := s.Runner.Enqueue(ctx, RunAt(a.ID, window.Start)); err != nil {
			return err
		}
	}
	_, err = s.Windows.Advance(ctx, a.ID)
	return err
}

// RunAt is a run of an assessment that is due at a time.
func RunAt(id string, due time.Time) assessment.Run {
	due = due.UTC().Truncate(time.Microsecond)
	return assessment.Run{
		ID: assessment.NameID("run", id, due.Format(time.RFC3339Nano)), Assessment: id, State: assessment.RunQueued, Due: due,
	}
}
