package iam

import (
	"slices"
	"strings"
)

// Reach is a family of requests that identity policies may allow: an action, and of the
// condition keys some that are given. All other keys are the caller's to choose,
// except those that follow from a resource that nobody named: it has no tags and no aliases.
type Reach struct {
	Action string
	// Given holds keys with their values; an empty list means that the key is absent.
	Given map[string][]string
	// Unnamed limits the question to resources that the policies do not name: "key/" asks for
	// any key, "role/" for any role. Empty asks for any resource at all. It needs Service.
	Unnamed string
	// Service of the unnamed resource's ARN: "kms", "iam".
	Service string
}

// callerName stands for the name of the user, where the caller is one.
const callerName = "caller-of-no-name"

// CanReach asks whether identity policies let their holder make such a request. Conditions
// count only as far as the holder cannot meet them; a Deny counts when it cannot be
// avoided. Patterns with the holder's own name ("user/${aws:username}") name a resource.
func CanReach(policies []*Policy, r Reach) Answer {
	action := asciiLower(r.Action)
	joined := &Policy{name: "identity policies", version: Version2012}
	for _, p := range policies {
		if a, bad := p.unread(); bad {
			return a
		}
		for i := 0; p != nil && i < len(p.statements); i++ {
			if p.statements[i].matchAction(action) { // the others say nothing of it, and there are many
				joined.statements = append(joined.statements, p.statements[i])
			}
		}
	}
	joined.index()
	out := answer(No, nil, "%s is not allowed", r.Action)
	budget := newBudget()
	for _, resource := range r.resources(joined) {
		sc := r.scenario(joined, resource, budget)
		switch f := sc.findAllowed(); f.verdict {
		case Yes:
			return answer(Yes, []int{f.allow.index}, "%s allows %s on %s", f.allow.label(), r.Action, resource)
		case CannotTell:
			out = answer(CannotTell, []int{f.allow.index}, "%s may allow %s on %s", f.allow.label(), r.Action, resource)
		case No:
		}
	}
	return out
}

// resources are those to try: what the patterns of the policies name, and with Unnamed
// those of them that end in a name nobody gives.
func (r Reach) resources(p *Policy) []string {
	all := sampleResources(p, "")
	if r.Unnamed == "" {
		return all
	}
	any := "arn:aws:" + r.Service + ":us-east-1:" + ownAccount + ":" + r.Unnamed + freshText
	if r.Service == "iam" {
		any = "arn:aws:iam::" + ownAccount + ":" + r.Unnamed + freshText
	}
	out := []string{any}
	for _, resource := range all {
		parts, ok := splitARN(resource)
		if ok && parts[2] == r.Service && parts[5] == r.Unnamed+freshText && !slices.Contains(out, resource) {
			out = append(out, resource)
		}
	}
	return out
}

func (r Reach) scenario(p *Policy, resource string, b *budget) *scenario {
	given := NewContext(map[string][]string{"aws:username": {callerName}})
	fixed := []string{"aws:username"}
	for _, key := range sortedKeys(r.Given) {
		fixed = append(fixed, strings.ToLower(key))
		switch values := r.Given[key]; len(values) {
		case 0:
			given = given.Without(key)
		default:
			given = given.With(key, values...)
		}
	}
	return &scenario{
		policy: p, layer: LayerIdentity, principal: Principal{Kind: RoleSession, Issuer: trustRole},
		action: r.Action, resource: resource, given: given, budget: b,
		values: func(c *condition) []string {
			if slices.Contains(fixed, c.folded.fold) || r.Unnamed != "" && ofResource(c.folded.fold) {
				return nil
			}
			return sampleValues(c, p.version)
		},
	}
}

// ofResource: keys that name a resource as its ARN would.
func ofResource(key string) bool {
	return strings.HasPrefix(key, "aws:resourcetag/") || strings.Contains(key, ":resourcetag/") || key == "kms:resourcealiases"
}

// AllowsAllOf asks whether an identity policy allows all actions of a service, on
// whatever resources: Action service:* or *, or a NotAction that leaves the service in. A
// NotAction that takes out some actions of the service counts too: all others are allowed,
// those that AWS adds later among them.
func AllowsAllOf(p *Policy, servicePrefix string) Answer {
	return broadGrant(p, "all actions of "+servicePrefix, func(s *Statement) bool {
		return s.coversService(servicePrefix) || s.notAction && !s.excludesService(servicePrefix)
	})
}

// TrustedAccounts lists the accounts outside AWS services whose principals a role trust
// policy lets assume the role, sorted, "*" for all accounts that no condition fixes.
// Conditions on a named account are not looked at. The answer is CannotTell, with the
// reason, where the policy cannot be read or its wildcard cannot be judged.
func TrustedAccounts(trust *Policy) ([]string, Answer) {
	if a, bad := trust.unread(); bad {
		return nil, a
	}
	open := WildcardTrust(trust)
	if open.Undecided() {
		return nil, open
	}
	var out []string
	if open.Yes() {
		out = append(out, "*")
	}
	if trust == nil {
		return out, answer(Yes, nil, "there is no trust policy")
	}
	for i := range trust.statements {
		s := &trust.statements[i]
		assumes := slices.ContainsFunc(assumeActions, func(a string) bool { return s.matchAction(strings.ToLower(a)) })
		entries, negated := s.Principals()
		if s.effect != Allow || !assumes || negated {
			continue
		}
		for _, e := range entries {
			if e.Kind != "AWS" || e.Value == "*" {
				continue
			}
			account := e.Value
			if parts, ok := splitARN(e.Value); ok {
				account = parts[4]
			}
			if isAccountID(account) {
				out = append(out, account) // anything else is the id of a principal that was deleted
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), answer(Yes, nil, "the accounts that the policy names")
}

// encryptionContext begins the keys that say what a KMS key is used for.
const encryptionContext = "kms:encryptioncontext:"

// ServiceUseScoped asks whether what a resource policy allows a service is limited to known
// accounts, resources or organisations, by the source keys of [ConfusedDeputyProtected] or,
// for KMS, by a fixed encryption context. It is Yes when the policy allows the service nothing.
func ServiceUseScoped(p *Policy, servicePrincipal string, actions ...string) Answer {
	if a, bad := p.unread(); bad {
		return a
	}
	out := answer(Yes, nil, "what the policy allows %s is limited, or nothing", servicePrincipal)
	if p == nil {
		return out
	}
	for _, action := range actions {
		for _, given := range []*Context{strangersDeputy(), NewContext(map[string][]string{"aws:ResourceOrgID": {ownOrg}})} {
			sc := &scenario{
				policy: p, layer: LayerResource, principal: PrincipalService(strings.ToLower(servicePrincipal)), action: action,
				resource: "arn:aws:kms:us-east-1:" + ownAccount + ":key/" + freshText, given: given, budget: newBudget(),
				values: func(c *condition) []string {
					if strings.HasPrefix(c.folded.fold, encryptionContext) {
						return looseValues(c, trustedARN, p.version)
					}
					return valuesWithin(c, sourceKeys, p.version)
				},
			}
			switch f := sc.findAllowed(); f.verdict {
			case Yes:
				return answer(No, []int{f.allow.index}, "%s lets %s use %s for any account", f.allow.label(), servicePrincipal, action)
			case CannotTell:
				out = answer(CannotTell, []int{f.allow.index}, "%s: its conditions cannot be judged", f.allow.label())
			case No:
			}
		}
	}
	return out
}
