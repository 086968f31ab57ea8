package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// controls are the control policies of one type above an account, level by level. Accounts that
// have the same ones share the pointer, by which what is worked out of them is known.
type controls struct{ policies [][]*iam.Policy }

// unreadControls stand in for those above an account that is not in the inventory.
var unreadControls = &controls{[][]*iam.Policy{{iam.Unreadable("control policies",
	"the account is not in the inventory, so the control policies above it are not known")}}}

// share finds which of some accounts have the same control policies as they had before, or as
// another of them has. Those of the management account do not count.
func share(accounts []*Account, before map[string]*Account) {
	known := map[string]*controls{}
	find := func(levels, were [][]Attachment, was *controls) *controls {
		spelled := spellLevels(levels)
		if was != nil && spelled == spellLevels(were) {
			return was
		}
		c := known[spelled]
		if c == nil {
			c = &controls{policiesOf(levels)}
			known[spelled] = c
		}
		return c
	}
	for _, a := range accounts {
		old := before[a.ID]
		if old == nil {
			old = &Account{}
		}
		a.service, a.resource = find(a.limiting(), old.limiting(), old.service), find(a.Resource, old.Resource, old.resource)
	}
}

// limiting are the service control policies that count for the account.
func (a *Account) limiting() [][]Attachment {
	if a.Management {
		return nil
	}
	return a.Service
}

// spellLevels tells lists of control policies apart.
func spellLevels(levels [][]Attachment) string {
	if levels == nil {
		return "-"
	}
	b := make([]byte, 0, 32)
	for _, level := range levels {
		ids := make([]int, 0, len(level))
		for _, d := range level {
			ids = append(ids, d.id)
		}
		slices.Sort(ids)
		b = append(append(b, spellIDs(ids)...), 0)
	}
	return string(b)
}

func policiesOf(levels [][]Attachment) [][]*iam.Policy {
	var out [][]*iam.Policy
	for _, level := range levels {
		list := []*iam.Policy{}
		for _, d := range level {
			list = append(list, d.Policy)
		}
		out = append(out, list)
	}
	return out
}

// above are the service control policies above a principal.
func (o *Organisation) above(p *Principal) *controls {
	if a := o.accounts[p.Account]; a != nil {
		return a.service
	}
	return unreadControls
}

// over are the resource control policies over what an account owns; nil where none count.
func (o *Organisation) over(key *subjectKey) *controls {
	if key.owner == "" || !key.service {
		return nil
	}
	if a := o.accounts[key.owner]; a != nil {
		return a.resource
	}
	return unreadControls
}

// control sets the control policies that a principal meets before a kind of resource.
func (o *Organisation) control(to *iam.Policies, p *Principal, key *subjectKey) {
	caller, owner := o.accounts[p.Account], o.accounts[key.owner]
	to.ServiceControl, to.ResourceControl = o.above(p).policies, nil
	to.CallerInManagementAccount, to.ResourceInManagementAccount = caller != nil && caller.Management, false
	if over := o.over(key); over != nil {
		to.ResourceControl, to.ResourceInManagementAccount = over.policies, owner != nil && owner.Management
	}
}

// fixedByPlans says whether plans fix a condition key once some policy speaks of it (see [plan.Build]).
func fixedByPlans(key string) bool {
	return key == keyResourceOrgID || !strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "aws:resourcetag/")
}

// fixedBySubjects says the same of subjects (see [Organisation.fixedKeys]).
func fixedBySubjects(key string) bool {
	return key == keyPrincipalOrgID || key == keyPrincipalPaths || key == keyUserID || strings.HasPrefix(key, keyPrincipalTag)
}
