package aws

import (
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

// Routers of the account come with their tags, and those of Bedrock without: they take none.
func TestPromptRouters(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &bedrockPromptRouters)
	if diff := cmp.Diff([]string{"amazon.nova:1", "prbad0000001", "prgood000001"}, idsOf(got, typePromptRouter)); diff != "" {
		t.Errorf("routers (-want +got):\n%s", diff)
	}
	for id, tags := range map[string]string{"prgood000001": "value", "amazon.nova:1": "none"} {
		want := map[string]string{opListPromptRouters: "value", opBedrockTags: tags}
		if diff := cmp.Diff(want, answersOf(recordOf(t, got, typePromptRouter, id))); diff != "" {
			t.Errorf("%s: answers (-want +got):\n%s", id, diff)
		}
	}
	checkFacts(t, properties(t, recordOf(t, got, typePromptRouter, "prgood000001")), map[string]string{
		"PromptRouterArn":        `"arn:aws:bedrock:us-east-1:` + s.account + `:prompt-router/prgood000001"`,
		"Type":                   `"custom"`,
		"Models[1].ModelArn":     `"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"`,
		"FallbackModel.ModelArn": `"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"`,
		"Tags":                   `[{"Key":"owner","Value":"support-team"}]`,
		"RoutingCriteria.ResponseQualityDifference": `25`,
	})
	if diff := cmp.Diff(map[string]string{typePromptRouter: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

// One of the two lists fails: what the other gave is kept, and the type is incomplete.
func TestPromptRoutersInPart(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.AnswerError("bedrock", "ListPromptRouters", fakeaws.Match{Params: map[string]string{"type": "custom"}}, 403, "AccessDeniedException", "not you")
	got := s.collect(t, &bedrockPromptRouters)
	if diff := cmp.Diff([]string{"amazon.nova:1"}, idsOf(got, typePromptRouter)); diff != "" {
		t.Errorf("routers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{typePromptRouter: "denied"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

func TestReasoningPolicies(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &bedrockReasoningPolicies)
	if diff := cmp.Diff([]string{"arbad0000001", "argood000001"}, idsOf(got, typeReasoningPolicy)); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeReasoningPolicy, "argood000001")), map[string]string{
		"PolicyArn":           `"arn:aws:bedrock:us-east-1:` + s.account + `:automated-reasoning-policy/argood000001"`,
		"Version":             `"DRAFT"`,
		"KmsKeyArn":           `"arn:aws:kms:us-east-1:` + s.account + `:key/7d0c1f1e-52a4-4c55-9f0d-6a1f0c3b2e11"`,
		"Versions[1].Version": `"1"`,
		"Tags":                `[{"Key":"owner","Value":"support-team"}]`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeReasoningPolicy, "arbad0000001")), map[string]string{
		"KmsKeyArn": ``,
		"Versions":  `[{"CreatedAt":"2026-03-02T09:15:00Z","Version":"DRAFT"}]`,
	})
}

// Versions that cannot be listed are not known, and nothing else is lost.
func TestReasoningPolicyVersionsDenied(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	s.AnswerError("bedrock", "ListAutomatedReasoningPolicies",
		fakeaws.Match{Params: map[string]string{"policyArn": "arn:aws:bedrock:${region}:${account}:automated-reasoning-policy/argood000001"}},
		403, "AccessDeniedException", "not you")
	got := s.collect(t, &bedrockReasoningPolicies)
	want := map[string]string{opListReasoningPolicies: "denied", opGetReasoningPolicy: "value", opBedrockTags: "value"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeReasoningPolicy, "argood000001"))); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeReasoningPolicy, "argood000001")), map[string]string{"Versions": "unknown: denied"})
}
