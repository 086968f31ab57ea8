package org_test

import (
	"errors"
	"testing"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
)

// TestWithData: calls and condition keys are those of the reference that is given.
func TestWithData(t *testing.T) {
	t.Parallel()
	pack, err := sar.Build(sar.Version{Package: "test"}, []*sar.Service{{
		Prefix: "example", Name: "Example",
		Actions:   []*sar.Action{{Service: "example", Name: "RunThing", Access: sar.AccessWrite, Resources: []sar.ActionResource{{Type: "thing"}}, Keys: []string{"example:Size"}}},
		Resources: []*sar.ResourceType{{Service: "example", Name: "thing", ARNs: []string{"arn:${Partition}:example:${Region}:${Account}:thing/${Id}"}}},
		Keys:      []sar.Key{{Name: "example:Size", Type: sar.KeyNumeric}, {Name: "example:Idle", Type: sar.KeyString}},
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := sar.Open(pack)
	if err != nil {
		t.Fatal(err)
	}
	built := world{roles: map[string]testRole{
		home + "/small": {trust: lambdaTrust, allow: []string{allow("example:*", "*", `"NumericLessThan":{"example:Size":"3"}`)}},
		home + "/idle":  {trust: lambdaTrust, allow: []string{allow("example:*", "*", `"StringEquals":{"example:Idle":"x"}`)}},
	}}.build(t).Organisation()
	call := plan.Call{Operation: "example:RunThing", Target: "arn:aws:example:us-east-1:" + home + ":thing/x"}
	if _, err := org.NewAnalysis(built, org.Config{}).Plan(call); !errors.Is(err, plan.ErrUnknownOperation) {
		t.Errorf("by the reference built in: got %v, want %v", err, plan.ErrUnknownOperation)
	}
	a := org.NewAnalysis(built.WithData(data), org.Config{})
	// No request for the action carries the key of the second role.
	for name, want := range map[string]org.Outcome{"small": org.Conditional, "idle": org.Never} {
		if got := ask(t, a, roleARN(home, name), call).Outcome; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
