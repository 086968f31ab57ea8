package jobs_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/jobs/jobstest"
	"github.com/assize-dev/assize/store/sqlite"
	"github.com/assize-dev/assize/store/sqlstore"
)

func openStore(t *testing.T) *sqlstore.Store {
	t.Helper()
	s, err := sqlite.Open(context.WithoutCancel(t.Context()), filepath.Join(t.TempDir(), "assize.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestLocal(t *testing.T) {
	t.Parallel()
	var holder atomic.Int64
	jobstest.Exercise(t, func(t *testing.T) *jobstest.Bench {
		s := openStore(t)
		return &jobstest.Bench{
			Queue: s, Lease: time.Minute,
			Finish: func(ctx context.Context, run *assessment.Run) error {
				_, err := s.Commit(ctx, assessment.Batch{Scope: run.Assessment, Run: run})
				return err
			},
			Runner: func(work jobs.Work, now func() time.Time) jobs.Runner {
				return jobs.NewLocal(s, work, jobs.LocalConfig{
					Now: now, Holder: fmt.Sprint("holder ", holder.Add(1)), Poll: 10 * time.Millisecond, Backoff: time.Minute,
				})
			},
		}
	})
}

// taken is a queue whose runs are taken away from their holder at once.
type taken struct{ assessment.Runs }

func (taken) Renew(context.Context, string, string, time.Time) error { return assessment.ErrTaken }

type waiting struct{ failed bool }

func (*waiting) Execute(ctx context.Context, _ *assessment.Run) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func (w *waiting) Fail(context.Context, *assessment.Run, error) error {
	w.failed = true
	return nil
}

// TestLost: whoever has lost a run stops, and writes nothing about it any more.
func TestLost(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	w := &waiting{}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	r := jobs.NewLocal(taken{s}, w, jobs.LocalConfig{
		Now: func() time.Time { return now }, Holder: "one", Lease: 3 * time.Millisecond, Attempts: 1,
	})
	if _, err := r.Enqueue(t.Context(), assessment.Run{ID: "r", Assessment: "a", Due: now}); err != nil {
		t.Fatal(err)
	}
	if err := r.Drain(t.Context()); err == nil {
		t.Error("the loss of the run was not told")
	}
	if w.failed {
		t.Error("a run that another holds was given up")
	}
}
