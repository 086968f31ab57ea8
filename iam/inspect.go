package iam

import (
	"slices"
	"strings"
)

// What this file exports is for an evaluator that keeps some keys of a request free: it
// takes a statement apart into what is decided and what depends on a free key, and reads
// values exactly as Decide does, so that both speak one semantics.

// Readings is a set of readings of one request (see [Ambiguity]), a bit each.
type Readings uint32

const (
	// PrimaryReading follows the documented assumptions and counts what is unknown toward less access.
	PrimaryReading = Readings(worldPrimary)
	// OpenReading is PrimaryReading with the unknown counted toward more access.
	OpenReading = Readings(worldOpen)
	// OwnerReading is where a resource whose owner is not known belongs to another account.
	OwnerReading = Readings(worldResourceOwner)
	// AllReadings holds every reading.
	AllReadings = Readings(allWorlds)
)

// Facts are what the composition of layers needs to know of a request beside its policies.
type Facts struct {
	// NeedsNoPermission: sts:GetCallerIdentity, which nothing denies.
	NeedsNoPermission bool
	// Strict: the resource's own policy must name or delegate to the caller (KMS keys, role trust).
	Strict bool
	// ResourceControlled: resource control policies reach the service.
	ResourceControlled bool
	// KeepsBucketPolicy: the root user repairs the policy of its own bucket, whatever it denies.
	KeepsBucketPolicy bool
	// HasIdentity is false for callers without identity-based policies.
	HasIdentity bool
	// Root, Federated and ServiceLinked tell the callers that layers treat in their own way.
	Root, Federated, ServiceLinked bool
	// OwnerKnown: the request or the ARN says which account owns the resource.
	OwnerKnown bool
}

// Facts gives what the composition needs to know of the request.
func (q *Prepared) Facts() Facts {
	c := &q.caller
	return Facts{
		NeedsNoPermission: q.free, Strict: q.strict, ResourceControlled: q.rcp,
		KeepsBucketPolicy: q.bucketOp && c.kind == RootUser && c.account == q.owner,
		HasIdentity:       c.hasIdentity(), Root: c.kind == RootUser,
		Federated: c.kind == FederatedUser, ServiceLinked: c.serviceLinked,
		OwnerKnown: q.owner != "",
	}
}

// KeyState says what a request knows of a condition key.
type KeyState uint8

const (
	// KeyFree: the request leaves the key open.
	KeyFree KeyState = iota
	// KeyAbsent: the key has no value.
	KeyAbsent
	// KeyPresent: the key has values.
	KeyPresent
)

// Key gives the values of a condition key, and whether it is a list. A key with an empty list is absent.
func (q *Prepared) Key(name string) (values []string, list bool, state KeyState) {
	return q.At(NewContextKey(name))
}

// ContextKey is the name of a condition key, made ready to be looked up many times.
type ContextKey struct{ key contextKey }

// NewContextKey makes a name ready; its letter case does not matter.
func NewContextKey(name string) ContextKey { return ContextKey{newContextKey(name)} }

// At is [Prepared.Key] of a name that was made ready.
func (q *Prepared) At(k ContextKey) (values []string, list bool, state KeyState) {
	e := q.context.lookup(&k.key)
	switch {
	case e == nil && q.context.open, e != nil && e.state == keyUnknown:
		return nil, false, KeyFree
	case e == nil || e.state == keyAbsent || len(e.values) == 0:
		return nil, false, KeyAbsent
	}
	return e.values, e.multi, KeyPresent
}

// MultiValued says whether AWS documents a global key as a list, whatever its letter case.
func MultiValued(key string) bool { return multiValued(strings.ToLower(key)) }

// Unknown is where something unknown holds in a statement of this effect.
func (e Effect) Unknown() Readings { return Readings(e.unknownFor()) }

// MatchesAction compares Action or NotAction with an action, whatever its letter case.
func (s *Statement) MatchesAction(action string) bool { return s.matchAction(strings.ToLower(action)) }

// ResourceMatch is how a statement's Resource or NotResource meets the resource of a request.
type ResourceMatch struct {
	// Readings are where the patterns that are decided let the statement apply.
	Readings Readings
	// Negated: NotResource.
	Negated bool
	// Free are patterns with a variable whose key is free: each adds to Readings where it
	// matches, or with NotResource takes away.
	Free []string
}

// MatchResource compares the resource of a request with the statement.
func (s *Statement) MatchResource(q *Prepared, l Layer) ResourceMatch {
	out := ResourceMatch{Negated: s.notRes}
	var free []int
	for i := range s.resources {
		if !q.target.none && resolveAll(s.resources[i].glob.vars, &q.context) == unknownValue {
			free = append(free, i)
			out.Free = append(out.Free, s.resources[i].raw)
		}
	}
	if free == nil {
		out.Readings = Readings(s.matchResource(q, l, noWorlds))
		return out
	}
	decided := *s
	decided.resources = nil
	for i := range s.resources {
		if !slices.Contains(free, i) {
			decided.resources = append(decided.resources, s.resources[i])
		}
	}
	out.Readings = Readings(decided.matchResource(q, l, noWorlds))
	return out
}

// MatchPattern is where one Resource or NotResource pattern without variables, by its index,
// matches the resource of a request.
func (s *Statement) MatchPattern(i int, q *Prepared, l Layer) Readings {
	w, _ := s.resources[i].match(&q.target, l, &q.context)
	return Readings(w)
}

// MatchesPattern says whether one Resource pattern as written, in a policy of a version,
// matches the resource of a request in the documented reading, once all variables have values.
func (q *Prepared) MatchesPattern(pattern string, v Version) bool {
	p := compileResource(pattern, v)
	w, _ := p.match(&q.target, LayerIdentity, &q.context)
	return w&worldPrimary != 0
}

// Naming is in which readings a statement names the caller, by the three ways that count
// differently when layers are composed.
type Naming struct {
	Direct, Role, Account Readings
}

// Names says how the statement names the caller; bounded marks a caller with a permissions
// boundary before a resource policy. A statement that the layer does not accept may do anything.
func (s *Statement) Names(q *Prepared, l Layer, bounded bool) Naming {
	unknown := s.effect.unknownFor()
	if s.misplaced(l) != "" {
		return Naming{Direct: Readings(unknown)}
	}
	m := s.matchPrincipal(q, l, bounded, unknown)
	return Naming{Direct: Readings(m.direct), Role: Readings(m.role), Account: Readings(m.account)}
}

// Misplaced says why a layer does not accept the statement, or "". Its conditions then count for nothing.
func (s *Statement) Misplaced(l Layer) string { return s.misplaced(l) }

// ResourceVariableKeys lists the keys of the policy variables in the statement's Resource patterns.
func (s *Statement) ResourceVariableKeys() []string {
	var out []string
	for i := range s.resources {
		for _, v := range s.resources[i].glob.vars {
			out = append(out, v.key.name)
		}
	}
	return out
}

// Owner is the account that owns the resource, "" when neither the request nor the ARN says.
func (q *Prepared) Owner() string { return q.owner }

// CallerAccount is the account of the caller, "" for a caller of none.
func (q *Prepared) CallerAccount() string { return q.caller.account }
