package sym

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// Subject is a principal made ready to be asked for many checks.
type Subject struct {
	e         *Engine
	principal Principal
	open      *iam.Prepared // the keys that are fixed whatever is asked for
	facts     iam.Facts
	account   string
	layers    [layerGroups][]*unit
	limits    Limits
	endpoints *levels
	theoryKey string   // what it fixes of the keys of the theory
	theories  []nodeID // by context class: the theory as it reads there, and one
}

// The layers that are no levels of an organisation.
const (
	groupIdentity = iota
	groupBoundary
	groupSession
	groupResource
	groupEndpoint
	layerGroups
)

// Target is a check made ready to be asked of many principals.
type Target struct {
	e        *Engine
	check    Check
	id       int
	action   int // number of the action
	resource int // number of the resource
	service  string
	class    int // number of what it fixes: equal for checks with the same keys and owner
	open     *iam.Prepared
	facts    iam.Facts
}

// Target prepares a check. Equal checks have the same target.
func (e *Engine) Target(c Check) (*Target, error) {
	key := c.Action + "\x00" + c.Resource + "\x00" + c.ResourceAccount + "\x00" + spellKeys(c.Fixed)
	if t, ok := e.memo.targetIDs[key]; ok {
		return t, nil
	}
	// The owner's root user stands for any caller: what the target tells depends on no other.
	q, err := e.prepare(&Principal{Principal: iam.Principal{Kind: iam.RootUser, Account: anyAccount}}, &c, nil, true)
	if err != nil {
		return nil, fmt.Errorf("check %s on %s: %w", c.Action, c.Resource, err)
	}
	own, _ := e.prepare(&Principal{Principal: iam.Principal{Kind: iam.RootUser, Account: cmp.Or(q.Owner(), anyAccount)}}, &c, nil, true)
	t := &Target{e: e, check: c, id: len(e.memo.targets), open: q, facts: own.Facts()}
	t.action = number(e.memo.actions, strings.ToLower(c.Action))
	t.resource = number(e.memo.resources, c.Resource)
	t.service, _, _ = strings.Cut(strings.ToLower(c.Action), ":")
	t.class = number(e.memo.classes, q.Owner()+"\x00"+t.service+"\x00"+spellKeys(c.Fixed))
	e.memo.targets = append(e.memo.targets, t)
	e.memo.targetIDs[key] = t
	return t, nil
}

// anyAccount belongs to nobody.
const anyAccount = "000000000000"

func number(ids map[string]int, s string) int {
	id, ok := ids[s]
	if !ok {
		id = len(ids)
		ids[s] = id
	}
	return id
}

func sortedNames(m map[string][]string) []string { return slices.Sorted(maps.Keys(m)) }

func spellKeys(m map[string][]string) string {
	var b strings.Builder
	for _, name := range sortedNames(m) {
		b.WriteString(strings.ToLower(name) + "\x01" + strings.Join(m[name], "\x02") + "\x03")
	}
	return b.String()
}

// Subject prepares a principal. Its policies are shared with every principal that has them.
func (e *Engine) Subject(p Principal) (s *Subject, err error) {
	e.f.begin()
	defer func() {
		if reason := overBudgetReason(recover()); reason != "" {
			s, err = nil, fmt.Errorf("principal %s: %s", cmp.Or(p.ARN, p.Issuer), reason)
		}
	}()
	s = &Subject{e: e, principal: p}
	// Any check will do: what is read here does not depend on it.
	q, err := e.prepare(&p, &Check{Action: "sts:GetCallerIdentity"}, e.config.Theory.given(&p, &Check{}), true)
	if err != nil {
		return nil, fmt.Errorf("principal %s: %w", cmp.Or(p.ARN, p.Issuer), err)
	}
	s.open, s.facts = q, q.Facts()
	s.account = q.CallerAccount()
	bounded := p.Policies.Boundary != nil && s.facts.HasIdentity
	if s.facts.HasIdentity {
		s.layers[groupIdentity] = e.units(s, iam.LayerIdentity, false, p.Policies.Identity...)
		s.layers[groupSession] = e.units(s, iam.LayerSession, false, p.Policies.Session...)
		s.layers[groupBoundary] = e.units(s, iam.LayerBoundary, false, p.Policies.Boundary)
	}
	s.layers[groupResource] = e.units(s, iam.LayerResource, bounded, p.Policies.Resource)
	s.layers[groupEndpoint] = e.units(s, iam.LayerEndpoint, false, p.Policies.Endpoint)
	s.limits = e.limitsOf(s)
	s.endpoints = e.endpointsOf(s)
	s.theoryKey = e.spellTheoryKeys(s.open)
	return s, nil
}

func (e *Engine) units(s *Subject, l iam.Layer, bounded bool, policies ...*iam.Policy) []*unit {
	var out []*unit
	for _, p := range policies {
		if p != nil {
			out = append(out, e.unitFor(p, l, bounded, s))
		}
	}
	return out
}

// at is the request of the subject for a target, with all other keys open.
func (s *Subject) at(t *Target) *iam.Prepared {
	given := s.e.config.Theory.given(&s.principal, &t.check)
	q, err := s.e.prepare(&s.principal, &t.check, given, true)
	if err != nil {
		// Both were prepared one by one, and nothing more can go wrong of the two together.
		panic(overBudget{err.Error()})
	}
	return q
}

// inClass is the request of the subject for some target of the same context class, which is
// all that conditions see of a target. Questions about one subject follow one another, so
// those of the last one are kept.
func (s *Subject) inClass(t *Target) *iam.Prepared {
	last := &s.e.memo.prepared
	if last.of != s {
		last.of = s
		clear(last.byClass)
	}
	q, ok := last.byClass[t.class]
	if !ok {
		q = s.at(t)
		last.byClass[t.class] = q
	}
	return q
}

// preparedRequests are the requests of one subject by context class.
type preparedRequests struct {
	of      *Subject
	byClass map[int]*iam.Prepared
}

// levels are units whose grants are composed before those of others: levels of an
// organisation, of which every one must allow, or the endpoints that a request may come through.
type levels struct {
	list [][]*unit
	via  []nodeID // of endpoints: where a request comes through
	said answers
}

// levelsOf finds or makes the levels of a list of policies.
func (e *Engine) levelsOf(s *Subject, l iam.Layer, policies [][]*iam.Policy) *levels {
	if len(policies) == 0 {
		return nil
	}
	place := levelsKey{&policies[0], len(policies), l, e.seenByAll(policies, l, s)}
	if x, ok := e.memo.placed[place]; ok {
		return x
	}
	x := &levels{}
	var key strings.Builder
	fmt.Fprintf(&key, "%d", l)
	for _, level := range policies {
		units := e.units(s, l, false, level...)
		x.list = append(x.list, units)
		key.WriteByte('|')
		for _, u := range units {
			fmt.Fprintf(&key, "%p,", u)
		}
	}
	x = e.sharedLevels(key.String(), x)
	e.memo.placed[place] = x
	return x
}

// levelsKey is a list of policies, by where it lies in memory, as it meets some caller.
type levelsKey struct {
	policies *[]*iam.Policy
	levels   int
	layer    iam.Layer
	seen     string
}

// seenByAll spells out what the policies of levels can tell of a caller.
func (e *Engine) seenByAll(policies [][]*iam.Policy, l iam.Layer, s *Subject) string {
	var seen string
	for i, level := range policies {
		for j, p := range level {
			if x := e.seenBy(p, l, s); x != "" {
				seen += fmt.Sprintf("%d,%d:%s\x03", i, j, x)
			}
		}
	}
	return seen
}

func (e *Engine) sharedLevels(key string, x *levels) *levels {
	if old, ok := e.memo.levels[key]; ok {
		return old
	}
	e.memo.levels[key] = x
	return x
}

// endpointsOf are the endpoints of the theory with a policy of their own.
func (e *Engine) endpointsOf(s *Subject) *levels {
	if s.principal.Policies.Endpoint != nil {
		return nil
	}
	x := &levels{}
	key := "endpoints"
	for _, p := range e.config.Theory.Endpoints {
		if p.Policy == nil {
			continue
		}
		via := e.equals(keySourceVpce, p.ID)
		if values, _, state := s.open.Key(keySourceVpce); state != iam.KeyFree {
			via = never
			if len(values) == 1 && values[0] == p.ID {
				via = always
			}
		}
		units := e.units(s, iam.LayerEndpoint, false, p.Policy)
		x.list, x.via = append(x.list, units), append(x.via, via)
		key += fmt.Sprintf("|%d%p", via, units[0])
	}
	if x.list == nil {
		return nil
	}
	return e.sharedLevels(key, x)
}

// together is what the levels say of a target: direct is where every one allows, deny
// where any denies.
func (e *Engine) together(x *levels, t *Target) grantID {
	return x.said.get(t, func() grantID {
		out := grant{direct: everything}
		for i, level := range x.list {
			id := e.fold(level, t)
			if id == over {
				return over
			}
			g := e.memo.grants[id]
			allow, deny := e.allows(g), g.deny
			if x.via != nil {
				via := e.f.agreed(x.via[i])
				allow, deny = e.f.or(allow, e.f.not(via)), e.f.and(deny, via)
			}
			out.direct, out.deny = e.f.and(out.direct, allow), e.f.or(out.deny, deny)
		}
		return e.internGrant(out)
	})
}

// fold is what the units of a layer say together.
func (e *Engine) fold(units []*unit, t *Target) grantID {
	out := noGrant
	for _, u := range units {
		out = e.joint(out, e.at(u, t))
	}
	return out
}
