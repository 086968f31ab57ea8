package iam

import (
	"math/bits"
	"strings"
)

// Outcome is the answer to a request.
type Outcome uint8

const (
	// Undecided: an unknown key, an unreadable policy or value decides the request.
	Undecided Outcome = iota
	// Allowed: every layer agrees.
	Allowed
	// ImplicitlyDenied: no layer denies, but one that must allow does not.
	ImplicitlyDenied
	// ExplicitlyDenied: a Deny statement applies.
	ExplicitlyDenied
)

var outcomeNames = [...]string{"undecided", "allowed", "implicitly denied", "explicitly denied"}

// String names the outcome.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "undecided"
}

// Decision is the outcome with the assumptions it depends on.
type Decision struct {
	Outcome   Outcome
	Ambiguity Ambiguity
}

// Allowed says whether the request is allowed. False also covers Undecided.
func (d Decision) Allowed() bool { return d.Outcome == Allowed }

// Denied says whether the request is denied, explicitly or not.
func (d Decision) Denied() bool {
	return d.Outcome == ImplicitlyDenied || d.Outcome == ExplicitlyDenied
}

// ReadingSensitive says whether the two readings of Resource wildcards disagree.
func (d Decision) ReadingSensitive() bool { return d.Ambiguity.Has(ReadingSensitive) }

// String gives the outcome with the reason codes of its ambiguity.
func (d Decision) String() string {
	if d.Ambiguity == 0 {
		return d.Outcome.String()
	}
	return d.Outcome.String() + " (" + strings.Join(d.Ambiguity.Codes(), ", ") + ")"
}

// decisionOf reads the outcome off the readings in which a request is allowed and denied.
func decisionOf(allowed, denied worlds) Decision {
	d := Decision{}
	primary := allowed&worldPrimary != 0
	switch {
	case primary:
		d.Outcome = Allowed
	case allowed&worldOpen != 0:
		d.Outcome = Undecided
	case denied&worldOpen != 0:
		d.Outcome = ExplicitlyDenied
	default:
		d.Outcome = ImplicitlyDenied
	}
	d.Ambiguity = Ambiguity((allowed ^ when(primary)) &^ (worldPrimary | worldOpen))
	return d
}

// DecideUnder gives the outcome with one assumption read the other way: one of the constants of
// [Ambiguity] such as [ReadingSensitive]. Where a finding depends on it, the two outcomes are
// shown side by side. The outcome is Undecided for anything but one such constant.
func (p *Policies) DecideUnder(q *Prepared, other Ambiguity) Outcome {
	w := worlds(other)
	if bits.OnesCount32(uint32(w)) != 1 || w&allWorlds&^(worldPrimary|worldOpen) == noWorlds {
		return Undecided
	}
	allowed, denied := p.evaluate(q)
	switch {
	case allowed&w != 0:
		return Allowed
	case denied&w != 0:
		return ExplicitlyDenied
	default:
		return ImplicitlyDenied
	}
}
