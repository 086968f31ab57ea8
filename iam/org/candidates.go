package org

import (
	"fmt"
	"maps"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// candidates are the principals that may take a route, those of a group in one account together:
// all of the account and, for a role that is taken on, those that its trust policy can mean.
func (s *search) candidates(r *Route) [][]*Principal {
	first := r.Calls[0]
	x := s.planned(first)
	if x.err != nil {
		return nil // no call, so nobody can make it
	}
	accounts, all, named := map[string]bool{r.Role.Account: true}, false, map[string]bool{}
	if first.Operation == "sts:AssumeRole" {
		accounts = map[string]bool{}
		all = trusted(r.Role, accounts, named)
	} else if res := s.org.Catalog.Find(first.Target); res != nil && res.Policy != nil {
		all = true // a policy of its own may let others in
	}
	var out [][]*Principal
	for _, unit := range s.of(accounts, named, all) {
		p := unit[0]
		switch {
		case p.ServiceLinked:
		case r.creation != nil:
			if s.mayPass(p, x.plan) {
				out = append(out, unit)
			}
		case all && p.Account == r.Role.Account, (all || accounts[p.Account]) && s.mayAllow(p, &x.plan.Checks[0]):
			out = append(out, unit)
		case len(named) > 0:
			if some := namedOf(unit, named); len(some) > 0 {
				out = append(out, some)
			}
		}
	}
	return out
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
	for account, units := range s.members {
		if all || wanted[account] {
			out = append(out, units...)
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
