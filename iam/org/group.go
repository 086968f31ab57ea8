package org

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// The keys that follow from the principal, in lower case.
const (
	keyPrincipalARN     = "aws:principalarn"
	keyPrincipalAccount = "aws:principalaccount"
	keyPrincipalOrgID   = "aws:principalorgid"
	keyPrincipalPaths   = "aws:principalorgpaths"
	keyPrincipalTag     = "aws:principaltag/"
	keyPrincipalType    = "aws:principaltype"
	keyUserID           = "aws:userid"
	keyUserName         = "aws:username"
	keyResourceAccount  = "aws:resourceaccount"
	keyResourceOrgID    = "aws:resourceorgid"
	keyResourcePaths    = "aws:resourceorgpaths"
)

// finish indexes and groups. It is the last step of building.
func (o *Organisation) finish(resources []*plan.Resource) {
	slices.SortFunc(o.Accounts, func(a, b *Account) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(o.Principals, func(a, b *Principal) int { return strings.Compare(a.ARN, b.ARN) })
	o.accounts, o.byARN = map[string]*Account{}, make(map[string]*Principal, len(o.Principals))
	for _, a := range o.Accounts {
		o.accounts[a.ID] = a
	}
	var roles []*plan.Resource
	for i, p := range o.Principals {
		o.byARN[p.ARN], p.place = p, i
		if p.Kind == iam.RoleSession {
			roles = append(roles, roleResource(p))
		}
	}
	if o.Catalog == nil {
		o.Catalog = plan.NewCatalog(slices.Concat(roles, resources)) // of two that tell of a role its own counts
	}
	o.planFixing, o.subjectFixing = o.Catalog, o.Catalog
	o.mention()
	share(o.Accounts, nil)
	o.groupThese(o.Principals, 0)
	o.listGroups()
}

// roleResource is a role as the target of sts:AssumeRole and iam:PassRole.
func roleResource(p *Principal) *plan.Resource {
	r := &plan.Resource{ARN: p.ARN, Kind: plan.Role, Name: p.Name, Account: p.Account, Tags: p.Tags, TagsKnown: p.TagsUnknown == nil}
	if p.Trust != nil {
		r.Policy = p.Trust.Policy
	}
	return r
}

// mention collects the condition keys of policies.
func (o *Organisation) mention() {
	o.Catalog.Mentioned, o.Catalog.Objects = o.mentionedAtAll(), o.objects()
	o.Catalog.Organisations = map[string]string{}
	for _, a := range o.Accounts {
		if a.OrganisationKnown {
			o.Catalog.Organisations[a.ID] = a.Organisation
		}
	}
	o.mentioned, o.callers = o.mentionedByAll()
	o.keyless = false
	for _, e := range o.Endpoints {
		o.keyless = o.keyless || e.Policy != nil && namesPrincipals(e.Policy.Policy)
	}
}

// mentionedAtAll are the keys in any policy: plans fix those that follow from a call.
func (o *Organisation) mentionedAtAll() []string {
	seen := map[string]bool{}
	for _, d := range o.documents.all {
		for _, key := range d.mentions {
			seen[key] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// mentionedByAll are the keys in policies that every principal meets, of endpoints and of
// resource control, and what they ask of the caller.
func (o *Organisation) mentionedByAll() ([]string, callerTests) {
	seen := map[string]bool{}
	var callers callerTests
	read := map[*Document]bool{}
	add := func(d *Document) {
		if read[d] {
			return
		}
		read[d] = true
		callers.join(d.callers)
		for _, key := range d.mentions {
			seen[key] = true
		}
	}
	for _, e := range o.Endpoints {
		if e.Policy != nil {
			add(e.Policy)
		}
	}
	for _, a := range o.Accounts {
		for _, level := range a.Resource {
			for _, d := range level {
				add(d.Document)
			}
		}
	}
	return slices.Sorted(maps.Keys(seen)), callers
}

// namesPrincipals says whether a policy is about some callers and not all.
func namesPrincipals(p *iam.Policy) bool {
	for i := range p.Len() {
		entries, negated := p.Statement(i).Principals()
		for _, e := range entries {
			if negated || e.Value != "*" {
				return true
			}
		}
	}
	return false
}

// groupThese finds which principals no policy can tell apart. Ids count from a first one.
func (o *Organisation) groupThese(principals []*Principal, first int) {
	groups := map[string]*Group{}
	asked := map[string]askedOf{}
	for _, p := range principals {
		documents := o.documentsOf(p)
		spelled := spellIDs(documents)
		of, ok := asked[spelled]
		if !ok {
			of = o.askedOf(documents)
			asked[spelled] = of
		}
		key := o.groupKey(p, &of)
		g := groups[key]
		if g == nil {
			g = &Group{ID: first + len(groups)}
			groups[key] = g
		}
		g.Members = append(g.Members, p)
		p.group = g
	}
}

// documentsOf lists the documents of a principal and of the levels above its account.
func (o *Organisation) documentsOf(p *Principal) []int {
	out := make([]int, 0, len(p.Identity)+8)
	for _, d := range p.Identity {
		out = append(out, d.id)
	}
	slices.Sort(out)
	if p.Boundary != nil {
		out = append(out, p.Boundary.id)
	}
	if a := o.accounts[p.Account]; a != nil {
		for _, level := range a.limiting() {
			for _, d := range level {
				out = append(out, d.id)
			}
		}
	}
	return out
}

func spellIDs(ids []int) string {
	b := make([]byte, 0, 3*len(ids))
	for _, id := range ids {
		b = binary.AppendUvarint(b, uint64(id)+1)
	}
	return string(b)
}

// askedOf is what documents ask of the principal itself.
type askedOf struct {
	keys    []string
	callers callerTests
}

func (o *Organisation) askedOf(documents []int) askedOf {
	out := askedOf{keys: principalOnly(nil, o.mentioned)}
	out.callers.join(o.callers)
	for _, id := range documents {
		d := o.documents.all[id]
		out.keys = principalOnly(out.keys, d.mentions)
		out.callers.join(d.callers)
	}
	slices.Sort(out.keys)
	out.keys = slices.Compact(out.keys)
	return out
}

func principalOnly(out, mentions []string) []string {
	for _, key := range mentions {
		switch key {
		case keyPrincipalARN, keyPrincipalAccount, keyPrincipalOrgID, keyPrincipalPaths, keyPrincipalType, keyUserID, keyUserName,
			keyResourceAccount, keyResourceOrgID, keyResourcePaths:
			out = append(out, key)
		default:
			if strings.HasPrefix(key, keyPrincipalTag) {
				out = append(out, key)
			}
		}
	}
	return out
}

// groupKey spells what policies can tell of a principal.
func (o *Organisation) groupKey(p *Principal, of *askedOf) string {
	b := make([]byte, 0, 64)
	b = append(b, byte(p.Kind))
	if p.ServiceLinked {
		b = append(b, 'L')
	}
	ids := make([]int, 0, len(p.Identity))
	for _, d := range p.Identity {
		ids = append(ids, d.id)
	}
	slices.Sort(ids)
	b = append(append(b, spellIDs(slices.Compact(ids))...), 0)
	if p.Boundary != nil {
		b = binary.AppendUvarint(b, uint64(p.Boundary.id)+1)
	}
	b = append(b, 0)
	if a := o.accounts[p.Account]; a == nil {
		b = append(b, '?')
	} else {
		b = append(b, spellLevels(a.limiting())...)
	}
	for _, key := range of.keys {
		b = append(append(append(b, 0), key...), '=')
		if key == keyPrincipalARN {
			b = of.callers.spell(b, p)
			continue
		}
		b = append(b, o.spellKey(p, key)...)
	}
	if o.keyless {
		b = append(append(b, 0), p.ARN...)
	}
	return string(b)
}

// spellKey tells the value of a key of a principal.
func (o *Organisation) spellKey(p *Principal, key string) string {
	switch key {
	case keyUserName:
		return p.ARN
	case keyPrincipalAccount, keyResourceAccount, keyResourceOrgID, keyResourcePaths:
		return p.Account
	case keyPrincipalType:
		return ""
	}
	values, known := o.principalKey(p, key)
	if !known {
		return "\x02"
	}
	var b strings.Builder
	for _, v := range values {
		b.WriteString("\x01" + v) // an empty value is not an absent one
	}
	return b.String()
}

// principalKey is the value of a key that follows from the principal; known is false where
// the key is free. No values means that the key is absent.
func (o *Organisation) principalKey(p *Principal, key string) (values []string, known bool) {
	a := o.accounts[p.Account]
	switch {
	case key == keyPrincipalOrgID:
		if a == nil || !a.OrganisationKnown {
			return nil, false
		}
		return present(a.Organisation), true
	case key == keyPrincipalPaths:
		if a == nil || !a.OrganisationKnown || a.Organisation != "" && a.Path == nil {
			return nil, false
		}
		if a.Organisation == "" {
			return nil, true
		}
		return []string{a.Organisation + "/" + strings.Join(a.Path, "/") + "/"}, true
	case key == keyUserID:
		return present(p.UniqueID), p.Kind == iam.User && p.UniqueID != ""
	case strings.HasPrefix(key, keyPrincipalTag):
		if p.TagsUnknown != nil || p.SessionTags {
			return nil, false
		}
		for name, value := range p.Tags {
			if strings.EqualFold(name, key[len(keyPrincipalTag):]) {
				return []string{value}, true
			}
		}
		return nil, true
	}
	return nil, false
}

func present(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}
