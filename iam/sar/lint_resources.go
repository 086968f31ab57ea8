package sar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// maxServices is how many services a statement may name for its resource patterns to be judged:
// beyond, a pattern is about some of them and says nothing of the rest.
const maxServices = 40

// lintResources finds resource patterns that match nothing, actions that take no ARN, and patterns
// on which readings of AWS's rule differ.
func (l *linter) lintResources(s *statement) {
	l.notAllow(s)
	if s.notResource || len(s.resources) == 0 || s.notAction || len(s.actions) == 0 {
		return
	}
	l.reading(s)
	if s.anyResource() || l.layer == iam.LayerResource || s.services() > maxServices {
		return
	}
	formats := l.formats(s)
	variables := l.p.Version() == iam.Version2012
	var dead []string
	for _, r := range s.resources {
		if !l.spend(1 + len(formats)) {
			return
		}
		if !slices.ContainsFunc(formats, func(f string) bool { return canMatch(r, f, variables) }) {
			dead = append(dead, r)
		}
	}
	switch {
	case len(formats) == 0:
		l.notScopable(s, s.actions, true)
	case len(dead) == len(s.resources):
		l.deadResources(s, dead, formats)
	default:
		l.partlyDead(s, dead)
		if named := slices.DeleteFunc(s.named(l.d), (*Action).Scopable); len(named) > 0 {
			l.notScopable(s, named, false)
		}
	}
}

// services counts the services that the actions are of.
func (s *statement) services() int {
	seen := map[string]bool{}
	for _, a := range s.actions {
		seen[a.Service] = true
	}
	return len(seen)
}

// formats lists the ARN formats of all resource types of the statement's actions.
func (l *linter) formats(s *statement) []string {
	var out []string
	seen := map[string]bool{}
	for _, a := range s.actions {
		for _, r := range a.Resources {
			if seen[a.Service+":"+r.Type] {
				continue
			}
			seen[a.Service+":"+r.Type] = true
			if t, ok := l.d.Resource(a.Service, r.Type); ok {
				out = append(out, t.ARNs...)
			}
		}
	}
	return out
}

// notScopable: only "*" matches the request of an action without resource types. all says that the
// statement has no other.
func (l *linter) notScopable(s *statement, actions []*Action, all bool) {
	f := Fault{
		Rule: ruleUnscopable, Severity: assize.Medium,
		Message: fmt.Sprintf(`only "*" matches for %s, without resource types; beside these ARNs the statement %s for it`, someActions(actions), idle(s)),
		Fix:     `put it into a statement of its own with Resource "*"`,
	}
	if all {
		f.Rule, f.Severity = ruleDead, severityOf(s)
		f.Fix = `write Resource "*", and limit the use by conditions or by the actions that follow`
		d := s.draft()
		d.Resource = []string{"*"}
		f.Corrected = corrected(d)
		l.add(s, f)
		return
	}
	rest, own := s.draft().named("1"), s.draft().named("2")
	own.Action, own.Resource = nil, []string{"*"}
	for _, a := range actions {
		own.Action = append(own.Action, a.String())
		rest.Action = slices.DeleteFunc(rest.Action, func(p string) bool { return strings.EqualFold(p, a.String()) })
	}
	f.Corrected = corrected(rest, own)
	l.add(s, f)
}

func (l *linter) deadResources(s *statement, dead, formats []string) {
	d := s.draft()
	d.Resource = nil
	for _, f := range formats {
		d.Resource = append(d.Resource, patternOf(f))
	}
	slices.Sort(d.Resource)
	d.Resource = slices.Compact(d.Resource)
	f := Fault{
		Rule: ruleDead, Severity: severityOf(s),
		Message: fmt.Sprintf("%s matches no resource of %s, so the statement %s", someText(dead), someActions(s.actions), idle(s)),
		Fix:     "write ARNs of the types that the actions work on: " + someText(d.Resource),
	}
	const few = 4
	if len(d.Resource) <= few {
		f.Corrected = corrected(d)
	}
	l.add(s, f)
}

func (l *linter) partlyDead(s *statement, dead []string) {
	if len(dead) == 0 || !s.anyClassified() {
		return
	}
	d := s.draft()
	d.Resource = slices.DeleteFunc(d.Resource, func(r string) bool { return slices.Contains(dead, r) })
	l.add(s, Fault{
		Rule: ruleDead, Severity: assize.Low,
		Message:   fmt.Sprintf("%s matches no resource of the statement's actions", someText(dead)),
		Fix:       "remove it, or name the action it is meant for",
		Corrected: corrected(d),
	})
}

func (l *linter) notAllow(s *statement) {
	if s.Effect() != iam.Allow || l.layer == iam.LayerServiceControl || !s.notAction && !s.notResource {
		return
	}
	what := fmt.Sprintf("every action but %s, those to come included", someText(s.patterns))
	fix := "list the actions that are needed"
	if s.notResource {
		what = fmt.Sprintf("every resource but %s, those to come included", someText(s.resources))
		fix = "list the resources that are needed"
	}
	severity := assize.High
	if len(s.conditions) > 0 || l.layer == iam.LayerBoundary {
		severity = assize.Medium
	}
	l.add(s, Fault{Rule: ruleNotAllow, Severity: severity, Message: "the statement allows " + what, Fix: fix})
}

// reading finds patterns that AWS's wording leaves open: fewer than six parts, or a wildcard inside
// the segment of a model id, which has colons of its own.
func (l *linter) reading(s *statement) {
	models := slices.ContainsFunc(s.actions, func(a *Action) bool {
		return a.Service == "bedrock" && slices.ContainsFunc(a.Resources, func(r ActionResource) bool { return r.Type == "foundation-model" })
	})
	for _, r := range s.resources {
		colons := strings.Count(r, ":")
		switch {
		case strings.Trim(r, "*") == "" || !strings.HasPrefix(r, "arn:"):
		case colons < 5 && !strings.HasSuffix(r, ":*"):
			l.readingFault(s, r, "it has fewer than six parts, and a * may or may not stand for several", l.sixParts(s, r))
		case models && colons >= 5 && strings.Contains(r, "foundation-model/") && insideModel(r):
			l.readingFault(s, r, "a wildcard inside a segment may or may not match the colon of a model id", "")
		}
	}
}

// insideModel says whether a * or ? inside the segment of a model id could have to match a colon:
// no colon follows it, and no * that ends the segment.
func insideModel(pattern string) bool {
	_, id, _ := strings.Cut(pattern, "foundation-model/")
	i := strings.LastIndexAny(id, "*?")
	if i < 0 || strings.Contains(id[i:], ":") {
		return false
	}
	return id[i] == '?' || i+1 < len(id)
}

// sixParts is the statement with a pattern of five parts written out, where one way alone gives resources of its
// actions: without an account or with any. "" for others.
func (l *linter) sixParts(s *statement, pattern string) string {
	parts := strings.SplitN(pattern, ":", 5)
	if len(parts) < 5 {
		return ""
	}
	var fits []string
	for _, account := range []string{"", "*"} {
		whole := strings.Join(parts[:4], ":") + ":" + account + ":" + parts[4]
		if slices.ContainsFunc(l.formats(s), func(f string) bool { return canMatch(whole, f, false) }) {
			fits = append(fits, whole)
		}
	}
	if len(fits) == 0 || len(fits) > 1 && !strings.Contains(pattern, ":foundation-model/") {
		return ""
	}
	d := s.draft()
	d.Resource[slices.Index(d.Resource, pattern)] = fits[0]
	return corrected(d)
}

func (l *linter) readingFault(s *statement, pattern, why, fixed string) {
	l.add(s, Fault{
		Rule: ruleReading, Severity: assize.Low,
		Message:   fmt.Sprintf("whether %q matches depends on how AWS reads it: %s", pattern, why),
		Fix:       "write all six parts, and wildcards at the end of a segment only",
		Corrected: fixed,
	})
}
