package aws

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

// guardrailDraft is how the service names the working draft among the versions.
const guardrailDraft = "DRAFT"

// guardrailVersion is a version as the list has it, and whether it filters as the draft
// does; nil where the draft could not be read, and for the draft itself.
type guardrailVersion struct {
	Version     *string
	Status      types.GuardrailStatus
	CreatedAt   *time.Time
	UpdatedAt   *time.Time
	SameAsDraft *bool
}

// guardrailVersions lists the versions of a guardrail and compares those that were
// published with the draft, which takes one call each. Checks judge the draft; only by this
// is known whether what they say holds for a version that is at work.
func guardrailVersions(ctx context.Context, b *collect.Builder, api *bedrock.Client, id *string, draft *bedrock.GetGuardrailOutput) {
	summaries, err := pages(ctx, b.Task(), opListGuardrails, b.StandsIn(), guardrailPages(api, id), guardrailItems)
	if err != nil {
		failed(b, opListGuardrails, err, nil)
		return
	}
	versions := make([]guardrailVersion, len(summaries))
	for i, s := range summaries {
		versions[i] = guardrailVersion{Version: s.Version, Status: s.Status, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt}
		if draft == nil || aws.ToString(s.Version) == guardrailDraft {
			continue
		}
		published, err := call(ctx, b.Task(), opGetGuardrail, api.GetGuardrail, &bedrock.GetGuardrailInput{GuardrailIdentifier: id, GuardrailVersion: s.Version})
		if err != nil {
			failed(b, opListGuardrails, err, nil)
			return
		}
		versions[i].SameAsDraft = aws.Bool(filtersOf(published) == filtersOf(draft))
	}
	b.Answer(opListGuardrails, map[string][]guardrailVersion{"Guardrails": versions})
}

// filtersOf is what the guardrail filters, as text that is the same whatever the order
// in which the service names its parts.
func filtersOf(g *bedrock.GetGuardrailOutput) string {
	text, err := json.Marshal([]any{
		g.AutomatedReasoningPolicy, g.ContentPolicy, g.ContextualGroundingPolicy, g.SensitiveInformationPolicy, g.TopicPolicy, g.WordPolicy,
	})
	if err != nil {
		return err.Error() // plain data: it does not fail
	}
	var parts []any
	if err := json.Unmarshal(text, &parts); err != nil {
		return err.Error()
	}
	for i := range parts {
		parts[i] = inOrder(parts[i])
	}
	text, _ = json.Marshal(parts)
	return string(text)
}

// inOrder sorts the lists within a JSON value.
func inOrder(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			x[k] = inOrder(e)
		}
	case []any:
		texts := map[string]any{}
		var keys []string
		for _, e := range x {
			e = inOrder(e)
			text, _ := json.Marshal(e) // decoded from JSON before: it does not fail
			texts[string(text)] = e
			keys = append(keys, string(text))
		}
		slices.Sort(keys)
		for i, k := range keys {
			x[i] = texts[k]
		}
	}
	return v
}
