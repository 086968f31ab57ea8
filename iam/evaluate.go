package iam

// Policies are all policies that bear on a request. An absent policy is nil, a policy
// that exists but could not be read is [Unreadable].
type Policies struct {
	// Identity policies of the caller, inline and managed; a user's groups included.
	Identity []*Policy
	// Resource policy of the target: bucket, key, trust policy and the like.
	Resource *Policy
	// Boundary is the permissions boundary of the caller.
	Boundary *Policy
	// Session policies passed when the session was made; nil when none was.
	Session []*Policy
	// ServiceControl policies of the caller's account, one list a level, root first.
	// Nil when the account is in no organisation. A level without an Allow denies.
	ServiceControl [][]*Policy
	// ResourceControl policies of the resource's account, one list a level, root first.
	ResourceControl [][]*Policy
	// Endpoint policy of the VPC endpoint the request comes through; nil when it
	// comes through none, or through one with the default policy.
	Endpoint *Policy
	// CallerInManagementAccount exempts the caller from service control policies.
	CallerInManagementAccount bool
	// ResourceInManagementAccount exempts the resource from resource control policies.
	ResourceInManagementAccount bool
}

// Decide composes the layers as "Policy evaluation logic" and "Cross-account policy
// evaluation logic" describe. It allocates nothing and never changes its arguments.
func (p *Policies) Decide(q *Prepared) Decision {
	return decisionOf(p.evaluate(q))
}

// evaluate gives the readings in which the request is allowed and explicitly denied.
func (p *Policies) evaluate(q *Prepared) (allowed, denied worlds) {
	if q.free {
		// No permission is needed and no Deny counts ("GetCallerIdentity").
		return allWorlds, noWorlds
	}
	allowed, denied = p.controls(q)
	if denied == allWorlds {
		return noWorlds, denied
	}
	var l layers
	p.collect(&l, q, allowed == noWorlds)
	denied |= l.identity.deny | l.resource.deny | l.boundary.deny | l.session.deny | l.endpoint.deny
	allowed &= p.core(&l, q) & l.endpointAllows
	return allowed &^ denied, denied
}

// controls is what the organisation's policies leave and deny: service control policies must
// allow on every level; of resource control policies only denies matter, because
// RCPFullAWSAccess is always attached.
func (p *Policies) controls(q *Prepared) (allowed, denied worlds) {
	allowed = allWorlds
	if p.serviceControlApplies(q) {
		for _, level := range p.ServiceControl {
			g := applyAll(level, q, LayerServiceControl, allowed == noWorlds)
			denied |= g.deny
			allowed &= g.allow()
		}
	}
	if q.rcp && p.resourceControlApplies(q) {
		for _, level := range p.ResourceControl {
			g := applyAll(level, q, LayerResourceControl, true)
			denied |= g.deny
		}
	}
	return allowed, denied
}

// layers holds what each layer says.
type layers struct {
	identity, resource, boundary, session, endpoint grant
	endpointAllows                                  worlds
}

func applyAll(policies []*Policy, q *Prepared, l Layer, deniesOnly bool) grant {
	var g grant
	for _, p := range policies {
		p.apply(&g, q, l, false, deniesOnly)
	}
	return g
}

// collect evaluates the layers around the caller and the resource. Where neither
// identity nor resource policy allows, the layers that only limit are asked for denies;
// hopeless asks all of them for denies alone.
func (p *Policies) collect(l *layers, q *Prepared, hopeless bool) {
	p.Resource.apply(&l.resource, q, LayerResource, p.Boundary != nil && q.caller.hasIdentity(), hopeless)
	if q.ownBucket() {
		// "Bucket policies": the root user of the owning account keeps these three operations
		// whatever the bucket policy denies.
		l.resource.deny = noWorlds
	}
	if q.caller.hasIdentity() {
		l.identity = applyAll(p.Identity, q, LayerIdentity, hopeless)
		if l.resource.allow()|l.identity.allow() == noWorlds && q.caller.kind != RootUser {
			hopeless = true
		}
		l.session = applyAll(p.Session, q, LayerSession, hopeless)
		p.Boundary.apply(&l.boundary, q, LayerBoundary, false, hopeless)
	}
	l.endpointAllows = allWorlds
	if p.Endpoint != nil {
		p.Endpoint.apply(&l.endpoint, q, LayerEndpoint, false, hopeless)
		l.endpointAllows = l.endpoint.allow()
	}
}

// serviceControlApplies: service control policies do not reach the management account,
// service-linked roles, or callers that belong to no account ("Service control policies").
func (p *Policies) serviceControlApplies(q *Prepared) bool {
	return q.caller.hasIdentity() && !p.CallerInManagementAccount && !q.caller.serviceLinked
}

// resourceControlApplies: resource control policies do not reach resources of the management account
// nor calls of service-linked roles ("Resource control policies").
func (p *Policies) resourceControlApplies(q *Prepared) bool {
	return !p.ResourceInManagementAccount && !q.caller.serviceLinked
}

// core is the part between caller and resource: what identity, boundary, session and
// resource policy allow together.
func (p *Policies) core(l *layers, q *Prepared) worlds {
	r := &l.resource
	if !q.caller.hasIdentity() {
		return r.direct | r.account
	}
	identity, filter := l.identity.allow(), allWorlds
	if q.caller.kind == RootUser {
		identity = allWorlds
	} else if p.Boundary != nil {
		filter &= l.boundary.allow()
	}
	if len(p.Session) > 0 || q.caller.kind == FederatedUser {
		// A federated user without session policy has none of the user's permissions.
		filter &= l.session.allow()
	}
	cross := identity & filter & r.allow()
	same := p.sameAccount(l, q, identity, filter)
	switch {
	case q.owner == q.caller.account:
		return same
	case q.owner != "":
		return cross
	case p.Resource == nil:
		return same
	default:
		return same&^worldResourceOwner | cross&worldResourceOwner
	}
}

// sameAccount: a resource policy that names the caller itself is not limited by implicit
// denies of boundary and session; one that names the role is; one that names the account
// only delegates, which strict resources require.
func (p *Policies) sameAccount(l *layers, q *Prepared, identity, filter worlds) worlds {
	r := &l.resource
	viaIdentity := identity & filter
	if q.strict {
		viaIdentity &= r.account
	}
	return r.direct | r.role&filter | viaIdentity
}
