package iam

import (
	"slices"
	"strings"
)

// PublicAction is [PublicAccess] for one action: "s3:GetObject".
func PublicAction(p *Policy, resourceARN, action string) Answer {
	callers := []Principal{AnonymousPrincipal(), strangerUser()}
	return exposure{policy: p, resource: resourceARN, actions: []string{action}, callers: callers}.answer()
}

// GrantsOutside asks whether a resource policy allows an action to a principal of an
// account other than the resource's own, which it names, or to everyone. Conditions on
// grants to those it names do not change the answer, and Denies are not subtracted; for
// everyone they count as in [PublicAccess]. Services and identity providers are no
// accounts. A nil policy grants nothing: No.
func GrantsOutside(p *Policy, resourceARN, account, action string) Answer {
	return GrantsBeyond(p, resourceARN, []string{account}, action)
}

// GrantsBeyond is [GrantsOutside] with several accounts that may be named.
func GrantsBeyond(p *Policy, resourceARN string, accounts []string, action string) Answer {
	if a, bad := p.unread(); bad {
		return a
	}
	if p == nil {
		return answer(No, nil, "there is no policy")
	}
	out := answer(No, nil, "no statement allows %s to another account", action)
	for i := range p.statements {
		st := &p.statements[i]
		if st.effect != Allow || !st.matchAction(strings.ToLower(action)) || st.principal.negated {
			continue
		}
		for _, id := range st.principal.accounts {
			if !slices.Contains(accounts, id) {
				return answer(Yes, []int{i}, "%s allows %s to account %s", st.label(), action, id)
			}
		}
		for _, entity := range st.principal.entities {
			parts, ok := splitARN(entity)
			switch {
			case !ok:
				out = answer(CannotTell, []int{i}, "%s allows %s to %s, whose account it does not say", st.label(), action, entity)
			case !slices.Contains(accounts, parts[4]):
				return answer(Yes, []int{i}, "%s allows %s to %s", st.label(), action, entity)
			}
		}
		if len(st.principal.canonical) > 0 {
			out = answer(CannotTell, []int{i}, "%s allows %s to a canonical user, whose account it does not say", st.label(), action)
		}
	}
	if a := PublicAction(p, resourceARN, action); !a.No() {
		return a
	}
	return out
}
