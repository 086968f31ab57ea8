package assess

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// evalContext is what the functions of rules see besides their arguments: the
// graph, and where the subject stands. One serves a whole run, so that objects
// found by look-ups are converted once.
type evalContext struct {
	types           map[string]*structType
	graph           *graph.Graph
	account, region string
	causes          []cause
	objects         map[*assize.Resource]*objectVal
	lists           map[listKey]*listVal
	named           map[listKey]namedResources
	guardrails      map[string]guardrailValues
}

type listKey struct{ typ, account, region string }

// cause is what stands behind one unknown value: why it is not known, or which
// field of the profile a person has to set.
type cause struct {
	unknown *assize.Unknown
	profile string
}

func newContext(types map[string]*structType, g *graph.Graph) *evalContext {
	return &evalContext{types: types, graph: g, objects: map[*assize.Resource]*objectVal{}, lists: map[listKey]*listVal{}, named: map[listKey]namedResources{}, guardrails: map[string]guardrailValues{}}
}

// unknown makes CEL's unknown value, whose id leads back to the cause.
func (c *evalContext) unknown(u *assize.Unknown) ref.Val {
	c.causes = append(c.causes, cause{unknown: u})
	return types.NewUnknown(int64(len(c.causes)-1), nil)
}

func (c *evalContext) manual(field string) ref.Val {
	c.causes = append(c.causes, cause{profile: field})
	return types.NewUnknown(int64(len(c.causes)-1), nil)
}

// explain chooses the cause to report of an unknown result: the first of the
// closed list; the profile only where nothing else is missing.
func (c *evalContext) explain(u *types.Unknown) cause {
	var best cause
	for _, id := range u.IDs() {
		if id < 0 || id >= int64(len(c.causes)) {
			continue
		}
		k := c.causes[id]
		switch {
		case k.unknown == nil:
			if best.unknown == nil && best.profile == "" {
				best = k
			}
		case best.unknown == nil || k.unknown.Cause.Before(best.unknown.Cause):
			best = k
		}
	}
	return best
}

// find is the look-up behind <one>(ref).
func (c *evalContext) find(typ, name string) ref.Val {
	r, u := c.graph.Find(typ, c.account, c.region, name)
	if u != nil {
		return c.unknown(u)
	}
	return c.resource(r)
}

func (c *evalContext) resource(r *assize.Resource) *objectVal {
	o := c.objects[r]
	if o == nil {
		o = c.object(c.types[r.Type], r.Properties)
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
	l := c.listOf(found, rest)
	c.lists[key] = l
	return l
}

func (c *evalContext) listOf(rs []*assize.Resource, rest *assize.Unknown) *listVal {
	l := &listVal{elems: make([]ref.Val, len(rs))}
	for i, r := range rs {
		l.elems[i] = c.resource(r)
	}
	if rest != nil {
		l.rest = c.unknown(rest)
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
