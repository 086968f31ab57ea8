// Package assessment is the domain of assessments: what is expected, what has come, what
// people decided, and the status that follows. It is pure: the clock, the ids and the store
// are given to it.
//
// Every fact is a leaf of the ledger ([evidence.Leaf]) and is never changed. What an assessment
// is now (its decisions, delegations, exceptions, occurrences) is folded from its leaves; a store
// keeps projections beside them so that nobody has to read all leaves for a list. The names are
// those of AWS Audit Manager where it has one.
package assessment
