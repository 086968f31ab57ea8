package collect

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/assize-dev/assize"
)

// Resources translates an object into every resource that it makes, in the order of
// the definitions; none when its type is not mapped or it is of no mapped kind.
func (m *PlannedMapping) Resources(p *Planned) []*assize.Resource {
	var all []*assize.Resource
	for _, prog := range m.programs[p.Type] {
		if prog.fits(p) {
			all = append(all, m.resource(prog, p))
		}
	}
	return all
}

func (m *PlannedMapping) resource(prog *plannedProgram, p *Planned) *assize.Resource {
	p = prog.withRows(p)
	t := &translation{m: m, prog: prog, object: p}
	t.convert.texts = &m.texts
	ref := m.reference(prog, p)
	origin := p.Origin
	r := &assize.Resource{
		Type: ref.Type, Account: intern(ref.Account), Region: intern(ref.Region), ID: ref.ID,
		Names: m.names(prog, p), Origin: &origin,
		Properties: t.properties(prog.root, at{object: p, value: p.Attributes}),
	}
	r.Sensitive = t.sensitive
	if r.ARN, _ = m.knownARN(prog, p); r.ARN == "" && prog.arn != noARN {
		r.ARN = assize.PlannedARN(p.Origin.Address)
	}
	return r
}

// PlannedScope is what is known of where the objects of a source go.
type PlannedScope struct {
	// AsOf is the time for rules about age: when the plan was made.
	AsOf time.Time
	// Regions that the source's providers or stacks name, beside those of the objects.
	Regions []string
	// Account that the objects go to where they do not say it; may be empty.
	Account string
	// Digest of what was read.
	Digest string
}

// Inventory translates objects, which have been joined to their parts, into an
// inventory. Of every type in every account and Region of it the list is a gap of cause
// DeferredToLive, for what is planned is never all that there is. unmapped counts, by type of the
// source, the objects that became no resource and are no part of one.
func (m *PlannedMapping) Inventory(objects []*Planned, scope PlannedScope) (inv *assize.Inventory, unmapped map[string]int) {
	inv = &assize.Inventory{AsOf: scope.AsOf, Digest: scope.Digest}
	unmapped = map[string]int{}
	regions := map[string]map[string]bool{scope.Account: {}}
	for _, region := range scope.Regions {
		regions[scope.Account][region] = true
	}
	for _, p := range objects {
		resources := m.Resources(p)
		if len(resources) == 0 && !m.isPart[p.Type] {
			unmapped[p.Type]++
		}
		for _, r := range resources {
			inv.Resources = append(inv.Resources, r)
			if regions[r.Account] == nil {
				regions[r.Account] = map[string]bool{}
			}
			if r.Region != assize.Global {
				regions[r.Account][r.Region] = true
			}
		}
	}
	slices.SortFunc(inv.Resources, (*assize.Resource).Compare)
	for _, id := range slices.Sorted(maps.Keys(regions)) {
		account := assize.Account{ID: id, Regions: slices.Sorted(maps.Keys(regions[id]))}
		if len(account.Regions) == 0 {
			account.Regions = []string{UnknownRegion}
		}
		account.Partition = PartitionOf(account.Regions[0])
		inv.Accounts = append(inv.Accounts, account)
	}
	m.cover(inv)
	return inv, unmapped
}

// cover says of each type that there may be more than what is planned.
func (m *PlannedMapping) cover(inv *assize.Inventory) {
	for _, account := range inv.Accounts {
		for _, def := range m.defs {
			regions := account.Regions
			if def.Global {
				regions = []string{assize.Global}
			}
			for _, region := range regions {
				inv.Coverage = append(inv.Coverage, assize.Coverage{
					Type: def.Type, Account: account.ID, Region: region,
					Gap: &assize.Gap{
						Account: account.ID, Region: region, Types: []string{def.Type}, Cause: assize.DeferredToLive,
						Detail: fmt.Sprintf("a plan shows what it changes, not what else is there of %s", def.Type),
					},
				})
			}
		}
	}
}
