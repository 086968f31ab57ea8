package org

import (
	"slices"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// grantKey is a question about one document: what of it may allow an action.
type grantKey struct {
	document *Document
	action   string
}

// granting are the statements that may allow an action on something.
type granting struct {
	unread     bool // the document, so that it may allow anything
	statements []*iam.Statement
}

// openRequest is a check with every key free, asked by nobody.
type openRequest struct {
	of  *plan.Check
	q   *iam.Prepared
	err error
}

// mayAllow says whether some identity policy of a principal may allow a check, whatever the
// conditions. It is quick, so that the many principals that cannot need not be asked.
func (a *Analysis) mayAllow(p *Principal, c *plan.Check) bool {
	return slices.ContainsFunc(p.Identity, func(d Attachment) bool { return a.documentMayAllow(d.Document, c) })
}

// mayAllowSome says the same of an action on anything.
func (a *Analysis) mayAllowSome(p *Principal, action string) bool {
	return slices.ContainsFunc(p.Identity, func(d Attachment) bool {
		g := a.granting(d.Document, action)
		return g.unread || len(g.statements) > 0
	})
}

// granting finds them once. Answers about resources are not kept: there may be as many as pairs of
// documents and resources.
func (a *Analysis) granting(d *Document, action string) granting {
	key := grantKey{d, action}
	known, ok := a.grants[key]
	if !ok {
		known = grantingIn(d.Policy, action)
		a.grants[key] = known
	}
	return known
}

func grantingIn(p *iam.Policy, action string) granting {
	if _, ok := p.Readable(); !ok {
		return granting{unread: true}
	}
	var out granting
	for i := range p.Len() {
		if s := p.Statement(i); s.Effect() == iam.Allow && s.MatchesAction(action) {
			out.statements = append(out.statements, s)
		}
	}
	return out
}

// documentMayAllow compares action and resource. What cannot be compared may match.
func (a *Analysis) documentMayAllow(d *Document, c *plan.Check) bool {
	g := a.granting(d, c.Action)
	if g.unread || len(g.statements) == 0 {
		return g.unread
	}
	r := a.opened(c)
	if r.err != nil {
		return true
	}
	return slices.ContainsFunc(g.statements, func(s *iam.Statement) bool {
		// Variables may name the principal, which is not the one of this question.
		m := s.MatchResource(r.q, iam.LayerIdentity)
		return m.Readings != 0 || len(m.Free) > 0 || len(s.ResourceVariableKeys()) > 0
	})
}

// opened prepares a check. Many principals are asked for one after another, so the last one is kept.
func (a *Analysis) opened(c *plan.Check) *openRequest {
	if a.open.of != c {
		q, err := iam.Prepare(iam.Request{
			Principal: iam.Principal{Kind: iam.RootUser, Account: "000000000000"},
			Action:    c.Action, Resource: c.Resource, ResourceAccount: c.ResourceAccount, Context: iam.NewContext(nil).Open(),
		})
		a.open = openRequest{c, q, err}
	}
	return &a.open
}
