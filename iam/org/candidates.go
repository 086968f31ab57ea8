package org

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// candidates are the principals that may take a route: all of the account of its role and, for a role that is taken
// on, those that its trust policy can mean.
type candidates struct {
	route    *Route
	plan     *plan.Plan
	all      bool
	accounts map[string]bool
	named    map[string]bool
}

// candidates says where to look for them; nil where nobody can make the first call.
func (s *search) candidates(r *Route) *candidates {
	first := r.Calls[0]
	x := s.planned(first)
	if x.err != nil {
		return nil
	}
	out := &candidates{route: r, plan: x.plan, accounts: map[string]bool{r.Role.Account: true}, named: map[string]bool{}}
	if first.Operation == "sts:AssumeRole" {
		out.accounts = map[string]bool{}
		out.all = trusted(r.Role, out.accounts, out.named)
	} else if res := s.org.Catalog.Find(first.Target); res != nil && res.Policy != nil {
		out.all = true // a policy of its own may let others in
	}
	return out
}

// among are those of a group in one account.
func (c *candidates) among(s *search, unit []*Principal) []*Principal {
	p := unit[0]
	switch own := p.Account == c.route.Role.Account; {
	case p.ServiceLinked:
	case c.route.creation != nil:
		if s.mayPass(p, c.plan) {
			return unit
		}
	case c.all && own, (c.all || c.accounts[p.Account]) && s.mayAllow(p, &c.plan.Checks[0]):
		return unit
	case len(c.named) > 0:
		return namedOf(unit, c.named)
	}
	return nil
}

// namedOf are those principals that a trust policy names.
func namedOf(unit []*Principal, named map[string]bool) []*Principal {
	var out []*Principal
	for _, p := range unit {
		if named[p.ARN] || p.Kind == iam.RoleSession && named[withoutPath(p)] {
			out = append(out, p)
		}
	}
	return out
}

// of are the principals of some accounts and of those of named ones.
func (s *search) of(accounts, named map[string]bool, all bool) [][]*Principal {
	if s.members == nil {
		s.members = map[string][][]*Principal{}
		for _, g := range s.org.Groups() {
			for _, unit := range splitByAccount(g.Members) {
				s.members[unit[0].Account] = append(s.members[unit[0].Account], unit)
			}
		}
	}
	wanted := maps.Clone(accounts)
	for arn := range named {
		wanted[accountOf(arn)] = true
	}
	var out [][]*Principal
	for _, account := range slices.Sorted(maps.Keys(s.members)) {
		if all || wanted[account] {
			out = append(out, s.members[account]...)
		}
	}
	return out
}

// trusted reads whom a trust policy can mean; everybody is true where it may be anybody.
func trusted(role *Principal, accounts, named map[string]bool) (everybody bool) {
	policy := role.Trust.Policy
	if _, ok := policy.Readable(); !ok {
		return true
	}
	for i := range policy.Len() {
		st := policy.Statement(i)
		entries, negated := st.Principals()
		if st.Effect() != iam.Allow {
			continue
		}
		for _, e := range entries {
			switch {
			case negated || e.Value == "*" && (e.Kind == "AWS" || e.Kind == "*"):
				return true
			case e.Kind != "AWS":
			case len(e.Value) == 12 && !strings.Contains(e.Value, ":"):
				accounts[e.Value] = true
			case strings.HasSuffix(e.Value, ":root"):
				accounts[strings.SplitN(e.Value, ":", 6)[4]] = true
			default:
				named[sessionRole(e.Value)] = true
			}
		}
	}
	return false
}

// withoutPath is the ARN of a role as its sessions tell it.
func withoutPath(p *Principal) string {
	head, _, _ := strings.Cut(p.ARN, ":role/")
	return head + ":role/" + p.Name
}

// sessionRole gives the role of the ARN of a session; any other ARN is itself.
func sessionRole(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[2] == "sts" {
		if name, ok := strings.CutPrefix(parts[5], "assumed-role/"); ok {
			name, _, _ = strings.Cut(name, "/")
			return fmt.Sprintf("arn:%s:iam::%s:role/%s", parts[1], parts[4], name)
		}
	}
	return arn
}
