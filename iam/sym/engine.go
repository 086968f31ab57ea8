package sym

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// Config sets an engine up. The zero value is ready to use.
type Config struct {
	Theory Theory
	Budget Budget
	// Keys gives the type of a condition key outside AWS's global keys, as the Service
	// Authorization Reference has it; known is false for one it does not list, which may hold a
	// list: comparisons with ForAllValues and ForAnyValue then stay whole (see [Set.Conditional]).
	// Without Keys, comparisons tell the type of a key, and none holds a list.
	Keys func(name string) (t KeyType, known bool)
}

// KeyType is what the values of a condition key are.
type KeyType struct {
	Values iam.ValueKind
	// List: the key holds several values.
	List bool
	// Missing: there is no such key, so that no request has it, and a policy that demands it is dead.
	Missing bool
}

// missingKey is widely written about and does not exist.
const missingKey = "bedrock:ModelId"

func (e *Engine) missing(key string) bool {
	if e.config.Theory.Off {
		return false
	}
	t, ok := e.keys.typed(key)
	return strings.EqualFold(key, missingKey) || ok && t.Missing
}

// Budget bounds the work of one question. A zero field means the default.
type Budget struct {
	Nodes  int // new nodes of decision diagrams; 200,000 by default
	States int // states of one automaton over texts; 20,000 by default
	Steps  int // steps of comparing regions of values; 10,000,000 by default, one to two seconds
}

const (
	defaultNodes  = 200_000
	defaultStates = 20_000
	defaultSteps  = 10_000_000
)

// Engine answers questions with free condition keys. It remembers everything that it worked
// out until it is dropped, so a question that is like an earlier one costs next to nothing. It
// must not be used by several goroutines at once; sets of different engines do not mix.
type Engine struct {
	config   Config
	f        *formulas
	keys     *keys
	theories theories
	compared map[compared]formulaID
	named    map[keyID][]named
	global   []iam.ContextKey // of globalKeys
	memo     memo
}

// New makes an engine.
func New(c Config) *Engine {
	if c.Budget.Nodes <= 0 {
		c.Budget.Nodes = defaultNodes
	}
	if c.Budget.States <= 0 {
		c.Budget.States = defaultStates
	}
	if c.Budget.Steps <= 0 {
		c.Budget.Steps = defaultSteps
	}
	// What every question rests on is worked out once and is not charged to any of them.
	f := newFormulas(Budget{Nodes: defaultNodes, States: max(c.Budget.States, defaultStates), Steps: defaultSteps})
	f.begin()
	e := &Engine{
		config: c, f: f, keys: newKeys(c.Keys, !c.Theory.Off),
		compared: make(map[compared]formulaID), named: make(map[keyID][]named), memo: newMemo(),
	}
	for _, g := range globalKeys {
		e.global = append(e.global, iam.NewContextKey(g.name))
	}
	e.theories = e.buildTheory()
	f.diagrams.limit, f.diagrams.allow, f.texts.limit = c.Budget.Nodes, c.Budget.Steps, c.Budget.States
	return e
}

// Check is one authorization check of a plan.
type Check struct {
	// Action such as "bedrock:InvokeModel".
	Action string
	// Resource is an ARN, or "*" (or empty) for an action without resource type.
	Resource string
	// ResourceAccount owns the resource; see [iam.Request].
	ResourceAccount string
	// Fixed are the keys that the plan or the resource fixes, such as aws:RequestedRegion. A
	// key without values is absent.
	Fixed map[string][]string
}

// Principal is a caller with every policy that bears on it.
type Principal struct {
	iam.Principal
	// Fixed are the keys that follow from the caller beside those that [iam.Prepare] derives:
	// aws:PrincipalOrgID, aws:PrincipalTag/… and the like. A key without values is absent.
	Fixed map[string][]string
	// Policies are all layers. Principals that have the same policy should share the pointer: what
	// is worked out of a policy is kept by it. Endpoint is for a request that comes through one known endpoint
	// in any case; what the endpoints of the theory allow is composed by aws:SourceVpce.
	Policies iam.Policies
}

// Access gives the contexts in which the principal passes the check. A principal or check
// that is none (an action without service, a caller without account) is inconclusive. For many
// checks of many principals, [Engine.Subject] and [Engine.Target] once each and
// [Subject.Access] for every pair cost far less.
func (e *Engine) Access(p Principal, c Check) Set {
	target, err := e.Target(c)
	if err != nil {
		return e.inconclusive(err.Error())
	}
	subject, err := e.Subject(p)
	if err != nil {
		return e.inconclusive(err.Error())
	}
	return subject.Access(target)
}

// Request is the concrete request of a principal and a check in a context, such as a
// witness, with the policies that bear on it: those of the principal and, where the
// context comes through an endpoint of the theory, the endpoint's.
func (e *Engine) Request(p Principal, c Check, context map[string][]string) (iam.Policies, *iam.Prepared, error) {
	policies := p.Policies
	given := e.config.Theory.given(&p, &c)
	for name, values := range context {
		deleteFold(given, name)
		given[name] = values
	}
	q, err := e.prepare(&p, &c, given, false)
	if err != nil {
		return policies, nil, fmt.Errorf("request of %s for %s: %w", cmp.Or(p.ARN, p.Issuer), c.Action, err)
	}
	through, _, _ := q.Key(keySourceVpce)
	for _, x := range e.config.Theory.Endpoints {
		if policies.Endpoint == nil && slices.Equal(through, []string{x.ID}) {
			policies.Endpoint = x.Policy
		}
	}
	return policies, q, nil
}

// Replay decides the concrete request of a principal and a check in a context. It is the
// judge of every witness.
func (e *Engine) Replay(p Principal, c Check, context map[string][]string) (iam.Decision, error) {
	policies, q, err := e.Request(p, c, context)
	if err != nil {
		return iam.Decision{}, err
	}
	return policies.Decide(q), nil
}

// prepare builds a request of fixed keys; open leaves all others free.
func (e *Engine) prepare(p *Principal, c *Check, fixed map[string][]string, open bool) (*iam.Prepared, error) {
	context := iam.NewContext(nil)
	for _, name := range sortedNames(fixed) {
		switch values := fixed[name]; {
		case len(values) == 0:
			context = context.Without(name)
		case e.keys.isList(name):
			context = context.WithList(name, values...)
		default:
			context = context.With(name, values...)
		}
	}
	if open {
		context = context.Open()
	}
	return iam.Prepare(iam.Request{
		Principal: p.Principal, Action: c.Action, Resource: c.Resource, ResourceAccount: c.ResourceAccount, Context: context,
	})
}
