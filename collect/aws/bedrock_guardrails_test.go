package aws

import (
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

func TestGuardrailsFollowEveryPage(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &bedrockGuardrails)
	if diff := cmp.Diff([]string{"bad01guardrl", "good1guardrl"}, idsOf(got, typeGuardrail)); diff != "" {
		t.Errorf("guardrails (-want +got):\n%s", diff)
	}
	good := recordOf(t, got, typeGuardrail, "good1guardrl")
	if want := "arn:aws:bedrock:us-east-1:" + s.account + ":guardrail/good1guardrl"; good.ARN != want {
		t.Errorf("ARN: got %s, want %s", good.ARN, want)
	}
	versions := good.Answer(opListGuardrails).Value
	if got, want := fact(t, versions, "Guardrails[1].Version"), `"1"`; got != want {
		t.Errorf("second version: got %s, want %s", got, want)
	}
	if got, want := s.Count("bedrock", "GetGuardrail"), 2; got != want {
		t.Errorf("descriptions asked for: got %d, want %d", got, want)
	}
}

func TestGuardrailThatCannotBeReadIsAGapInItself(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Inject(fakeaws.Fault{
		Kind: fakeaws.Denied, Service: "bedrock", Operation: "GetGuardrail", Path: map[string]string{"guardrailIdentifier": "good1guardrl"},
	})
	got := s.collect(t, &bedrockGuardrails)
	if diff := cmp.Diff(map[string]string{typeGuardrail: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	want := map[string]string{opGetGuardrail: "denied", opListGuardrails: "value", opBedrockTags: "value"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeGuardrail, "good1guardrl"))); diff != "" {
		t.Errorf("answers of the one (-want +got):\n%s", diff)
	}
	want[opGetGuardrail] = "value"
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeGuardrail, "bad01guardrl"))); diff != "" {
		t.Errorf("answers of the other (-want +got):\n%s", diff)
	}
}

func TestGuardrailListThatBreaksOff(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.Inject(fakeaws.Fault{Kind: fakeaws.ServerError, Service: "bedrock", Operation: "ListGuardrails", Page: 2, Times: 1})
	got := s.collect(t, &bedrockGuardrails)
	if diff := cmp.Diff(map[string]string{typeGuardrail: "service error"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"good1guardrl"}, idsOf(got, typeGuardrail)); diff != "" {
		t.Errorf("guardrails of the first page (-want +got):\n%s", diff)
	}
}
