// Package graph links the resources of an inventory: which resource a property
// names, which are there in an account and Region, and which belong to AI. It is
// pure: the same inventory and definitions give the same graph.
package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// place is a type in an account and Region.
type place struct{ typ, account, region string }

// Graph answers look-ups over one inventory.
type Graph struct {
	inv      *assize.Inventory
	defs     map[string]*assize.Definition
	refs     map[string][]refPath
	byARN    map[string]*assize.Resource
	byID     map[place]map[string]*assize.Resource
	byBucket map[string]*assize.Resource
	byPlace  map[place][]*assize.Resource
	byType   map[string][]*assize.Resource
	coverage map[place]*assize.Coverage
	accounts map[string]*assize.Account
}

// Inventory is what the graph is of. It must not be changed.
func (g *Graph) Inventory() *assize.Inventory { return g.inv }

// New builds the graph. The inventory must not change afterwards. Resources of
// types without a definition are kept but have no links.
func New(inv *assize.Inventory, defs []*assize.Definition) *Graph {
	g := &Graph{
		inv: inv, defs: map[string]*assize.Definition{}, refs: map[string][]refPath{},
		byARN: map[string]*assize.Resource{}, byID: map[place]map[string]*assize.Resource{},
		byBucket: map[string]*assize.Resource{}, byPlace: map[place][]*assize.Resource{},
		byType: map[string][]*assize.Resource{}, coverage: map[place]*assize.Coverage{},
		accounts: map[string]*assize.Account{},
	}
	for _, d := range defs {
		g.defs[d.Type] = d
		g.refs[d.Type] = refPaths(d)
	}
	for i := range inv.Accounts {
		g.accounts[inv.Accounts[i].ID] = &inv.Accounts[i]
	}
	for i := range inv.Coverage {
		c := &inv.Coverage[i]
		g.coverage[place{c.Type, c.Account, c.Region}] = c
	}
	resources := slices.Clone(inv.Resources)
	slices.SortFunc(resources, (*assize.Resource).Compare)
	for _, r := range resources {
		g.index(r)
	}
	for _, r := range resources {
		g.indexNames(r)
	}
	return g
}

func (g *Graph) index(r *assize.Resource) {
	at := place{r.Type, r.Account, r.Region}
	g.byPlace[at] = append(g.byPlace[at], r)
	g.byType[r.Type] = append(g.byType[r.Type], r)
	if r.ARN != "" && !sharedARN(r.ARN) {
		g.byARN[r.ARN] = r
	}
	ids := g.byID[at]
	if ids == nil {
		ids = map[string]*assize.Resource{}
		g.byID[at] = ids
	}
	ids[r.ID] = r
	if aliases, ok := r.Properties.Get("Aliases").(assize.List); ok {
		for _, a := range aliases {
			if s, ok := a.(string); ok {
				ids[s] = r
			}
		}
	}
	if r.Type == bucketType {
		g.byBucket[r.ID] = r
	}
}

// Resources returns all resources of the type, in order of account, Region, id.
func (g *Graph) Resources(typ string) []*assize.Resource { return g.byType[typ] }

// Accounts returns the accounts of the inventory, by id.
func (g *Graph) Accounts() []assize.Account {
	accounts := slices.Clone(g.inv.Accounts)
	slices.SortFunc(accounts, func(a, b assize.Account) int { return cmp.Compare(a.ID, b.ID) })
	return accounts
}

// Regions returns where the type is listed in the account: its Regions, or
// "global" for a type that is listed once.
func (g *Graph) Regions(typ string, a assize.Account) []string {
	if d := g.defs[typ]; d != nil && d.Global {
		return []string{assize.Global}
	}
	return a.Regions
}

// Coverage says how completely the type was listed in account and Region. For
// a type that nobody listed it is a gap of cause NotConnected: did not look.
func (g *Graph) Coverage(typ, account, region string) assize.Coverage {
	if d := g.defs[typ]; d != nil && d.Global {
		region = assize.Global
	}
	if c := g.coverage[place{typ, account, region}]; c != nil {
		return *c
	}
	gap := &assize.Gap{
		Account: account, Region: region, Types: []string{typ}, Cause: assize.NotConnected,
		Detail: "the collection did not look for " + typ,
	}
	if d := g.defs[typ]; d != nil {
		gap.Operation = d.List
	}
	return assize.Coverage{Type: typ, Account: account, Region: region, Gap: gap}
}

// All returns the resources of the type in account and Region (in the whole
// account when region is empty or the type is global). rest is not nil when
// there may be more that could not be read.
func (g *Graph) All(typ, account, region string) (found []*assize.Resource, rest *assize.Unknown) {
	d := g.defs[typ]
	if region == "" || region == assize.Global || d != nil && d.Global {
		for _, r := range g.byType[typ] {
			if r.Account == account {
				found = append(found, r)
			}
		}
	} else {
		found = g.byPlace[place{typ, account, region}]
	}
	regions := []string{region}
	if region == "" || region == assize.Global {
		regions = g.Regions(typ, g.account(account))
	}
	for _, region := range regions {
		if c := g.Coverage(typ, account, region); c.Gap != nil {
			return found, restOf(c.Gap)
		}
	}
	return found, nil
}

// FindValue is [Graph.Find] for a property's value. A value that is not known may say
// which resource it will name ([assize.Unknown.Refers]); otherwise it says itself why
// there is no answer. An absent value, or one that is no text, names nothing.
func (g *Graph) FindValue(typ, account, region string, v assize.Value) (*assize.Resource, *assize.Unknown) {
	switch x := v.(type) {
	case string:
		return g.Find(typ, account, region, x)
	case *assize.Unknown:
		if r := g.Referred(x); r != nil && r.Type == typ {
			return r, nil
		}
		return nil, x
	}
	return nil, &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a value that should name a " + typ + " is no text"}
}

// Referred returns the resource that a value will name once it is known; nil when that
// is not known either.
func (g *Graph) Referred(u *assize.Unknown) *assize.Resource {
	if u == nil || u.Refers == nil {
		return nil
	}
	r := g.byID[place{u.Refers.Type, u.Refers.Account, u.Refers.Region}][u.Refers.ID]
	if r == nil || r.ID != u.Refers.ID {
		return nil
	}
	return r
}

// Planned returns the planned resource whose [assize.PlannedARN] begins the text, and
// what follows it there; nil when the text begins otherwise, or with that of none here.
func (g *Graph) Planned(text string) (r *assize.Resource, rest string) {
	arn, rest, ok := assize.CutPlannedARN(text)
	if !ok {
		return nil, ""
	}
	return g.byARN[arn], rest
}

func (g *Graph) account(id string) assize.Account {
	if a := g.accounts[id]; a != nil {
		return *a
	}
	return assize.Account{ID: id}
}

func restOf(gap *assize.Gap) *assize.Unknown {
	u := gap.Unknown()
	u.Rest = true
	return u
}

// Find returns the resource of the type that ref names, seen from a resource in
// account and Region: an ARN, an id, a name, an alias, an s3:// URI. When it is
// not found the Unknown says why: its list could not be read, or there is none
// here (it may stand in an account that was not read).
func (g *Graph) Find(typ, account, region, ref string) (*assize.Resource, *assize.Unknown) {
	ref = canonical(typ, ref, account)
	if r := g.byARN[ref]; r != nil && r.Type == typ {
		return r, nil
	}
	if _, _, planned := assize.CutPlannedARN(ref); planned && typ != bucketType {
		return nil, &assize.Unknown{Cause: assize.UntilApply, Detail: "it refers to a planned resource that is no " + typ}
	}
	if elsewhere(typ, ref) {
		return nil, &assize.Unknown{Cause: assize.Unlinked, Detail: typ + ": " + ref + " stands outside AWS"}
	}
	if typ == bucketType {
		if r := g.byBucket[bucketName(ref)]; r != nil {
			return one(r, typ, ref)
		}
	}
	at := locate(ref, account, region)
	if d := g.defs[typ]; d != nil && d.Global && typ != bucketType {
		at.region = assize.Global
	}
	for _, id := range candidates(typ, ref) {
		if r := g.byID[place{typ, at.account, at.region}][id]; r != nil {
			return one(r, typ, ref)
		}
	}
	return nil, g.missing(typ, at, ref)
}

func (g *Graph) missing(typ string, at location, ref string) *assize.Unknown {
	if g.accounts[at.account] == nil {
		return &assize.Unknown{Cause: assize.Unlinked, Detail: typ + " " + ref + " stands in account " + at.account + ", which was not read"}
	}
	if c := g.Coverage(typ, at.account, at.region); c.Gap != nil {
		return c.Gap.Unknown()
	}
	return &assize.Unknown{Cause: assize.Unlinked, Detail: "no " + typ + " " + ref + " was found in account " + at.account}
}

// Definition returns the definition of the type, nil when there is none.
func (g *Graph) Definition(typ string) *assize.Definition { return g.defs[typ] }

// Link is one property of a resource that names another.
type Link struct {
	From *assize.Resource
	Path string
	// Type of the resource named.
	Type string
	Ref  string
	// To is the resource named, nil when it was not found.
	To *assize.Resource
	// Unknown says why To is nil.
	Unknown *assize.Unknown
	scope   string
}

// Links returns what the properties of r name, in the order of its definition.
// A property that is not known gives a Link without Ref.
func (g *Graph) Links(r *assize.Resource) []Link {
	var links []Link
	for _, p := range g.refs[r.Type] {
		p.walk(r.Properties, func(ref string, u *assize.Unknown) {
			l := Link{From: r, Path: p.path, Ref: ref, Unknown: u, scope: p.scope, Type: p.typ}
			switch {
			case u == nil:
				l.To, l.Unknown = g.Find(p.typ, r.Account, r.Region, ref)
			case u.Refers != nil:
				l.To, l.Unknown = g.FindValue(p.typ, r.Account, r.Region, u)
			}
			links = append(links, l)
		})
	}
	return links
}

// Named returns the resources of the type that a resource of the account names. rest
// is not nil when something was not read that could name one of the Region.
func (g *Graph) Named(typ, account, region string) (named map[*assize.Resource]bool, rest *assize.Unknown) {
	named = map[*assize.Resource]bool{}
	for _, from := range sortedKeys(g.refs) {
		if !slices.ContainsFunc(g.refs[from], func(p refPath) bool { return p.typ == typ }) {
			continue
		}
		if c := g.Coverage(from, account, region); c.Gap != nil && rest == nil {
			rest = c.Gap.Unknown()
		}
		for _, r := range g.byType[from] {
			if r.Account != account {
				continue
			}
			for _, l := range g.Links(r) {
				switch {
				case l.Type != typ:
				case l.To != nil:
					named[l.To] = true
				case l.Ref == "" && rest == nil:
					rest = l.Unknown
				}
			}
		}
	}
	return named, rest
}

// refPath is one fact that names resources of another type.
type refPath struct {
	path  string
	steps []string
	typ   string
	scope string
}

func refPaths(d *assize.Definition) []refPath {
	var paths []refPath
	for i := range d.Facts {
		f := &d.Facts[i]
		if f.Ref != "" {
			paths = append(paths, refPath{path: f.Path, steps: f.Steps(), typ: f.Ref, scope: f.Scope})
		}
	}
	return paths
}

func (p *refPath) walk(props assize.Object, visit func(ref string, u *assize.Unknown)) {
	walkValue(props, p.steps, visit)
}

func walkValue(v assize.Value, steps []string, visit func(string, *assize.Unknown)) {
	switch x := v.(type) {
	case *assize.Unknown:
		visit("", x)
	case assize.List:
		for _, e := range x {
			walkValue(e, steps, visit)
		}
	case assize.Object:
		if len(steps) > 0 {
			walkValue(x.Get(strings.TrimSuffix(steps[0], "[]")), steps[1:], visit)
		}
	case string:
		if len(steps) == 0 && x != "" {
			visit(x, nil)
		}
	}
}
