package iam

import (
	"net/netip"
	"strings"
)

// ValueKind is what a condition operator compares values as.
type ValueKind uint8

const (
	// TextValues: the string, ARN, Bool and Binary operators, whose values are sets of texts.
	TextValues ValueKind = iota
	// NumberValues: the numeric operators.
	NumberValues
	// DateValues: the date operators.
	DateValues
	// AddressValues: the IP address operators.
	AddressValues
	// NoValues: Null, which looks at presence only.
	NoValues
)

// Quantifier is the set prefix of an operator.
type Quantifier uint8

const (
	// OneValue: no prefix.
	OneValue Quantifier = iota
	// EveryValue: ForAllValues.
	EveryValue
	// SomeValue: ForAnyValue.
	SomeValue
)

// Comparison is one operator of a Condition element applied to one key.
type Comparison struct {
	c *condition
}

// Comparisons lists the Condition element in document order.
func (s *Statement) Comparisons() []Comparison {
	out := make([]Comparison, len(s.conditions))
	for i := range s.conditions {
		out[i] = Comparison{&s.conditions[i]}
	}
	return out
}

// Key is the condition key as written.
func (c Comparison) Key() string { return c.c.key }

// Operator is the operator as written.
func (c Comparison) Operator() string { return c.c.operator }

// Position is where the key stands in its document.
func (c Comparison) Position() Position { return c.c.position }

// Texts are the values as written.
func (c Comparison) Texts() []string { return c.c.list.texts() }

// Negated says whether the operator is a Not form.
func (c Comparison) Negated() bool { return c.c.op.negated }

// Quantifier is the set prefix.
func (c Comparison) Quantifier() Quantifier {
	switch c.c.op.set {
	case setAll:
		return EveryValue
	case setAny:
		return SomeValue
	case setNone:
	}
	return OneValue
}

// Kind is what the operator compares as.
func (c Comparison) Kind() ValueKind {
	switch c.c.op.family {
	case familyNumeric:
		return NumberValues
	case familyDate:
		return DateValues
	case familyIP:
		return AddressValues
	case familyNull:
		return NoValues
	case familyString, familyStringFold, familyLike, familyBool, familyBinary, familyARN:
	}
	return TextValues
}

// Decide evaluates the comparison on a request that leaves nothing it needs free.
func (c Comparison) Decide(q *Prepared, e Effect) Readings {
	return Readings(c.c.holds(&q.context, e.unknownFor()))
}

// DecideValue evaluates a comparison without variables for one value of its key.
func (c Comparison) DecideValue(value string, e Effect) Readings {
	var t contextTable
	t.add(contextEntry{key: c.c.folded, values: []string{value}})
	return Readings(c.c.holds(&t, e.unknownFor()))
}

// WithoutKey is where the comparison holds when the key is absent.
func (c Comparison) WithoutKey() Readings { return Readings(c.c.holdsAbsent()) }

// WithKey is where Null holds when the key is present.
func (c Comparison) WithKey(e Effect) Readings {
	return Readings(c.c.null(false).in(e.unknownFor()))
}

// Variables lists the keys of the policy variables in the values.
func (c Comparison) Variables() []string {
	var out []string
	for i := range c.c.values {
		for _, v := range c.c.values[i].glob.vars {
			out = append(out, v.key.name)
		}
	}
	return out
}

// FreeVariable says whether a variable of the values has a key that the request leaves free.
func (c Comparison) FreeVariable(q *Prepared) bool {
	for i := range c.c.values {
		if resolveAll(c.c.values[i].glob.vars, &q.context) == unknownValue {
			return true
		}
	}
	return false
}

// OtherTagCase are the readings in which a comparison does not see a tag key whose name
// differs from the comparison's in letter case only; 0 when it does not.
func (c Comparison) OtherTagCase(name string) Readings {
	if s := c.c.folded.suffix; s > 0 && len(name) >= s && name[s:] != c.c.folded.name[s:] {
		return Readings(worldTagCase)
	}
	return 0
}

const (
	// NegatedListReading is where a negated operator without set prefix holds on a list when
	// it holds on each of its values.
	NegatedListReading = Readings(worldNegatedList)
	// EmptyStringReading is where ForAllValues looks at a list of empty values as at any other.
	EmptyStringReading = Readings(worldEmptyString)
	// BoolVariableReading is where a Bool value that holds a policy variable matches nothing.
	BoolVariableReading = Readings(worldBoolVariable)
)

// Piece is a part of a pattern: literal text, or a wildcard.
type Piece struct {
	Text string
	// Any stands for one character, with Run for any number of them.
	Any, Run bool
	// NoColon keeps a wildcard from matching a colon.
	NoColon bool
}

// Value is one value of a comparison, read for its operator with the variables replaced.
type Value struct {
	// Readable is false for text that the operator cannot read: the comparison is undecided.
	Readable bool
	// Variable: the text holds a policy variable.
	Variable bool
	// Never: a variable has no value, or the pattern cannot match: the value matches nothing.
	Never bool
	// Pieces is the pattern of TextValues; Fold ignores letter case; Binary holds the bytes of a BinaryEquals instead.
	Pieces []Piece
	Fold   bool
	Binary *string
	// Less, Equal, Greater say where a request value matches relative to Number or Instant.
	Less, Equal, Greater bool
	Number               float64
	Seconds, Nanos       int64
	Network              netip.Prefix
}

// Values reads the values of the comparison for a request whose variables are all known.
func (c Comparison) Values(q *Prepared) []Value {
	out := make([]Value, len(c.c.values))
	for i := range c.c.values {
		out[i] = c.value(&c.c.values[i], &q.context)
	}
	return out
}

func (c Comparison) value(p *conditionValue, t *contextTable) Value {
	v := Value{Readable: p.readable, Variable: p.glob.vars != nil}
	if !v.Readable {
		return v
	}
	if v.Never = resolveAll(p.glob.vars, t) != resolved; v.Never {
		return v
	}
	op := &c.c.op
	v.Less, v.Equal, v.Greater = op.relation.holds(-1), op.relation.holds(0), op.relation.holds(1)
	switch op.family {
	case familyString, familyLike:
		v.Pieces = p.glob.pieces(t)
	case familyStringFold:
		v.Pieces, v.Fold = []Piece{{Text: p.glob.expand(t)}}, true
	case familyARN:
		v.Pieces, v.Never = p.arn.pieces(t)
	case familyBool:
		want, ok := p.boolean, true
		if v.Variable {
			want, ok = parseBool(p.glob.expand(t))
		}
		v.Never, v.Fold = !ok, true
		v.Pieces = []Piece{{Text: map[bool]string{true: "true", false: "false"}[want]}}
	case familyBinary:
		v.Binary = &p.binary
	case familyNumeric:
		v.Number = p.number.float
	case familyDate:
		v.Seconds, v.Nanos = p.instant.seconds, p.instant.nanos
	case familyIP:
		v.Network = p.network
	case familyNull:
	}
	return v
}

// pieces gives the pattern with its variables replaced.
func (g *glob) pieces(t *contextTable) []Piece {
	var out []Piece
	for _, ch := range g.chunks {
		if ch.star != starNone {
			out = append(out, Piece{Any: true, Run: true, NoColon: ch.star == starSegment})
		}
		if ch.parts == nil && ch.text != "" {
			out = append(out, Piece{Text: ch.text})
		}
		for _, p := range ch.parts {
			switch p.kind {
			case tokenOne:
				out = append(out, Piece{Any: true, NoColon: p.text == ":"})
			case tokenVariable:
				text, _ := p.ref.value(t)
				out = append(out, Piece{Text: text})
			case tokenText, tokenStar:
				out = append(out, Piece{Text: p.text})
			}
		}
	}
	return out
}

// pieces gives an ARN pattern: wildcards of the first five parts stay inside their part.
// never is true for a pattern that no text matches.
func (a *arnValue) pieces(t *contextTable) (out []Piece, never bool) {
	if a.anything {
		return []Piece{{Any: true, Run: true}}, false
	}
	six := a.fixed
	if six == nil {
		six = a.substitute(t)
	}
	if !six.valid {
		return nil, true
	}
	for i := range six.parts {
		if i > 0 {
			out = append(out, Piece{Text: ":"})
		}
		for _, p := range six.parts[i].pieces(t) {
			if i < arnParts-1 {
				if strings.Contains(p.Text, ":") {
					return nil, true // a part has no colon
				}
				p.NoColon = true
			}
			out = append(out, p)
		}
	}
	return out, false
}

// ReadNumber reads a request value as the numeric operators do.
func ReadNumber(s string) (float64, bool) {
	n, ok := parseNumber(s)
	return n.float, ok
}

// ReadInstant reads a request value as the date operators do: seconds since 1970 and nanoseconds.
func ReadInstant(s string) (seconds, nanos int64, ok bool) {
	i, ok := parseInstant(s)
	return i.seconds, i.nanos, ok
}

// ReadAddress reads a request value as the IP address operators do.
func ReadAddress(s string) (netip.Addr, bool) { return parseAddress(s) }
