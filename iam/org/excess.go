package org

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Excess is a model that a principal reaches through a role that is not its own, and does not
// reach by a call of its own.
type Excess struct {
	Call plan.Call
	Path *Path
	// Outcome: Always or Conditional where both are known; Unknown where what is not known decides.
	Outcome Outcome
	// Causes say why it is not known.
	Causes []string
}

// Excesses finds for each principal one model that it reaches through others alone. Roles that a
// principal simply takes on do not count: their access is their own. Models that everybody runs
// on the same terms, and that nothing is set up to run, stand for each other.
func (a *Analysis) Excesses(depth int) (map[*Principal]*Excess, error) {
	calls, err := a.tellingModels()
	if err != nil {
		return nil, err
	}
	out := map[*Principal]*Excess{}
	for _, c := range calls {
		found, err := a.Indirect(c, depth)
		if err != nil {
			return nil, err
		}
		for _, path := range found.Paths {
			p := path.Steps[0].Principal
			if known := out[p]; known != nil && known.Outcome.Can() || path.takenOn() {
				continue
			}
			direct, err := a.Ask(p, c)
			if err != nil {
				return nil, err
			}
			if x := excess(direct, path); !direct.Outcome.Can() && (out[p] == nil || x.Outcome.Can()) {
				out[p] = x
			}
		}
	}
	return out, nil
}

// excess is what a path gives beyond the principal's own call, which does not pass or is not known.
func excess(direct *Answer, path *Path) *Excess {
	out := &Excess{Call: direct.Plan.Call, Path: path, Outcome: path.Outcome}
	switch {
	case direct.Outcome == Unknown:
		out.Outcome, out.Causes = Unknown, direct.Causes
	case path.Outcome == Unknown:
		for _, s := range path.Steps {
			if s.Route != nil && s.Route.Unknown != nil {
				out.Causes = append(out.Causes, causeOf(s.Route.Unknown))
			}
			for _, answer := range s.Answers {
				out.Causes = append(out.Causes, answer.Causes...)
			}
		}
	}
	return out
}

// Closes is an identity policy for the principal that takes the first step of the way away, as JSON. The
// engine was asked again with it attached, and answered never; "" where it did not.
func (a *Analysis) Closes(x *Excess) string {
	first := x.Path.Steps[0]
	call := first.Answers[0].Plan.Call
	check := &first.Answers[0].Plan.Checks[0]
	for i, c := range first.Answers[0].Plan.Checks {
		if c.Action == "iam:PassRole" { // handing the role over is the step, under whatever name
			check = &first.Answers[0].Plan.Checks[i]
		}
	}
	text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":%q,"Resource":%q}]}`, check.Action, check.Resource)
	after, err := a.Edited(Edit{Layer: iam.LayerIdentity, Policy: first.Principal.Name + "/closes-the-way", Document: []byte(text), Attach: []string{first.Principal.ARN}})
	if err != nil {
		return "" // nothing is proposed that was not proved
	}
	again, err := after.Ask(after.org.Principal(first.Principal.ARN), call)
	if err != nil || again.Outcome != Never {
		return ""
	}
	return text
}

// takenOn says whether a path is nothing but roles that are taken on.
func (p *Path) takenOn() bool {
	return !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Route != nil && s.Route.Calls[0].Operation != "sts:AssumeRole" })
}

// tellingModels are calls of models that tell principals apart: one of those that everybody has
// the same access to, and each that something is set up to run.
func (a *Analysis) tellingModels() ([]plan.Call, error) {
	const run = "bedrock:InvokeModel"
	var all, out []plan.Call
	ways := wayKinds()
	named := map[string]bool{}
	for _, r := range a.org.Catalog.All() {
		if slices.Contains(uses[r.Kind], run) {
			all = append(all, plan.Call{Operation: run, Target: r.ARN})
		}
		for _, m := range r.Members {
			named[m] = named[m] || r.Kind == plan.Prompt || slices.Contains(ways, r.Kind)
		}
	}
	m, err := a.Matrix(all)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, c := range all {
		var column strings.Builder
		for unit := range m.Units {
			column.WriteString(string(m.Accesses[m.Cell(unit, i)].Outcome) + " ")
		}
		if key := column.String(); named[c.Target] || !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	return out, nil
}
