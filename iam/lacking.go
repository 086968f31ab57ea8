package iam

const (
	noAllow = "no statement allows"
	// noDelegation is what a policy says that has to name the caller, or its account, and does not.
	noDelegation = "it names neither the caller nor its account"
)

// lacking lists the layers that keep a request from being allowed by not allowing it, in the reading of the decision.
// Where any one of several would do, all are listed.
func (p *Policies) lacking(q *Prepared) []Lack {
	var l layers
	p.collect(&l, q, false)
	var out []Lack
	add := func(silent bool, layer Layer, level int, why string) {
		if silent {
			out = append(out, Lack{Layer: layer, Level: level, Why: why})
		}
	}
	silent := func(g grant) bool { return g.allow()&worldPrimary == 0 }
	if p.core(&l, q)&worldPrimary == 0 {
		out = p.lackingCore(&l, q)
	}
	add(l.endpointAllows&worldPrimary == 0, LayerEndpoint, 0, noAllow)
	if p.serviceControlApplies(q) {
		for i, level := range p.ServiceControl {
			add(silent(applyAll(level, q, LayerServiceControl, false)), LayerServiceControl, i, noAllow)
		}
	}
	return out
}

// lackingCore is lacking for the layers around caller and resource.
func (p *Policies) lackingCore(l *layers, q *Prepared) []Lack {
	var out []Lack
	silent := func(g grant) bool { return g.allow()&worldPrimary == 0 }
	if !q.caller.hasIdentity() {
		return []Lack{{Layer: LayerResource, Why: noAllow}}
	}
	root := q.caller.kind == RootUser
	if silent(l.identity) && !root {
		out = append(out, Lack{Layer: LayerIdentity, Why: noAllow})
	}
	crossing := q.owner != "" && q.owner != q.caller.account
	switch {
	case crossing && silent(l.resource):
		out = append(out, Lack{Layer: LayerResource, Why: "the resource is in account " + q.owner + ", and " + noDelegation})
	case !crossing && q.strict && silent(l.resource):
		out = append(out, Lack{Layer: LayerResource, Why: noDelegation})
	}
	if p.Boundary != nil && !root && silent(l.boundary) {
		out = append(out, Lack{Layer: LayerBoundary, Why: noAllow})
	}
	if len(p.Session) > 0 && silent(l.session) {
		out = append(out, Lack{Layer: LayerSession, Why: noAllow})
	}
	if len(p.Session) == 0 && q.caller.kind == FederatedUser {
		out = append(out, Lack{Layer: LayerSession, Why: "a federated user without session policy has no permissions"})
	}
	return out
}
