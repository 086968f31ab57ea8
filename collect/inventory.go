package collect

import (
	"fmt"
	"maps"
	"slices"

	"github.com/assize-dev/assize"
)

// Inventory derives the resources of all records, sorted, and gathers the gaps of
// the lists and of the records, each once. It leaves the collection sorted.
// A record of a type that the mapping does not define is an error: the snapshot is
// of a later version, and leaving it out would read as "there is none".
func (c *Collection) Inventory(m *Mapping) (*assize.Inventory, error) {
	c.Sort()
	inv := &assize.Inventory{
		AsOf: c.AsOf, Accounts: c.Accounts, Coverage: c.Coverage, Gaps: slices.Clone(c.Gaps),
		Requests: maps.Clone(c.Requests), Digest: c.Digest, Interrupted: c.Interrupted,
		Resources: make([]*assize.Resource, 0, len(c.Records)),
	}
	for _, rec := range c.Records {
		res, err := m.Derive(rec)
		if err != nil {
			return nil, fmt.Errorf("derive %s: %w", rec.Key(), err)
		}
		inv.Resources = append(inv.Resources, res)
		for _, a := range rec.Answers {
			if a.Gap != nil {
				inv.Gaps = append(inv.Gaps, *a.Gap)
			}
		}
	}
	slices.SortFunc(inv.Resources, (*assize.Resource).Compare)
	slices.SortFunc(inv.Gaps, compareGaps)
	return inv, nil
}
