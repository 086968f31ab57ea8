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
	checkFacts(t, properties(t, good), map[string]string{
		"GuardrailArn":            `"` + good.ARN + `"`,
		"Status":                  `"READY"`,
		"Version":                 `"DRAFT"`,
		"Versions[0].SameAsDraft": "", "Versions[1].Version": `"1"`, "Versions[1].SameAsDraft": "true",
		"KmsKeyArn": `"arn:aws:kms:us-east-1:` + s.account + `:key/7d0c1f1e-52a4-4c55-9f0d-6a1f0c3b2e11"`,
		"Tags[0]":   `{"Key":"owner","Value":"support-team"}`,
		"ContentPolicyConfig.ContentFiltersTierConfig.TierName": `"STANDARD"`,
		"ContentPolicyConfig.FiltersConfig[0]": `{"InputAction":"BLOCK","InputEnabled":true,"InputModalities":["TEXT","IMAGE"],"InputStrength":"HIGH",` +
			`"OutputAction":"BLOCK","OutputEnabled":true,"OutputModalities":["TEXT","IMAGE"],"OutputStrength":"HIGH","Type":"SEXUAL"}`,
		"TopicPolicyConfig.TopicsConfig[0].Name":                       `"legal-advice"`,
		"WordPolicyConfig.WordsConfig[0].Text":                         `"internal codename"`,
		"WordPolicyConfig.ManagedWordListsConfig[0].Type":              `"PROFANITY"`,
		"SensitiveInformationPolicyConfig.PiiEntitiesConfig[0].Action": `"ANONYMIZE"`,
		"SensitiveInformationPolicyConfig.RegexesConfig[0].Pattern":    `"C-[0-9]{8}"`,
		"ContextualGroundingPolicyConfig.FiltersConfig":                `[{"Action":"BLOCK","Enabled":true,"Threshold":0.8,"Type":"GROUNDING"},{"Action":"BLOCK","Enabled":true,"Threshold":0.7,"Type":"RELEVANCE"}]`,
	})
	bad := recordOf(t, got, typeGuardrail, "bad01guardrl")
	checkFacts(t, properties(t, bad), map[string]string{"KmsKeyArn": "", "Tags": "[]", "TopicPolicyConfig": "", "Versions[1]": ""})
	if got, want := s.Count("bedrock", "GetGuardrail"), 3; got != want {
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
	want := map[string]string{opGetGuardrail: "denied", opListGuardrails: "value", opBedrockTags: "value", opBedrockPolicy: "value"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeGuardrail, "good1guardrl"))); diff != "" {
		t.Errorf("answers of the one (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeGuardrail, "good1guardrl")), map[string]string{
		"Status": "unknown: denied", "ContentPolicyConfig.FiltersConfig": "unknown: denied", "Versions[0].Version": `"DRAFT"`,
	})
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
