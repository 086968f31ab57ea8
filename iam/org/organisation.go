package org

import (
	"cmp"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
)

// Organisation is all that bears on who can do what. It never changes.
type Organisation struct {
	// ID of the AWS organisation, "" when there is none or it is not known (see Unknown).
	ID string
	// Accounts in the order of their ids.
	Accounts []*Account
	// Principals in the order of their ARNs: users, and roles as their sessions.
	Principals []*Principal
	// Endpoints are the VPC endpoints.
	Endpoints []Endpoint
	// Catalog is what calls can name.
	Catalog *plan.Catalog
	// Unknown says what could not be read, so that there may be more principals than those.
	Unknown []*assize.Unknown

	documents *library
	accounts  map[string]*Account
	byARN     map[string]*Principal
	groups    []*Group
	// planFixing and subjectFixing stand for the keys that plans and subjects fix because policies speak
	// of them: edits that are the first to speak of others keep them, and with them what is worked out.
	planFixing, subjectFixing *plan.Catalog
	mentioned                 []string    // keys in policies that every principal meets: of endpoints and resource control
	callers                   callerTests // of the same
	keyless                   bool        // a policy of an endpoint names principals
}

// Account is one account with the control policies above it.
type Account struct {
	ID, Name, Partition string
	// Organisation is its id, "" for an account in none.
	Organisation string
	// OrganisationKnown is false when nobody could be asked whether it is in one.
	OrganisationKnown bool
	// Management marks the management account, which control policies do not limit.
	Management bool
	// Path are the ids from the root down to the unit of the account, without the account; nil
	// when not known.
	Path []string
	// Service and Resource are the control policies, a list a level from the root down to the
	// account; nil in no organisation. What could not be read stands there as unreadable.
	Service, Resource [][]Attachment

	service, resource *controls
}

// Principal is a user or a role.
type Principal struct {
	ARN, Name, Account string
	// Kind is [iam.User] or [iam.RoleSession].
	Kind iam.PrincipalKind
	// UniqueID is AIDA… or AROA…, "" when not known.
	UniqueID string
	// Identity are the policies that grant: inline, managed, those of a user's groups.
	Identity []Attachment
	// Boundary limits them; nil when there is none.
	Boundary *Attachment
	// Trust is who may take on the role; nil for users.
	Trust *Document
	// Tags of the principal; TagsUnknown says why they are not known.
	Tags        map[string]string
	TagsUnknown *assize.Unknown
	// SessionTags: the trust policy lets callers add tags of their own, which go before the role's.
	SessionTags bool
	// ServiceLinked marks a role of an AWS service that only the service uses.
	ServiceLinked bool
	// Credentials are its long-term API keys.
	Credentials []Credential
	// Unknown says what of it could not be read.
	Unknown []*assize.Unknown

	group *Group
	place int // among all principals, in the order of their ARNs
}

// Credential is a long-term API key of a user (a service-specific credential of IAM).
type Credential struct {
	ID, Service string
	Active      bool
	// Expires is RFC 3339, "" for one that never does.
	Expires string
}

// Endpoint is a VPC endpoint.
type Endpoint struct {
	ID, VPC, Account, Region string
	// Service as its name ends: "bedrock-runtime".
	Service string
	// Policy of the endpoint; nil is the default, which limits nothing.
	Policy *Document
}

// Group is principals that no policy can tell apart: those with the same policies, and the
// same values of what the policies ask of them.
type Group struct {
	// ID counts from zero in the order of the first member.
	ID      int
	Members []*Principal
}

// WithData is the organisation with another version of the Service Authorization Reference, by
// which calls are planned and condition keys are read; nil is the one built in.
func (o *Organisation) WithData(d *sar.Data) *Organisation {
	out, catalog := *o, *o.Catalog
	catalog.Data = d
	out.Catalog, out.planFixing = &catalog, &catalog
	return &out
}

// Principal finds a principal by its ARN, nil when there is none.
func (o *Organisation) Principal(arn string) *Principal { return o.byARN[arn] }

// Groups lists the groups in the order of their ids.
func (o *Organisation) Groups() []*Group { return o.groups }

// listGroups collects the groups of all principals.
func (o *Organisation) listGroups() {
	o.groups = nil
	seen := map[*Group]bool{}
	for _, p := range o.Principals {
		if !seen[p.group] {
			seen[p.group] = true
			o.groups = append(o.groups, p.group)
		}
	}
	slices.SortFunc(o.groups, func(a, b *Group) int { return cmp.Compare(a.ID, b.ID) })
}
