// Package collect reads accounts: it holds the contract of a source, the runner
// that calls collectors within budgets, and the way from API answers to
// resources.
//
// A collector declares what it calls and what it yields ([Declaration]); the
// runner owns rate, concurrency, retries, deadlines, panics and resumption.
// Nothing may be missing without a [assize.Gap]: each declared type of each
// planned task ends with exactly one [assize.Coverage].
package collect
