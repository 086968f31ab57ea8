package assess

import (
	"strings"

	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// Rules find what belongs together by comparing ids: the flow logs of a VPC are those that
// name it. In a plan neither id is known, but which resources they will name is. So a
// comparison that is unknown is asked once more what follows from that:
//
//   - two values that will name the same resource are equal, as they are in the live account,
//     where a rule compares a reference with what it refers to in the same form;
//   - two that will name different resources of one type are not, since no two have the
//     same id;
//   - one that will name a resource is not the empty text.
//
// Everything else stays unknown, also a comparison with a text that is known.

// comparesNames decorates ==, != and startsWith of a rule's program.
func comparesNames(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	call, ok := i.(interpreter.InterpretableCall)
	if !ok || len(call.Args()) != 2 {
		return i, nil
	}
	switch call.Function() {
	case operators.Equals:
		return &namedCall{InterpretableCall: call, decide: (*evalContext).sameName}, nil
	case operators.NotEquals:
		return &namedCall{InterpretableCall: call, decide: func(c *evalContext, l, r ref.Val) (bool, bool) {
			same, ok := c.sameName(l, r)
			return !same, ok
		}}, nil
	case overloads.StartsWith:
		return &namedCall{InterpretableCall: call, decide: (*evalContext).namePrefix}, nil
	}
	return i, nil
}

// namedCall is a call that may be decided by what its arguments will name.
type namedCall struct {
	interpreter.InterpretableCall
	decide func(c *evalContext, l, r ref.Val) (answer, ok bool)
}

// Exec evaluates the call; only where that is unknown it looks at the arguments again.
func (n *namedCall) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := n.InterpretableCall.Exec(frame)
	if !types.IsUnknown(v) {
		return v
	}
	found, ok := frame.ResolveName(contextVariable)
	c, isContext := found.(*evalContext)
	if !ok || !isContext {
		return v
	}
	args := n.Args()
	if answer, ok := n.decide(c, args[0].Exec(frame), args[1].Exec(frame)); ok {
		return types.Bool(answer)
	}
	return v
}

// Eval is Exec outside of a frame.
func (n *namedCall) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, n.Exec)
}

// sameName reports whether two values are equal, where what they will name decides it.
func (c *evalContext) sameName(l, r ref.Val) (same, ok bool) {
	a, _ := c.referred(l)
	b, _ := c.referred(r)
	switch {
	case a != nil && b != nil:
		return a == b, a == b || a.Type == b.Type
	case a != nil:
		return false, r == types.String("")
	case b != nil:
		return false, l == types.String("")
	}
	return false, false
}

// idPrefixes are how the ids of types begin by which a rule tells what a route leads to
// (Amazon EC2 user guide, "Resource IDs").
var idPrefixes = map[string]string{
	"AWS::EC2::InternetGateway": "igw-",
	"AWS::EC2::NatGateway":      "nat-",
	"AWS::EC2::VPNGateway":      "vgw-",
	"AWS::EC2::VPCEndpoint":     "vpce-",
}

// namePrefix reports whether the id of what a value will name begins with a known text.
func (c *evalContext) namePrefix(l, r ref.Val) (begins, ok bool) {
	named, _ := c.referred(l)
	prefix, isText := r.(types.String)
	if named == nil || !isText {
		return false, false
	}
	id := idPrefixes[named.Type]
	if id == "" || !strings.HasSuffix(string(prefix), "-") || strings.HasPrefix(named.ARN, string(prefix)) {
		return false, false
	}
	return id == string(prefix), true
}
