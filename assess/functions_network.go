package assess

import (
	"crypto/sha256"
	"net/netip"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// callEndpointPolicyOpen answers endpointPolicyOpen(policy, service): whether the
// policy of a VPC endpoint lets somebody with credentials of a foreign account use the
// service on what it does not name, as the default one does (AWS PrivateLink Guide, "Control
// access to VPC endpoints using endpoint policies").
func callEndpointPolicyOpen(args []ref.Val) ref.Val {
	c, v, service := args[0].(*evalContext), args[1].(*policyVal), string(args[2].(types.String))
	e := rules.Endpoint{Service: service, Region: c.region, Partition: assize.Partition(c.region)}
	for _, a := range c.graph.Accounts() {
		e.Accounts = append(e.Accounts, a.ID)
	}
	if c.account != "" && !slices.Contains(e.Accounts, c.account) {
		e.Accounts = append(e.Accounts, c.account)
	}
	ask := func(p *iam.Policy) rules.Result {
		e.Policy = p
		return c.accessed.judge.OpenEndpoint(e)
	}
	p, u := c.wholly(v)
	if u != nil {
		return policyAnswer(args, func(p *iam.Policy, _ string) iam.Answer { return ask(p).Answer })
	}
	key := accessKey{"endpoint " + service + " " + c.region + " " + c.account, sha256.Sum256([]byte(v.text))}
	reply, ok := c.accessed.answers[key]
	if !ok {
		r := ask(p)
		reply = accessReply{found: r.Yes(), evidence: evidenceOf(r), unknown: undecidedBy(r.Answer)}
		c.accessed.keep(key, reply)
	}
	return c.found(reply)
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
