package org

import (
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// grantKey is a question about one document: whether it may allow an action on a resource.
type grantKey struct {
	document         *Document
	action, resource string
}

// mayAllow says whether some identity policy of a principal may allow a check, whatever the
// conditions. It is quick, so that the many principals that cannot need not be asked.
func (a *Analysis) mayAllow(p *Principal, c *plan.Check) bool {
	for _, d := range p.Identity {
		if a.documentMayAllow(d.Document, c) {
			return true
		}
	}
	return false
}

func (a *Analysis) documentMayAllow(d *Document, c *plan.Check) bool {
	key := grantKey{d, c.Action, c.Resource}
	known, ok := a.grants[key]
	if !ok {
		known = mayAllow(d.Policy, c)
		a.grants[key] = known
	}
	return known
}

// mayAllow compares action and resource. What cannot be compared may match.
func mayAllow(p *iam.Policy, c *plan.Check) bool {
	if _, ok := p.Readable(); !ok {
		return true
	}
	var q *iam.Prepared
	for i := range p.Len() {
		s := p.Statement(i)
		if s.Effect() != iam.Allow || !s.MatchesAction(c.Action) {
			continue
		}
		if q == nil {
			var err error
			q, err = iam.Prepare(iam.Request{
				Principal: iam.Principal{Kind: iam.RootUser, Account: "000000000000"},
				Action:    c.Action, Resource: c.Resource, ResourceAccount: c.ResourceAccount, Context: iam.NewContext(nil).Open(),
			})
			if err != nil {
				return true
			}
		}
		// Variables may name the principal, which is not the one of this question.
		m := s.MatchResource(q, iam.LayerIdentity)
		if m.Readings != 0 || len(m.Free) > 0 || len(s.ResourceVariableKeys()) > 0 {
			return true
		}
	}
	return false
}
