package iam

import (
	"slices"
	"strings"
)

// Reach is a family of requests that identity policies may allow: an action, and of the
// condition keys some that are given. All other keys are the caller's to choose, except those that
// follow from a resource that nobody named (it has no tags and no aliases) and those that
// say who the caller is, which are not known.
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
	out := answer(No, nil, "%s is not allowed", r.Action)
	if !slices.ContainsFunc(joined.statements, func(s Statement) bool { return s.effect == Allow }) {
		return out
	}
	joined.index()
	budget := newBudget()
	for _, resource := range r.resources(joined) {
		if !budget.spend(1) {
			return answer(CannotTell, nil, "the policies are too large to judge")
		}
		sc := r.scenario(joined, resource, budget)
		switch f := sc.findAllowed(); f.verdict {
		case Yes:
			return answer(Yes, []int{f.allow.index}, "%s allows %s on %s", f.allow.label(), r.Action, resource)
		case CannotTell:
			out = answer(CannotTell, []int{f.allow.index}, "%s may allow %s on %s", f.allow.label(), r.Action, resource)
		case No:
		}
	}
	service, _, _ := strings.Cut(action, ":")
	if r.Unnamed != "" {
		service = ""
	}
	if out.No() && joined.turnsOnUserName(service) {
		return answer(CannotTell, nil, "whether %s is allowed depends on the name of the user", r.Action)
	}
	return out
}

// turnsOnUserName says whether the policy may allow a user something for its name, which roles have none of: by a
// condition or, of a service whose named resources count, by the name of one.
func (p *Policy) turnsOnUserName(service string) bool {
	const name = "aws:username"
	out := false
	for i := range p.statements {
		s := &p.statements[i]
		everything, negated := s.Resources()
		if s.effect == Deny && len(s.conditions) == 0 && !negated && slices.Contains(everything, "*") {
			return false
		}
		out = out || s.effect == Allow && slices.ContainsFunc(s.resources, func(r resourcePattern) bool {
			parts := strings.SplitN(r.raw, ":", 4)
			return service != "" && len(parts) == 4 && (parts[2] == service || parts[2] == "*") &&
				slices.ContainsFunc(r.glob.vars, func(v *variable) bool { return v.key.fold == name })
		})
		out = out || slices.ContainsFunc(s.conditions, func(c condition) bool { return c.folded.fold == name })
	}
	return out
}

// resources are those to try: what the patterns of the policies name, and with Unnamed a
// name nobody gives, wherever the patterns are about.
func (r Reach) resources(p *Policy) []string {
	if r.Unnamed == "" {
		return sampleResources(p, "")
	}
	var out []string
	seen := map[string]bool{}
	for _, place := range append([]place{{partition: "aws", region: "us-east-1", account: ownAccount}}, samplePlaces(p, ownAccount)...) {
		resource := place.arn(r.Service, r.Unnamed+freshText)
		if !seen[resource] {
			seen[resource] = true
			out = append(out, resource)
		}
	}
	return out
}

// place is where a resource is: what comes before its name in an ARN.
type place struct {
	partition, region, account string
}

// arn names a resource at the place. IAM has no Regions.
func (p place) arn(service, name string) string {
	if service == "iam" {
		p.region = ""
	}
	return "arn:" + p.partition + ":" + service + ":" + p.region + ":" + p.account + ":" + name
}

// samplePlaces lists the places that the patterns of a policy speak of, whatever they say of services and
// names: "arn:aws:kms:eu-west-1:*" speaks of every key of a Region as "arn:aws:kms:eu-west-1:*:key/*" does.
func samplePlaces(p *Policy, account string) []place {
	var out []place
	seen := map[place]bool{}
	for _, resource := range sampleResources(p, "") {
		parts := strings.SplitN(resource, ":", arnParts)
		if len(parts) < 4 {
			continue
		}
		at := place{partition: parts[1], region: parts[3], account: account}
		if len(parts) > 4 && isAccountID(parts[4]) {
			at.account = parts[4]
		}
		if at.partition == freshText {
			at.partition = "aws"
		}
		if !seen[at] {
			seen[at] = true
			out = append(out, at)
		}
	}
	return out
}

// ofCaller: keys that say who the caller is. A holder of the policy has one value of each, which nobody
// here knows and the holder cannot choose.
func ofCaller(key string) bool {
	switch key {
	case "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:userid":
		return true
	default:
		return false
	}
}

// someHolder is the context of a holder of a policy of whom nothing but a name is known.
// Contexts never change, so that one serves every question.
var someHolder = NewContext(map[string][]string{"aws:username": {callerName}}).
	WithUnknown("aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid")

func (r Reach) scenario(p *Policy, resource string, b *budget) *scenario {
	given := someHolder
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
			if ofCaller(c.folded.fold) {
				return []string{}
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
		for _, given := range []*Context{strangersDeputy, silentDeputy} {
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
