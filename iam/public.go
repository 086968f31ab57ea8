package iam

import "strings"

// PublicAccess asks whether a resource policy grants anything on a resource, or on what
// lies below it, to everyone: to a caller nobody named, in no account, network or
// organisation the policy fixes ("Blocking public access to your Amazon S3 storage",
// The meaning of "public"). Conditions on other keys do not keep strangers out; Denies
// do when they cannot be avoided. An empty ARN takes the policy's own resources.
//
// A nil policy grants nothing: No.
func PublicAccess(p *Policy, resourceARN string) Answer {
	callers := []Principal{AnonymousPrincipal(), strangerUser()}
	return exposure{policy: p, resource: resourceARN, callers: callers}.answer()
}

// exposure asks whether a policy allows strangers something.
type exposure struct {
	policy   *Policy
	resource string
	actions  []string // the actions in question; nil means any
	callers  []Principal

	resources []string
	budget    *budget
}

func (x exposure) answer() Answer {
	p := x.policy
	if a, bad := p.unread(); bad {
		return a
	}
	if p == nil {
		return answer(No, nil, "there is no policy")
	}
	x.budget = newBudget()
	x.resources = sampleResources(p, x.resource)
	out := answer(No, nil, "no statement allows callers the policy does not name")
	for i := range p.statements {
		st := &p.statements[i]
		named := st.principal.present && !st.principal.everyone && !st.principal.negated
		if st.effect != Allow || named {
			continue
		}
		actions := x.actions
		if actions == nil {
			actions = sampleActions(p, st, serviceOf(x.resource), x.budget)
		}
		for _, action := range actions {
			a := x.try(st, action)
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

func serviceOf(arn string) string {
	if parts, ok := splitARN(arn); ok && parts[2] != "" {
		return parts[2]
	}
	return freshText
}

// strangerUser is a caller in an account no policy names.
func strangerUser() Principal {
	return Principal{Kind: User, ARN: "arn:aws:iam::" + strangerAccount + ":user/" + freshText}
}

// try asks for one action of one Allow.
func (x exposure) try(st *Statement, action string) Answer {
	out := answer(No, nil, "")
	for _, caller := range x.strangers() {
		for _, resource := range x.resources {
			if !x.budget.spend(1) {
				return answer(CannotTell, []int{st.index}, "the policy is too large to judge")
			}
			sc := x.scenario(caller.Principal, caller.organised, action, resource)
			if !sc.concerns(st) {
				continue
			}
			switch f := sc.tryAllow(st); f.verdict {
			case Yes:
				return answer(Yes, []int{st.index}, "%s allows %s on %s to %s", st.label(), action, resource, describe(caller.Principal))
			case CannotTell:
				out = answer(CannotTell, []int{st.index},
					"%s may allow %s to everyone: its conditions hold variables or values that cannot be judged", st.label(), action)
			case No:
			}
		}
	}
	return out
}

func describe(p Principal) string {
	switch p.Kind {
	case Anonymous:
		return "anonymous callers"
	case ServicePrincipal:
		return p.Service
	case RootUser, User, RoleSession, FederatedUser, IdentityProvider, CanonicalUser:
	}
	return "any AWS principal"
}

// stranger is a caller, whose account is in another organisation or in none.
type stranger struct {
	Principal
	organised bool
}

// strangers are the callers as far as the policy can tell them apart: by the organisation, and whether they are
// users or roles.
func (x exposure) strangers() []stranger {
	var out []stranger
	organisations, kinds := x.policy.speaksOf("aws:principalorg"), x.policy.speaksOf("aws:principaltype")
	add := func(p Principal) {
		if p.Kind != Anonymous {
			out = append(out, stranger{p, true})
		}
		if p.Kind == Anonymous || organisations {
			out = append(out, stranger{p, false})
		}
	}
	for _, p := range x.callers {
		add(p)
		if p.Kind == User && kinds {
			add(Principal{Kind: RoleSession, Issuer: "arn:aws:iam::" + strangerAccount + ":role/" + freshText})
		}
	}
	return out
}

// speaksOf says whether some condition is on a key that begins so, in lower case.
func (p *Policy) speaksOf(prefix string) bool {
	for i := range p.statements {
		for j := range p.statements[i].conditions {
			if strings.HasPrefix(p.statements[i].conditions[j].folded.fold, prefix) {
				return true
			}
		}
	}
	return false
}

// scenario lets a stranger choose every key but the trusted ones, and those only
// as far as the policy leaves them loose.
func (x exposure) scenario(caller Principal, organised bool, action, resource string) *scenario {
	p := x.policy
	given := NewContext(map[string][]string{
		"aws:SecureTransport": {"true"},
		"aws:SourceIp":        {outsideAddress(p)},
		"aws:PrincipalOrgID":  {strangerOrg},
		"kms:CallerAccount":   {strangerAccount},
		"aws:ResourceAccount": {ownAccount},
		"aws:ResourceOrgID":   {ownOrg},
	})
	if !organised {
		given = given.Without("aws:PrincipalOrgID")
	}
	return &scenario{
		policy: p, layer: LayerResource, principal: caller, action: action, resource: resource, given: given, budget: x.budget,
		values: func(c *condition) []string { return valuesWithin(c, trustedKeys, p.version) },
	}
}

// valuesWithin gives what a caller can set a key to: anything for keys outside the trusted
// ones, only loose values for those. A trusted key compared with a variable is open,
// without known values, unless the variable is the resource's own account or organisation.
func valuesWithin(c *condition, trusted map[string]trustedKind, v Version) []string {
	switch c.folded.fold {
	case "aws:principalisawsservice", "aws:principalservicename", "aws:principaltype":
		return nil // follow from the caller
	}
	kind := trusted[c.folded.fold]
	if kind == trustedNone {
		return sampleValues(c, v)
	}
	if c.hasVariables() && !c.ownVariables() {
		return []string{}
	}
	return looseValues(c, kind, v)
}

// outsideAddress gives a public address that no narrow network of the policy covers.
func outsideAddress(p *Policy) string {
	for _, a := range sampleAddresses {
		address, _ := parseAddress(a)
		covered := false
		for i := range p.statements {
			for _, c := range p.statements[i].conditions {
				for j := range c.values {
					n := c.values[j].network
					covered = covered || c.op.family == familyIP && n.IsValid() && n.Contains(address) && !isBroad(n.Bits(), n.Addr().Is4())
				}
			}
		}
		if !covered {
			return a
		}
	}
	return sampleAddresses[0]
}
