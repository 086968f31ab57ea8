package assess

import (
	"fmt"
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
//   - one that will name a resource is not the empty text;
//   - the ARN of a policy is one of the customer's;
//   - a list of which elements are there, and more may be, is not empty.
//
// Everything else stays unknown, also a comparison with a text that is known.

// comparesNames decorates ==, !=, >, glob and startsWith of a rule's program.
func comparesNames(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	call, ok := i.(interpreter.InterpretableCall)
	if !ok {
		return shortJunction(i), nil
	}
	if len(call.Args()) != 2 {
		return i, nil
	}
	switch call.Function() {
	case operators.Greater:
		if list := sizeOf(call.Args()[0]); list != nil {
			return &sizeCall{InterpretableCall: call, list: list}, nil
		}
	case operators.Equals, operators.NotEquals:
		return &equalNames{InterpretableCall: call, left: call.Args()[0], right: call.Args()[1], not: call.Function() == operators.NotEquals}, nil
	case globFunction:
		return &namedCall{InterpretableCall: call, left: call.Args()[0], right: call.Args()[1], decide: (*evalContext).nameMatches}, nil
	case overloads.StartsWith:
		return &namedCall{InterpretableCall: call, left: call.Args()[0], right: call.Args()[1], decide: (*evalContext).namePrefix}, nil
	}
	return i, nil
}

// junction is && or ||, of which CEL merges the causes of all terms.
type junction struct{ interpreter.InterpretableV2 }

// shortJunction decorates && and ||, which CEL plans as types that it does not export. What it
// does not know by name stays as it is, and is only slower.
func shortJunction(i interpreter.InterpretableV2) interpreter.InterpretableV2 {
	switch fmt.Sprintf("%T", i) {
	case "*interpreter.evalAnd", "*interpreter.evalOr":
		return &junction{i}
	}
	return i
}

// Exec evaluates the terms and keeps few causes.
func (j *junction) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := j.InterpretableV2.Exec(frame)
	u, ok := v.(*types.Unknown)
	if !ok {
		return v
	}
	if c := contextOf(frame); c != nil {
		return c.causes.shortened(u)
	}
	return v
}

// Eval is Exec outside of a frame.
func (j *junction) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, j.Exec)
}

// equalNames is == or !=, each side of which is evaluated once.
type equalNames struct {
	interpreter.InterpretableCall
	left, right interpreter.InterpretableV2
	not         bool
}

// Exec evaluates the comparison: an error before what is unknown, as in CEL.
func (n *equalNames) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	l := n.left.Exec(frame)
	if types.IsError(l) {
		return l
	}
	r := n.right.Exec(frame)
	if types.IsError(r) {
		return r
	}
	if !types.IsUnknown(l) && !types.IsUnknown(r) {
		same := types.Equal(l, r)
		if n.not {
			return types.Bool(same != types.True)
		}
		return same
	}
	if c := contextOf(frame); c != nil {
		if same, ok := c.sameName(l, r); ok {
			return types.Bool(same != n.not)
		}
		if v := c.lacking(l, r); v != nil {
			return v
		}
	}
	v, _ := types.MaybeMergeUnknowns(l, nil)
	v, _ = types.MaybeMergeUnknowns(r, v)
	return v
}

// Eval is Exec outside of a frame.
func (n *equalNames) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, n.Exec)
}

// contextOf is what the functions of rules are given in a frame; nil where there is none.
func contextOf(frame *interpreter.ExecutionFrame) *evalContext {
	found, _ := frame.ResolveName(contextVariable)
	c, _ := found.(*evalContext)
	return c
}

// namedCall is a call that may be decided by what its arguments will name.
type namedCall struct {
	interpreter.InterpretableCall
	left, right interpreter.InterpretableV2
	decide      func(c *evalContext, l, r ref.Val) (answer, ok bool)
}

// Exec evaluates the call; only where that is unknown it looks at the arguments again.
func (n *namedCall) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := n.InterpretableCall.Exec(frame)
	if !types.IsUnknown(v) {
		return v
	}
	c := contextOf(frame)
	if c == nil {
		return v
	}
	l, r := n.left.Exec(frame), n.right.Exec(frame)
	if answer, ok := n.decide(c, l, r); ok {
		return types.Bool(answer)
	}
	if missing := c.lacking(l, r); missing != nil {
		return missing
	}
	return v
}

// lacking is what an unknown comparison lacks: where one side will name a resource, and the other is for the live
// account to say, that is what it waits for, and not the name. nil: what both sides lack.
func (c *evalContext) lacking(left, right ref.Val) ref.Val {
	for _, side := range [][2]ref.Val{{left, right}, {right, left}} {
		other, ok := side[1].(*types.Unknown)
		if !ok || !c.causes.deferred(other) {
			continue
		}
		if named, _ := c.referred(side[0]); named != nil {
			return other
		}
	}
	return nil
}

// Eval is Exec outside of a frame.
func (n *namedCall) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, n.Exec)
}

// sizeCall is a comparison of a list's size with a smaller one.
type sizeCall struct {
	interpreter.InterpretableCall
	list interpreter.InterpretableV2
}

// sizeOf returns the list whose size the expression is, nil for any other.
func sizeOf(i interpreter.InterpretableV2) interpreter.InterpretableV2 {
	call, ok := i.(interpreter.InterpretableCall)
	if !ok || call.Function() != overloads.Size || len(call.Args()) != 1 {
		return nil
	}
	return call.Args()[0]
}

// Exec evaluates the comparison; where the size is not known, the elements that are there
// may be enough.
func (s *sizeCall) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := s.InterpretableCall.Exec(frame)
	if !types.IsUnknown(v) {
		return v
	}
	list, isList := s.list.Exec(frame).(*listVal)
	than, isInt := s.Args()[1].Exec(frame).(types.Int)
	if isList && isInt && types.Int(len(list.elems)) > than {
		return types.True
	}
	return v
}

// Eval is Exec outside of a frame.
func (s *sizeCall) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, s.Exec)
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

// globFunction is the function of rules that matches a pattern.
const globFunction = "glob"

// policyARNs are the ARNs of policies of the customer: "arn:aws:iam::111122223333:policy/x".
const policyARNs = "policy/*"

// nameMatches reports whether the ARN of a policy that is planned matches a pattern: it is none of the policies of AWS,
// whose account is "aws", and it is a policy.
func (c *evalContext) nameMatches(l, r ref.Val) (matches, ok bool) {
	named, _ := c.referred(l)
	pattern, isText := r.(types.String)
	if named == nil || named.Type != "AWS::IAM::ManagedPolicy" || !isText {
		return false, false
	}
	parts := strings.SplitN(string(pattern), ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[1] != "*" || parts[2] != "iam" || parts[3] != "" || !strings.HasPrefix(parts[5], "policy/") {
		return false, false
	}
	switch parts[4] {
	case "aws":
		return false, true
	case "*":
		return true, parts[5] == policyARNs
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
