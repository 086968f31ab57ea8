package iam

import "slices"

// Effect is what a statement does to the requests it matches.
type Effect uint8

const (
	// Allow grants.
	Allow Effect = iota + 1
	// Deny refuses, and beats every Allow.
	Deny
)

// String gives the word used in policy documents.
func (e Effect) String() string {
	switch e {
	case Allow:
		return "Allow"
	case Deny:
		return "Deny"
	default:
		return "none"
	}
}

// Version is the policy language version of a document.
type Version string

const (
	// Version2008 is the older language, and what a document without Version speaks: no policy variables.
	Version2008 Version = "2008-10-17"
	// Version2012 is the current language.
	Version2012 Version = "2012-10-17"
)

// Policy is a parsed document. It never changes after Parse, so goroutines may
// share it.
type Policy struct {
	name       string
	version    Version
	hasVersion bool
	id         string
	hasID      bool
	single     bool // Statement was one object, not an array
	statements []Statement
	opaque     string // why nothing is known of it; empty for a parsed policy

	// What index finds: the statements by effect, whether one allows everything to everybody whom
	// the layer is about, and about how much work one evaluation is, in statements of eight patterns.
	allows, denies []*Statement
	opening        bool
	weight         int
}

// Unreadable stands for a policy that exists but could not be read or parsed.
// Whatever depends on it is Undecided.
func Unreadable(name, reason string) *Policy {
	if reason == "" {
		reason = "the policy could not be read"
	}
	return &Policy{name: name, version: Version2012, opaque: reason}
}

// Named gives the same policy under a name that explanations show.
func (p *Policy) Named(name string) *Policy {
	c := *p
	c.name = name
	return &c
}

// Name is what Named set.
func (p *Policy) Name() string { return p.name }

// Version is the language version, Version2008 when the document has none.
func (p *Policy) Version() Version { return p.version }

// ID is the document's Id element.
func (p *Policy) ID() string { return p.id }

// Readable is false for a policy made by Unreadable, with the reason.
func (p *Policy) Readable() (reason string, ok bool) { return p.opaque, p.opaque == "" }

// Len is the number of statements.
func (p *Policy) Len() int { return len(p.statements) }

// Statement gives the statement at an index from zero, in document order.
func (p *Policy) Statement(i int) *Statement { return &p.statements[i] }

// Statement is one statement of a policy. It never changes.
type Statement struct {
	index      int
	sid        string
	hasSid     bool
	effect     Effect
	position   Position
	principal  principalElement
	actions    []actionPattern
	actionList scalarList
	notAction  bool
	resources  []resourcePattern
	resList    scalarList
	hasRes     bool
	notRes     bool
	conditions []condition
	hasCond    bool
	shape      shape
}

// scalarList keeps a list as written: whether it stood in an array, and the JSON
// kind of each value, so that printing gives back what was read.
type scalarList struct {
	values []scalar
	array  bool
}

type scalar struct {
	text string
	kind jsonKind
}

func (l scalarList) texts() []string {
	out := make([]string, len(l.values))
	for i, v := range l.values {
		out[i] = v.text
	}
	return out
}

// Index is the statement's place in its policy, from zero.
func (s *Statement) Index() int { return s.index }

// Sid is the statement identifier, often empty.
func (s *Statement) Sid() string { return s.sid }

// Effect is Allow or Deny.
func (s *Statement) Effect() Effect { return s.effect }

// Position is where the statement begins in its document.
func (s *Statement) Position() Position { return s.position }

// Actions lists the Action or NotAction patterns as written.
func (s *Statement) Actions() (patterns []string, negated bool) {
	return s.actionList.texts(), s.notAction
}

// Resources lists the Resource or NotResource patterns as written. Statements of
// role trust policies have none.
func (s *Statement) Resources() (patterns []string, negated bool) {
	return s.resList.texts(), s.notRes
}

// PrincipalEntry is one line of a Principal element: Kind is "AWS", "Service",
// "Federated", "CanonicalUser", or "*" for the bare wildcard.
type PrincipalEntry struct {
	Kind  string
	Value string
}

// Principals lists the Principal or NotPrincipal element as written.
func (s *Statement) Principals() (entries []PrincipalEntry, negated bool) {
	if s.principal.bare {
		return []PrincipalEntry{{Kind: "*", Value: "*"}}, s.principal.negated
	}
	for _, g := range s.principal.groups {
		for _, v := range g.list.values {
			entries = append(entries, PrincipalEntry{Kind: g.kind, Value: v.text})
		}
	}
	return entries, s.principal.negated
}

// ConditionEntry is one operator, key and its values as written.
type ConditionEntry struct {
	Operator string
	Key      string
	Values   []string
}

// Conditions lists the Condition element in document order.
func (s *Statement) Conditions() []ConditionEntry {
	var out []ConditionEntry
	for i := range s.conditions {
		c := &s.conditions[i]
		out = append(out, ConditionEntry{Operator: c.operator, Key: c.key, Values: slices.Clone(c.list.texts())})
	}
	return out
}

// ConditionPosition is where the key of the condition at an index of Conditions stands in its document.
func (s *Statement) ConditionPosition(i int) Position { return s.conditions[i].position }
