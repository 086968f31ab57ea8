package deployment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/assize-dev/assize/assessment"
)

// orphanAge is how long a segment must have been referred to by nothing before it is removed: another
// process may be about to commit what it has just written there.
const orphanAge = time.Hour

// recentRuns is how many runs of an assessment are looked at where only the newest matter.
const recentRuns = 100

// Sweeper removes what crashes have left: segments that nothing refers to, and folders of runs that have ended.
type Sweeper struct {
	Deployment *Deployment
	seen       map[string]time.Time
}

// Sweep looks, and removes what has been an orphan for an hour. It returns how many segments it removed.
func (s *Sweeper) Sweep(ctx context.Context) (removed int, err error) {
	d := s.Deployment
	known, err := d.Store.Segments(ctx)
	if err != nil {
		return 0, err
	}
	there, err := d.Backend.Segments(ctx)
	if err != nil {
		return 0, err
	}
	used := make(map[string]bool, len(known))
	for _, name := range known {
		used[name] = true
	}
	orphans := map[string]time.Time{}
	for _, name := range there {
		if used[name] {
			continue
		}
		first, ok := s.seen[name]
		if !ok {
			first = d.Now()
		}
		if d.Now().Sub(first) < orphanAge {
			orphans[name] = first
			continue
		}
		if err := d.Backend.Remove(ctx, name); err != nil {
			return removed, err
		}
		removed++
	}
	s.seen = orphans
	return removed, d.sweepRuns(ctx)
}

func (d *Deployment) sweepRuns(ctx context.Context) error {
	entries, err := os.ReadDir(filepath.Join(d.Data, "runs"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("folders of runs: %w", err)
	}
	list, err := d.Store.Assessments(ctx)
	if err != nil {
		return err
	}
	open := map[string]bool{}
	for i := range list {
		runs, err := d.Store.RunsOf(ctx, list[i].ID, recentRuns)
		if err != nil {
			return err
		}
		for _, r := range runs {
			open[r.ID] = r.State == assessment.RunQueued || r.State == assessment.RunRunning
		}
	}
	for _, e := range entries {
		if !open[e.Name()] {
			if err := os.RemoveAll(filepath.Join(d.Data, "runs", e.Name())); err != nil {
				return fmt.Errorf("folder of run %s: %w", e.Name(), err)
			}
		}
	}
	return nil
}
