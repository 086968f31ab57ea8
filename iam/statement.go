package iam

// grant is what one layer says about a request: where it allows (by how the caller is
// named) and where it denies.
type grant struct {
	direct  worlds
	role    worlds
	account worlds
	deny    worlds
}

func (g *grant) allow() worlds { return g.direct | g.role | g.account }

// matchAction compares the action of a request with Action or NotAction.
func (s *Statement) matchAction(action string) bool {
	for i := range s.actions {
		if s.actions[i].glob.match(action, nil) {
			return !s.notAction
		}
	}
	return s.notAction
}

// matchResource compares the target with Resource or NotResource under every reading.
// A statement without either speaks of the resource it is attached to.
func (s *Statement) matchResource(q *Prepared, l Layer, unknown worlds) worlds {
	if !s.hasRes {
		return allWorlds
	}
	if s.notRes {
		return s.matchNotResource(q, l, unknown)
	}
	var w worlds
	for i := range s.resources {
		m, state := s.resources[i].match(&q.target, l, &q.context)
		if state == unknownValue {
			m = unknown
		}
		if w |= m; w == allWorlds {
			break
		}
	}
	return w
}

// matchNotResource holds where no pattern matches. A pattern with an unresolved variable
// matches nothing here; the other reading lets the statement not apply.
func (s *Statement) matchNotResource(q *Prepared, l Layer, unknown worlds) worlds {
	w := allWorlds
	for i := range s.resources {
		m, state := s.resources[i].match(&q.target, l, &q.context)
		switch state {
		case resolved:
			w &^= m
		case unresolved:
			w &^= worldNotResourceVariable
		case unknownValue:
			w &= unknown
		}
		if w == noWorlds {
			break
		}
	}
	return w
}

// matchConditions is where every condition holds.
func (s *Statement) matchConditions(t *contextTable, unknown worlds) worlds {
	w := allWorlds
	for i := range s.conditions {
		if w &= s.conditions[i].holds(t, unknown); w == noWorlds {
			break
		}
	}
	return w
}

// matchPrincipal says how the statement names the caller. A Deny with NotPrincipal
// always reaches an entity that has a permissions boundary ("AWS JSON policy elements:
// NotPrincipal").
func (s *Statement) matchPrincipal(q *Prepared, l Layer, bounded bool, unknown worlds) principalMatch {
	if !l.hasPrincipal() {
		return principalMatch{direct: allWorlds}
	}
	if bounded && s.effect == Deny && s.principal.negated {
		return principalMatch{direct: allWorlds}
	}
	m := s.principal.match(&q.caller, unknown)
	if l == LayerEndpoint && q.caller.kind != RootUser {
		m.account &^= worldEndpointAccount
	}
	return m
}

// apply adds what the statement says to g.
func (s *Statement) apply(g *grant, q *Prepared, l Layer, bounded bool) {
	if !s.shape.everyAction && !s.matchAction(q.action) {
		return
	}
	w, unknown := allWorlds, s.effect.unknownFor()
	if !s.shape.everyTarget {
		if w = s.matchResource(q, l, unknown); w == noWorlds {
			return
		}
	}
	if s.shape.accepted&(1<<l) == 0 {
		g.add(s.effect, principalMatch{direct: unknown}, w)
		return
	}
	m := principalMatch{direct: allWorlds}
	if l.hasPrincipal() {
		if m = s.matchPrincipal(q, l, bounded, unknown); m.any() == noWorlds {
			return
		}
	}
	if len(s.conditions) > 0 {
		if w &= s.matchConditions(&q.context, unknown); w == noWorlds {
			return
		}
	}
	g.add(s.effect, m, w)
}

func (g *grant) add(e Effect, m principalMatch, w worlds) {
	if e == Deny {
		g.deny |= m.any() & w
		return
	}
	g.direct |= m.direct & w
	g.role |= m.role & w
	g.account |= m.account & w
}

// apply adds what every statement of the policy says to g. Statements that can add
// nothing any more are passed over; deniesOnly passes over every Allow.
func (p *Policy) apply(g *grant, q *Prepared, l Layer, bounded, deniesOnly bool) {
	if p == nil {
		return
	}
	if p.opaque != "" {
		g.direct |= Allow.unknownFor()
		g.deny |= Deny.unknownFor()
		return
	}
	if !deniesOnly {
		if p.opening && !l.hasPrincipal() {
			g.direct = allWorlds
		}
		for i := 0; i < len(p.allows) && g.direct != allWorlds; i++ {
			p.allows[i].apply(g, q, l, bounded)
		}
	}
	for i := 0; i < len(p.denies) && g.deny != allWorlds; i++ {
		p.denies[i].apply(g, q, l, bounded)
	}
}

// index sorts the statements by effect, once all are there.
func (p *Policy) index() {
	p.allows, p.denies, p.opening, p.weight = nil, nil, false, 1
	for i := range p.statements {
		s := &p.statements[i]
		p.weight += 1 + (len(s.actions)+len(s.resources))/8
		if s.effect == Deny {
			p.denies = append(p.denies, s)
			continue
		}
		p.allows = append(p.allows, s)
		p.opening = p.opening || s.shape.unlimited
	}
}
