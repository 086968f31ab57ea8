package assess

import (
	"iter"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
	"github.com/assize-dev/assize/iam/sar"
)

// Engine judges inventories with a fixed set of programs. It is safe for
// concurrent use; each Assess has its own state.
type Engine struct {
	compiler *Compiler
	types    []string // of subjects, sorted
	each     map[string][]*Program
	together map[string][]*Program
}

// NewEngine makes an engine of programs that the compiler made.
func NewEngine(c *Compiler, programs []*Program) *Engine {
	e := &Engine{compiler: c, each: map[string][]*Program{}, together: map[string][]*Program{}}
	sorted := slices.Clone(programs)
	slices.SortFunc(sorted, func(a, b *Program) int { return strings.Compare(a.Check.ID, b.Check.ID) })
	for _, p := range sorted {
		typ := p.Check.Subject.Type
		if !slices.Contains(e.types, typ) {
			e.types = append(e.types, typ)
		}
		if p.Check.Subject.Kind == assize.SubjectResource {
			e.each[typ] = append(e.each[typ], p)
		} else {
			e.together[typ] = append(e.together[typ], p)
		}
	}
	slices.Sort(e.types)
	return e
}

// Options of one assessment.
type Options struct {
	// Profile of the organisation; nil is the empty one.
	Profile *assize.Profile
	// WholeAccount judges every resource, not only those that belong to AI.
	WholeAccount bool
	// Data is the Service Authorization Reference by which checks of policies know actions and
	// condition keys; nil is the one built in.
	Data *sar.Data
}

// Assessment is one run of an engine over one inventory.
type Assessment struct {
	engine  *Engine
	graph   *graph.Graph
	scope   *graph.Scope // nil: everything
	context *evalContext
	vars    vars
	profile *assize.Profile
	outside map[string]int
	secrets []string
	yield   func(*assize.Finding) bool
}

// Assess prepares the judgement of an inventory.
func (e *Engine) Assess(inv *assize.Inventory, o Options) *Assessment {
	defs := make([]*assize.Definition, 0, len(e.compiler.defs))
	for _, d := range e.compiler.defs {
		defs = append(defs, d)
	}
	g := graph.New(inv, defs)
	ctx := newContext(e.compiler.structs, g, o.Data)
	profile := o.Profile
	if profile == nil {
		profile = &assize.Profile{}
	}
	ctx.accessed.approved = stringsOf(profile.Values.Get("approved_models"))
	a := &Assessment{engine: e, graph: g, context: ctx, profile: profile, outside: map[string]int{}, secrets: secretsOf(inv)}
	if !o.WholeAccount {
		a.scope = g.AIScope(scopeOptions(profile))
	}
	a.vars = vars{
		profile: ctx.kept.object(e.compiler.profile, profile.Values),
		asOf:    types.Timestamp{Time: inv.AsOf},
		context: ctx,
	}
	return a
}

func stringsOf(v assize.Value) []string {
	list, _ := v.(assize.List)
	var out []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Graph is the graph of the inventory.
func (a *Assessment) Graph() *graph.Graph { return a.graph }

// OutOfScope counts, after Findings has ended, the resources of judged types
// that were not in scope.
func (a *Assessment) OutOfScope() map[string]int { return a.outside }

// Findings yields every finding: by resource type, account, resource and check,
// then what concerns whole lists. The order is the same in every run. A Finding
// is the consumer's to keep.
func (a *Assessment) Findings() iter.Seq[*assize.Finding] {
	return func(yield func(*assize.Finding) bool) {
		a.yield = yield
		clear(a.outside)
		for _, typ := range a.engine.types {
			if !a.judgeType(typ) {
				return
			}
		}
	}
}

func (a *Assessment) judgeType(typ string) bool {
	resources := a.graph.Resources(typ)
	for _, account := range a.graph.Accounts() {
		n := 0
		for n < len(resources) && resources[n].Account <= account.ID {
			n++
		}
		if !a.judgeAccount(typ, account, resources[:n]) {
			return false
		}
		resources = resources[n:]
	}
	for _, p := range a.engine.together[typ] {
		if p.Check.Subject.Kind == assize.SubjectOrganisation && !a.judgeOrganisation(p) {
			return false
		}
	}
	return true
}

func (a *Assessment) judgeAccount(typ string, account assize.Account, resources []*assize.Resource) bool {
	programs := a.engine.each[typ]
	in, out := 0, 0
	for _, r := range resources {
		reason := wholeReason(r)
		if a.scope != nil {
			if reason = a.scope.Reason(r); reason == "" {
				out++
				continue
			}
		}
		in++
		if !a.judgeResource(programs, r, reason) {
			return false
		}
	}
	if out > 0 && len(programs) > 0 {
		a.outside[typ] += out
	}
	for _, p := range programs {
		if !a.judgeLists(p, account, in, out) {
			return false
		}
	}
	for _, p := range a.engine.together[typ] {
		if !a.judgeTogether(p, account) {
			return false
		}
	}
	return true
}

// wholeReason says why a resource is in scope where everything is.
func wholeReason(r *assize.Resource) string {
	if r.Origin != nil {
		return "all of what was read is in scope"
	}
	return "the whole account is in scope"
}

// judgeResource runs every program of the type on one resource.
func (a *Assessment) judgeResource(programs []*Program, r *assize.Resource, reason string) bool {
	if len(programs) == 0 {
		return true
	}
	a.context.enter(r.Account, r.Region)
	a.vars.resource = a.context.object(a.context.types[r.Type], r.Properties)
	a.vars.resources = nil
	for _, p := range programs {
		f := &assize.Finding{
			Check: p.Check, Account: r.Account, Region: r.Region, Resource: r,
			Scope: reason, Paths: p.Paths(),
		}
		a.evaluate(p, f)
		if !a.yield(f) {
			return false
		}
	}
	return true
}

// judgeTogether runs a program of kind account-region or account.
func (a *Assessment) judgeTogether(p *Program, account assize.Account) bool {
	switch p.Check.Subject.Kind {
	case assize.SubjectAccountRegion:
		for _, region := range a.graph.Regions(p.Check.Subject.Type, account) {
			if !a.judgeList(p, account.ID, region) {
				return false
			}
		}
	case assize.SubjectAccount:
		return a.judgeList(p, account.ID, "")
	case assize.SubjectOrganisation, assize.SubjectResource:
	}
	return true
}

// judgeList runs a program on all resources of its type in account and Region.
func (a *Assessment) judgeList(p *Program, account, region string) bool {
	typ := p.Check.Subject.Type
	found, rest := a.graph.All(typ, account, region)
	f := &assize.Finding{
		Check: p.Check, Account: account, Region: region, Resources: found,
		Scope: "guards the whole account",
	}
	switch {
	case len(found) > 0:
		a.context.enter(account, region)
		a.vars.resource, a.vars.resources = nil, a.context.listOf(a.context.converter, found, rest)
		a.evaluate(p, f)
	case rest != nil:
		Inconclusive(f, rest)
	case region != "" && a.graph.Coverage(typ, account, region).NotOffered != "":
		f.Outcome = assize.NotApplicable
		f.Reason = "the service is not offered in " + region + " (" + a.graph.Coverage(typ, account, region).NotOffered + ")"
	default:
		a.none(p, f, "there is none")
	}
	return a.yield(f)
}

// judgeOrganisation runs a program on all resources of its type in all accounts.
func (a *Assessment) judgeOrganisation(p *Program) bool {
	typ := p.Check.Subject.Type
	f := &assize.Finding{Check: p.Check, Resources: a.graph.Resources(typ), Scope: "guards the organisation"}
	var rest *assize.Unknown
	for _, account := range a.graph.Accounts() {
		if _, u := a.graph.All(typ, account.ID, ""); u != nil {
			rest = u
			break
		}
	}
	switch {
	case len(f.Resources) > 0:
		a.context.enter("", "")
		a.vars.resource, a.vars.resources = nil, a.context.listOf(a.context.converter, f.Resources, rest)
		a.evaluate(p, f)
	case rest != nil:
		Inconclusive(f, rest)
	default:
		a.none(p, f, "there is none in any account")
	}
	return a.yield(f)
}

// evaluate judges the subject in vars and fills in the verdict.
func (a *Assessment) evaluate(p *Program, f *assize.Finding) {
	exprs, err := p.compiled()
	if err != nil {
		Inconclusive(f, &assize.Unknown{Cause: assize.ErrorInRule, Detail: "compile the check: " + err.Error()})
		return
	}
	if exprs.applies != nil {
		switch v := a.run(exprs.applies); v {
		case types.True:
		case types.False:
			f.Outcome = assize.NotApplicable
			f.Reason = p.Check.NotApplicableWhen
			return
		default:
			a.undecided(f, v)
			return
		}
	}
	a.context.accessed.evidence = nil
	switch v := a.run(exprs.rule); v {
	case types.True:
		f.Outcome = assize.Pass
		f.Reason = p.Check.Title
	case types.False:
		f.Outcome = assize.Fail
		f.Reason = p.Check.Fails
		f.Evidence = a.context.accessed.evidence
	default:
		a.undecided(f, v)
	}
}

func (a *Assessment) run(p cel.Program) ref.Val {
	v, _, err := p.Eval(&a.vars)
	if err != nil {
		return types.WrapErr(err)
	}
	return v
}

// undecided turns an unknown or an error into an inconclusive or manual verdict.
func (a *Assessment) undecided(f *assize.Finding, v ref.Val) {
	switch x := v.(type) {
	case *types.Unknown:
		c := a.context.causes.explain(x)
		switch {
		case c.unknown != nil:
			Inconclusive(f, a.withoutSecrets(c.unknown))
			return
		case c.profile != "":
			f.Outcome = assize.Manual
			f.Reason = "the organisation has not decided: set " + c.profile + " in the profile"
			return
		}
		Inconclusive(f, &assize.Unknown{Cause: assize.ErrorInRule, Detail: "an unknown value without a cause"})
	case *types.Err:
		Inconclusive(f, &assize.Unknown{Cause: assize.ErrorInRule, Detail: x.String()})
	default:
		Inconclusive(f, &assize.Unknown{Cause: assize.ErrorInRule, Detail: "the rule answered neither true nor false"})
	}
}

// Inconclusive makes a finding undecided, and says why.
func Inconclusive(f *assize.Finding, u *assize.Unknown) {
	f.Outcome = assize.Inconclusive
	f.Unknown = u
	f.Reason = explain(u)
}

// explain says in one sentence why something is not known.
func explain(u *assize.Unknown) string {
	var room [256]byte // enough for most: of a plan, thousands are not known
	b := append(room[:0], "could not look: "...)
	if u.Operation != "" {
		b = append(append(b, u.Operation...), ' ')
	}
	b = append(b, u.Cause...)
	if u.Code != "" {
		b = append(append(append(b, " ("...), u.Code...), ')')
	}
	switch {
	case u.Detail != "":
		b = append(append(b, ": "...), u.Detail...)
	case u.Refers != nil:
		b = append(append(b, ": it names "...), u.Refers.ID...)
	}
	return assize.Shown(string(b))
}
