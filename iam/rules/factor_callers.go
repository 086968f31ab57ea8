package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// callers are those to try a trust policy with.
type callers struct {
	byAccount map[string][]string // ARNs
	// trusted are the accounts that the principals of the policy belong to, "*" for any.
	trusted []string
	// undecided says why there may be others.
	undecided string
}

// callers are the users and roles that the policy names, in its principals or conditions, and for each
// account one user and one role that nothing names.
func (t Trust) callers() callers {
	out := callers{byAccount: map[string][]string{}}
	for i := range t.Policy.Len() {
		s := t.Policy.Statement(i)
		entries, negated := s.Principals()
		if s.Effect() != iam.Allow || !s.MatchesAction(assumeAction) {
			continue
		}
		if negated {
			out.undecided = "the policy says whom it does not trust"
		}
		for _, e := range entries {
			switch account := accountOf(e.Value); {
			case negated || e.Kind != "AWS" && e.Kind != "*":
			case e.Value == anything:
				out.trusted = append(out.trusted, anything)
				out.add(t, t.Account, "")
				out.add(t, strangerAccount, "")
			case account != "":
				out.trusted = append(out.trusted, account)
				out.add(t, account, e.Value)
			} // anything else is the id of a principal that was deleted
		}
	}
	if len(out.byAccount) == 0 {
		return out
	}
	out.namedBy(t, t.Policy)
	for _, account := range sortedKeys(out.byAccount) {
		for _, level := range t.controls(account) {
			for _, policy := range level {
				out.namedBy(t, policy) // a Deny may leave some out
			}
		}
	}
	return out
}

// namedBy adds the callers that the conditions of a policy are about, where they bear on taking on roles.
func (c *callers) namedBy(t Trust, policy *iam.Policy) {
	for i := range policy.Len() {
		s := policy.Statement(i)
		if !s.MatchesAction(assumeAction) {
			continue
		}
		for _, condition := range s.Conditions() {
			c.named(t, condition)
		}
	}
}

// add notes a caller, "" for none, of an account.
func (c *callers) add(t Trust, account, arn string) {
	list := c.byAccount[account]
	if list == nil {
		list = []string{t.principal(account, "user/"+fresh), t.principal(account, "role/"+fresh)}
	}
	_, err := iam.ParsePrincipal(arn)
	switch {
	case err != nil || strings.HasSuffix(arn, ":root") || slices.Contains(list, arn):
	case len(list) == maxPatterns:
		c.undecided = "the policy names more callers of account " + account + " than are tried"
	default:
		list = append(list, arn)
	}
	c.byAccount[account] = list
}

// some puts a text in place of the wildcards of a pattern.
var some = strings.NewReplacer("*", fresh, "?", "z")

// named adds the callers that a condition is about. Of aws:userid nothing is known, so that the engine tries
// every value.
func (c *callers) named(t Trust, condition iam.ConditionEntry) {
	for _, v := range condition.Values {
		switch {
		case strings.EqualFold(condition.Key, callerAccount) && accountID.MatchString(v):
			c.add(t, v, "")
		case strings.EqualFold(condition.Key, callerName):
			if strings.Contains(v, "${") {
				c.undecided = "no caller was found whose name is like " + v
			}
			for _, account := range sortedKeys(c.byAccount) {
				c.add(t, account, t.principal(account, "user/"+some.Replace(v)))
			}
		case strings.EqualFold(condition.Key, callerARN):
			c.like(t, v)
		}
	}
}

// like adds callers whose ARN a pattern takes. The ARN of a session is that of its role, and a root user takes on
// no role.
func (c *callers) like(t Trust, pattern string) {
	accounts, name := sortedKeys(c.byAccount), some.Replace(pattern)
	if parts := strings.SplitN(pattern, ":", 6); len(parts) == 6 {
		name = some.Replace(parts[5])
		if parts[2] == "sts" || name == "root" {
			return
		}
		if accountID.MatchString(parts[4]) {
			accounts = []string{parts[4]}
		}
	}
	names := []string{name}
	if kind, _, _ := strings.Cut(name, "/"); kind != "user" && kind != "role" {
		names = []string{"user/" + name, "role/" + name}
	}
	found := false
	for _, account := range accounts {
		for _, n := range names {
			c.add(t, account, t.principal(account, n))
		}
		found = found || slices.ContainsFunc(c.byAccount[account], func(arn string) bool { return globbed(arn, strings.ReplaceAll(pattern, "?", "*")) })
	}
	if !found {
		c.undecided = "no caller was found whose ARN is like " + pattern
	}
}

// principal is an ARN of IAM in the partition of the role.
func (t Trust) principal(account, name string) string {
	partition := "aws"
	if parts := strings.SplitN(t.Role, ":", 3); len(parts) == 3 {
		partition = parts[1]
	}
	return "arn:" + partition + ":iam::" + account + ":" + name
}
