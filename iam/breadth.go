package iam

// HasWildcardAdmin asks whether an identity policy allows every action on every
// resource: Allow * on *. Conditions on the statement do not change the answer, the
// reason mentions them; an unconditional Deny of everything does.
func HasWildcardAdmin(p *Policy) Answer {
	return broadGrant(p, "every action", func(s *Statement) bool {
		return !s.notAction && s.matchesEveryAction() && s.matchesEveryResource()
	})
}

// OverlyBroad asks whether an identity policy allows all actions of a service on every
// resource: Action service:* or *, or NotAction, with Resource *, all ARNs of the service,
// or NotResource.
func OverlyBroad(p *Policy, servicePrefix string) Answer {
	return broadGrant(p, "all actions of "+servicePrefix, func(s *Statement) bool {
		broad := s.coversService(servicePrefix) || s.notAction && !s.excludesService(servicePrefix)
		return broad && (s.matchesEveryResource() || s.matchesEveryResourceOf(servicePrefix))
	})
}

func broadGrant(p *Policy, what string, broad func(*Statement) bool) Answer {
	if a, bad := p.unread(); bad {
		return a
	}
	if p == nil {
		return answer(No, nil, "there is no policy")
	}
	for i := range p.statements {
		s := &p.statements[i]
		if s.effect == Deny && !s.notAction && s.matchesEveryAction() && s.matchesEveryResource() && len(s.conditions) == 0 {
			return answer(No, []int{i}, "%s denies everything", s.label())
		}
	}
	for i := range p.statements {
		s := &p.statements[i]
		if s.effect != Allow || !broad(s) {
			continue
		}
		suffix := ""
		if s.notAction {
			suffix = " by NotAction"
		}
		if len(s.conditions) > 0 {
			suffix += " under conditions"
		}
		return answer(Yes, []int{i}, "%s allows %s on every resource%s", s.label(), what, suffix)
	}
	return answer(No, nil, "no statement allows %s on every resource", what)
}

// matchesEveryAction: "*", or a pattern such as "*:*".
func (s *Statement) matchesEveryAction() bool {
	return s.coversService("\x7f") && s.coversService("\x7f\x7f")
}

// matchesEveryResource: Resource "*" or a pattern as wide, or NotResource, which leaves
// open all resources but a few.
func (s *Statement) matchesEveryResource() bool {
	if s.notRes {
		for i := range s.resources {
			if s.resources[i].any {
				return false
			}
		}
		return true
	}
	return s.coversResources([]string{
		"arn:\x7f:\x7f:\x7f:\x7f:\x7f", "arn:\x7f:\x7f:::\x7f:\x7f", "arn:\x7f\x7f:\x7f\x7f::\x7f:\x7f/\x7f",
	})
}

// matchesEveryResourceOf: a pattern such as arn:aws:bedrock:*:*:*.
func (s *Statement) matchesEveryResourceOf(service string) bool {
	if s.notRes {
		return false
	}
	prefix := "arn:aws:" + service
	if service == "s3" {
		return s.coversResources([]string{prefix + ":::\x7f", prefix + ":::\x7f/:\x7f"})
	}
	return s.coversResources([]string{prefix + ":\x7f:\x7f:\x7f", prefix + ":\x7f::\x7f/\x7f:\x7f", prefix + ":::\x7f:\x7f"})
}

// excludesService says whether NotAction leaves out every action of a service.
func (s *Statement) excludesService(service string) bool {
	positive := Statement{actions: s.actions}
	return positive.coversService(service)
}

// Allows asks whether identity policies alone allow an action on a resource. Unknown keys
// of the context make the answer undecided where they matter. The caller is
// anyone: principal keys the policies need must be in the context.
func Allows(policies []*Policy, action, resource string, context *Context) Answer {
	q, err := Prepare(Request{
		Principal: Principal{Kind: RoleSession, Issuer: trustRole},
		Action:    action, Resource: resource,
		Context: identityContext(context),
	})
	if err != nil {
		return answer(CannotTell, nil, "%s", err)
	}
	g := applyAll(policies, q, LayerIdentity, false)
	d := decisionOf(g.allow()&^g.deny, g.deny)
	switch {
	case d.Ambiguity != 0 || d.Outcome == Undecided:
		return answer(CannotTell, nil, "%s on %s: %s", action, resource, d)
	case d.Outcome == Allowed:
		return answer(Yes, nil, "%s on %s is allowed", action, resource)
	default:
		return answer(No, nil, "%s on %s is %s", action, resource, d)
	}
}

// identityContext keeps Prepare from inventing the caller: principal keys that the
// context does not give are unknown.
func identityContext(c *Context) *Context {
	out := c.clone()
	for _, k := range []*contextKey{&keyPrincipalArn, &keyPrincipalAccount, &keyPrincipalType, &keyUserName, &keyResourceAccount} {
		if out.table.lookup(k) == nil {
			out = out.WithUnknown(k.name)
		}
	}
	return out
}
