package graph_test

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// TestScopeByText holds that a text brings its resource into scope, with what the
// resource names, and that a text that is not known leaves a doubt.
func TestScopeByText(t *testing.T) {
	t.Parallel()
	const typ = "AWS::StepFunctions::StateMachine"
	defs := append(definitions(), &assize.Definition{
		Type: typ, List: "stepfunctions:ListStateMachines",
		AIWhen: &assize.AIWhen{Fact: "DefinitionString", Like: []string{"*:states:::bedrock:*"}},
		Facts: []assize.Fact{
			{Path: "DefinitionString", Type: assize.String}, {Path: "RoleArn", Type: assize.String, Ref: "AWS::IAM::Role"},
		},
	})
	machine := func(id string, text assize.Value, role string) *assize.Resource {
		return resource(typ, id, "", props{"DefinitionString": text, "RoleArn": role})
	}
	calls := machine("calls", `{"Resource":"arn:aws:states:::bedrock:invokeModel"}`, "train")
	plain := machine("plain", `{"Resource":"arn:aws:states:::sqs:sendMessage"}`, "train")
	rs := append(sample(), calls, plain)
	s := graph.New(inventory(nil, rs...), defs).AIScope(graph.ScopeOptions{})
	if s.Reason(calls) == "" || s.Reason(plain) != "" {
		t.Errorf("got %q and %q, want a reason and none", s.Reason(calls), s.Reason(plain))
	}
	if u := s.Doubt(typ, account); u != nil {
		t.Errorf("got doubt %+v, want none", u)
	}
	denied := machine("denied", &assize.Unknown{Cause: assize.Denied}, "train")
	s = graph.New(inventory(nil, append(sample(), denied)...), defs).AIScope(graph.ScopeOptions{})
	if u := s.Doubt(typ, account); s.Reason(denied) != "" || u == nil || u.Cause != assize.Denied {
		t.Errorf("got %q and doubt %+v, want a doubt for denied", s.Reason(denied), u)
	}
}
