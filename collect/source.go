package collect

import (
	"context"

	"github.com/assize-dev/assize"
)

// Source is a place that accounts can be read from.
type Source interface {
	// Collect streams what it finds in the target into the sink. A call that
	// fails is one gap and the rest goes on. It returns an error only when there
	// is nothing to collect from (no credentials, an unknown Region) or the sink
	// failed; what was gathered until then has been sent. When ctx ends early, all
	// that is unfinished has been sent as gaps with the cause "interrupted", and
	// the error is the cause of ctx.
	//
	// The order of what arrives is not fixed; a [Collection] sorts.
	Collect(ctx context.Context, target Target, sink Sink) error
}

// Target is what a source is asked to read.
type Target struct {
	// Regions to look at, or "all" for each Region that the account has enabled. Empty
	// means the one that the source was configured with.
	Regions []string
	// Collectors by name; empty means all.
	Collectors []string
	// Journal keeps what was gathered for a later run; nil keeps nothing.
	Journal Journal
}

// Sink takes what a source finds. The source calls it from one goroutine at a time.
type Sink interface {
	// Account announces an account before anything of it arrives.
	Account(assize.Account) error
	// Record is one API object. Its key is unique in the collection.
	Record(*assize.Record) error
	// Coverage arrives exactly once for each type, account and Region that was planned.
	Coverage(assize.Coverage) error
	// Gap is a failure that concerns no single record; those are in the record's answers.
	Gap(assize.Gap) error
	// Requests is the number of API requests, attempts included, that a collector made.
	Requests(collector string, n int) error
}

// Availability tells where a service is offered.
type Availability interface {
	// Offered reports whether the service is offered in the Region. known is
	// false when the table says nothing of the service, or of the Region: then
	// nothing follows from offered.
	Offered(service, region string) (offered, known bool)
	// Origin is the table's source and date, in a few words.
	Origin() string
}
