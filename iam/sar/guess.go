package sar

import (
	"strings"

	"github.com/assize-dev/assize/iam"
)

// GuessLayer says what kind of policy a document most likely is, from its content: with a
// principal one of a resource, of an endpoint (everybody on everything) or a resource control
// policy (everybody denied); without one a service control policy when it denies and at most allows
// everything besides, else an identity policy.
func GuessLayer(p *iam.Policy) iam.Layer {
	principals, denies, wide, everyone := 0, 0, 0, 0
	for i := range p.Len() {
		s := newStatementShape(p.Statement(i))
		if s.principals {
			principals++
		}
		if s.everyone {
			everyone++
		}
		if s.deny {
			denies++
		} else if s.allActions && s.allResources {
			wide++
		}
	}
	n := p.Len()
	switch {
	case n == 0 || principals == 0 && (denies == 0 || denies+wide < n):
		return iam.LayerIdentity
	case principals == 0:
		return iam.LayerServiceControl
	case denies == n && everyone == n && !namesResources(p):
		return iam.LayerResourceControl
	case everyone > 0 && wide > 0:
		return iam.LayerEndpoint
	default:
		return iam.LayerResource
	}
}

// statementShape is what guessing needs of a statement.
type statementShape struct {
	deny, principals, everyone, allActions, allResources bool
}

func newStatementShape(s *iam.Statement) statementShape {
	shape := statementShape{deny: s.Effect() == iam.Deny}
	entries, _ := s.Principals()
	shape.principals = len(entries) > 0
	for _, e := range entries {
		shape.everyone = shape.everyone || e.Value == "*"
	}
	actions, notAction := s.Actions()
	for _, a := range actions {
		shape.allActions = shape.allActions || !notAction && strings.Trim(a, "*") == ""
	}
	resources, notResource := s.Resources()
	for _, r := range resources {
		shape.allResources = shape.allResources || !notResource && strings.Trim(r, "*") == ""
	}
	return shape
}

// namesResources says whether any statement is about something else than "*".
func namesResources(p *iam.Policy) bool {
	for i := range p.Len() {
		if s := newStatementShape(p.Statement(i)); !s.allResources {
			return true
		}
	}
	return false
}
