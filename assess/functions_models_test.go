package assess_test

import (
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

const (
	modelType = "AWS::Bedrock::FoundationModel"
	agentType = "AWS::Bedrock::Agent"
)

// modelWorld has one foundation model in the Region, the agents given, and gaps by type.
func modelWorld(gaps map[string]assize.Cause, agents ...*assize.Resource) ([]*assize.Definition, *assize.Inventory) {
	defs := []*assize.Definition{
		{Type: modelType, List: "bedrock:ListFoundationModels", One: "foundationModel", Many: "foundationModels", Facts: []assize.Fact{
			{Path: "ModelId", Type: assize.String, Default: ""},
		}},
		{Type: agentType, List: "bedrock-agent:ListAgents", One: "agent", Many: "agents", Facts: []assize.Fact{
			{Path: "FoundationModel", Type: assize.String, Ref: modelType},
		}},
	}
	model := &assize.Resource{
		Type: modelType, Account: account, Region: region, ID: "anthropic.claude-x-v1:0",
		ARN:        "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-x-v1:0",
		Properties: assize.NewObject(map[string]assize.Value{"ModelId": "anthropic.claude-x-v1:0"}),
	}
	inv := &assize.Inventory{
		AsOf:      time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Accounts:  []assize.Account{{ID: account, Regions: []string{region, "eu-west-1"}}},
		Resources: append([]*assize.Resource{model}, agents...),
	}
	for _, d := range defs {
		for _, r := range inv.Accounts[0].Regions {
			c := assize.Coverage{Type: d.Type, Account: account, Region: r, Complete: true}
			if cause, ok := gaps[d.Type]; ok {
				c.Complete, c.Gap = false, &assize.Gap{Account: account, Region: r, Operation: d.List, Cause: cause}
			}
			inv.Coverage = append(inv.Coverage, c)
		}
	}
	return defs, inv
}

func agentIn(region, id string, model assize.Value) *assize.Resource {
	r := &assize.Resource{Type: agentType, Account: account, Region: region, ID: id}
	r.Properties = assize.NewObject(map[string]assize.Value{"FoundationModel": model})
	return r
}

// outcomeOf judges the one foundation model.
func outcomeOf(t *testing.T, rule string, gaps map[string]assize.Cause, agents ...*assize.Resource) assize.Outcome {
	t.Helper()
	defs, inv := modelWorld(gaps, agents...)
	comp, err := assess.NewCompiler(defs, profileFields())
	if err != nil {
		t.Fatal(err)
	}
	c := check(rule)
	c.Subject.Type = modelType
	p, err := comp.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	for f := range assess.NewEngine(comp, []*assess.Program{p}).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
		return f.Outcome
	}
	t.Fatal("no finding")
	return ""
}

// TestModelMatches holds which references a pattern takes.
func TestModelMatches(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:bedrock:eu-central-1:111122223333:"
	for _, tt := range []struct {
		ref, pattern string
		want         assize.Outcome
	}{
		{"anthropic.claude-x-v1:0", "anthropic.claude-*", assize.Pass},
		{"anthropic.claude-x-v1:0", "anthropic.claude", assize.Fail},
		{"anthropic.claude-x-v1:0", "arn:aws:bedrock:*::foundation-model/anthropic.*", assize.Pass},
		{"arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-x-v1:0", "anthropic.*", assize.Pass},
		{"arn:aws:bedrock:eu-central-1::foundation-model/meta.llama3-v1:0", "anthropic.*", assize.Fail},
		{"eu.anthropic.claude-x-v1:0", "anthropic.*", assize.Pass},
		{"eu.anthropic.claude-x-v1:0", "us.anthropic.*", assize.Fail},
		{arn + "inference-profile/global.anthropic.claude-x-v1:0", "anthropic.*", assize.Pass},
		{arn + "inference-profile/eu.meta.llama3-v1:0", "anthropic.*", assize.Fail},
		{arn + "application-inference-profile/abc123", "anthropic.*", assize.Inconclusive},
		{arn + "application-inference-profile/abc123", "arn:aws:bedrock:*:application-inference-profile/*", assize.Pass},
		{arn + "provisioned-model/abc123", "anthropic.*", assize.Inconclusive},
		{arn + "imported-model/abc123", "anthropic.*", assize.Fail},
		{"abc123", "anthropic.*", assize.Inconclusive},
	} {
		if got := outcomeOf(t, `modelMatches("`+tt.ref+`", "`+tt.pattern+`")`, nil); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.ref, tt.pattern, got, tt.want)
		}
	}
}

// TestModelInUse holds when a model counts as used, unused, or undecided.
func TestModelInUse(t *testing.T) {
	t.Parallel()
	other := agentIn(region, "other", "meta.llama3-v1:0")
	for name, tt := range map[string]struct {
		gaps   map[string]assize.Cause
		agents []*assize.Resource
		want   assize.Outcome
	}{
		"named by profile":           {nil, []*assize.Resource{other, agentIn(region, "a", "eu.anthropic.claude-x-v1:0")}, assize.Pass},
		"not named":                  {nil, []*assize.Resource{other}, assize.Fail},
		"agent not read":             {nil, []*assize.Resource{agentIn(region, "a", denied)}, assize.Inconclusive},
		"one names it, one not read": {nil, []*assize.Resource{agentIn(region, "a", denied), agentIn(region, "b", "anthropic.claude-x-v1:0")}, assize.Pass},
		"agents not listed":          {map[string]assize.Cause{agentType: assize.Denied}, nil, assize.Inconclusive},
		"another Region's model":     {nil, []*assize.Resource{agentIn("eu-west-1", "a", "anthropic.claude-x-v1:0")}, assize.Fail},
	} {
		if got := outcomeOf(t, `modelInUse(resource.ModelId)`, tt.gaps, tt.agents...); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// TestOfAccount holds that a look-up of the account sees every Region read, and
// the plain one its own.
func TestOfAccount(t *testing.T) {
	t.Parallel()
	elsewhere := agentIn("eu-west-1", "a", "anthropic.claude-x-v1:0")
	for _, tt := range []struct {
		rule string
		gaps map[string]assize.Cause
		want assize.Outcome
	}{
		{`agents().size() == 0`, nil, assize.Pass},
		{`agentsOfAccount().size() == 1`, nil, assize.Pass},
		{`agentsOfAccount().size() == 1`, map[string]assize.Cause{agentType: assize.Denied}, assize.Inconclusive},
		{`agentsOfAccount().exists(a, has(a.FoundationModel))`, map[string]assize.Cause{agentType: assize.Denied}, assize.Pass},
	} {
		if got := outcomeOf(t, tt.rule, tt.gaps, elsewhere); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.rule, got, tt.want)
		}
	}
}
