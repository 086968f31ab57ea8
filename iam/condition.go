package iam

import (
	"net/netip"
	"strings"
)

// truth is the result of one comparison.
type truth uint8

const (
	truthNo truth = iota
	truthYes
	truthMaybe // the policy's value cannot be read, or a variable is unknown
)

func truthOf(b bool) truth {
	if b {
		return truthYes
	}
	return truthNo
}

func (t truth) not() truth {
	switch t {
	case truthNo:
		return truthYes
	case truthYes:
		return truthNo
	case truthMaybe:
	}
	return truthMaybe
}

// in turns a truth into worlds; unknown is where an undecided comparison holds.
func (t truth) in(unknown worlds) worlds {
	switch t {
	case truthNo:
		return noWorlds
	case truthYes:
		return allWorlds
	case truthMaybe:
	}
	return unknown
}

// condition is one operator applied to one key.
type condition struct {
	operator string
	key      string
	op       operator
	folded   contextKey
	list     scalarList
	values   []conditionValue
	position Position
	exact    []string // the values, when all are compared as plain text
	boolVars bool     // a Bool value holds a variable
	simple   bool     // no set prefix, no tag key, no variable in a Bool, not Null
}

// conditionValue is one policy value, read for its operator.
type conditionValue struct {
	readable bool
	glob     glob
	arn      *arnValue
	number   number
	instant  instant
	boolean  bool
	binary   string
	network  netip.Prefix
}

// newConditionValue prepares a value. What cannot be read for the operator stays
// unreadable and makes the comparison undecided.
func newConditionValue(op operator, text string, v Version) conditionValue {
	c := conditionValue{readable: true}
	vars := v == Version2012
	switch op.family {
	case familyString, familyStringFold:
		c.glob = compileGlob(tokenize(text, syntax{variables: vars}), reachAny)
	case familyLike:
		c.glob = compileGlob(tokenize(text, syntax{wildcards: true, variables: vars}), reachAny)
	case familyARN:
		c.arn = newARNValue(tokenize(text, syntax{wildcards: true, variables: vars}))
		c.glob.vars = c.arn.vars
	case familyNumeric:
		c.number, c.readable = parseNumber(text)
	case familyDate:
		c.instant, c.readable = parseInstant(text)
	case familyBool:
		c.boolean, c.readable = parseBool(text)
		if !c.readable {
			c.glob = compileGlob(tokenize(text, syntax{variables: vars}), reachAny)
			c.readable = c.glob.vars != nil
		}
	case familyNull:
		c.boolean, c.readable = parseBool(text)
	case familyBinary:
		c.binary, c.readable = parseBinary(text)
	case familyIP:
		c.network, c.readable = parseNetwork(text)
	}
	return c
}

// holds evaluates the condition under every reading; unknown is where an undecided
// condition holds.
func (c *condition) holds(t *contextTable, unknown worlds) worlds {
	e := t.lookup(&c.folded)
	if e == nil {
		if t.open {
			return unknown
		}
		return c.holdsAbsent()
	}
	if c.simple && e.state == keyPresent && !e.multi {
		return c.holdsSingle(e, t).in(unknown)
	}
	w := c.holdsEntry(e, t, unknown)
	if s := c.folded.suffix; s > 0 && e.key.name[s:] != c.folded.name[s:] {
		w = w&^worldTagCase | c.holdsAbsent()&worldTagCase
	}
	return w
}

// holdsSingle is signed for the one value of a key, which the table has read already.
func (c *condition) holdsSingle(e *contextEntry, t *contextTable) truth {
	switch {
	case c.op.family == familyIP:
		m := c.matchesNetwork(e.single.address)
		if c.op.negated {
			return m.not()
		}
		return m
	case c.op.family == familyBool && len(c.values) == 1 && c.values[0].readable:
		return truthOf(e.single.isBoolean && e.single.boolean == c.values[0].boolean)
	default:
		return c.signed(e.values[0], t, false)
	}
}

func (c *condition) holdsEntry(e *contextEntry, t *contextTable, unknown worlds) worlds {
	switch {
	case e.state == keyUnknown:
		return unknown
	case e.state == keyAbsent || len(e.values) == 0:
		return c.holdsAbsent()
	case c.op.family == familyNull:
		return c.null(false).in(unknown)
	}
	w := c.holdsPresent(e, t, unknown, false)
	if c.boolVars {
		w = w&^worldBoolVariable | c.holdsPresent(e, t, unknown, true)&worldBoolVariable
	}
	return w
}

// holdsAbsent is the column "key absent" of the operator's truth table. A key with an
// empty list of values counts as absent.
func (c *condition) holdsAbsent() worlds {
	switch {
	case c.op.family == familyNull:
		return c.null(true).in(noWorlds)
	case c.op.set == setAll:
		return allWorlds
	case c.op.set == setAny:
		return when(c.op.ifExists) &^ worldAnyIfExists
	default:
		return when(c.op.ifExists || c.op.negated)
	}
}

// null compares the absence of the key with the listed values.
func (c *condition) null(absent bool) truth {
	out := truthNo
	for i := range c.values {
		v := &c.values[i]
		if !v.readable {
			out = truthMaybe
		} else if v.boolean == absent {
			return truthYes
		}
	}
	return out
}

func (c *condition) holdsPresent(e *contextEntry, t *contextTable, unknown worlds, skipVars bool) worlds {
	switch c.op.set {
	case setAll:
		w := c.all(e, t, skipVars).in(unknown)
		if allEmpty(e.values) {
			// "Single-valued vs. multivalued context keys": ForAllValues is true when the
			// key resolves to a null data set, such as an empty string.
			return allWorlds&^worldEmptyString | w&worldEmptyString
		}
		return w
	case setAny:
		return c.some(e, t, skipVars).in(unknown)
	case setNone:
	}
	if !e.multi {
		return c.signed(e.values[0], t, skipVars).in(unknown)
	}
	if c.op.negated {
		return c.all(e, t, skipVars).in(unknown) & worldNegatedList
	}
	return noWorlds
}

func allEmpty(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}

func (c *condition) all(e *contextEntry, t *contextTable, skipVars bool) truth {
	out := truthYes
	for _, v := range e.values {
		switch c.signed(v, t, skipVars) {
		case truthNo:
			return truthNo
		case truthMaybe:
			out = truthMaybe
		case truthYes:
		}
	}
	return out
}

func (c *condition) some(e *contextEntry, t *contextTable, skipVars bool) truth {
	out := truthNo
	for _, v := range e.values {
		switch c.signed(v, t, skipVars) {
		case truthYes:
			return truthYes
		case truthMaybe:
			out = truthMaybe
		case truthNo:
		}
	}
	return out
}

// signed is m(v) for a positive operator and not m(v) for a negated one, where m(v)
// says that v matches at least one listed value.
func (c *condition) signed(v string, t *contextTable, skipVars bool) truth {
	m := c.matches(v, t, skipVars)
	if c.op.negated {
		return m.not()
	}
	return m
}

// matches is m(v).
func (c *condition) matches(v string, t *contextTable, skipVars bool) truth {
	if c.exact != nil {
		for _, want := range c.exact {
			if v == want {
				return truthYes
			}
		}
		return truthNo
	}
	if c.op.family == familyIP {
		return c.matchesAddress(v)
	}
	out := truthNo
	for i := range c.values {
		p := &c.values[i]
		if skipVars && p.glob.vars != nil {
			continue
		}
		switch p.match(v, &c.op, t) {
		case truthYes:
			return truthYes
		case truthMaybe:
			out = truthMaybe
		case truthNo:
		}
	}
	return out
}

// match compares one request value with one policy value.
func (p *conditionValue) match(v string, op *operator, t *contextTable) truth {
	if !p.readable {
		return truthMaybe
	}
	if p.glob.vars != nil {
		switch resolveAll(p.glob.vars, t) {
		case unresolved:
			return truthNo
		case unknownValue:
			return truthMaybe
		case resolved:
		}
	}
	switch op.family {
	case familyString, familyLike:
		return truthOf(p.glob.match(v, t))
	case familyStringFold:
		return truthOf(strings.EqualFold(v, p.glob.expand(t)))
	case familyARN:
		return truthOf(p.arn.match(v, t))
	case familyNumeric:
		n, ok := parseNumber(v)
		return truthOf(ok && op.relation.holds(n.compare(p.number)))
	case familyDate:
		d, ok := parseInstant(v)
		return truthOf(ok && op.relation.holds(d.compare(p.instant)))
	case familyBool:
		return truthOf(p.matchBool(v, t))
	case familyBinary:
		b, ok := parseBinary(v)
		return truthOf(ok && b == p.binary)
	case familyIP, familyNull:
	}
	return truthNo
}

// matchesAddress is m(v) for the IP operators. A request value that is no address matches nothing.
func (c *condition) matchesAddress(v string) truth {
	a, _ := parseAddress(v)
	return c.matchesNetwork(a)
}

// matchesNetwork is matchesAddress for a value that was read; the zero Addr is none.
func (c *condition) matchesNetwork(a netip.Addr) truth {
	out := truthNo
	for i := range c.values {
		p := &c.values[i]
		if !p.readable {
			out = truthMaybe
		} else if p.network.Contains(a) {
			return truthYes
		}
	}
	return out
}

func (p *conditionValue) matchBool(v string, t *contextTable) bool {
	got, ok := parseBool(v)
	want, wantOK := p.boolean, true
	if p.glob.vars != nil {
		want, wantOK = parseBool(p.glob.expand(t))
	}
	return ok && wantOK && got == want
}

// expand gives the text of a pattern without wildcards.
func (g *glob) expand(t *contextTable) string {
	if g.vars == nil {
		return g.chunks[0].text
	}
	var b strings.Builder
	for _, p := range g.chunks[0].parts {
		if p.kind == tokenVariable {
			text, _ := p.ref.value(t)
			b.WriteString(text)
			continue
		}
		b.WriteString(p.text)
	}
	return b.String()
}
