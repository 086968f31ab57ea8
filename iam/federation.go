package iam

import (
	"path"
	"slices"
	"strings"
)

// sharedProviders are identity providers whose tokens everybody can get, with the claims
// that say nothing of whose token it is, because its holder chooses them ("Create an OpenID
// Connect identity provider in IAM", identity-provider controls for shared OIDC providers).
var sharedProviders = map[string][]string{
	"token.actions.githubusercontent.com":                {"aud"},
	"vstoken.actions.githubusercontent.com":              {"aud"},
	"oidc-configuration.audit-log.githubusercontent.com": {"aud"},
	"gitlab.com":                     {"aud"},
	"app.terraform.io":               {"aud"},
	"agent.buildkite.com":            {"aud"},
	"oidc.codefresh.io":              {"aud"},
	"studio.datachain.ai/api":        {"aud"},
	"scalr.io":                       {"aud"},
	"tokens.cloud.shisho.dev":        {"aud"},
	"proidc.upbound.io":              {"aud"},
	"api.pulumi.com/oidc":            nil,
	"sandboxes.cloud":                nil,
	"oidc.vercel.com":                nil,
	"cognito-identity.amazonaws.com": {"amr"},
	"accounts.google.com":            nil,
	"graph.facebook.com":             nil,
	"www.amazon.com":                 nil,
}

// ownProviders are issuers that one organisation has for itself, by how their services
// name them: a cluster of Amazon EKS, a tenant of Okta, Auth0 or Microsoft Entra, an
// organisation of CircleCI, a workspace of Bitbucket, a team of Vercel, an enterprise of
// GitHub. Strangers get no token of such an issuer.
var ownProviders = []string{
	"oidc.eks.*.amazonaws.com/id/?*", "oidc.eks.*.amazonaws.com.cn/id/?*", "oidc-eks.*.api.aws/id/?*",
	"?*.okta.com", "?*.okta.com/oauth2/?*", "?*.okta-emea.com", "?*.okta-emea.com/oauth2/?*",
	"?*.auth0.com", "?*.auth0.com/",
	"sts.windows.net/????????-????-????-????-????????????", "sts.windows.net/????????-????-????-????-????????????/",
	"login.microsoftonline.com/????????-????-????-????-????????????/v2.0",
	"oidc.circleci.com/org/?*", "api.bitbucket.org/2.0/workspaces/?*/pipelines-config/identity/oidc",
	"oidc.vercel.com/?*", "token.actions.githubusercontent.com/?*",
}

// sentinelTenant is the tenant of Entra that all customers of Microsoft Sentinel share.
const sentinelTenant = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"

// ownIssuer says whether a provider is known to serve one organisation alone.
func ownIssuer(name string) bool {
	return !strings.HasPrefix(name, sentinelTenant) &&
		slices.ContainsFunc(ownProviders, func(pattern string) bool {
			own, err := path.Match(pattern, name)
			return err == nil && own
		})
}

// OpenFederation asks whether a role trust policy lets everybody assume the role who has a
// token of an identity provider that is open to all, because no condition fixes whose
// token it must be. Of a provider that is known neither as shared nor as an organisation's
// own, it cannot tell, unless a condition fixes more of the token than for whom it is meant.
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
			chosen, shared := sharedProviders[name]
			switch {
			case shared && s.fixesIdentity(name, chosen), !shared && (ownIssuer(name) || s.fixesIdentity(name, audience)):
				continue
			case trust.deniesByClaim(name):
				out = answer(CannotTell, []int{i}, "%s trusts %s, and what a Deny leaves of it cannot be judged", s.label(), name)
			case !shared:
				out = answer(CannotTell, []int{i}, "%s trusts %s without fixing whose token it must be; whether strangers get tokens there is not known", s.label(), name)
			default:
				return answer(Yes, []int{i}, "%s trusts everybody at %s", s.label(), name)
			}
		}
	}
	return out
}

// audience is the claim that the holder of a token may be free to choose.
var audience = []string{"aud"}

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
		if !fixes || c.op.negated || c.op.family == familyNull || c.sparesAbsent() && !(ofProvider && claim == subjectClaim) {
			continue
		}
		patterned := c.op.family == familyLike
		if !patterned || !slices.ContainsFunc(c.list.texts(), namesNobody) {
			return true
		}
	}
	return false
}

// subjectClaim is in every token.
const subjectClaim = "sub"

// sparesAbsent: the condition holds where the request has no such key.
func (c *condition) sparesAbsent() bool { return c.op.ifExists || c.op.set == setAll }

// ownerFirst are kinds of subjects whose text begins with an owner, as "repo:OWNER/NAME:…" of GitHub, and one that
// strangers can have a longer name than.
var ownerFirst = []string{"repo:", "project_path:"}

// namesNobody: a pattern such as "*", "repo:*" or "repo:own*", which takes the owner "own-too".
func namesNobody(pattern string) bool {
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		return false
	}
	literal := pattern[:wild]
	for _, kind := range ownerFirst {
		if owner, ok := strings.CutPrefix(literal, kind); ok && !strings.Contains(owner, "/") {
			return true
		}
	}
	return literal == "" || strings.HasSuffix(literal, ":") && strings.Count(literal, ":") == 1
}

func (p *Policy) deniesByClaim(provider string) bool {
	return slices.ContainsFunc(p.statements, func(s Statement) bool {
		return s.effect == Deny && slices.ContainsFunc(s.conditions, func(c condition) bool { return strings.HasPrefix(c.folded.fold, provider+":") })
	})
}
