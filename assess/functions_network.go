package assess

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize/iam"
)

// callEndpointPolicyOpen answers endpointPolicyOpen(policy, service): whether the
// policy of a VPC endpoint lets everyone do everything, as the default one does
// (AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint
// policies"): an Allow to everyone without conditions of all actions, or all of the service,
// on all resources. Beside a Deny it is not decided, since the Deny may close it.
func callEndpointPolicyOpen(args []ref.Val) ref.Val {
	return policyAnswer(args, func(p *iam.Policy, service string) iam.Answer {
		if reason, ok := p.Readable(); !ok {
			return iam.Answer{Reason: reason}
		}
		open, denies := false, false
		for i := range p.Len() {
			s := p.Statement(i)
			denies = denies || s.Effect() == iam.Deny
			open = open || s.Effect() == iam.Allow && allowsEverything(s, service)
		}
		switch {
		case open && denies:
			return iam.Answer{Reason: "an Allow of everything stands beside a Deny"}
		case open:
			return iam.Answer{Verdict: iam.Yes, Reason: "a statement allows everything without conditions"}
		}
		return iam.Answer{Verdict: iam.No, Reason: "no statement allows everything without conditions"}
	})
}

func allowsEverything(s *iam.Statement, service string) bool {
	actions, notAction := s.Actions()
	resources, notResource := s.Resources()
	everything := func(a string) bool { return a == "*" || a == "*:*" || strings.EqualFold(a, service+":*") }
	principals, notPrincipal := s.Principals()
	everyone := notPrincipal || len(principals) == 0 || slices.ContainsFunc(principals, func(p iam.PrincipalEntry) bool { return p.Value == "*" })
	return everyone && len(s.Conditions()) == 0 && (notAction || slices.ContainsFunc(actions, everything)) &&
		(notResource || slices.Contains(resources, "*"))
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
