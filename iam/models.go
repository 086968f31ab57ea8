package iam

// Grant is one Allow of an action, with the resources as written.
type Grant struct {
	Policy    string // name of the policy
	Statement int
	Sid       string
	Position  Position
	Resources []string
	// Negated: Resources are what NotResource leaves out.
	Negated bool
	// Conditional: the statement has conditions.
	Conditional bool
}

// ResourcesFor lists the Allow statements of identity policies that match an action, so
// that a check can show which resources it is allowed on. Denies are not subtracted.
// unreadable lists the reasons of policies that could not be read.
func ResourcesFor(policies []*Policy, action string) (grants []Grant, unreadable []string) {
	lower := asciiLower(action)
	for _, p := range policies {
		if p == nil {
			continue
		}
		if p.opaque != "" {
			unreadable = append(unreadable, p.opaque)
		}
		for i := range p.statements {
			s := &p.statements[i]
			if s.effect != Allow || !s.matchAction(lower) {
				continue
			}
			resources, negated := s.Resources()
			grants = append(grants, Grant{
				Policy: p.name, Statement: i, Sid: s.sid, Position: s.position,
				Resources: resources, Negated: negated, Conditional: len(s.conditions) > 0,
			})
		}
	}
	return grants, unreadable
}

// AllowsAnyModel asks whether identity policies let a caller run foundation models that no
// policy names: InvokeModel or InvokeModelWithResponseStream on *, foundation-model/* and the
// like. It tries models of unknown providers and of every Region, so a pattern such as
// foundation-model/anthropic.* is No. Conditions do not make a grant narrower here, except those
// that cannot hold; a Deny counts when it cannot be avoided.
func AllowsAnyModel(policies []*Policy) Answer {
	joined := &Policy{name: "identity policies", version: Version2012}
	for _, p := range policies {
		if a, bad := p.unread(); bad {
			return a
		}
		if p != nil {
			joined.statements = append(joined.statements, p.statements...)
		}
	}
	joined.index()
	out := answer(No, nil, "only models named by the policies can be invoked")
	b := newBudget()
	for _, action := range []string{"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"} {
		for _, model := range unnamedModels(joined) {
			if !b.spend(1) {
				return answer(CannotTell, nil, "the policies are too large to judge")
			}
			a := allowsSomehow(joined, action, model, b)
			if a.Verdict == Yes {
				return a
			}
			if a.Verdict == CannotTell {
				out = a
			}
		}
	}
	return out
}

// unnamedModels are models of no known provider in every Region that a policy speaks of, and in others.
func unnamedModels(p *Policy) []string {
	places := append([]place{{"aws", "us-east-1", ""}, {"aws", "eu-central-1", ""}, {"aws", freshText, ""}, {"aws", "", ""}}, samplePlaces(p, "")...)
	var out []string
	seen := map[string]bool{}
	for _, at := range places {
		at.account = ""
		model := at.arn("bedrock", "foundation-model/"+freshText+"."+freshText+"-v9:9")
		if !seen[model] {
			seen[model] = true
			out = append(out, model)
		}
	}
	return out
}

// allowsSomehow asks whether identity policies, joined, allow a request under some conditions.
func allowsSomehow(joined *Policy, action, resource string, b *budget) Answer {
	sc := &scenario{
		policy: joined, layer: LayerIdentity, principal: Principal{Kind: RoleSession, Issuer: trustRole},
		action: action, resource: resource, given: NewContext(nil), budget: b,
		values: func(c *condition) []string { return sampleValues(c, Version2012) },
	}
	f := sc.findAllowed()
	switch f.verdict {
	case Yes:
		return answer(Yes, nil, "%s allows %s on %s", f.allow.label(), action, resource)
	case CannotTell:
		return answer(CannotTell, nil, "%s may allow %s on %s", f.allow.label(), action, resource)
	case No:
	}
	return answer(No, nil, "%s on %s is not allowed", action, resource)
}
