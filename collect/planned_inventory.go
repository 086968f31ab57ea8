package collect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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
	p = prog.withComputed(prog.withJSON(prog.withRows(p)))
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
	r.Secrets = secretsIn(p, append([]string{r.ARN}, r.Names...))
	return r
}

// secretsIn are the sensitive texts of an object that stand in its names.
func secretsIn(p *Planned, names []string) []string {
	var secrets []string
	for _, path := range p.Sensitive {
		for _, text := range textsBelow(p.Attributes, path, nil) {
			inName := func(name string) bool { return strings.Contains(name, text) }
			if text != "" && slices.ContainsFunc(names, inName) && !slices.Contains(secrets, text) {
				secrets = append(secrets, text)
			}
		}
	}
	return secrets
}

// textsBelow appends the texts at a path, as "rule[0].secret", and below it. An index is not
// looked at: what is sensitive in one element is so in all.
func textsBelow(v assize.Value, path string, all []string) []string {
	if rest, isIndex := strings.CutPrefix(path, "["); isIndex {
		_, path, _ = strings.Cut(rest, "]")
		path = strings.TrimPrefix(path, ".")
	}
	switch x := v.(type) {
	case string:
		if path == "" {
			all = append(all, x)
		}
	case assize.List:
		for _, e := range x {
			all = textsBelow(e, path, all)
		}
	case assize.Object:
		for _, f := range x {
			if path == "" {
				all = textsBelow(f.Value, "", all)
			} else if rest, ok := strings.CutPrefix(path, f.Name); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				all = textsBelow(f.Value, strings.TrimPrefix(rest, "."), all)
			}
		}
	}
	return all
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

// Inventory translates objects, which have been joined to their parts, into an inventory; see
// [PlannedBuilder].
func (m *PlannedMapping) Inventory(objects []*Planned, scope PlannedScope) (inv *assize.Inventory, unmapped map[string]int) {
	b := m.Builder(scope)
	for _, p := range objects {
		b.Expect(p)
	}
	for _, p := range objects {
		b.Add(p)
	}
	return b.Inventory()
}

// PlannedBuilder makes an inventory of objects one by one, so that of a large plan no more need
// be held at a time than one of them and what belongs to it.
type PlannedBuilder struct {
	m        *PlannedMapping
	inv      *assize.Inventory
	unmapped map[string]int
	regions  map[string]map[string]bool // by account
	policies map[inlineKey]bool
}

// Builder begins an inventory.
func (m *PlannedMapping) Builder(scope PlannedScope) *PlannedBuilder {
	b := &PlannedBuilder{
		m: m, inv: &assize.Inventory{AsOf: scope.AsOf, Digest: scope.Digest}, unmapped: map[string]int{},
		regions: map[string]map[string]bool{scope.Account: {}}, policies: map[inlineKey]bool{},
	}
	for _, region := range scope.Regions {
		b.regions[scope.Account][region] = true
	}
	return b
}

// Expect takes note of an object that is going to be added, where others must know of it: an
// inline policy that its source has as an object of its own; see [Expected]. All such come
// before the first that is added.
func (b *PlannedBuilder) Expect(p *Planned) { expect(b.policies, p) }

// Add translates an object, which has been joined to its parts, and all that it holds. The
// builder keeps nothing of it but values.
func (b *PlannedBuilder) Add(p *Planned) {
	resources := b.m.Resources(p)
	if len(resources) == 0 && !b.m.isPart[p.Type] {
		b.unmapped[p.Type]++
	}
	for _, policy := range b.m.inline(p, b.policies) {
		resources = append(resources, b.m.Resources(policy)...)
	}
	for _, r := range resources {
		b.inv.Resources = append(b.inv.Resources, r)
		if b.regions[r.Account] == nil {
			b.regions[r.Account] = map[string]bool{}
		}
		if r.Region != assize.Global {
			b.regions[r.Account][r.Region] = true
		}
	}
}

// Inventory returns what was added. Of every type in every account and Region of it the list is a
// gap of cause DeferredToLive, for what is planned is never all that there is. unmapped counts, by
// type of the source, the objects that became no resource and are no part of one.
func (b *PlannedBuilder) Inventory() (inv *assize.Inventory, unmapped map[string]int) {
	slices.SortFunc(b.inv.Resources, (*assize.Resource).Compare)
	for _, id := range slices.Sorted(maps.Keys(b.regions)) {
		account := assize.Account{ID: id, Regions: slices.Sorted(maps.Keys(b.regions[id]))}
		if len(account.Regions) == 0 {
			account.Regions = []string{UnknownRegion}
		}
		account.Partition = PartitionOf(account.Regions[0])
		b.inv.Accounts = append(b.inv.Accounts, account)
	}
	b.m.cover(b.inv)
	return b.inv, b.unmapped
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
