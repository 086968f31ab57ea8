package report

import (
	"io"
	"strings"
)

// accessHeading names the columns. New ones are added at the end.
var accessHeading = []string{
	"principal", "account", "target", "name", "region", "kind", "outcome", "direct", "path", "conditions", "from", "mfa", "causes", "depends_on", "group", "call",
}

// writeAccessCSV writes a line for each principal and target, with the cells made harmless as
// those of findings.
func writeAccessCSV(w io.Writer, a *Access, _ Options) error {
	c := &csvWriter{o: newOut(w)}
	c.line(accessHeading...)
	for i := range a.Groups {
		group := &a.Groups[i]
		for _, p := range group.Principals {
			for _, g := range group.Grants {
				t := &a.Terms[g.Terms]
				for _, at := range g.Targets {
					target := &a.Targets[at]
					c.line(p.ARN, p.Account, target.ARN, target.Name, target.Region, target.Kind, string(t.Outcome), yes(g.Direct()),
						strings.Join(g.Path, " > "), cut(t.Condition(), csvText), strings.Join(t.From, " | "), t.MFA,
						strings.Join(t.Causes, " | "), strings.Join(t.DependsOn, " | "), num(i+1), target.Call)
				}
			}
		}
	}
	return c.o.flush()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Condition is the terms on one line: "always", or the alternatives.
func (t *AccessTerms) Condition() string {
	switch t.Outcome {
	case AccessAlways:
		return "always"
	case AccessInconclusive, AccessBroken:
		return ""
	case AccessConditional:
	}
	var alternatives []string
	for _, a := range t.Alternatives {
		alternatives = append(alternatives, strings.Join(a, " and "))
	}
	return strings.Join(alternatives, " or ")
}
