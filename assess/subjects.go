package assess

import (
	"slices"

	"github.com/assize-dev/assize"
)

// Subjects counts, by type, the resources in scope of which a framework asks evidence of people,
// each for itself. What could not be read, or could belong to AI without anybody knowing, makes
// a count incomplete.
func (a *Assessment) Subjects(f *assize.Framework) assize.Subjects {
	var types []string
	for _, g := range f.Groups {
		for i := range g.Controls {
			for _, e := range g.Controls[i].Open() {
				if e.Per != "" && !slices.Contains(types, e.Per) {
					types = append(types, e.Per)
				}
			}
		}
	}
	slices.Sort(types)
	var out assize.Subjects
	for _, typ := range types {
		out = append(out, a.Count(typ))
	}
	return out
}

// Count counts the resources of a type in scope.
func (a *Assessment) Count(typ string) assize.SubjectCount {
	accounts := a.graph.Accounts()
	c := assize.SubjectCount{Type: typ, Found: len(a.InScope(typ)), Complete: len(accounts) > 0}
	for _, account := range accounts {
		c.Complete = c.Complete && a.listed(typ, account) && (a.scope == nil || a.scope.Doubt(typ, account.ID) == nil)
	}
	return c
}

// InScope lists the resources of a type that are in scope and that people are asked about: those that Subjects counts. Of
// what an account has once, whatever Regions list it, one is listed.
func (a *Assessment) InScope(typ string) []*assize.Resource {
	d := a.graph.Definition(typ)
	once, listed := d != nil && d.OnceAnAccount, map[[2]string]bool{}
	var out []*assize.Resource
	for _, r := range a.graph.Resources(typ) {
		if a.scope != nil && a.scope.Reason(r) == "" {
			continue
		}
		if d != nil && d.AskedWhen != nil && !d.AskedWhen.Holds(r) {
			continue
		}
		if once {
			key := [2]string{r.Account, r.ID}
			if listed[key] {
				continue
			}
			listed[key] = true
		}
		out = append(out, r)
	}
	return out
}

// listed reports whether all resources of the type in the account could be read.
func (a *Assessment) listed(typ string, account assize.Account) bool {
	regions := a.graph.Regions(typ, account)
	return len(regions) > 0 && !slices.ContainsFunc(regions, func(region string) bool {
		return a.graph.Coverage(typ, account.ID, region).Gap != nil
	})
}
