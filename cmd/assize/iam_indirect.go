package main

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/report"
)

// indirect finds what principals reach through roles that are not their own. Nothing with
// a depth of zero.
func (b *answers) indirect(calls []plan.Call, depth int) (map[*org.Principal]reach, error) {
	out := map[*org.Principal]reach{}
	if depth == 0 {
		return out, nil
	}
	for i, c := range calls {
		found, err := b.analysis.Indirect(c, depth)
		if err != nil {
			return nil, err
		}
		for _, path := range found.Paths {
			p := path.Steps[0].Principal
			if out[p] == nil {
				out[p] = reach{}
			}
			out[p].add(i, b.add(b.pathTerms(path)), b.hops(path))
		}
	}
	return out, nil
}

// unreadWays adds why there may be more ways through others, kinds with one reason together.
func (b *answers) unreadWays() {
	kinds := map[string][]string{}
	for kind, u := range b.analysis.UnreadWays() {
		text := unknownText(u)
		kinds[text] = append(kinds[text], string(kind))
	}
	for text, list := range kinds {
		slices.Sort(list)
		b.out.Unread = append(b.out.Unread, "there may be more ways by "+wordList(list)+": "+text)
	}
	slices.Sort(b.out.Unread)
	b.out.Unread = slices.Compact(b.out.Unread)
}

// pathTerms are the terms of a path: those of its first step, which is the caller's own
// request. The steps after it are requests of others and say their conditions themselves.
func (b *answers) pathTerms(path *org.Path) report.AccessTerms {
	t := report.AccessTerms{Outcome: report.AccessOutcome(path.Outcome)}
	for i, step := range path.Steps {
		if step.Route != nil && step.Route.Unknown != nil {
			t.Causes = append(t.Causes, unknownText(step.Route.Unknown))
		}
		for _, a := range step.Answers {
			x := b.termsOf(a)
			t.Causes, t.DependsOn, t.Readings = append(t.Causes, x.Causes...), append(t.DependsOn, x.DependsOn...), append(t.Readings, x.Readings...)
			if i == 0 && len(step.Answers) == 1 {
				t.Alternatives, t.From, t.MFA, t.Witness = x.Alternatives, x.From, x.MFA, x.Witness
			}
		}
	}
	for _, list := range []*[]string{&t.Causes, &t.DependsOn, &t.Readings} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return t
}

// hops says the steps between a principal and what it reaches.
func (b *answers) hops(path *org.Path) []string {
	var out []string
	for i, step := range path.Steps {
		if step.Route == nil {
			out = append(out, short(step.Principal.ARN)+" makes the call"+b.conditionsOf(step.Answers))
			break
		}
		var calls []string
		for _, a := range step.Answers {
			calls = append(calls, a.Plan.Call.Operation+" on "+short(a.Plan.Call.Target))
		}
		text := strings.Join(calls, ", then ")
		if i > 0 || len(step.Answers) > 1 {
			text += b.conditionsOf(step.Answers)
		}
		out = append(out, text+": "+step.Route.Why+" ("+controlText(step.Route.Control)+")")
	}
	return out
}

// conditionsOf says under which conditions calls pass, "" for none.
func (b *answers) conditionsOf(list []*org.Answer) string {
	var out []string
	for _, a := range list {
		if a.Outcome == org.Conditional {
			words, ok := b.conditions[a.Access]
			if !ok {
				words = strings.Join(a.Conditions(), " or ")
				b.conditions[a.Access] = words
			}
			out = append(out, words)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return " when " + strings.Join(slices.Compact(out), "; and ")
}

func controlText(c plan.Control) string {
	switch c {
	case plan.Configured:
		return "it does what it was set up for"
	case plan.Program:
		return "a program decides what it does"
	case plan.Full:
		return "it does what the caller wants"
	}
	return string(c)
}

// short is an ARN without what every ARN of its kind has: "role/analyst".
func short(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return arn
	}
	return parts[5]
}
