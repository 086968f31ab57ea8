package org

import (
	"fmt"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Outside says who else gets at a call, that is no user or role of the organisation: those
// whom policies of the resources let in from other accounts, everybody, and the holders of tokens
// where IAM does not govern callers. Nothing where it is proved that nobody does.
func (a *Analysis) Outside(c plan.Call) []string {
	x := a.planned(c)
	if x.err != nil {
		return nil // no call, so nobody makes it
	}
	var out []string
	if x.plan.NotIAM != "" {
		out = append(out, x.plan.NotIAM)
	}
	return append(out, a.letIn(x.plan)...)
}

// letIn reads the policies of the resources of a plan. Every check has to let others in.
func (a *Analysis) letIn(p *plan.Plan) []string {
	var accounts []string
	for _, known := range a.org.Accounts {
		accounts = append(accounts, known.ID)
	}
	var out []string
	for _, check := range p.Checks {
		r := a.org.Catalog.Holder(check.Resource)
		service, _, _ := strings.Cut(check.Action, ":")
		if r == nil || r.Policy == nil || !hasPolicyFor(r, service) {
			return nil // in other accounts nobody gets in without a policy of the resource
		}
		switch answer := iam.GrantsBeyond(r.Policy, check.Resource, accounts, check.Action); {
		case answer.No():
			return nil
		case answer.Undecided():
			out = append(out, fmt.Sprintf("whether the policy of %s lets others in is not known: %s", r.ARN, answer.Reason))
		default:
			out = append(out, fmt.Sprintf("the policy of %s lets others in: %s", r.ARN, answer.Reason))
		}
	}
	return out
}
