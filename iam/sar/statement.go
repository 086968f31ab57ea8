package sar

import (
	"fmt"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// statement is a statement with what Lint asks of it again and again.
type statement struct {
	*iam.Statement
	patterns    []string // of Action or NotAction
	notAction   bool
	lower       []string    // patterns in lower case
	matched     [][]*Action // by each pattern
	actions     []*Action   // that Action names; none for NotAction
	resources   []string
	notResource bool
	conditions  []iam.ConditionEntry
	principals  []iam.PrincipalEntry
	notPrinc    bool
}

func newStatement(p *iam.Policy, i int) *statement {
	s := &statement{Statement: p.Statement(i)}
	s.patterns, s.notAction = s.Actions()
	s.resources, s.notResource = s.Resources()
	s.conditions = s.Conditions()
	s.principals, s.notPrinc = s.Principals()
	for _, pattern := range s.patterns {
		s.lower = append(s.lower, strings.ToLower(pattern))
	}
	return s
}

// covers says whether the statement is about an action, written in full.
func (s *statement) covers(action string) bool {
	action = strings.ToLower(action)
	for _, p := range s.lower {
		if wildcard(p, action) {
			return !s.notAction
		}
	}
	return s.notAction
}

// everything says whether the statement names all actions by "*".
func (s *statement) everything() bool {
	for _, p := range s.lower {
		if p == "*" || p == "*:*" {
			return !s.notAction
		}
	}
	return false
}

// anyResource says whether "*" is among the resources, or there are none to name.
func (s *statement) anyResource() bool {
	if s.notResource {
		return false
	}
	for _, r := range s.resources {
		if strings.Trim(r, "*") == "" {
			return true
		}
	}
	return len(s.resources) == 0
}

// named lists the actions that the statement names without a wildcard.
func (s *statement) named(d *Data) []*Action {
	var out []*Action
	for _, p := range s.patterns {
		service, name, ok := strings.Cut(p, ":")
		if !ok || s.notAction || strings.ContainsAny(p, "*?") {
			continue
		}
		if a, ok := d.Action(service, name); ok {
			out = append(out, a)
		}
	}
	return out
}

// condition is one line of Condition, taken apart.
type condition struct {
	iam.ConditionEntry
	index    int
	base     string // operator in lower case without prefix and suffix
	set      string // "forallvalues", "foranyvalue" or ""
	ifExists bool
	negated  bool
	fold     string // key in lower case
}

func (s *statement) condition(i int) condition {
	c := condition{ConditionEntry: s.conditions[i], index: i, fold: strings.ToLower(s.conditions[i].Key)}
	c.base = strings.ToLower(c.Operator)
	if set, rest, ok := strings.Cut(c.base, ":"); ok {
		c.set, c.base = set, rest
	}
	c.base, c.ifExists = strings.CutSuffix(c.base, "ifexists")
	c.negated = strings.Contains(c.base, "not")
	return c
}

// each gives the conditions one by one.
func (s *statement) each(yield func(condition) bool) {
	for i := range s.conditions {
		if !yield(s.condition(i)) {
			return
		}
	}
}

// demands says whether the statement holds only when a key (in lower case) is there.
func (s *statement) demands(fold string) bool {
	for c := range s.each {
		switch {
		case c.fold != fold:
		case c.base == "null":
			if isOnly(c.Values, "false") {
				return true
			}
		case !c.ifExists && (c.set == "foranyvalue" || c.set == "" && !c.negated):
			return true
		}
	}
	return false
}

// has says whether any condition is on one of the keys.
func (s *statement) has(keys ...string) bool {
	for c := range s.each {
		for _, k := range keys {
			if strings.EqualFold(c.Key, k) {
				return true
			}
		}
	}
	return false
}

func isOnly(values []string, want string) bool {
	for _, v := range values {
		if !strings.EqualFold(v, want) {
			return false
		}
	}
	return len(values) > 0
}

func (s *statement) usesVariables() bool {
	for _, r := range s.resources {
		if strings.Contains(r, "${") {
			return true
		}
	}
	for _, c := range s.conditions {
		for _, v := range c.Values {
			if strings.Contains(v, "${") {
				return true
			}
		}
	}
	return false
}

// some lists the first few of many names.
func some[T any](list []T, name func(T) string) string {
	const few = 3
	var out []string
	for _, v := range list[:min(len(list), few)] {
		out = append(out, name(v))
	}
	text := strings.Join(out, ", ")
	if n := len(list) - few; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

func someActions(list []*Action) string { return some(list, (*Action).String) }

func someText(list []string) string { return some(list, func(s string) string { return s }) }
