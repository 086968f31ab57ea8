package sym

import (
	"fmt"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// DeadStatement is a statement that can never apply to any request of a principal, with the proof.
type DeadStatement struct {
	Layer     iam.Layer
	Level     int    // organisation level from the root, for control policies
	Policy    string // name of the policy
	Statement int    // index from zero
	Sid       string
	Effect    iam.Effect
	Position  iam.Position
	// Conditions are a smallest part of the statement's conditions that no request meets; empty
	// for an Allow that is dead because a Deny covers it.
	Conditions []string
	Reason     string
	// Fix says what was probably meant, "" when that is not known.
	Fix string
}

// String gives the statement with the reason.
func (d DeadStatement) String() string {
	name := fmt.Sprintf("%s policy %q, statement %d", d.Layer, d.Policy, d.Statement)
	if d.Sid != "" {
		name += " (" + d.Sid + ")"
	}
	out := fmt.Sprintf("%s at %s: %s never applies: %s", name, d.Position, d.Effect, d.Reason)
	if d.Fix != "" {
		out += "; " + d.Fix
	}
	return out
}

// maxOverruns is how many statements may use up their budget before the rest is left undecided: each
// takes a second or two, and a hostile policy has thousands of them.
const maxOverruns = 8

// DeadStatements lists the statements whose conditions no request of the principal can meet,
// by the theory and by what the principal fixes, in the order of layers; and the Allows of
// identity policies that some of the checks match and that a Deny covers on every one of them. A
// statement that cannot be judged within the budget is not listed, and undecided says so.
func (e *Engine) DeadStatements(p Principal, checks ...Check) (dead []DeadStatement, undecided []string) {
	s, err := e.Subject(p)
	if err != nil {
		return nil, []string{err.Error()}
	}
	overruns := 0
	for _, at := range s.places() {
		for i := range at.unit.list {
			x := &deadSearch{e: e, s: s, place: at, statement: &at.unit.list[i]}
			if overruns == maxOverruns {
				undecided = append(undecided, x.name()+": too many statements before it are beyond the budget")
				continue
			}
			found, reason := x.judge(checks)
			if reason != "" {
				overruns++
				undecided = append(undecided, reason)
			}
			if found != nil {
				dead = append(dead, *found)
			}
		}
	}
	return dead, undecided
}

// placed is a unit with where it stands among the layers.
type placed struct {
	unit  *unit
	level int
}

func (s *Subject) places() []placed {
	var out []placed
	for _, units := range s.layers {
		for _, u := range units {
			out = append(out, placed{unit: u})
		}
	}
	for _, x := range []*levels{s.limits.service, s.limits.resource} {
		if x == nil {
			continue
		}
		for level, units := range x.list {
			for _, u := range units {
				out = append(out, placed{u, level})
			}
		}
	}
	return out
}

// deadSearch judges one statement.
type deadSearch struct {
	e         *Engine
	s         *Subject
	place     placed
	statement *unitStatement
}

func (x *deadSearch) name() string {
	return fmt.Sprintf("%s policy %q, statement %d", x.place.unit.layer, x.place.unit.policy.Name(), x.statement.s.Index())
}

func (x *deadSearch) judge(checks []Check) (found *DeadStatement, undecided string) {
	x.e.f.begin()
	defer func() {
		if reason := overBudgetReason(recover()); reason != "" {
			found, undecided = nil, x.name()+": "+reason
		}
	}()
	if x.statement.misplaced {
		return nil, ""
	}
	if x.theory() == never {
		return nil, x.name() + ": " + impossible
	}
	if core := x.unmet(); core != nil {
		return x.report(core), ""
	}
	if x.place.unit.layer == iam.LayerIdentity && !x.statement.deny && x.covered(checks) {
		out := x.report(nil)
		out.Reason = "a Deny covers it on everything it was asked for"
		return out, ""
	}
	return nil, ""
}

// unmet gives a smallest part of the conditions that no request meets, nil when there is none.
func (x *deadSearch) unmet() []iam.Comparison {
	rest := x.statement.s.Comparisons()
	if len(rest) == 0 || x.possible(rest) {
		return nil
	}
	for i := 0; i < len(rest); {
		without := append(append([]iam.Comparison(nil), rest[:i]...), rest[i+1:]...)
		if x.possible(without) {
			i++
		} else {
			rest = without
		}
	}
	return rest
}

// possible says whether a request of the principal can meet the conditions.
func (x *deadSearch) possible(list []iam.Comparison) bool {
	out := everything
	for _, c := range list {
		out = x.e.f.and(out, x.e.comparison(c, x.statement.s.Effect(), x.s.open))
	}
	out = x.e.f.and(out, x.e.f.agreed(x.theory()))
	return out != nothing
}

// theory is the contexts that requests of the principal can have, whatever they are for.
func (x *deadSearch) theory() nodeID {
	return x.e.f.fixing(x.e.theories.of(x.s.principal.Kind, ""), func(k keyID) ([]string, bool) {
		values, _, state := x.s.open.Key(x.e.keys.list[k].name)
		return values, state != iam.KeyFree
	})
}

// covered says whether the statement matches some checks and adds nothing to any of them
// because denies take all of it away.
func (x *deadSearch) covered(checks []Check) bool {
	matched := false
	for _, c := range checks {
		t, err := x.e.Target(c)
		if err != nil || !x.statement.matchesAction(t) {
			continue
		}
		allowed := x.e.f.and(x.e.applies(x.place.unit, x.statement, t), x.e.f.agreed(x.e.theoryFor(x.s, t)))
		if allowed == nothing {
			continue
		}
		matched = true
		if x.e.f.butNot(allowed, x.denied(t)) != nothing {
			return false
		}
	}
	return matched
}

// denied is where some layer denies a target.
func (x *deadSearch) denied(t *Target) formulaID {
	out := nothing
	add := func(id grantID) {
		if id == over {
			panic(overBudget{"the denies are beyond the budget"})
		}
		out = x.e.f.or(out, x.e.memo.grants[id].deny)
	}
	for _, units := range x.s.layers {
		add(x.e.fold(units, t))
	}
	if l := x.s.limits.service; l != nil {
		add(x.e.together(l, t))
	}
	if l := x.s.limits.resource; l != nil && t.facts.ResourceControlled {
		add(x.e.together(l, t))
	}
	return out
}

func (x *deadSearch) report(core []iam.Comparison) *DeadStatement {
	st := x.statement.s
	out := &DeadStatement{
		Layer: x.place.unit.layer, Level: x.place.level, Policy: x.place.unit.policy.Name(),
		Statement: st.Index(), Sid: st.Sid(), Effect: st.Effect(), Position: st.Position(),
	}
	for _, c := range core {
		out.Conditions = append(out.Conditions, fmt.Sprintf("%s %s %s", c.Operator(), c.Key(), strings.Join(c.Texts(), ", ")))
	}
	if core != nil {
		out.Position = core[0].Position()
		out.Reason = "no request meets " + strings.Join(out.Conditions, " and ")
		out.Fix = x.fix(core)
	}
	return out
}

// fix recognises what people mean by conditions that cannot be met.
func (x *deadSearch) fix(core []iam.Comparison) string {
	names := map[string]bool{}
	for _, c := range core {
		names[strings.ToLower(c.Key())] = true
	}
	source, through := names[strings.ToLower(keySourceIP)], false
	for _, name := range []string{keySourceVpce, keySourceVpc, keyVpcSourceIP, keySourceVpcArn} {
		through = through || names[strings.ToLower(name)]
	}
	switch {
	case source && through:
		return "a request through a VPC endpoint has no aws:SourceIp: use aws:VpcSourceIp beside aws:SourceVpce or aws:SourceVpc"
	case source && len(core) == 1:
		return "aws:SourceIp is never a private address: use aws:VpcSourceIp together with aws:SourceVpce or aws:SourceVpc"
	case names["bedrock:modelid"]:
		return "bedrock:ModelId does not exist: name the models in Resource"
	}
	return ""
}
