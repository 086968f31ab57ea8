// Package jobs keeps a deployment going: it puts runs of collection into the queue when they are due,
// carries them out, opens and misses due windows by the clock, publishes checkpoints of the ledger, and
// destroys bodies whose retention is over.
//
// What carries runs out stands behind one contract, [Runner], with a conformance suite (jobs/jobstest).
// [Local] does it in this process.
package jobs
