package sar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// boundCallers are keys that tie a trust to an organisation, an account or a shared secret.
var boundCallers = []string{
	"sts:ExternalId", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn",
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceIdentity", "kms:CallerAccount",
}

// lintTrust judges the principals of resource and trust policies.
func (l *linter) lintTrust(s *statement) {
	if l.layer != iam.LayerResource {
		return
	}
	for _, e := range s.principals {
		if e.Kind == "AWS" && isUniqueID(e.Value) {
			l.add(s, Fault{
				Rule: ruleTrust, Severity: assize.Medium,
				Message: fmt.Sprintf("the principal %s was deleted: a new one of the same name does not match", e.Value),
				Fix:     "remove it, or write the ARN again so that AWS resolves it to the principal there is now",
			})
		}
	}
	if s.Effect() == iam.Allow && s.assumes() {
		for _, e := range s.principals {
			l.trusts(s, e)
		}
	}
}

// assumes says whether the statement lets roles be assumed: the policy is a trust policy.
func (s *statement) assumes() bool {
	return len(s.resources) == 0 && (s.covers("sts:AssumeRole") || s.covers("sts:AssumeRoleWithWebIdentity") || s.covers("sts:AssumeRoleWithSAML"))
}

// isUniqueID says whether a principal is the unique id of a user or role, which policies show once
// it was deleted ("IAM identifiers", unique ID prefixes).
func isUniqueID(s string) bool {
	return len(s) >= 16 && (strings.HasPrefix(s, "AROA") || strings.HasPrefix(s, "AIDA")) && s == strings.ToUpper(s) && !strings.Contains(s, ":")
}

// trusts judges one principal of a trust policy.
func (l *linter) trusts(s *statement, e iam.PrincipalEntry) {
	bound := s.limits(boundCallers...)
	f := Fault{Rule: ruleTrust, Severity: assize.Medium}
	switch {
	case s.notPrinc:
		f.Severity, f.Message, f.Fix = assize.Critical, "everybody but a list may assume the role", "name who may"
	case e.Value == "*" && !bound:
		f.Severity, f.Message, f.Fix = assize.Critical, "anybody may assume the role", "name who may, and demand aws:PrincipalOrgID"
	case bound:
		return
	case e.Kind == "AWS" && !isUniqueID(e.Value):
		f.Message = fmt.Sprintf("%s may assume the role without an external id or a bound to an organisation; if it is another account's, anybody there who can reach it may", e.Value)
		f.Fix = "demand sts:ExternalId of a third party, aws:PrincipalOrgID of your own accounts"
	case e.Kind == "Service" && slices.Contains([]string{passedTo["bedrock"], passedTo["sagemaker"], passedTo["bedrock-agentcore"]}, e.Value):
		f.Message = fmt.Sprintf("%s may assume the role for any account it works for", e.Value)
		f.Fix = "demand aws:SourceAccount, and aws:SourceArn where the resource is known"
	case e.Kind == "Federated" && strings.Contains(e.Value, "token.actions.githubusercontent.com") && !s.limits("token.actions.githubusercontent.com:sub"):
		f.Severity = assize.High
		f.Message = "any repository of GitHub may assume the role: no condition names the owner in the subject"
		f.Fix = "demand token.actions.githubusercontent.com:sub of your repositories"
	default:
		return
	}
	l.add(s, f)
}

// limits says whether a condition lets pass only requests with some values of one of the keys. IfExists
// lets others pass, but for the key that every request to pass a role has.
func (s *statement) limits(keys ...string) bool {
	for c := range s.each {
		if c.negated || c.ifExists && !strings.EqualFold(c.Key, passedToService) || c.base == "null" || c.set == "forallvalues" || len(c.Values) == 0 {
			continue
		}
		if slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, c.Key) }) && !slices.ContainsFunc(c.Values, c.open) {
			return true
		}
	}
	return false
}

// open says whether a value admits callers of any account: it is all wildcards, or an ARN or subject with
// a wildcard where the account or owner stands, whose names anybody can choose.
func (c condition) open(value string) bool {
	if !strings.HasSuffix(c.base, "like") && !strings.HasPrefix(c.base, "arn") {
		return false
	}
	owner := strings.TrimPrefix(value, "o-")
	switch parts := strings.SplitN(value, ":", 6); {
	case strings.HasSuffix(c.fold, ":sub"):
		owner = strings.TrimPrefix(value, "repo:")
	case parts[0] == "arn" && len(parts) == 6 && parts[4] != "":
		return strings.ContainsAny(parts[4], "*?")
	case parts[0] == "arn" && len(parts) == 6:
		owner = parts[5]
	}
	return owner == "" || strings.ContainsAny(owner[:1], "*?")
}
