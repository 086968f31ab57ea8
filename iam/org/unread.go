package org

import (
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/plan"
)

// wayKinds are the kinds that lead to a role: who uses one has the role work.
func wayKinds() []plan.Kind {
	kinds := []plan.Kind{plan.Agent, plan.Model}
	for k := range shells {
		kinds = append(kinds, k)
	}
	for k := range takeovers {
		kinds = append(kinds, k)
	}
	for k := range uses {
		if !slices.Contains(runsDirectly, k) {
			kinds = append(kinds, k)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// runsDirectly are the kinds of [uses] that work under no role of their own.
var runsDirectly = []plan.Kind{
	plan.FoundationModel, plan.InferenceProfile, plan.ApplicationProfile, plan.PromptRouter, plan.DefaultRouter,
	plan.ProvisionedModel, plan.ModelDeployment, plan.ImportedModel, plan.Project, plan.InferenceComponent,
}

// between are the kinds by which what works under a role names its models.
var between = []plan.Kind{plan.Prompt, plan.PromptRouter, plan.DefaultRouter, plan.InferenceProfile, plan.ApplicationProfile}

// UnreadWays says by kind why there may be more ways to a role than are known: the list was not
// read to its end, or it is not known under which role something works or what it is set up to run.
func (a *Analysis) UnreadWays() map[plan.Kind]*assize.Unknown {
	out := map[plan.Kind]*assize.Unknown{}
	kinds := wayKinds()
	for _, k := range kinds {
		if u := a.org.Catalog.Unlisted[k]; u != nil {
			out[k] = u
		}
	}
	for _, r := range a.org.Catalog.All() {
		way := slices.Contains(kinds, r.Kind)
		switch {
		case out[r.Kind] != nil:
		case way && r.RoleUnknown != nil:
			out[r.Kind] = r.RoleUnknown
		case (way || slices.Contains(between, r.Kind)) && r.MembersUnknown != nil:
			out[r.Kind] = r.MembersUnknown
		}
	}
	return out
}

// WithoutWays says that it is not known what works under the roles of accounts, and why.
func (o *Organisation) WithoutWays(why string) {
	for _, k := range wayKinds() {
		if o.Catalog.Unlisted[k] == nil {
			o.Catalog.Unlisted[k] = &assize.Unknown{Cause: assize.NotConnected, Detail: why}
		}
	}
}
