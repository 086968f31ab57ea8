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
	policies := apart(objects)
	for _, p := range objects {
		resources := m.Resources(p)
		if len(resources) == 0 && !m.isPart[p.Type] {
			unmapped[p.Type]++
		}
		for _, policy := range m.inline(p, policies) {
			resources = append(resources, m.Resources(policy)...)
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
