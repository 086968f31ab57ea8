package assess

import (
	"net/netip"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
	"github.com/assize-dev/assize/iam"
)

// callEndpointPolicyOpen answers endpointPolicyOpen(policy, service): whether the
// policy of a VPC endpoint lets everyone, with credentials of whatever account, use the
// service, as the default one does (AWS PrivateLink Guide, "Control access to VPC endpoints
// using endpoint policies"): an Allow to everyone without conditions of actions of the
// service on resources that it leaves open. Beside a Deny it is not decided, since the
// Deny may close it.
func callEndpointPolicyOpen(args []ref.Val) ref.Val {
	return policyAnswer(args, func(p *iam.Policy, service string) iam.Answer {
		if reason, ok := p.Readable(); !ok {
			return iam.Answer{Reason: reason}
		}
		open, denies := false, false
		for i := range p.Len() {
			s := p.Statement(i)
			denies = denies || s.Effect() == iam.Deny
			open = open || s.Effect() == iam.Allow && letsEveryoneUse(s, service)
		}
		switch {
		case open && denies:
			return iam.Answer{Reason: "an Allow to everyone stands beside a Deny"}
		case open:
			return iam.Answer{Verdict: iam.Yes, Reason: "a statement lets everyone use the service without conditions"}
		}
		return iam.Answer{Verdict: iam.No, Reason: "no statement lets everyone use the service without conditions"}
	})
}

// letsEveryoneUse: a statement of an endpoint policy names neither who may use the service
// nor which models or other resources.
func letsEveryoneUse(s *iam.Statement, service string) bool {
	actions, notAction := s.Actions()
	resources, notResource := s.Resources()
	ofService := func(action string) bool {
		prefix, _, _ := strings.Cut(strings.ToLower(action), ":")
		return graph.Glob(prefix, service)
	}
	principals, notPrincipal := s.Principals()
	everyone := notPrincipal || len(principals) == 0 || slices.ContainsFunc(principals, func(p iam.PrincipalEntry) bool { return p.Value == "*" })
	return everyone && len(s.Conditions()) == 0 && (notAction || slices.ContainsFunc(actions, ofService)) &&
		(notResource || slices.ContainsFunc(resources, anybodysResources))
}

// anybodysResources: a pattern of resources that names neither an account nor one resource:
// "*", or all of a type such as arn:aws:bedrock:*::foundation-model/*.
func anybodysResources(pattern string) bool {
	if strings.Trim(pattern, "*") == "" {
		return true
	}
	parts := strings.SplitN(pattern, ":", 6)
	if len(parts) < 6 {
		return strings.HasSuffix(pattern, "*") // the rest of the ARN, its account too
	}
	_, name, typed := strings.Cut(parts[5], "/")
	all := strings.Trim(parts[5], "*") == "" || typed && strings.Trim(name, "*") == ""
	return all && strings.Trim(parts[4], "*?") == ""
}

// widest are the shortest prefixes that a range of one organisation can have. The widest
// private range of IPv4 is 10.0.0.0/8 (RFC 1918), and no more of public IPv4 was ever
// given to one; of IPv6, organisations hold /16 at the very most.
const (
	widestIPv4 = 8
	widestIPv6 = 16
)

// uniqueLocal is private IPv6 (RFC 4193).
var uniqueLocal = netip.MustParsePrefix("fc00::/7")

// callWholeInternet answers wholeInternet(range): whether a range of addresses is so wide
// that it means the internet, or a part of it such as one of its halves. Text that is no
// range is unknown.
func callWholeInternet(args []ref.Val) ref.Val {
	c, text := args[0].(*evalContext), string(args[1].(types.String))
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return c.unknown(&assize.Unknown{Cause: assize.WrongAnswer, Detail: "range of addresses cannot be read: " + err.Error()})
	case prefix.Addr().Is4():
		return types.Bool(prefix.Bits() < widestIPv4)
	case prefix.Bits() >= uniqueLocal.Bits() && uniqueLocal.Contains(prefix.Addr()):
		return types.False
	}
	return types.Bool(prefix.Bits() < widestIPv6)
}

// callDecryptByNamedOnly answers decryptByNamedOnly(policy): whether a key policy
// names everyone whom it lets decrypt. A wildcard, NotPrincipal, and an account as a
// whole, which leaves it to IAM policies (KMS Developer Guide, "Default key
// policy"), name nobody.
func callDecryptByNamedOnly(args []ref.Val) ref.Val {
	return policyAnswer(append(args, types.String("")), func(p *iam.Policy, _ string) iam.Answer {
		users, err := iam.DecryptGrants(p)
		if err != nil {
			return iam.Answer{Reason: err.Error()}
		}
		for _, u := range users {
			if u.Everyone || u.Negated || strings.HasSuffix(u.Value, ":root") || strings.Trim(u.Value, "0123456789") == "" {
				return iam.Answer{Verdict: iam.No, Reason: "a statement lets " + u.Value + " decrypt"}
			}
		}
		return iam.Answer{Verdict: iam.Yes, Reason: "every principal that may decrypt is named"}
	})
}
