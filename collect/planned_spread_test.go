package collect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// gate defines a type with rules in its own blocks and in side resources of two kinds.
func gate() *assize.Definition {
	return &assize.Definition{
		Type: "AWS::Test::Gate",
		Terraform: []assize.TerraformSource{{
			Resource: "aws_gate",
			Parts: []assize.TerraformPart{
				{Resource: "aws_gate_rule", As: "in", When: "type=in", Link: "gate"},
				{Resource: "aws_gate_rule", As: "out", When: "type=out", Link: "gate"},
			},
			Spread:   map[string][]string{"in[]": {"ranges", "self"}, "rules[]": {"ranges", "self"}},
			Together: []string{"In"},
			Rows:     map[string][]string{"tunnel": {"one_", "two_"}},
		}},
		Facts: []assize.Fact{
			{Path: "Id", Type: assize.String, At: "$id"},
			{Path: "In[].Range", Type: assize.String, Terraform: at("in[]:ranges", "rules[].ranges")},
			{Path: "In[].Group", Type: assize.String, Terraform: assize.TerraformPaths{
				{At: "in[]:self", Values: map[string]assize.Value{"true": "$id"}}, {At: "rules[].self", Values: map[string]assize.Value{"true": "$id"}},
			}},
			{Path: "In[].Kind", Type: assize.String, Terraform: at("in[]:kind", "rules[].=own")},
			{Path: "Tunnels[].Log", Type: assize.Bool, Terraform: at("tunnel[].log")},
			{Path: "Guarded", Type: assize.Bool, Terraform: at("out:=true", "=false")},
			{Path: "Limit", Type: assize.Int, Terraform: assize.TerraformPaths{{At: "limit", Values: map[string]assize.Value{"-1": ""}}, {At: "live"}}},
		},
	}
}

// TestPlannedLists holds how lists are made of blocks and side resources that are written otherwise.
func TestPlannedLists(t *testing.T) {
	t.Parallel()
	m, err := collect.NewTerraformMapping([]*assize.Definition{gate()})
	if err != nil {
		t.Fatal(err)
	}
	rule := func(text string) *collect.Planned {
		return &collect.Planned{Type: "aws_gate_rule", Attributes: attributes(t, text), Origin: assize.Origin{Kind: "plan", Address: "aws_gate_rule.r", Action: "create"}}
	}
	unlinked := &assize.Unknown{Cause: assize.Unlinked, Detail: "some rule"}
	tests := []struct {
		name, text, action string
		rules              []*collect.Planned
		unlinked           bool
		removed            bool
		want               string
	}{
		{
			name: "an element for each range", text: `{"id":"g","rules":[{"ranges":["a","b"],"self":false},{"ranges":[],"self":true}]}`,
			want: `[{"Kind":"own","Range":"a"},{"Kind":"own","Range":"b"},{"Group":"g","Kind":"own"}]`,
		},
		{name: "an element of nothing is none", text: `{"id":"g","rules":[{"ranges":[]}]}`, want: `null`},
		{
			name: "side resources of the kind", text: `{"id":"g"}`, rules: []*collect.Planned{rule(`{"type":"in","ranges":["a"]}`), rule(`{"type":"out","ranges":["z"]}`)},
			want: `[{"Range":"a"}]`,
		},
		{
			name: "both, of what is made", text: `{"id":"g","rules":[{"ranges":["b"]}]}`, rules: []*collect.Planned{rule(`{"type":"in","ranges":["a"]}`)},
			want: `[{"Range":"a"},{"Kind":"own","Range":"b"}]`,
		},
		{
			name: "both, of what is there: it may stay or go", text: `{"id":"g","rules":[{"ranges":["b"]}]}`, action: "update", rules: []*collect.Planned{rule(`{"type":"in","ranges":["a"]}`)},
			want: `[{"Range":"a"},{"$unknown":{"cause":"unlinked","detail":"In: element 0 is there now and no side resource of the plan makes it; the plan does not say whether it stays","rest":true}}]`,
		},
		{
			name: "the only rule is taken away", text: `{"id":"g","rules":[{"ranges":["b"]}]}`, action: "update", removed: true,
			want: `[{"$unknown":{"cause":"unlinked","detail":"In: element 0 is there now and no side resource of the plan makes it; the plan does not say whether it stays","rest":true}}]`,
		},
		{
			name: "a rule that may belong here", text: `{"id":"g"}`, rules: []*collect.Planned{rule(`{"type":"in","ranges":["a"]}`)}, unlinked: true,
			want: `[{"Range":"a"},{"$unknown":{"cause":"unlinked","detail":"some rule","rest":true}}]`,
		},
		{
			name: "a rule of a kind that is not known", text: `{"id":"g"}`, rules: []*collect.Planned{rule(`{"type":{"$unknown":{"cause":"unknown until apply"}},"ranges":["a"]}`)},
			want: `[{"$unknown":{"cause":"unknown until apply","rest":true}}]`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := &collect.Planned{
				Type: "aws_gate", Attributes: attributes(t, tt.text), Parts: map[string][]*collect.Planned{"aws_gate_rule": tt.rules},
				Origin: assize.Origin{Kind: "plan", Address: "aws_gate.g", Action: "create"},
			}
			if tt.action != "" {
				p.Origin.Action = tt.action
			}
			if tt.unlinked {
				p.Unlinked = map[string]*assize.Unknown{"aws_gate_rule": unlinked}
			}
			if tt.removed {
				p.Removed = []string{"aws_gate_rule"}
			}
			r, _ := m.Resource(p)
			want, err := assize.ParseValue([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, r.Properties.Get("In")); diff != "" {
				t.Errorf("In (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlannedRows holds the places that are neither attribute nor block of a list.
func TestPlannedRows(t *testing.T) {
	t.Parallel()
	m, err := collect.NewTerraformMapping([]*assize.Definition{gate()})
	if err != nil {
		t.Fatal(err)
	}
	p := &collect.Planned{
		Type: "aws_gate", Attributes: attributes(t, `{"id":"g","one_log":true,"two_log":false,"limit":-1}`),
		Parts: map[string][]*collect.Planned{"aws_gate_rule": {{Type: "aws_gate_rule", Attributes: attributes(t, `{"type":"out"}`)}}},
	}
	r, _ := m.Resource(p)
	want := attributes(t, `{"Id":"g","Guarded":true,"Tunnels":[{"Log":true},{"Log":false}]}`)
	if diff := cmp.Diff(want, r.Properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}
