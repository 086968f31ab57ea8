package sar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// lintNames finds actions that do not exist and wildcards that reach too far.
func (l *linter) lintNames(s *statement) {
	for i, pattern := range s.patterns {
		if strings.Trim(pattern, "*") == "" {
			continue
		}
		matched := s.matched[i]
		if len(matched) == 0 {
			l.unknownAction(s, i)
			continue
		}
		if !s.notAction && s.Effect() == iam.Allow {
			l.invokeBreadth(s, i, matched)
		}
	}
}

func (l *linter) unknownAction(s *statement, i int) {
	pattern := s.patterns[i]
	f := Fault{
		Rule: ruleUnknown, Severity: assize.Medium,
		Message: fmt.Sprintf("no action matches %q, so it %s", pattern, idle(s)),
		Fix:     "remove it",
	}
	service, _, _ := strings.Cut(strings.ToLower(pattern), ":")
	if classesOf(service) != nil || clientNames[service] != "" {
		f.Severity = assize.High
	}
	if near := l.suggest(pattern); near != "" {
		f.Fix = fmt.Sprintf("write %q", near)
		d := s.draft()
		list := d.Action
		if s.notAction {
			list = d.NotAction
		}
		list[i] = near
		f.Corrected = corrected(d)
	}
	l.add(s, f)
}

// idle says what a name that matches nothing does in a statement.
func idle(s *statement) string {
	switch {
	case s.notAction && s.Effect() == iam.Allow:
		return "takes nothing out of what is allowed"
	case s.notAction:
		return "takes nothing out of what is denied"
	case s.Effect() == iam.Allow:
		return "allows nothing"
	default:
		return "denies nothing"
	}
}

// invokeBreadth flags a pattern such as bedrock:Invoke*, which reaches agents, flows and tools.
func (l *linter) invokeBreadth(s *statement, i int, matched []*Action) {
	service, name, _ := strings.Cut(s.lower[i], ":")
	stem, _, wild := strings.Cut(name, "*")
	if service != "bedrock" || !wild || stem == "" || !strings.HasPrefix("invoke", stem) {
		return
	}
	var invoke, others []string
	for _, a := range matched {
		if strings.HasPrefix(a.Name, "InvokeModel") {
			invoke = append(invoke, a.String())
		} else {
			others = append(others, a.Name)
		}
	}
	d := s.draft()
	d.Action = slices.Concat(s.patterns[:i], invoke, s.patterns[i+1:])
	l.add(s, Fault{
		Rule: ruleBreadth, Severity: assize.Medium,
		Message:   fmt.Sprintf("%q is %d actions, with %s among them", s.patterns[i], len(matched), someText(others)),
		Fix:       "name the actions that are meant; for models " + strings.Join(invoke, " and "),
		Corrected: corrected(d),
	})
}
