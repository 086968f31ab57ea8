package sym

import (
	"fmt"
	"math"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// compared names a comparison in a statement of an effect.
type compared struct {
	iam.Comparison
	effect iam.Effect
}

// comparison turns one operator of a Condition element into a formula over the keys that
// the request leaves free.
func (e *Engine) comparison(c iam.Comparison, effect iam.Effect, q *iam.Prepared) formulaID {
	if e.missing(c.Key()) {
		return e.f.constant(c.WithoutKey())
	}
	if c.FreeVariable(q) {
		return e.atomOf(c, effect, q)
	}
	if _, _, state := q.Key(c.Key()); state != iam.KeyFree {
		return e.f.constant(c.Decide(q, effect))
	}
	fixed := len(c.Variables()) == 0
	if fixed {
		if out, ok := e.compared[compared{c, effect}]; ok {
			return out
		}
	}
	out := e.freeComparison(c, effect, q)
	if fixed {
		e.compared[compared{c, effect}] = out
	}
	return out
}

func (e *Engine) freeComparison(c iam.Comparison, effect iam.Effect, q *iam.Prepared) formulaID {
	id := e.keys.find(c.Key(), c.Kind())
	m, ok := e.matched(c, e.keys.list[id], q)
	if !ok {
		return e.atomOf(c, effect, q)
	}
	m.key, m.unknown, m.without = id, effect.Unknown(), c.WithoutKey()
	m.tagCase = c.OtherTagCase(e.keys.list[id].name)
	if c.Kind() == iam.NoValues {
		return e.f.combined(iam.AllReadings, func(r iam.Readings) nodeID {
			return e.either(id, m.kind, m.without&r != 0, c.WithKey(effect)&r != 0 && m.tagCase&r == 0 || m.tagCase&m.without&r != 0)
		})
	}
	e.name(c, m)
	return e.f.combined(m.differ(), func(r iam.Readings) nodeID { return e.f.when(id, e.regionIn(m, r)) })
}

// either tells presence from absence.
func (e *Engine) either(id keyID, k kind, absent, present bool) nodeID {
	switch {
	case absent && present:
		return always
	case absent:
		return e.f.when(id, e.f.absent(k))
	case present:
		return e.f.when(id, e.f.present(k))
	}
	return never
}

// match is what a comparison says of the values of a free key.
type match struct {
	key      keyID
	kind     kind
	quantity iam.Quantifier
	negated  bool
	yes      regionID // of single values: those that match a listed value
	literal  regionID // yes without the values that hold a variable, for Bool
	yesText  textID   // yes and literal as languages, which regions of lists are made of
	plain    textID
	maybe    bool // some listed value cannot be read: what matches no other is undecided
	unknown  iam.Readings
	without  iam.Readings // where an absent key satisfies the comparison
	tagCase  iam.Readings
}

// differ are the readings that may not agree with the primary one.
func (m *match) differ() iam.Readings {
	out := m.tagCase | iam.BoolVariableReading
	if m.maybe {
		out |= iam.OpenReading
	}
	primary := iam.Readings(0)
	if m.without&iam.PrimaryReading != 0 {
		primary = iam.AllReadings
	}
	out |= m.without ^ primary
	if m.quantity == iam.EveryValue {
		out |= iam.EmptyStringReading
	}
	if m.kind == listKind {
		out |= iam.NegatedListReading
	}
	return out
}

// matched reads the values of a comparison as a region of the key's values; ok is false
// where the values of the key are compared in ways that no region can tell.
func (e *Engine) matched(c iam.Comparison, k key, q *iam.Prepared) (match, bool) {
	m := match{kind: k.kind, quantity: c.Quantifier(), negated: c.Negated()}
	if c.Kind() == iam.NoValues {
		return m, true
	}
	if c.Quantifier() != iam.OneValue && k.kind == textKind && e.keys.untyped(k.name) {
		return m, false // it may hold several values, and then more than one text lets it hold
	}
	values := c.Values(q)
	var all, literal []iam.Value
	for _, v := range values {
		switch {
		case !v.Readable:
			m.maybe = true
		case !v.Never:
			all = append(all, v)
			if !v.Variable || c.Kind() != iam.TextValues || !strings.Contains(strings.ToLower(c.Operator()), "bool") {
				literal = append(literal, v)
			}
		}
	}
	switch {
	case c.Kind() == iam.TextValues && (k.kind == textKind || k.kind == listKind):
		m.yesText = e.f.anyOf(patternsOf(all))
		m.plain = e.f.anyOf(patternsOf(literal))
		if k.kind == textKind {
			m.yes, m.literal = e.f.ofText(m.yesText), e.f.ofText(m.plain)
		}
		return m, true
	case c.Quantifier() != iam.OneValue:
		return m, false // an empty text counts as no value, and is no point of its own
	}
	spans, ok := spansOf(all, c.Kind(), k)
	if ok {
		m.yes = e.f.ofSpans(k.kind, spans)
		m.literal = m.yes
	}
	return m, ok
}

func patternsOf(values []iam.Value) [][]element {
	out := make([][]element, len(values))
	for i, v := range values {
		out[i] = elementsOf(v)
	}
	return out
}

// spansOf reads the values of a numeric, date or address comparison.
func spansOf(values []iam.Value, as iam.ValueKind, k key) (out []span, ok bool) {
	epoch := as == iam.NumberValues && k.kind == dateKind && strings.EqualFold(k.name, keyCurrentTime)
	for _, v := range values {
		switch {
		case as == iam.AddressValues && k.kind == addressKind:
			out = append(out, networkSpan(v.Network))
		case as == iam.DateValues && k.kind == dateKind:
			out = append(out, dateScale.compared(datePoint(v.Seconds, v.Nanos), v.Less, v.Equal, v.Greater)...)
		case math.Abs(v.Number) >= exactNumber:
			return nil, false
		case as == iam.NumberValues && k.kind == numberKind:
			out = append(out, numberScale.compared(numberPoint(v.Number), v.Less, v.Equal, v.Greater)...)
		case epoch && v.Number == math.Trunc(v.Number):
			// EpochTime is CurrentTime in seconds since 1970, so it compares with numbers too.
			out = append(out, dateScale.compared(datePoint(int64(v.Number), 0), v.Less, v.Equal, v.Greater)...)
		default:
			return nil, false
		}
	}
	want := map[iam.ValueKind]kind{iam.AddressValues: addressKind, iam.DateValues: dateKind, iam.NumberValues: numberKind}[as]
	return out, k.kind == want || epoch
}

// regionIn is where the comparison holds in one reading.
func (e *Engine) regionIn(m match, r iam.Readings) regionID {
	absent := e.f.absent(m.kind)
	out := e.f.regions.not(e.f.present(m.kind)) // only "absent"
	if m.without&r == 0 {
		out = e.f.regions.and(absent, e.f.present(m.kind)) // nothing
	}
	if m.tagCase&r != 0 {
		if m.without&r != 0 {
			return e.f.regions.or(absent, e.f.present(m.kind))
		}
		return out
	}
	unknown := m.unknown&r != 0
	if m.kind == listKind {
		return e.f.regions.or(out, e.listsIn(m, r, unknown))
	}
	yes := m.yes
	if r == iam.BoolVariableReading {
		yes = m.literal
	}
	hold := yes
	present := e.f.present(m.kind)
	if m.negated {
		hold = e.f.regions.and(present, e.f.regions.not(yes))
		if m.maybe && !unknown {
			hold = e.f.regions.and(absent, present)
		}
	} else if m.maybe && unknown {
		hold = present
	}
	if m.quantity == iam.EveryValue && r != iam.EmptyStringReading {
		hold = e.f.regions.or(hold, e.f.ofText(e.f.anyOf([][]element{nil})))
	}
	return e.f.regions.or(out, hold)
}

// listsIn is the region of lists for which the comparison holds in one reading.
func (e *Engine) listsIn(m match, r iam.Readings, unknown bool) regionID {
	// good are the values that satisfy the comparison by themselves, counting what cannot
	// be read toward the effect.
	good := m.yesText
	if r == iam.BoolVariableReading {
		good = m.plain
	}
	if m.maybe && unknown != m.negated {
		good = anyText
	}
	if m.negated {
		good = e.f.texts.not(good)
	}
	every := e.f.regions.and(e.f.present(listKind), e.f.regions.not(e.f.ofSome(e.f.texts.not(good))))
	switch m.quantity {
	case iam.SomeValue:
		return e.f.ofSome(good)
	case iam.EveryValue:
		if r == iam.EmptyStringReading {
			return every
		}
		empty := e.f.anyOf([][]element{nil})
		onlyEmpty := e.f.regions.and(e.f.present(listKind), e.f.regions.not(e.f.ofSome(e.f.texts.not(empty))))
		return e.f.regions.or(every, onlyEmpty)
	case iam.OneValue:
	}
	if m.negated && r == iam.NegatedListReading {
		return every
	}
	return e.f.ofSome(noText)
}

// atomOf keeps a comparison whole: it compares a free key with a variable whose key is free
// too, or compares a key in a way that its type does not know. The answer then depends on a
// named condition instead of on regions.
func (e *Engine) atomOf(c iam.Comparison, effect iam.Effect, q *iam.Prepared) formulaID {
	var given []string
	for _, name := range append(c.Variables(), c.Key()) {
		if values, _, state := q.Key(name); state == iam.KeyPresent {
			given = append(given, fmt.Sprintf("%s = %s", name, strings.Join(values, ", ")))
		}
	}
	label := fmt.Sprintf("%s %s %q", c.Operator(), c.Key(), c.Texts())
	if given != nil {
		label += " with " + strings.Join(given, " and ")
	}
	differ := iam.Readings(0)
	for _, v := range c.Values(q) {
		if !v.Readable {
			differ = iam.OpenReading
		}
	}
	return e.f.combined(differ, func(r iam.Readings) nodeID {
		name := label
		if r == iam.OpenReading {
			name += " (read toward more access)"
		}
		id := e.keys.atom(name, atom{
			holds:      func(q *iam.Prepared) bool { return c.Decide(q, effect)&r != 0 },
			comparison: &c, variables: c.Variables(),
		})
		return e.f.when(id, e.f.present(atomKind))
	})
}

// atomOfPattern keeps a Resource pattern whole whose variable has a free key.
func (e *Engine) atomOfPattern(pattern string, s *iam.Statement, v iam.Version, resource string) formulaID {
	id := e.keys.atom(fmt.Sprintf("Resource %q matches %s", pattern, resource), atom{
		holds:     func(q *iam.Prepared) bool { return q.MatchesPattern(pattern, v) },
		variables: s.ResourceVariableKeys(),
	})
	return e.f.agreed(e.f.when(id, e.f.present(atomKind)))
}
