package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// planGate compares what will be with what there is, and decides the exit code.
type planGate struct {
	verdict verdict
	// whole are the passes of what there is before the plan that are about whole accounts, by key.
	whole map[string]*assize.Finding
	// outcomes of the baseline by key; nil without one.
	outcomes map[string]assize.Outcome
	seen     map[string]bool
}

// gate judges what there is before the plan, as far as it is needed.
func (p *planFlags) gate(engine *assess.Engine, o assess.Options, in *planInput) (*planGate, error) {
	g := &planGate{verdict: verdict{failOn: assize.Severity(p.failOn)}, whole: map[string]*assize.Finding{}, seen: map[string]bool{}}
	if p.baseline != "" {
		if in.before == in.after {
			return nil, errors.New("--baseline plan goes with a plan's JSON: a state, a configuration or a template does not say what there is before it")
		}
		g.outcomes = map[string]assize.Outcome{}
	}
	if in.before == in.after || len(in.before.Resources) == 0 {
		return g, nil
	}
	for f := range engine.Assess(in.before, o).Findings() {
		if f.Resource == nil && f.Outcome == assize.Pass {
			g.whole[f.Key()] = f
		}
		if g.outcomes != nil {
			g.outcomes[f.Key()] = f.Outcome
		}
	}
	return g, nil
}

// compare judges what the plan does to a control of the whole account, and sets the change against
// the baseline.
func (g *planGate) compare(f *assize.Finding) {
	key := f.Key()
	if was := g.whole[key]; was != nil && f.Deferred() {
		f.Outcome, f.Unknown = assize.Fail, nil
		f.Reason = "the plan removes or weakens the only one it shows that made this pass" + named(was.Resources) + ": " + f.Check.Fails
	}
	if g.outcomes == nil {
		return
	}
	g.seen[key] = true
	before, known := g.outcomes[key]
	bad := f.Outcome == assize.Fail || f.Outcome == assize.Inconclusive
	if f.Deferred() || !known && !bad {
		return // there is nothing to compare
	}
	f.Change = change(before, f.Outcome)
}

// maxNamed bounds the resources that a reason names.
const maxNamed = 3

// named lists the addresses of resources, in brackets.
func named(resources []*assize.Resource) string {
	if len(resources) == 0 {
		return ""
	}
	var names []string
	for _, r := range resources[:min(len(resources), maxNamed)] {
		names = append(names, r.Label())
	}
	if more := len(resources) - maxNamed; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// count takes the finding into the exit code. With a baseline, one that was as bad before does not count.
func (g *planGate) count(f *assize.Finding) {
	if g.outcomes != nil {
		before := g.outcomes[f.Key()]
		if before == assize.Fail || before == assize.Inconclusive && f.Outcome == assize.Inconclusive {
			return
		}
	}
	g.verdict.add(f)
}

// gone lists failures and inconclusive findings of the baseline whose subject the plan takes away.
func (g *planGate) gone() []string {
	var out []string
	for key, o := range g.outcomes {
		if !g.seen[key] && (o == assize.Fail || o == assize.Inconclusive) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}
