package main

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/library"
)

// planGate compares what will be with what there is, and decides the exit code.
type planGate struct {
	verdict verdict
	// whole are the passes of what there is before the plan that are about whole accounts, by key.
	whole map[string]*assize.Finding
	// outcomes of the baseline by key; nil without one.
	outcomes map[string]assize.Outcome
	seen     map[string]bool
	// removed are fails of settings that the plan deletes.
	removed []*assize.Finding
	// perhaps are resources that may not be made; nil without any.
	perhaps *conditionals
	// live finds what a planned resource is in the snapshot; nil without one.
	live *liveIndex
}

// settings are types of which each account or Region has one, whether or not Terraform manages it:
// to delete it is to set it back to what AWS sets by itself. Checks of whole accounts need no such
// list; see [planGate.compare].
var settings = map[string]bool{
	"AWS::EC2::EBSEncryptionByDefault": true,
	"AWS::IAM::AccountPasswordPolicy":  true,
}

// gate judges what there is before the plan, as far as it is needed.
func (p *planFlags) gate(lib *library.Library, engine *assess.Engine, o assess.Options, in *planInput) (*planGate, error) {
	g := &planGate{verdict: verdict{failOn: assize.Severity(p.failOn), inconclusive: in.unread()}, whole: map[string]*assize.Finding{}, seen: map[string]bool{}}
	g.perhaps = in.perhaps(engine, o)
	if p.baseline != "" {
		g.outcomes = map[string]assize.Outcome{}
	}
	switch {
	case p.baseline == "":
	case p.baseline != baselinePlan:
		if err := g.readSnapshot(p.baseline, lib, engine, o); err != nil {
			return nil, err
		}
	case in.before == in.after:
		return nil, errors.New("--baseline plan goes with a plan's JSON: a state, a configuration or a template does not say what there is before it")
	}
	if in.before == in.after || len(in.before.Resources) == 0 {
		return g, nil
	}
	stays := make(map[string]bool, len(in.after.Resources))
	for _, r := range in.after.Resources {
		stays[r.Type+r.ID] = true
	}
	lives := livesOn(engine, o, in)
	for f := range engine.Assess(in.before, o).Findings() {
		switch r := f.Resource; {
		case f.Outcome != assize.Pass:
		case r == nil && !lives[f.Key()]:
			g.whole[f.Key()] = f
		case r == nil:
		case settings[r.Type] && !stays[r.Type+r.ID] && r.Origin.Action == "delete":
			g.removed = append(g.removed, &assize.Finding{
				Check: f.Check, Outcome: assize.Fail, Account: f.Account, Region: f.Region, Resource: r, Scope: f.Scope,
				Reason: "the plan deletes the setting, and what AWS sets by itself is back: " + f.Check.Fails,
			})
		}
		if p.baseline == baselinePlan {
			g.outcomes[f.Key()] = f.Outcome
		}
	}
	return g, nil
}

// livesOn are the keys of passes about whole accounts that hold by what the plan only forgets: it is in the account
// as before.
func livesOn(engine *assess.Engine, o assess.Options, in *planInput) map[string]bool {
	var forgotten []*assize.Resource
	for _, r := range in.before.Resources {
		if r.Origin.Action == "forget" {
			forgotten = append(forgotten, r)
		}
	}
	if len(forgotten) == 0 {
		return nil
	}
	there := *in.after
	there.Resources = slices.Concat(in.after.Resources, forgotten)
	holds := map[string]bool{}
	for f := range engine.Assess(&there, o).Findings() {
		if f.Outcome == assize.Pass && f.Resource == nil {
			holds[f.Key()] = true
		}
	}
	return holds
}

// readSnapshot judges the account as it was read.
func (g *planGate) readSnapshot(path string, lib *library.Library, engine *assess.Engine, o assess.Options) error {
	c, err := snapshot.Read(path)
	if err != nil {
		return fmt.Errorf("read the baseline: %w", err)
	}
	inv, err := inventory(lib, c)
	if err != nil {
		return fmt.Errorf("read the baseline: %w", err)
	}
	g.live = newLiveIndex(inv)
	for f := range engine.Assess(inv, o).Findings() {
		g.outcomes[f.Key()] = f.Outcome
	}
	return nil
}

// key is that of the finding in the baseline; of what a snapshot does not have, one that nothing has.
func (g *planGate) key(f *assize.Finding) string {
	if g.live == nil || f.Resource == nil {
		return f.Key()
	}
	r := g.live.planned(f.Resource)
	if r == nil {
		return ""
	}
	there := assize.Finding{Check: f.Check, Account: r.Account, Region: r.Region, Resource: r}
	return there.Key()
}

// compare judges what the plan does to a control of the whole account, and sets the change against
// the baseline.
func (g *planGate) compare(f *assize.Finding) {
	g.perhaps.doubt(f)
	if was := g.was(f); was != nil {
		f.Outcome, f.Unknown = assize.Fail, nil
		f.Reason = "the plan removes or weakens the only one it shows that made this pass" + namedResources(was.Resources) + ": " + f.Check.Fails
	}
	if g.outcomes == nil {
		return
	}
	key := g.key(f)
	g.seen[key] = true
	before, known := g.outcomes[key]
	bad := f.Outcome == assize.Fail || f.Outcome == assize.Inconclusive
	if f.Deferred() || !known && !bad {
		return // there is nothing to compare
	}
	f.Change = change(before, f.Outcome)
}

// was is the pass before the plan that the finding no longer shows, nil where there is none.
func (g *planGate) was(f *assize.Finding) *assize.Finding {
	if len(g.whole) == 0 || f.Resource != nil || !f.Deferred() {
		return nil
	}
	return g.whole[f.Key()]
}

// all are the findings about what will be, and those about settings that the plan deletes.
func (g *planGate) all(a *assess.Assessment) iter.Seq[*assize.Finding] {
	return func(yield func(*assize.Finding) bool) {
		for f := range a.Findings() {
			if !yield(f) {
				return
			}
		}
		for _, f := range g.removed {
			if !yield(f) {
				return
			}
		}
	}
}

// maxNamed bounds the resources that a reason names.
const maxNamed = 3

// namedResources lists the addresses of resources, in brackets.
func namedResources(resources []*assize.Resource) string {
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

// count takes the finding into the exit code. With a baseline, one that was as bad before does not
// count; one whose exception has expired counts whatever its severity.
func (g *planGate) count(f *assize.Finding) {
	if g.outcomes != nil {
		before := g.outcomes[g.key(f)]
		if before == assize.Fail || before == assize.Inconclusive && f.Outcome == assize.Inconclusive {
			return
		}
	}
	g.verdict.add(f)
	if f.Outcome == assize.Fail && f.Exception != nil && f.Exception.Expired && g.verdict.failOn != "none" {
		g.verdict.failed = true // however little it matters: somebody has promised to mend it
	}
}

// gone lists failures of the baseline whose subject the plan takes away.
func (g *planGate) gone() []string {
	if g.live != nil {
		return nil // a plan does not show what else is in the account
	}
	var out []string
	for key, o := range g.outcomes {
		if !g.seen[key] && o == assize.Fail {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}
