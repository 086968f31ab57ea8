package assess

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
	"github.com/assize-dev/assize/iam/sar"
)

// evalContext is what the functions of rules see besides their arguments: the
// graph, and where the subject stands. One serves a whole run, so that objects
// found by look-ups are converted once.
type evalContext struct {
	types           map[string]*structType
	graph           *graph.Graph
	account, region string
	*converter                 // of what belongs to the subject
	kept            *converter // of what serves more than one subject
	objects         map[*assize.Resource]*objectVal
	lists           map[listKey]*listVal
	named           map[listKey]namedResources
	guardrails      map[string]guardrailValues
	handles         []handle // of the subject
	accessed        accessMemo
	policies        *policyMemo
}

type listKey struct{ typ, account, region string }

func newContext(types map[string]*structType, g *graph.Graph, data *sar.Data) *evalContext {
	known := newCauses()
	return &evalContext{types: types, graph: g, converter: &converter{causes: known}, kept: &converter{causes: known, kept: true}, objects: map[*assize.Resource]*objectVal{}, lists: map[listKey]*listVal{}, named: map[listKey]namedResources{}, guardrails: map[string]guardrailValues{}, accessed: newAccessMemo(data), policies: newPolicyMemo()}
}

// enter goes to the next subject, in account and Region.
func (c *evalContext) enter(account, region string) {
	if account != c.account {
		c.policies = newPolicyMemo() // what a plan does not say of an ARN, the account says
	}
	c.account, c.region = account, region
	c.causes.forget()
	c.handles = c.handles[:0]
	c.accessed.last, c.accessed.identity = nil, identityMemo{}
}

// find is the look-up behind <one>(ref).
func (c *evalContext) find(typ, name string) ref.Val {
	r, u := c.lookup(typ, name)
	if u != nil {
		return c.unknown(u)
	}
	return c.resource(r)
}

func (c *evalContext) resource(r *assize.Resource) *objectVal {
	o := c.objects[r]
	if o == nil {
		o = c.kept.object(c.types[r.Type], r.Properties)
		c.objects[r] = o
	}
	return o
}

// all is the look-up behind <many>(), and with an empty Region behind <many>OfAccount().
func (c *evalContext) all(typ, region string) ref.Val {
	key := listKey{typ, c.account, region}
	if l := c.lists[key]; l != nil {
		return l
	}
	found, rest := c.graph.All(typ, c.account, region)
	l := c.listOf(c.kept, found, rest)
	c.lists[key] = l
	return l
}

// listOf makes a list of resources; v makes its rest, and says how long that lasts.
func (c *evalContext) listOf(v *converter, rs []*assize.Resource, rest *assize.Unknown) *listVal {
	l := &listVal{elems: make([]ref.Val, len(rs))}
	for i, r := range rs {
		l.elems[i] = c.resource(r)
	}
	if rest != nil {
		l.rest = v.unknown(rest)
	}
	return l
}

var errContext = errors.New("the context is no value")

// ConvertToNative is not supported.
func (c *evalContext) ConvertToNative(reflect.Type) (any, error) { return nil, errContext }

// ConvertToType is not supported.
func (c *evalContext) ConvertToType(ref.Type) ref.Val { return types.WrapErr(errContext) }

// Equal is not supported.
func (c *evalContext) Equal(ref.Val) ref.Val { return types.WrapErr(errContext) }

// Type is context.
func (c *evalContext) Type() ref.Type { return contextType }

// Value is the context itself.
func (c *evalContext) Value() any { return c }
