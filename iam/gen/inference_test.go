package gen

import (
	"testing"

	"github.com/assize-dev/assize/iam/sar"
)

func TestSmoke(t *testing.T) {
	for _, o := range []Options{
		{Archetype: "general", Regions: []string{"us-east-1", "us-west-2"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}},
		{Archetype: "general", Account: "111122223333", Regions: []string{"us-east-1"}, Profiles: []string{"us.anthropic.claude-sonnet-4-20250514-v1:0", "global.anthropic.claude-sonnet-4-20250514-v1:0"},
			Destinations: map[string][]string{"us": {"us-east-1", "us-east-2", "us-west-2"}}, Guardrails: []string{"arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123"},
			Endpoints: []string{"vpce-0a1b2c3d"}, Networks: []string{"203.0.113.0/24"}, Tiers: []string{"priority"}},
		{Archetype: "evaluation", Regions: []string{"us-east-1"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}, OrgPaths: []string{"o-abcdefghij/r-abcd/ou-abcd-12345678/*"}, Networks: []string{"203.0.113.0/24"}},
		{Archetype: "fine-tuned", Account: "111122223333", Regions: []string{"us-east-1"}, Tag: "team=blue"},
		{Archetype: "specialised", Regions: []string{"us-east-1"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}},
		{Archetype: "scp", Regions: []string{"us-east-1", "us-west-2"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}, Administrators: []string{"arn:aws:iam::111122223333:role/Privileged"}},
		{Archetype: "scp", Regions: []string{"us-east-1", "us-west-2"}, Profiles: []string{"us.anthropic.claude-sonnet-4-20250514-v1:0", "global.anthropic.claude-sonnet-4-20250514-v1:0"},
			Destinations: map[string][]string{"us": {"us-east-1", "us-east-2", "us-west-2"}}},
	} {
		r, err := Generate(o, sar.Default())
		if err != nil {
			t.Error(err)
			continue
		}
		if o.Archetype == "scp" {
			for _, p := range r.Policies {
				t.Log(p.JSON(), p.Size())
			}
		}
		t.Log(r.Proof, r.Policies[0].Size())
	}
}
