package sar

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// alwaysThere are keys in every signed request ("AWS global condition context keys", availability):
// IfExists and negation are harmless on them.
var alwaysThere = strings.Fields(`aws:requestedregion aws:principalarn aws:principalaccount aws:principaltype aws:userid
	aws:securetransport aws:viaawsservice aws:currenttime aws:epochtime aws:principalisawsservice iam:passedtoservice
	aws:useragent`)

// lintConditions finds conditions that do not do what they look like.
func (l *linter) lintConditions(s *statement) {
	for c := range s.each {
		l.privateSource(s, c)
		l.contradiction(s, c)
		if slices.Contains(alwaysThere, c.fold) || strings.HasPrefix(c.base, "null") {
			continue
		}
		if s.Effect() == iam.Allow {
			l.forAll(s, c)
			l.ifExists(s, c)
		} else {
			l.negatedDeny(s, c)
		}
	}
}

// requiredLists are keys with several values that come from a required parameter: every request for an
// action that carries one has it ("AWS KMS condition keys", "Using IAM policy conditions for fine-grained
// access control" of Route 53).
var requiredLists = strings.Fields(`kms:grantoperations route53:changeresourcerecordsetsnormalizedrecordnames
	route53:changeresourcerecordsetsrecordtypes route53:changeresourcerecordsetsactions`)

// alwaysListed says whether every request for the statement's actions has the list.
func (l *linter) alwaysListed(s *statement, fold string) bool {
	return slices.Contains(requiredLists, fold) && len(s.actions) > 0 &&
		!slices.ContainsFunc(s.actions, func(a *Action) bool { return !l.d.KeyApplies(a, fold) })
}

// private are the networks that are no public source of a request; AWS sees a public address, or
// through an endpoint none at all.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

func isPrivate(text string) bool {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	return slices.ContainsFunc(private, func(n netip.Prefix) bool { return n.Bits() <= p.Bits() && n.Contains(p.Addr()) })
}

// privateSource finds aws:SourceIp compared with private networks only.
func (l *linter) privateSource(s *statement, c condition) {
	if c.base != "ipaddress" || c.fold != "aws:sourceip" || c.ifExists || c.set == "forallvalues" || len(c.Values) == 0 ||
		slices.ContainsFunc(c.Values, func(v string) bool { return !isPrivate(v) }) {
		return
	}
	l.add(s, Fault{
		Rule: ruleDead, Severity: assize.High, Position: s.ConditionPosition(c.index),
		Message: fmt.Sprintf("aws:SourceIp is a public address, and absent from requests through a VPC endpoint, so it is never in %s and the statement %s",
			strings.Join(c.Values, ", "), idle(s)),
		Fix:       "compare aws:VpcSourceIp, and name the endpoint with aws:SourceVpce or the VPC with aws:SourceVpc",
		Corrected: corrected(s.draft().remove(c.Operator, c.Key).set(c.Operator, "aws:VpcSourceIp", c.Values...)),
	})
}

// contradiction finds a key that must be absent and have a value, and conditions without values.
func (l *linter) contradiction(s *statement, c condition) {
	position := s.ConditionPosition(c.index)
	if c.base == "null" && isOnly(c.Values, "true") && s.demands(c.fold) {
		l.add(s, Fault{
			Rule: ruleDead, Severity: assize.High, Position: position,
			Message: fmt.Sprintf("%s must be absent and have a value, so the statement %s", c.Key, idle(s)),
			Fix:     "remove one of the conditions, or make two statements",
		})
	}
	if len(c.Values) == 0 && !c.negated && !c.ifExists && c.set != "forallvalues" {
		l.add(s, Fault{
			Rule: ruleDead, Severity: assize.High, Position: position,
			Message: fmt.Sprintf("no value is listed for %s, so the statement %s", c.Key, idle(s)),
			Fix:     "list the values",
		})
	}
}

// forAll: ForAllValues also holds for a request without the key ("Single-valued vs. multivalued
// context keys", IAM User Guide).
func (l *linter) forAll(s *statement, c condition) {
	if c.set != "forallvalues" || s.demands(c.fold) || l.alwaysListed(s, c.fold) {
		return
	}
	severity := severityOf(s)
	if c.fold == "aws:tagkeys" {
		severity = assize.Low // the usual use: whoever tags may use these keys only
		for other := range s.each {
			if strings.HasPrefix(other.fold, "aws:requesttag/") && s.demands(other.fold) {
				return // a request with tags has their keys
			}
		}
	}
	l.add(s, Fault{
		Rule: ruleForAll, Severity: severity, Position: s.ConditionPosition(c.index), Without: c.Key,
		Message:   fmt.Sprintf("%s also holds for a request without %s, so leaving it out is allowed", c.Operator, c.Key),
		Fix:       fmt.Sprintf(`demand the key too: "Null": {%q: "false"}`, c.Key),
		Corrected: corrected(s.draft().set("Null", c.Key, "false")),
	})
}

func (l *linter) ifExists(s *statement, c condition) {
	if !c.ifExists || c.negated || c.set == "forallvalues" || s.demands(c.fold) {
		return
	}
	without := c.Operator[:len(c.Operator)-len("IfExists")]
	l.add(s, Fault{
		Rule: ruleIfExists, Severity: severityOf(s), Position: s.ConditionPosition(c.index), Without: c.Key,
		Message:   fmt.Sprintf("%s holds for every request without %s, so leaving it out is allowed", c.Operator, c.Key),
		Fix:       fmt.Sprintf("use %s, or deny requests without the key in another statement", without),
		Corrected: corrected(s.draft().remove(c.Operator, c.Key).set(without, c.Key, c.Values...)),
	})
}

// negatedDeny finds denials of requests that merely lack a key, where that is hardly meant: IfExists
// changes nothing there, and a request through an endpoint has no SourceIp.
func (l *linter) negatedDeny(s *statement, c condition) {
	if !c.negated || c.set == "foranyvalue" || s.demands(c.fold) {
		return
	}
	f := Fault{Rule: ruleNegDeny, Severity: assize.Medium, Position: s.ConditionPosition(c.index), Without: c.Key}
	network := s.has("aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp", "aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths", "aws:ViaAWSService")
	switch {
	case c.ifExists && c.fold == "aws:sourceip" && network || c.ifExists && networkKey(c.fold):
		return // the documented perimeter: these keys exclude one another
	case c.ifExists:
		f.Message = fmt.Sprintf("%s on %s also denies requests without the key: IfExists changes nothing in a negated condition", c.Operator, c.Key)
	case c.fold == "aws:sourceip" && !network:
		f.Message = "requests through a VPC endpoint, and those AWS makes on someone's behalf, have no matching aws:SourceIp and are denied too"
	default:
		return
	}
	f.Fix = fmt.Sprintf(`test that the key is there: "Null": {%q: "false"}; or drop IfExists if requests without it shall be denied`, c.Key)
	f.Corrected = corrected(s.draft().set("Null", c.Key, "false"))
	l.add(s, f)
}

func networkKey(fold string) bool {
	return strings.HasPrefix(fold, "aws:sourcevpc") || strings.HasPrefix(fold, "aws:vpce") || fold == "aws:vpcsourceip" ||
		strings.HasPrefix(fold, "aws:sourceorg") || strings.HasPrefix(fold, "aws:principalorg") || strings.HasPrefix(fold, "aws:resourceorg") ||
		fold == "aws:resourceaccount" || fold == "aws:sourceaccount"
}
