package sym

import (
	"cmp"
	"fmt"

	"github.com/assize-dev/assize/iam"
)

// Control policies grant nothing: what a caller is granted stays the same when they change, and
// is cut by what they let through. So they are kept apart, and an edit of one costs what they say
// of each check, for all callers at once.

// Limits are the control policies above a subject and the resources that it asks for. Subjects
// with equal limits meet the same ones, which let the same through of every check.
type Limits struct {
	service, resource *levels
	identity          bool // the subject has identity policies
}

// Limit is what control policies let through of one check. Equal limits let the same through; the
// zero value lets everything.
type Limit struct {
	e *Engine
	// service allows and denies where limits is true; resource only denies, because
	// RCPFullAWSAccess is always attached.
	service, resource grantID
	limits            bool
}

// limitsOf finds the control policies that count for a subject.
func (e *Engine) limitsOf(s *Subject) (out Limits) {
	p := &s.principal.Policies
	out.identity = s.facts.HasIdentity
	if s.facts.HasIdentity && !p.CallerInManagementAccount && !s.facts.ServiceLinked {
		out.service = e.levelsOf(s, iam.LayerServiceControl, p.ServiceControl)
	}
	if !p.ResourceInManagementAccount && !s.facts.ServiceLinked {
		out.resource = e.levelsOf(s, iam.LayerResourceControl, p.ResourceControl)
	}
	return out
}

// Under is the subject with the control policies of p, and all else as it is. The error is as that
// of [Engine.Subject].
func (s *Subject) Under(p iam.Policies) (out *Subject, err error) {
	s.e.f.begin()
	defer func() {
		if reason := overBudgetReason(recover()); reason != "" {
			out, err = nil, fmt.Errorf("principal %s: %s", cmp.Or(s.principal.ARN, s.principal.Issuer), reason)
		}
	}()
	other := *s
	to := &other.principal.Policies
	to.ServiceControl, to.CallerInManagementAccount = p.ServiceControl, p.CallerInManagementAccount
	to.ResourceControl, to.ResourceInManagementAccount = p.ResourceControl, p.ResourceInManagementAccount
	other.theories = nil // each keeps its own
	other.limits = s.e.limitsOf(&other)
	return &other, nil
}

// Limits are the control policies that the subject meets.
func (s *Subject) Limits() Limits { return s.limits }

// Limit is what the control policies let through of a check.
func (s *Subject) Limit(t *Target) (out Limit) {
	service, resource := s.limits.service, s.limits.resource
	if !t.facts.ResourceControlled {
		resource = nil
	}
	if t.facts.NeedsNoPermission && s.limits.identity || service == nil && resource == nil {
		return Limit{}
	}
	s.e.f.begin()
	defer func() {
		if overBudgetReason(recover()) != "" {
			out = Limit{e: s.e, service: over, limits: true}
		}
	}()
	out.e = s.e
	if service != nil {
		out.service, out.limits = s.e.together(service, t), true
	}
	if resource != nil {
		out.resource = s.e.together(resource, t)
	}
	return out
}

// limited is a set within a limit.
type limited struct {
	f      formulaID
	theory nodeID
	limit  Limit
}

// Within is what a limit lets through of what is granted.
func (s Set) Within(l Limit) (out Set) {
	if l == (Limit{}) || !s.Decided() || s.Nothing() {
		return s
	}
	e := s.e
	if l.service == over || l.resource == over {
		return e.inconclusive("the conditions of the control policies are beyond the budget")
	}
	key := limited{s.f, s.theory, l}
	if out, ok := e.memo.limited[key]; ok {
		return out
	}
	e.f.begin()
	defer e.recoverInto(&out)
	e.memo.limited[key] = e.inconclusive("the control policies combine with the others in too many ways")
	f, service := s.f, e.memo.grants[l.service]
	if l.limits {
		f = e.f.and(f, service.direct)
	}
	f = e.f.butNot(f, e.f.or(service.deny, e.memo.grants[l.resource].deny))
	out = Set{e: e, f: f, theory: s.theory}
	e.memo.limited[key] = out
	return out
}
