package iam

import (
	"slices"
	"strings"
)

// sharedProviders are identity providers whose tokens everybody can get, with the claims
// that say nothing of whose token it is, because its holder chooses them ("Create an OpenID
// Connect identity provider in IAM", identity-provider controls for shared OIDC providers).
var sharedProviders = map[string][]string{
	"token.actions.githubusercontent.com": {"aud"},
	"gitlab.com":                          {"aud"},
	"app.terraform.io":                    {"aud"},
	"agent.buildkite.com":                 {"aud"},
	"cognito-identity.amazonaws.com":      {"amr"},
	"accounts.google.com":                 nil,
	"graph.facebook.com":                  nil,
	"www.amazon.com":                      nil,
}

// OpenFederation asks whether a role trust policy lets everybody assume the role who has a
// token of an identity provider that is open to all, because no condition fixes whose
// token it must be.
func OpenFederation(trust *Policy) Answer {
	if a, bad := trust.unread(); bad {
		return a
	}
	out := answer(No, nil, "no statement trusts everybody at a shared identity provider")
	for i := 0; trust != nil && i < len(trust.statements); i++ {
		s := &trust.statements[i]
		if s.effect != Allow || s.principal.negated || !s.matchAction("sts:assumerolewithwebidentity") {
			continue
		}
		for _, provider := range s.principal.providers {
			name := providerName(provider)
			claims, shared := sharedProviders[name]
			if !shared || s.fixesIdentity(name, claims) {
				continue
			}
			if trust.deniesByClaim(name) {
				out = answer(CannotTell, []int{i}, "%s trusts %s, and what a Deny leaves of it cannot be judged", s.label(), name)
				continue
			}
			return answer(Yes, []int{i}, "%s trusts everybody at %s", s.label(), name)
		}
	}
	return out
}

func providerName(principal string) string {
	if _, name, ok := strings.Cut(principal, ":oidc-provider/"); ok {
		principal = name
	}
	return strings.ToLower(principal)
}

// fixesIdentity: a condition demands one of the claims that strangers cannot have, or a
// trusted key.
func (s *Statement) fixesIdentity(provider string, chosen []string) bool {
	for i := range s.conditions {
		c := &s.conditions[i]
		claim, ofProvider := strings.CutPrefix(c.folded.fold, provider+":")
		fixes := ofProvider && !slices.Contains(chosen, claim) || trustedKeys[c.folded.fold] != trustedNone
		if !fixes || c.op.negated || c.op.family == familyNull {
			continue
		}
		patterned := c.op.family == familyLike
		if !patterned || !slices.ContainsFunc(c.list.texts(), namesNobody) {
			return true
		}
	}
	return false
}

// namesNobody: a pattern such as "*" or "repo:*".
func namesNobody(pattern string) bool {
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		return false
	}
	literal := pattern[:wild]
	return literal == "" || strings.HasSuffix(literal, ":") && strings.Count(literal, ":") == 1
}

func (p *Policy) deniesByClaim(provider string) bool {
	return slices.ContainsFunc(p.statements, func(s Statement) bool {
		return s.effect == Deny && slices.ContainsFunc(s.conditions, func(c condition) bool { return strings.HasPrefix(c.folded.fold, provider+":") })
	})
}
