package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
)

// The types of resources that an organisation is built of.
const (
	typeRole          = "AWS::IAM::Role"
	typeUser          = "AWS::IAM::User"
	typeGroup         = "AWS::IAM::Group"
	typeManagedPolicy = "AWS::IAM::ManagedPolicy"
	typeCredential    = "AWS::IAM::ServiceSpecificCredential"
	typeVPCEndpoint   = "AWS::EC2::VPCEndpoint"
)

// FromInventory builds the organisation that a collection saw. It never fails: what is not
// in the inventory, or could not be read, is unknown in the organisation.
func FromInventory(inv *assize.Inventory) *Organisation {
	b := &inventoryBuilder{
		org: &Organisation{documents: newLibrary()}, inv: inv, byType: map[string][]*assize.Resource{},
		managed: map[string]*Document{}, groups: map[string]*holder{}, credentials: map[string][]Credential{},
	}
	for _, r := range inv.Resources {
		b.byType[r.Type] = append(b.byType[r.Type], r)
	}
	b.gaps()
	b.accounts()
	b.policies()
	for _, r := range b.byType[typeUser] {
		b.principal(r, iam.User)
	}
	for _, r := range b.byType[typeRole] {
		b.principal(r, iam.RoleSession)
	}
	b.endpoints()
	b.org.Catalog = b.catalog()
	b.org.finish(nil)
	return b.org
}

type inventoryBuilder struct {
	org         *Organisation
	inv         *assize.Inventory
	byType      map[string][]*assize.Resource
	managed     map[string]*Document // by ARN
	groups      map[string]*holder   // by account and name
	credentials map[string][]Credential
}

// holder is what has identity policies.
type holder struct {
	attached []Attachment
	unknown  []*assize.Unknown
}

// gaps: principals of accounts whose IAM could not be read are missing.
func (b *inventoryBuilder) gaps() {
	for _, a := range b.inv.Accounts {
		for _, typ := range []string{typeRole, typeUser} {
			if u := b.coverage(typ, a.ID, assize.Global); u != nil {
				b.org.Unknown = append(b.org.Unknown, u)
			}
		}
	}
}

// coverage says why the list of a type is not complete; nil when it is, or cannot be there.
func (b *inventoryBuilder) coverage(typ, account, region string) *assize.Unknown {
	for i := range b.inv.Coverage {
		c := &b.inv.Coverage[i]
		if c.Type != typ || c.Account != account || c.Region != region {
			continue
		}
		if c.Gap != nil {
			return c.Gap.Unknown()
		}
		return nil
	}
	return &assize.Unknown{Cause: assize.NotConnected, Detail: typ + " of account " + account + " in " + region + " was not collected"}
}

// policies reads what others name: managed policies, groups, API keys.
func (b *inventoryBuilder) policies() {
	for _, r := range b.byType[typeManagedPolicy] {
		b.managed[r.Account+"/"+r.ARN] = b.document(r, "PolicyDocument")
	}
	for _, r := range b.byType[typeGroup] {
		b.groups[r.Account+"/"+r.ID] = b.identity(r)
	}
	for _, r := range b.byType[typeCredential] {
		user, _ := text(r, "UserName")
		service, _ := text(r, "ServiceName")
		status, u := text(r, "Status")
		expires, _ := text(r, "ExpirationDate")
		key := r.Account + "/" + user
		b.credentials[key] = append(b.credentials[key], Credential{ID: r.ID, Service: service, Active: u != nil || status == "Active", Expires: expires})
	}
}

// document reads a policy of a resource; one that is not there is unreadable.
func (b *inventoryBuilder) document(r *assize.Resource, path string) *Document {
	s, u := text(r, path)
	switch {
	case u != nil:
		return b.org.documents.unreadable(path + " of " + r.Label() + ": " + causeOf(u))
	case s == "":
		return b.org.documents.unreadable(path + " of " + r.Label() + " is not in the inventory")
	}
	return b.org.documents.read([]byte(s))
}

// identity reads inline and managed policies.
func (b *inventoryBuilder) identity(r *assize.Resource) *holder {
	h := &holder{}
	inline, u := objects(r, "Policies")
	for _, p := range inline {
		name, _ := p.Get("PolicyName").(string)
		name = r.ID + "/" + name
		document, ok := p.Get("PolicyDocument").(string)
		if !ok {
			h.attached = append(h.attached, Attachment{name, b.org.documents.unreadable("inline policy " + name + " was not read")})
			continue
		}
		h.attached = append(h.attached, Attachment{name, b.org.documents.read([]byte(document))})
	}
	b.lacks(h, r, "inline policies", u)
	arns, u := texts(r, "ManagedPolicyArns")
	for _, arn := range arns {
		h.attached = append(h.attached, Attachment{arn, b.managedPolicy(r.Account, arn)})
	}
	b.lacks(h, r, "attached policies", u)
	return h
}

// lacks stands in for policies that could not be listed.
func (b *inventoryBuilder) lacks(h *holder, r *assize.Resource, what string, u *assize.Unknown) {
	if u == nil {
		return
	}
	h.unknown = append(h.unknown, u)
	h.attached = append(h.attached, Attachment{what, b.org.documents.unreadable(what + " of " + r.Label() + ": " + causeOf(u))})
}

// managedPolicy finds a managed policy: of the account, or as AWS published it.
func (b *inventoryBuilder) managedPolicy(account, arn string) *Document {
	if d := b.managed[account+"/"+arn]; d != nil {
		return d
	}
	return publishedPolicy(b.org.documents, arn)
}

// publishedPolicy is a managed policy that was not collected: one of AWS as it was published.
func publishedPolicy(l *library, arn string) *Document {
	if strings.Contains(arn, ":iam::aws:policy/") {
		if m, ok := sar.FindManagedPolicy(arn); ok {
			return l.read(m.Document)
		}
	}
	return l.unreadable("managed policy " + arn + " is not in the inventory")
}

// principal reads a user or a role.
func (b *inventoryBuilder) principal(r *assize.Resource, kind iam.PrincipalKind) {
	if r.ARN == "" {
		b.org.Unknown = append(b.org.Unknown, &assize.Unknown{Cause: assize.WrongAnswer, Detail: r.Label() + " has no ARN"})
		return
	}
	h := b.identity(r)
	p := &Principal{ARN: r.ARN, Name: r.ID, Account: r.Account, Kind: kind, Identity: h.attached, Unknown: h.unknown}
	p.Tags, p.TagsUnknown = tags(r)
	boundary, u := text(r, "PermissionsBoundary")
	switch {
	case u != nil:
		p.Unknown = append(p.Unknown, u)
		p.Boundary = &Attachment{"permissions boundary", b.org.documents.unreadable("permissions boundary of " + r.Label() + ": " + causeOf(u))}
	case boundary != "":
		p.Boundary = &Attachment{boundary, b.managedPolicy(r.Account, boundary)}
	}
	if kind == iam.RoleSession {
		p.trusting(b.document(r, "AssumeRolePolicyDocument"))
	} else {
		b.user(r, p)
	}
	b.org.Principals = append(b.org.Principals, p)
}

// trusting sets the trust policy of a role with what follows from it.
func (p *Principal) trusting(d *Document) {
	p.Trust = d
	p.ServiceLinked = strings.Contains(p.ARN, ":role/aws-service-role/")
	if _, ok := d.Policy.Readable(); !ok {
		p.SessionTags = true
		return
	}
	for i := range d.Policy.Len() {
		s := d.Policy.Statement(i)
		if s.Effect() == iam.Allow && s.MatchesAction("sts:TagSession") {
			p.SessionTags = true
		}
	}
}

// user adds what only users have: groups and API keys.
func (b *inventoryBuilder) user(r *assize.Resource, p *Principal) {
	p.Credentials = b.credentials[r.Account+"/"+r.ID]
	groups, u := texts(r, "Groups")
	h := &holder{}
	b.lacks(h, r, "groups", u)
	for _, name := range groups {
		g := b.groups[r.Account+"/"+name]
		if g == nil {
			g = &holder{attached: []Attachment{{name, b.org.documents.unreadable("group " + name + " of " + r.Label() + " is not in the inventory")}}}
		}
		h.attached = append(h.attached, g.attached...)
		h.unknown = append(h.unknown, g.unknown...)
	}
	p.Identity = append(p.Identity, h.attached...)
	p.Unknown = append(p.Unknown, h.unknown...)
}

// endpoints reads the VPC endpoints.
func (b *inventoryBuilder) endpoints() {
	for _, r := range b.byType[typeVPCEndpoint] {
		name, u := text(r, "ServiceName")
		vpc, _ := text(r, "VpcId")
		e := Endpoint{ID: r.ID, VPC: vpc, Account: r.Account, Region: r.Region, Service: serviceOf(name, r.Region)}
		if u != nil {
			b.org.Unknown = append(b.org.Unknown, u)
			continue
		}
		policy, u := text(r, "PolicyDocument")
		if u != nil {
			e.Policy = b.document(r, "PolicyDocument")
		} else if policy != "" {
			if d := b.org.documents.read([]byte(policy)); !openPolicy(d.Policy) {
				e.Policy = d
			}
		}
		b.org.Endpoints = append(b.org.Endpoints, e)
	}
}

// serviceOf takes "bedrock-runtime" out of "com.amazonaws.us-east-1.bedrock-runtime".
func serviceOf(name, region string) string {
	if _, service, ok := strings.Cut(name, "."+region+"."); ok {
		return service
	}
	return strings.TrimPrefix(name, "com.amazonaws.")
}

// openPolicy says whether a policy is the default one of endpoints: everybody everything.
func openPolicy(p *iam.Policy) bool {
	if p.Len() != 1 || namesPrincipals(p) {
		return false
	}
	s := p.Statement(0)
	actions, notActions := s.Actions()
	resources, notResources := s.Resources()
	all := []string{"*"}
	return s.Effect() == iam.Allow && !notActions && !notResources && slices.Equal(actions, all) && slices.Equal(resources, all) && len(s.Comparisons()) == 0
}

// catalog lists what calls can name.
func (b *inventoryBuilder) catalog() *plan.Catalog {
	var all []*plan.Resource
	for _, k := range kinds {
		for _, r := range b.byType[k.typ] {
			if out := k.read(b, r); out != nil {
				all = append(all, out)
				if out.Kind == plan.Flow && out.ARN != "" {
					all = append(all, flowAlias(out))
				}
			}
		}
	}
	for _, p := range b.org.Principals {
		if p.Kind == iam.RoleSession {
			all = append(all, roleResource(p))
		}
	}
	c := plan.NewCatalog(all)
	b.unlisted(c)
	if len(c.Of(plan.Flow)) == 0 && c.Unlisted[plan.Flow] == nil {
		delete(c.Unlisted, plan.FlowAlias) // without flows there are none
	}
	return c
}

// unlisted says which kinds may have more than the catalog.
func (b *inventoryBuilder) unlisted(c *plan.Catalog) {
	for _, a := range b.inv.Accounts {
		for _, k := range kinds {
			regions := a.Regions
			if k.global {
				regions = []string{assize.Global}
			}
			for _, region := range regions {
				u := b.coverage(k.typ, a.ID, region)
				for _, kind := range []plan.Kind{k.kind, k.also} {
					if u != nil && kind != "" && c.Unlisted[kind] == nil {
						c.Unlisted[kind] = u
					}
				}
			}
		}
	}
}
