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
		{Archetype: "sagemaker-training", Account: "111122223333", Regions: []string{"us-east-1"}, Inputs: []string{"s3://data/in/"}, Outputs: []string{"s3://data/out/"}, Repositories: []string{"arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training"}, Keys: []string{"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}, VPC: true},
		{Archetype: "sagemaker-pipeline", Account: "111122223333", Regions: []string{"us-east-1"}, Inputs: []string{"s3://data/in/"}, Outputs: []string{"s3://data/"}, Roles: []string{"arn:aws:iam::111122223333:role/train"}},
		{Archetype: "sagemaker-endpoint", Account: "111122223333", Regions: []string{"us-east-1"}, Inputs: []string{"s3://data/in/"}, Repositories: []string{"arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training"}},
		{Archetype: "sagemaker-feature-store", Account: "111122223333", Regions: []string{"us-east-1"}, Outputs: []string{"s3://data/fs/"}},
		{Archetype: "key", Account: "111122223333", Roles: []string{"arn:aws:iam::111122223333:role/train"}, Administrators: []string{"arn:aws:iam::111122223333:role/keys"}},
		{Archetype: "trust", Account: "111122223333", Roles: []string{"arn:aws:iam::444455556666:role/train", "arn:aws:iam::444455556666:root"}, ExternalID: "abc"},
		{Archetype: "trust", Account: "111122223333", Service: "bedrock.amazonaws.com", SourceARNs: []string{"arn:aws:bedrock:us-east-1:111122223333:knowledge-base/*"}},
		{Archetype: "endpoint", Account: "111122223333", OrgID: "o-abcdefghij", Regions: []string{"us-east-1"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}},
		{Archetype: "endpoint", Account: "111122223333", Regions: []string{"us-east-1"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}},
		{Archetype: "ml-engineer-boundary", Account: "111122223333", Regions: []string{"us-east-1"}, Models: []string{"anthropic.claude-3-haiku-20240307-v1:0"}, VPC: true},
		{Archetype: "ml-engineer-boundary", Account: "111122223333", Regions: []string{"us-east-1"}},
	} {
		r, err := Generate(o, sar.Default())
		if err != nil {
			t.Error(o, err)
			continue
		}
		if o.Archetype == "ml-engineer-boundary" && !o.VPC {
			for _, p := range r.Policies {
				t.Log(p.JSON(), p.Size())
			}
		}
		t.Log(r.Proof, r.Policies[0].Size())
	}
}
