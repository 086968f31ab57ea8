package collect

import (
	"slices"

	"github.com/assize-dev/assize"
)

// Values of states of Amazon Inspector.
const stateEnabled = "ENABLED"

// enabledHere is the state of Inspector in the account that the enabler is applied to: an administrator's may name
// other accounts only.
func enabledHere(p *Planned) assize.Value {
	ids := elementsIn(p.Attributes, "account_ids")
	switch {
	case slices.ContainsFunc(ids, func(v assize.Value) bool { return p.Account != "" && v == p.Account }):
		return stateEnabled
	case p.Account == "":
		return &assize.Unknown{Cause: assize.UntilApply, Detail: "account_ids; whether the account that it goes to is among them, --account lets tell"}
	}
	for _, v := range ids {
		if u, ok := v.(*assize.Unknown); ok {
			return u
		}
	}
	return deferred
}

// scans gives the state of one kind of scan: enabled where the enabler lists it. What it does not list may be on by
// other means.
func scans(kind string) func(*Planned) assize.Value {
	return func(p *Planned) assize.Value {
		kinds := elementsIn(p.Attributes, "resource_types")
		if slices.ContainsFunc(kinds, func(v assize.Value) bool { return v == kind }) {
			return enabledHere(p)
		}
		for _, v := range kinds {
			if u, ok := v.(*assize.Unknown); ok {
				return u
			}
		}
		return deferred
	}
}
