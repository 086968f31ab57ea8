package jobs

import (
	"context"

	"github.com/assize-dev/assize/assessment"
)

// Work is what is done for a run. Both methods may be called again for the same run, by another process
// too: what they write has keys, so that nothing is written twice.
type Work interface {
	// Execute carries a run out and records its end. When it returns nil the run has ended. An error leaves
	// the run open; it is tried again. It returns soon after ctx has ended, with an error.
	Execute(ctx context.Context, run *assessment.Run) error
	// Fail records that a run has been given up, and why.
	Fail(ctx context.Context, run *assessment.Run, cause error) error
}

// Runner carries out runs. Of one assessment at most one run is carried out at a time, however many
// runners there are. A run whose runner has died is carried out again under its id.
type Runner interface {
	// Enqueue adds a run. A run of the same assessment that is due at the same time is added once: the one
	// that stands is returned.
	Enqueue(ctx context.Context, run assessment.Run) (*assessment.Run, error)
	// Serve carries out runs as they become due, until ctx ends. Then it asks those under way to stop, gives
	// them back to the queue, and returns nil. Runs that fail are no error of Serve.
	Serve(ctx context.Context) error
	// Drain carries out what is due now, and returns when nothing is left that it may carry out. Its error
	// joins those of the runs that could not be carried out; they are tried again later.
	Drain(ctx context.Context) error
	// History lists the runs of an assessment, newest first, at most limit.
	History(ctx context.Context, assessment string, limit int) ([]assessment.Run, error)
}
