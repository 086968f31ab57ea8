package collect

import (
	"slices"
	"strings"
	"sync"

	"github.com/assize-dev/assize"
)

// Builder makes one record. Safe for concurrent use.
type Builder struct {
	task *Task
	// gapsBefore is the number of the task's gaps when work on the record began.
	gapsBefore int

	mu  sync.Mutex
	rec assize.Record
}

func newBuilder(t *Task, typ, id string, gapsBefore int) *Builder {
	return &Builder{task: t, gapsBefore: gapsBefore, rec: assize.Record{Type: typ, Account: t.Account, Region: t.Region, ID: id}}
}

// Task is the task that the record belongs to.
func (b *Builder) Task() *Task { return b.task }

// ID is the record's id.
func (b *Builder) ID() string { return b.rec.ID }

// ARN sets the record's ARN.
func (b *Builder) ARN(arn string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rec.ARN = arn
}

// Region sets the Region in which the object stands, where that is not the task's.
// Empty changes nothing.
func (b *Builder) Region(region string) {
	if region == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rec.Region = region
}

// Answer adds the output of an operation: a struct of the SDK, or a part of one.
// Secrets in it are masked before it is kept. Each operation answers once.
func (b *Builder) Answer(operation string, v any) {
	value, masked := Encode(v)
	b.add(assize.Answer{Operation: operation, Value: value, Masked: masked})
}

// None adds that the service answered "there is none", and the code it said it with.
func (b *Builder) None(operation, code string) {
	b.add(assize.Answer{Operation: operation, None: code})
}

// Fail adds why the operation gave no answer.
func (b *Builder) Fail(operation string, err error) {
	g := b.task.gap(operation, b.StandsIn(), err)
	g.Resource = b.rec.ID
	b.add(assize.Answer{Operation: operation, Gap: &g})
}

func (b *Builder) add(a assize.Answer) {
	b.task.Operation(a.Operation) // panics unless declared
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rec.Answer(a.Operation) != nil {
		panic("operation " + a.Operation + " answers a second time")
	}
	b.rec.Answers = append(b.rec.Answers, a)
}

// done returns the record, its answers in order of their operations.
func (b *Builder) done() *assize.Record {
	b.mu.Lock()
	defer b.mu.Unlock()
	slices.SortFunc(b.rec.Answers, func(x, y assize.Answer) int { return strings.Compare(x.Operation, y.Operation) })
	return &b.rec
}

// StandsIn is the Region in which the object stands: the task's, or what
// [Builder.Region] was told.
func (b *Builder) StandsIn() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rec.Region
}
