package org

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Excess is a model that a principal reaches through a role that is not its own, and does not
// reach by a call of its own.
type Excess struct {
	Call plan.Call
	Path *Path
	// Ways are paths to this model and to others that it does not reach itself, Path among them, one for each
	// first step; no more than [maxWays].
	Ways []*Path
	// Outcome: Always or Conditional where both are known; Unknown where what is not known decides.
	Outcome Outcome
	// Causes say why it is not known.
	Causes []string
}

// maxWays bounds the ways that are kept of a principal, and with them the policy that ends them.
const maxWays = 32

// Full says whether as many ways are kept as there may be, so that there may be others.
func (x *Excess) Full() bool { return len(x.Ways) >= maxWays }

// Excesses finds for each principal one model that it reaches through others alone. Roles that a
// principal simply takes on do not count: their access is their own. Models that everybody runs
// on the same terms, and that nothing is set up to run, stand for each other.
func (a *Analysis) Excesses(depth int) (map[*Principal]*Excess, error) {
	calls, err := a.tellingModels()
	if err != nil {
		return nil, err
	}
	e := excesses{Analysis: a, found: map[*Principal]*Excess{}}
	for _, c := range calls {
		e.call, e.direct = c, map[*Principal]*Answer{}
		s := &search{Analysis: a, take: e.take, wants: e.wants}
		if err := s.run(c, depth); err != nil {
			return nil, err
		}
	}
	return e.found, nil
}

// excesses collects them from the paths to one call after another.
type excesses struct {
	*Analysis
	call   plan.Call
	direct map[*Principal]*Answer // of those who make the call themselves
	found  map[*Principal]*Excess
}

// wants says whether a further path of a principal to the call may add something.
func (e *excesses) wants(p *Principal) bool {
	if x := e.found[p]; x != nil && x.Full() {
		return false
	}
	own := e.direct[p]
	return own == nil || !own.Outcome.Can()
}

// take adds a path where it gives the principal more than its own call.
func (e *excesses) take(path *Path) error {
	p := path.Steps[0].Principal
	if path.takenOn() || e.found[p].has(path) {
		return nil
	}
	own := e.direct[p]
	if own == nil {
		var err error
		if own, err = e.Ask(p, e.call); err != nil {
			return err
		}
		e.direct[p] = own
	}
	if !own.Outcome.Can() {
		e.found[p] = e.found[p].and(excess(own, path))
	}
	return nil
}

// and adds the one way of another excess. The first that is known stands before those that are not.
func (x *Excess) and(other *Excess) *Excess {
	if x == nil {
		return other
	}
	ways := append(x.Ways, other.Ways...)
	if other.Outcome.Can() && !x.Outcome.Can() {
		x = other
	}
	x.Ways = ways
	return x
}

// has says whether a path begins as one of the ways does and adds nothing to what is known of them.
func (x *Excess) has(path *Path) bool {
	if x == nil {
		return false
	}
	return x.Full() || slices.ContainsFunc(x.Ways, func(w *Path) bool {
		return rank(w.Outcome) <= rank(path.Outcome) && *w.firstCheck() == *path.firstCheck()
	})
}

// firstCheck is what a path begins with: the check that a Deny of would end it.
func (p *Path) firstCheck() *checked {
	checks := p.Steps[0].Answers[0].Plan.Checks
	out := &checks[0]
	for i, c := range checks {
		if c.Action == "iam:PassRole" { // handing the role over is the step, under whatever name
			out = &checks[i]
		}
	}
	return &checked{out.Action, out.Resource}
}

// checked is the action and the resource of a check.
type checked struct{ action, resource string }

// excess is what a path gives beyond the principal's own call, which does not pass or is not known.
func excess(direct *Answer, path *Path) *Excess {
	out := &Excess{Call: direct.Plan.Call, Path: path, Ways: []*Path{path}, Outcome: path.Outcome}
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
	slices.Sort(out.Causes)
	out.Causes = slices.Compact(out.Causes)
	return out
}

// Closes is an identity policy for the principal that takes the first step of every way away, as JSON. The
// engine was asked again with it attached, and answered never to each; "" where it did not.
func (a *Analysis) Closes(x *Excess) string {
	text := ending(x.Ways)
	policy, err := iam.Parse([]byte(text))
	if err != nil || policy.Validate(iam.LayerIdentity) != nil {
		return "" // nothing is proposed that was not proved
	}
	after := x.Path.Steps[0].Principal.with(policy)
	for _, w := range x.Ways {
		again, err := a.Ask(after, w.Steps[0].Answers[0].Plan.Call)
		if err != nil || again.Outcome != Never {
			return ""
		}
	}
	return text
}

// with is the principal with one more identity policy. The policy must speak of no condition key, which an
// [Organisation] has to know of.
func (p *Principal) with(policy *iam.Policy) *Principal {
	out := *p
	out.Identity = append(slices.Clone(p.Identity), Attachment{p.Name + "/added", &Document{Policy: policy}})
	out.group = &Group{ID: -1, Members: []*Principal{&out}} // no other principal has it
	return &out
}

// ending is a policy that denies the first check of each way, a statement an action.
func ending(ways []*Path) string {
	resources := map[string][]string{}
	for _, w := range ways {
		c := w.firstCheck()
		if !slices.Contains(resources[c.action], c.resource) {
			resources[c.action] = append(resources[c.action], c.resource)
		}
	}
	var statements []string
	for _, action := range slices.Sorted(maps.Keys(resources)) {
		slices.Sort(resources[action])
		var list []string
		for _, r := range resources[action] {
			list = append(list, strconv.Quote(r))
		}
		of := strings.Join(list, ",")
		if len(list) > 1 {
			of = "[" + of + "]"
		}
		statements = append(statements, fmt.Sprintf(`{"Effect":"Deny","Action":%q,"Resource":%s}`, action, of))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
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
	for _, m := range slices.Sorted(maps.Keys(named)) {
		c := plan.Call{Operation: run, Target: m}
		if _, err := a.Plan(c); named[m] && err == nil && a.org.Catalog.Find(m) == nil {
			all = append(all, c) // it is set up to run, and not in the inventory
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
