package collect

import "github.com/assize-dev/assize"

// Journal keeps what tasks gather, so that a run that was killed can go on.
type Journal interface {
	// Open returns the log of a task, with what an earlier run wrote into it.
	Open(collector, account, region string) (TaskLog, error)
}

// TaskLog is the journal of one task. Its methods are called by one goroutine at a time.
type TaskLog interface {
	// Earlier returns what an earlier run kept: its records, and, when that run
	// finished the task, its coverage and gaps.
	Earlier() (records []*assize.Record, gaps []assize.Gap, coverage []assize.Coverage)
	// Record keeps a record that need not be fetched again.
	Record(*assize.Record) error
	// Finish keeps the gaps and the coverage of a task that need not be run again.
	Finish(gaps []assize.Gap, coverage []assize.Coverage) error
	// Close ends the log; a task that was not finished goes on from here next time.
	Close() error
}
