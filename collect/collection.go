package collect

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// Collection is everything that one collection has gathered: what a snapshot
// holds. [Collection.Sink] fills it.
type Collection struct {
	// Version of Assize that collected.
	Version string
	// Mapping is the digest of the definitions of that version; may be empty.
	Mapping string
	// AsOf is when the collection began.
	AsOf     time.Time
	Accounts []assize.Account
	Records  []*assize.Record
	Coverage []assize.Coverage
	// Gaps that concern no single record.
	Gaps []assize.Gap
	// Requests of each collector, attempts included.
	Requests map[string]int
	// Interrupted: cut short by the user.
	Interrupted bool
	// Digest of the snapshot that it was read from, "sha256:<hex>"; empty for a live one.
	Digest string
}

// NewCollection makes an empty collection. asOf is kept in UTC, to the second.
func NewCollection(version string, asOf time.Time) *Collection {
	return &Collection{Version: version, AsOf: asOf.UTC().Truncate(time.Second), Requests: map[string]int{}}
}

// Sink returns the sink that fills the collection.
func (c *Collection) Sink() Sink { return gatherer{c} }

// gatherer is the sink of a collection.
type gatherer struct{ to *Collection }

func (g gatherer) Account(a assize.Account) error {
	g.to.Accounts = append(g.to.Accounts, a)
	return nil
}

func (g gatherer) Record(r *assize.Record) error {
	g.to.Records = append(g.to.Records, r)
	return nil
}

func (g gatherer) Coverage(v assize.Coverage) error {
	g.to.Coverage = append(g.to.Coverage, v)
	return nil
}

func (g gatherer) Gap(v assize.Gap) error {
	g.to.Gaps = append(g.to.Gaps, v)
	return nil
}

func (g gatherer) Requests(collector string, n int) error {
	g.to.Requests[collector] += n
	return nil
}

// Sort puts everything into the one order in which it is written and judged.
func (c *Collection) Sort() {
	slices.SortFunc(c.Accounts, func(a, b assize.Account) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(c.Records, func(a, b *assize.Record) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region),
			strings.Compare(a.Type, b.Type), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(c.Coverage, func(a, b assize.Coverage) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region), strings.Compare(a.Type, b.Type))
	})
	slices.SortFunc(c.Gaps, compareGaps)
}

func compareGaps(a, b assize.Gap) int {
	return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region),
		strings.Compare(a.Operation, b.Operation), slices.Compare(a.Types, b.Types),
		strings.Compare(a.Resource, b.Resource), cmp.Compare(a.Cause, b.Cause),
		strings.Compare(a.Code, b.Code), strings.Compare(a.Detail, b.Detail))
}

// DeclarationsDigest identifies what a set of collectors calls and yields, "sha256:<hex>".
func DeclarationsDigest(decls []*Declaration) string { return digestOf(decls) }

func digestOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // declarations and definitions are strings, numbers and plain values
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
