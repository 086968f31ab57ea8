package collect

import (
	"context"
	"errors"
	"fmt"

	"github.com/assize-dev/assize"
)

// Failure is an error that the runner understands: why a call gave no answer,
// and whether it is worth trying again.
type Failure struct {
	Cause assize.Cause
	// Code is the service's error code; may be empty.
	Code string
	// Detail is one line for people.
	Detail string
	// Retry says that the same call may succeed a little later.
	Retry bool
	// Throttle says that the service asked to be called less often.
	Throttle bool
	// Err is the error that was classified; may be nil.
	Err error
}

// Error is the failure in one line.
func (f *Failure) Error() string {
	s := string(f.Cause)
	if f.Code != "" {
		s += " (" + f.Code + ")"
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// Unwrap gives the error that was classified.
func (f *Failure) Unwrap() error { return f.Err }

// Wrong is the failure of an answer that cannot be what was asked for.
func Wrong(format string, args ...any) *Failure {
	return &Failure{Cause: assize.WrongAnswer, Detail: fmt.Sprintf(format, args...)}
}

// Classifier tells why a call in a Region failed. It is given neither nil nor an
// error that holds a *Failure.
type Classifier func(region string, err error) *Failure

// ErrStopped says that a task has come to its end early: its deadline, its item
// budget, or an interruption. The task has recorded the gap; who receives it
// returns it and records nothing.
var ErrStopped = errors.New("task stopped")

// Causes of a task's or call's context.
var (
	errDeadline = errors.New("the collector's deadline passed")
	errAttempt  = errors.New("no answer in time")
)

// ended is the failure of a context that is done, nil for one that is not.
func ended(ctx context.Context) *Failure {
	if ctx.Err() == nil {
		return nil
	}
	if errors.Is(context.Cause(ctx), errDeadline) {
		return &Failure{Cause: assize.Timeout, Detail: errDeadline.Error(), Err: errDeadline}
	}
	return &Failure{Cause: assize.Interrupted, Detail: "the collection was interrupted", Err: context.Cause(ctx)}
}
