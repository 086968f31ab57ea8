package org

import (
	"slices"

	"github.com/assize-dev/assize"
)

const (
	typeOrgAccount = "AWS::Organizations::Account"
	typeOrgPolicy  = "AWS::Organizations::Policy"
	typeOrgUnit    = "AWS::Organizations::OrganizationalUnit"

	serviceControl  = "SERVICE_CONTROL_POLICY"
	resourceControl = "RESOURCE_CONTROL_POLICY"
)

// tree is what the management account tells of the organisation.
type tree struct {
	parents map[string]string // unit or account to what holds it; a root has ""
	byType  map[string]map[string][]Attachment
	// unknown says why units or policies are not all known.
	unitsUnknown, policiesUnknown *assize.Unknown
}

// accounts reads the accounts with the control policies above each.
func (b *inventoryBuilder) accounts() {
	t := b.tree()
	members := map[string]*assize.Resource{}
	for _, r := range b.byType[typeOrgAccount] {
		members[r.Account] = r
	}
	for _, a := range b.inv.Accounts {
		out := &Account{ID: a.ID, Name: a.Name, Partition: a.Partition}
		b.org.Accounts = append(b.org.Accounts, out)
		member := members[a.ID]
		if member == nil {
			if u := b.coverage(typeOrgAccount, a.ID, assize.Global); u != nil {
				b.org.hidden(out, causeOf(u))
				continue
			}
			out.OrganisationKnown = true // the account answered that it is in none
			continue
		}
		id, idUnknown := text(member, "OrganizationId")
		management, u := text(member, "ManagementAccountId")
		if u != nil || idUnknown != nil {
			b.org.hidden(out, "the organisation of account "+a.ID+" is not known")
			continue
		}
		out.Organisation, out.OrganisationKnown, out.Management = id, true, management == a.ID
		b.org.ID = id
		b.org.levels(out, t)
	}
}

// hidden stands in for control policies that nobody could be asked for.
func (o *Organisation) hidden(a *Account, why string) {
	d := o.documents.unreadable("control policies above account " + a.ID + ": " + why)
	a.Service = [][]Attachment{{{"service control policies", d}}}
	a.Resource = [][]Attachment{{{"resource control policies", d}}}
}

// WithoutUnknownControls is the organisation where control policies that could not be read
// are taken to deny nothing. Its answers say what principals can do at most.
func (o *Organisation) WithoutUnknownControls() *Organisation {
	out := *o
	out.Accounts, out.Principals = nil, nil
	for _, a := range o.Accounts {
		b := *a
		b.Service, b.Resource = readable(a.Service), readable(a.Resource)
		out.Accounts = append(out.Accounts, &b)
	}
	for _, p := range o.Principals {
		q := *p
		q.group = nil
		out.Principals = append(out.Principals, &q)
	}
	catalog := *o.Catalog
	out.Catalog = &catalog
	out.finish(nil)
	return &out
}

// readable is levels without what could not be read; nil when nothing is left.
func readable(levels [][]Attachment) [][]Attachment {
	var out [][]Attachment
	for _, level := range levels {
		list := []Attachment{}
		for _, d := range level {
			if _, ok := d.Policy.Readable(); ok {
				list = append(list, d)
			}
		}
		if len(list) > 0 || len(level) == 0 {
			out = append(out, list)
		}
	}
	return out
}

// levels finds the units above an account, and the control policies from the root down to it. The
// management account has a path as well, and no control policies that count.
func (o *Organisation) levels(a *Account, t *tree) {
	path, why := t.pathOf(a.ID)
	if why == "" {
		a.Path = path[:len(path)-1]
	}
	switch {
	case a.Management:
	case t.policiesUnknown == nil && len(t.byType[serviceControl]) == 0 && len(t.byType[resourceControl]) == 0:
		// there are no control policies, wherever the account stands
	case why != "":
		o.hidden(a, why)
	case t.policiesUnknown != nil:
		o.hidden(a, causeOf(t.policiesUnknown))
	default:
		a.Service = levelsOf(t.byType[serviceControl], path)
		a.Resource = levelsOf(t.byType[resourceControl], path)
	}
}

// pathOf lists the ids from the root down to an account; why says why they are not known.
func (t *tree) pathOf(account string) (path []string, why string) {
	if t.unitsUnknown != nil {
		return nil, "the units of the organisation are not known: " + causeOf(t.unitsUnknown)
	}
	path = []string{account}
	for at := account; ; {
		parent, ok := t.parents[at]
		if !ok || slices.Contains(path, parent) {
			return nil, "the unit of " + at + " is not in the inventory"
		}
		if parent == "" {
			break
		}
		path = append(path, parent)
		at = parent
	}
	slices.Reverse(path)
	return path, ""
}

// levelsOf lists the policies of one type by level. Where no target has any, the type is not
// enabled and limits nothing; a level without one, where others have some, allows nothing.
func levelsOf(attached map[string][]Attachment, path []string) [][]Attachment {
	if len(attached) == 0 {
		return nil
	}
	var out [][]Attachment
	for _, target := range path {
		out = append(out, append([]Attachment{}, attached[target]...))
	}
	return out
}

// tree reads units and policies, which stand in the management account alone.
func (b *inventoryBuilder) tree() *tree {
	t := &tree{parents: map[string]string{}, byType: map[string]map[string][]Attachment{serviceControl: {}, resourceControl: {}}}
	management := ""
	for _, r := range b.byType[typeOrgAccount] {
		if id, _ := text(r, "ManagementAccountId"); id != "" {
			management = id
		}
	}
	t.unitsUnknown = b.coverage(typeOrgUnit, management, assize.Global)
	t.policiesUnknown = b.coverage(typeOrgPolicy, management, assize.Global)
	for _, r := range b.byType[typeOrgUnit] {
		b.unit(r, t)
	}
	for _, r := range b.byType[typeOrgPolicy] {
		b.control(r, t)
	}
	return t
}

func (b *inventoryBuilder) unit(r *assize.Resource, t *tree) {
	parent, u := text(r, "ParentId")
	if u != nil {
		t.unitsUnknown = u
	}
	t.parents[r.ID] = parent
	accounts, u := texts(r, "AccountIds")
	if u != nil {
		t.unitsUnknown = u
	}
	for _, id := range accounts {
		t.parents[id] = r.ID
	}
}

func (b *inventoryBuilder) control(r *assize.Resource, t *tree) {
	typ, u := text(r, "Type")
	if u != nil {
		t.policiesUnknown = u
		return
	}
	if t.byType[typ] == nil {
		return // says nothing of access
	}
	targets, u := texts(r, "TargetIds")
	if u != nil {
		t.policiesUnknown = u
	}
	name, _ := text(r, "Name")
	d := b.document(r, "Content")
	for _, id := range targets {
		t.byType[typ][id] = append(t.byType[typ][id], Attachment{name, d})
	}
}
