package assess

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
)

// Compiler turns checks into programs. It holds the declared types, and is safe for
// concurrent use.
type Compiler struct {
	defs    map[string]*assize.Definition
	structs map[string]*structType // by resource type
	named   map[string]*structType // by CEL name, nested ones too
	profile *structType
	fields  []assize.ProfileField
	parser  *cel.Env // expands macros
	base    *cel.Env // has none: each type's extension of it would copy them
	mu      sync.Mutex
	envs    map[envKey]*cel.Env // guarded by mu
}

type envKey struct {
	typ  string
	many bool
}

// NewCompiler declares the resource types and the fields of the profile.
func NewCompiler(defs []*assize.Definition, profile []assize.ProfileField) (*Compiler, error) {
	c := &Compiler{
		defs: map[string]*assize.Definition{}, structs: map[string]*structType{},
		named: map[string]*structType{}, fields: profile, envs: map[envKey]*cel.Env{},
	}
	var all []*structType
	for _, d := range defs {
		ts, err := newResourceType(d)
		if err != nil {
			return nil, err
		}
		c.defs[d.Type], c.structs[d.Type] = d, ts[0]
		all = append(all, ts...)
	}
	var err error
	if c.profile, err = newProfileType(profile); err != nil {
		return nil, err
	}
	all = append(all, c.profile)
	for _, t := range all {
		c.named[t.name] = t
	}
	p, err := newProvider(all)
	if err != nil {
		return nil, err
	}
	if c.parser, err = cel.NewCustomEnv(cel.ClearMacros(), cel.Macros(macros(defs)...)); err != nil {
		return nil, err
	}
	c.base, err = newEnv(p, defs, c)
	return c, err
}

func newEnv(p *provider, defs []*assize.Definition, c *Compiler) (*cel.Env, error) {
	opts := []cel.EnvOption{
		cel.CustomTypeAdapter(p.Registry), cel.CustomTypeProvider(p),
		cel.StdLib(), cel.ClearMacros(),
		cel.Variable("profile", c.profile.cel),
		cel.Variable("asOf", cel.TimestampType),
		cel.Variable(contextVariable, contextType),
		cel.Function(knownFunction, cel.Overload(knownFunction, []*cel.Type{contextType, cel.DynType}, cel.BoolType,
			cel.OverloadIsNonStrict(), cel.BinaryBinding(func(c, v ref.Val) ref.Val { return c.(*evalContext).isKnown(v) }))),
		cel.Function(hasFunction, cel.Overload(hasFunction, []*cel.Type{cel.DynType, cel.StringType}, cel.BoolType,
			cel.BinaryBinding(func(obj, field ref.Val) ref.Val {
				if o, ok := obj.(*objectVal); ok {
					return o.has(string(field.(types.String)))
				}
				return types.NewErr("has: %T is no object", obj)
			}))),
	}
	opts = append(opts, lookupFunctions(defs, c.structs)...)
	for _, f := range contextFunctions {
		opts = append(opts, f.declare())
	}
	for _, f := range plainFunctions {
		opts = append(opts, f.declare())
	}
	return cel.NewCustomEnv(opts...)
}

// Program is a check that can judge.
type Program struct {
	Check    *assize.Check
	compiled func() (*expressions, error)
}

// expressions are what a check compiles to.
type expressions struct {
	rule    cel.Program
	applies cel.Program // nil: the check always applies
	paths   []string
}

// Paths are the facts that the rule reads, in the order of reading; nil where the rule
// does not compile.
func (p *Program) Paths() []string {
	r, err := p.compiled()
	if err != nil {
		return nil
	}
	return r.paths
}

// Compile type-checks the rule of a check and refuses what cannot be right. The
// error joins all faults, each with line and column within the expression.
func (c *Compiler) Compile(check *assize.Check) (*Program, error) {
	p := c.Later(check)
	_, err := p.compiled()
	return p, err
}

// Later makes a program that is compiled when it is first needed: most runs meet few of the
// types that there are checks for. It is for checks known to compile; a finding of one that
// does not is inconclusive, with the error that [Compiler.Compile] gives.
func (c *Compiler) Later(check *assize.Check) *Program {
	return &Program{Check: check, compiled: sync.OnceValues(func() (*expressions, error) { return c.expressions(check) })}
}

func (c *Compiler) expressions(check *assize.Check) (*expressions, error) {
	if c.defs[check.Subject.Type] == nil {
		return nil, fmt.Errorf("subject: type %q is not declared in library/resources", check.Subject.Type)
	}
	r := &expressions{}
	var errs []error
	compile := func(name, expr string) cel.Program {
		prg, paths, err := c.compile(check, expr)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		for _, path := range paths {
			if !slices.Contains(r.paths, path) {
				r.paths = append(r.paths, path)
			}
		}
		return prg
	}
	r.rule = compile("rule", check.Rule)
	if check.Applies != "" {
		r.applies = compile("applies", check.Applies)
	}
	if check.Subject.None == assize.NoneAsProfile {
		if f := c.profile.field(check.Subject.Profile); f == nil || f.fact != assize.Bool {
			errs = append(errs, fmt.Errorf("subject: profile: %q is no bool field of the profile", check.Subject.Profile))
		}
	}
	return r, errors.Join(errs...)
}

func (c *Compiler) compile(check *assize.Check, expr string) (cel.Program, []string, error) {
	env, err := c.env(envKey{check.Subject.Type, check.Subject.Kind != assize.SubjectResource})
	if err != nil {
		return nil, nil, err
	}
	parsed, issues := c.parser.Parse(expr)
	if err := issues.Err(); err != nil {
		return nil, nil, err
	}
	ast, issues := env.Check(parsed)
	if err := issues.Err(); err != nil {
		return nil, nil, err
	}
	if !ast.OutputType().IsExactType(cel.BoolType) {
		return nil, nil, fmt.Errorf("want an expression of type bool, got %s", ast.OutputType())
	}
	paths, errs := inspect(ast, c.named)
	if len(errs) > 0 {
		return nil, nil, errors.Join(errs...)
	}
	prg, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CustomDecoratorV2(comparesNames))
	return prg, paths, err
}

func (c *Compiler) env(k envKey) (*cel.Env, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.envs[k]; e != nil {
		return e, nil
	}
	variable := cel.Variable("resource", c.structs[k.typ].cel)
	if k.many {
		variable = cel.Variable("resources", cel.ListType(c.structs[k.typ].cel))
	}
	e, err := c.base.Extend(variable)
	if err == nil {
		c.envs[k] = e
	}
	return e, err
}

// vars are the variables of one evaluation.
type vars struct {
	resource, resources, profile, asOf ref.Val
	context                            *evalContext
}

// ResolveName gives CEL a variable.
func (v *vars) ResolveName(name string) (any, bool) {
	switch name {
	case "resource":
		return v.resource, v.resource != nil
	case "resources":
		return v.resources, v.resources != nil
	case "profile":
		return v.profile, true
	case "asOf":
		return v.asOf, true
	case contextVariable:
		return v.context, true
	}
	return nil, false
}

// Parent is nil: there is no outer scope.
func (v *vars) Parent() cel.Activation { return nil }
