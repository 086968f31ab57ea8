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

// TestScopeByTextInList holds that one object of a list is enough, such as one service
// that a user may call through a group.
func TestScopeByTextInList(t *testing.T) {
	t.Parallel()
	const typ = "AWS::IAM::User"
	defs := append(definitions(), &assize.Definition{
		Type: typ, List: "iam:GetAccountAuthorizationDetails", Global: true,
		AIWhen: &assize.AIWhen{Fact: "LastAccessed[].ServiceNamespace", Like: []string{"bedrock"}},
		Facts:  []assize.Fact{{Path: "LastAccessed[].ServiceNamespace", Type: assize.String}},
	})
	user := func(id string, services ...assize.Value) *assize.Resource {
		var list assize.List
		for _, s := range services {
			list = append(list, assize.NewObject(props{"ServiceNamespace": s}))
		}
		return resource(typ, id, "", props{"LastAccessed": list})
	}
	calls, other, none := user("calls", "sagemaker-geospatial", "bedrock"), user("other", "sagemaker-geospatial"), user("none")
	s := graph.New(inventory(nil, append(sample(), calls, other, none)...), defs).AIScope(graph.ScopeOptions{})
	if s.Reason(calls) == "" || s.Reason(other) != "" || s.Reason(none) != "" {
		t.Errorf("got %q, %q and %q, want a reason for the first alone", s.Reason(calls), s.Reason(other), s.Reason(none))
	}
	if u := s.Doubt(typ, account); u != nil {
		t.Errorf("got doubt %+v, want none", u)
	}
	part := user("part", &assize.Unknown{Cause: assize.Denied})
	s = graph.New(inventory(nil, append(sample(), part)...), defs).AIScope(graph.ScopeOptions{})
	if u := s.Doubt(typ, account); s.Reason(part) != "" || u == nil || u.Cause != assize.Denied {
		t.Errorf("got %q and doubt %+v, want a doubt for denied", s.Reason(part), u)
	}
}
