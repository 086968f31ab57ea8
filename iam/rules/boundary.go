package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

const (
	makeRoleAction = "iam:CreateRole"
	boundaryKey    = "iam:PermissionsBoundary"
	// chosenBoundary stands for the boundary in a policy that a finding proposes where no policy names one.
	chosenBoundary = "CHOOSE-A-BOUNDARY"
)

// looseners take the boundary of a role off, or put another in its place.
var looseners = []string{"iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"}

// UnboundRoles asks whether the principal can make a role that no permissions boundary limits: without one,
// with one that allows everything, or with one that it can take off again ("Delegating responsibility to others
// using permissions boundaries", IAM User Guide).
func (j *Judge) UnboundRoles(p *Principal) Result {
	j.begin()
	r := j.unboundRoles(p)
	if r.Yes() {
		bound := p.boundaries()
		r.Guard = j.mend(p, []statement{
			deny(makeRoleAction, looseners[1]).when("StringNotLike", boundaryKey, bound), deny(looseners[0]),
		}, j.unboundRoles)
	}
	return r
}

func (j *Judge) unboundRoles(p *Principal) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	everything := []string{"arn:" + p.partition() + ":iam::aws:policy/AdministratorAccess"}
	if w := j.reach(s, p, makeRoleAction, map[string][]string{boundaryKey: nil}); w != nil {
		return s.answer(w, "it can make a role without a permissions boundary", "")
	}
	if w := j.reach(s, p, makeRoleAction, map[string][]string{boundaryKey: everything}); w != nil {
		return s.answer(w, "it can make a role whose permissions boundary limits nothing", "")
	}
	makes := j.reach(s, p, makeRoleAction, nil)
	if makes == nil {
		return s.answer(nil, "", "it can make no role")
	}
	for i, action := range looseners {
		given := map[string][]string{}
		if i > 0 {
			given[boundaryKey] = everything
		}
		if w := j.reach(s, p, action, given); w != nil {
			return s.answer(w, "it can make a role and loosen its permissions boundary by "+action, "")
		}
	}
	return s.answer(nil, "", "it can make roles with a permissions boundary only, which it cannot take off")
}

// boundaries are those that an Allow of making roles names, or one to choose.
func (p *Principal) boundaries() []string {
	var out []string
	for _, policy := range p.Policies.Identity {
		for i := range policy.Len() {
			s := policy.Statement(i)
			if s.Effect() != iam.Allow || !s.MatchesAction(makeRoleAction) {
				continue
			}
			for _, c := range s.Conditions() {
				for _, v := range c.Values {
					named := strings.EqualFold(c.Key, boundaryKey) && strings.HasPrefix(v, "arn:") && !strings.Contains(v, ":aws:policy/")
					if named && !slices.Contains(out, v) {
						out = append(out, v)
					}
				}
			}
		}
	}
	if len(out) == 0 {
		out = append(out, "arn:"+p.partition()+":iam::"+p.Account+":policy/"+chosenBoundary)
	}
	return out
}
