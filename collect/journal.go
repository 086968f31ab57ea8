package collect

import "github.com/assize-dev/assize"

// Journal keeps what tasks gather, so that a run that was killed can go on. Its
// methods are called from several goroutines, those of one [TaskLog] are not.
type Journal interface {
	// Bind ties the journal to what is collected. A journal that is bound to
	// something else refuses, and says what differs.
	Bind(Binding) error
	// Open returns the log of a task.
	Open(collector, account, region string) (TaskLog, error)
}

// Binding is what two runs must have in common to share a journal.
type Binding struct {
	Accounts []assize.Account `json:"accounts"`
	// Declarations is the digest of all collectors' declarations.
	Declarations string `json:"declarations"`
}

// TaskLog is the journal of one task.
type TaskLog interface {
	// Earlier returns what an earlier run kept: records that need not be fetched
	// again, and the result when that run finished the task, else nil.
	Earlier() ([]*assize.Record, *TaskResult)
	// Record keeps a record.
	Record(*assize.Record) error
	// Finish keeps the result of a task that need not be run again.
	Finish(*TaskResult) error
	// Close ends the log. A task that was not finished goes on from here next time.
	Close() error
}

// TaskResult is what a task says besides its records.
type TaskResult struct {
	Gaps     []assize.Gap      `json:"gaps,omitempty"`
	Coverage []assize.Coverage `json:"coverage"`
	// Requests made, attempts included.
	Requests int `json:"requests"`
}
