package iam

// Layer is the kind of policy a statement stands in.
type Layer uint8

const (
	// LayerIdentity is an identity-based policy.
	LayerIdentity Layer = iota
	// LayerResource is a resource-based policy, including trust and key policies.
	LayerResource
	// LayerBoundary is a permissions boundary.
	LayerBoundary
	// LayerSession is a session policy.
	LayerSession
	// LayerServiceControl is a service control policy (SCP).
	LayerServiceControl
	// LayerResourceControl is a resource control policy (RCP).
	LayerResourceControl
	// LayerEndpoint is a VPC endpoint policy.
	LayerEndpoint
)

var layerNames = [...]string{
	"identity", "resource", "boundary", "session", "service control", "resource control", "endpoint",
}

// String names the layer.
func (l Layer) String() string {
	if int(l) < len(layerNames) {
		return layerNames[l]
	}
	return "unknown"
}

// hasPrincipal is true where statements must have a Principal element.
func (l Layer) hasPrincipal() bool {
	return l == LayerResource || l == LayerResourceControl || l == LayerEndpoint
}

// shape is what is known of a statement before any request, so that Decide need not ask.
type shape struct {
	accepted    uint8 // the layers that accept the statement, a bit each
	everyAction bool  // Action is or holds "*"
	everyTarget bool  // Resource is or holds "*", or there is none
	unlimited   bool  // every action and resource, written so, no principal, no condition
}

// settle fills in the shape, once a statement is read.
func (s *Statement) settle() {
	for l := LayerIdentity; l <= LayerEndpoint; l++ {
		if s.misplaced(l) == "" {
			s.shape.accepted |= 1 << l
		}
	}
	for i := range s.actions {
		s.shape.everyAction = s.shape.everyAction || !s.notAction && s.actions[i].glob.kind == globAny
	}
	s.shape.everyTarget = !s.hasRes
	for i := range s.resources {
		s.shape.everyTarget = s.shape.everyTarget || !s.notRes && s.resources[i].any
	}
	s.shape.unlimited = s.shape.everyAction && s.shape.everyTarget && s.hasRes && !s.principal.present && len(s.conditions) == 0
}

// misplaced says why a statement is not valid in a layer, or "". AWS refuses to store
// such a policy, so what the statement would do is not known.
func (s *Statement) misplaced(l Layer) string {
	switch {
	case l.hasPrincipal() && !s.principal.present:
		return "it has no Principal element"
	case !l.hasPrincipal() && s.principal.present:
		return "it has a Principal element"
	case l != LayerResource && !s.hasRes:
		return "it has no Resource element"
	default:
		return ""
	}
}
