package assess

import (
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// Assets returns what belongs to AI, in order of account, Region, type and id, also
// when the whole account is judged. What guards the account as a whole (trails,
// policies) is no part of an AI system and left out.
func (a *Assessment) Assets() []assize.Asset {
	scope := a.scope
	if scope == nil {
		scope = a.graph.AIScope(scopeOptions(a.profile))
	}
	var assets []assize.Asset
	for typ, d := range a.engine.compiler.defs {
		if d.AccountWide {
			continue
		}
		for _, r := range a.graph.Resources(typ) {
			if reason := scope.Reason(r); reason != "" {
				assets = append(assets, assize.Asset{Resource: r, Title: d.Title, AI: d.AI, Scope: reason, Links: a.links(r)})
			}
		}
	}
	slices.SortFunc(assets, func(x, y assize.Asset) int { return x.Resource.Compare(y.Resource) })
	return assets
}

func (a *Assessment) links(r *assize.Resource) []assize.Link {
	var links []assize.Link
	for _, l := range a.graph.Links(r) {
		links = append(links, assize.Link{Path: l.Path, Type: l.Type, Ref: l.Ref, To: l.To, Unknown: l.Unknown})
	}
	return links
}

// scopeOptions are the additions that the profile makes to AI scope.
func scopeOptions(p *assize.Profile) graph.ScopeOptions {
	return graph.ScopeOptions{
		Tags:      stringsOf(p.Values.Get("scope_tags")),
		Resources: stringsOf(p.Values.Get("self_hosted_compute")),
	}
}
