package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/jobs"
)

type fakeAssessments []assessment.Assessment

func (f fakeAssessments) Assessments(context.Context) ([]assessment.Assessment, error) { return f, nil }

type fakeWindows struct{ broken string }

var errWindows = errors.New("no windows")

func (f fakeWindows) Advance(_ context.Context, id string) (int, error) {
	if id == f.broken {
		return 0, errWindows
	}
	return 0, nil
}

// TestTick: each window gets one run, also when many passed while nothing was running.
func TestTick(t *testing.T) {
	t.Parallel()
	created := time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC)
	now := created
	s := openStore(t)
	runner := jobs.NewLocal(s, nil, jobs.LocalConfig{Now: func() time.Time { return now }})
	list := fakeAssessments{
		{ID: "daily", Status: assessment.Active, Created: created, Cadence: "FREQ=DAILY"},
		{ID: "weekly", Status: assessment.Active, Created: created, Cadence: "FREQ=WEEKLY", TimeZone: "Europe/Berlin"},
		{ID: "done", Status: assessment.Inactive, Created: created, Cadence: "FREQ=DAILY"},
	}
	scheduler := &jobs.Scheduler{Assessments: list, Runner: runner, Windows: fakeWindows{}, Now: func() time.Time { return now }}
	for _, at := range []time.Time{created, created.Add(time.Hour), created.Add(24 * time.Hour), created.Add(9 * 24 * time.Hour)} {
		now = at
		for range 2 {
			if err := scheduler.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := map[string][]string{}
	for _, a := range list {
		runs, err := s.RunsOf(t.Context(), a.ID, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			got[a.ID] = append(got[a.ID], r.Due.Format(time.RFC3339))
		}
	}
	want := map[string][]string{
		"daily": {"2026-11-10T00:00:00Z", "2026-11-02T00:00:00Z", "2026-11-01T09:30:00Z"},
		// Weeks begin at midnight in Berlin, an hour before that in UTC.
		"weekly": {"2026-11-07T23:00:00Z", "2026-11-01T09:30:00Z"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("due times (-want +got):\n%s", diff)
	}
}

// TestTickGoesOn: what is wrong with one assessment does not keep the others from going on.
func TestTickGoesOn(t *testing.T) {
	t.Parallel()
	created := time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC)
	now := func() time.Time { return created }
	s := openStore(t)
	list := fakeAssessments{
		{ID: "broken", Status: assessment.Active, Created: created, Cadence: "FREQ=DAILY"},
		{ID: "wrong", Status: assessment.Active, Created: created, Cadence: "FREQ=HOURLY"},
		{ID: "good", Status: assessment.Active, Created: created, Cadence: "FREQ=DAILY"},
	}
	scheduler := &jobs.Scheduler{
		Assessments: list, Runner: jobs.NewLocal(s, nil, jobs.LocalConfig{Now: now}), Windows: fakeWindows{broken: "broken"}, Now: now,
	}
	if err := scheduler.Tick(t.Context()); !errors.Is(err, errWindows) {
		t.Errorf("got %v, want what is wrong with the first", err)
	}
	if runs, err := s.RunsOf(t.Context(), "good", 1); err != nil || len(runs) != 1 {
		t.Errorf("got %d runs, %v, want one", len(runs), err)
	}
}
