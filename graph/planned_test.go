package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

const plannedAccount = "111122223333"

func plannedResource(typ, region, address string, names ...string) *assize.Resource {
	return &assize.Resource{
		Type: typ, Account: plannedAccount, Region: region, ID: address, ARN: assize.PlannedARN(address), Names: names,
		Origin: &assize.Origin{Kind: "plan", Address: address},
	}
}

func plannedGraph() (*graph.Graph, map[string]*assize.Resource) {
	const region = "eu-west-1"
	of := map[string]*assize.Resource{}
	add := func(r *assize.Resource) *assize.Resource { of[r.ID] = r; return r }
	refers := func(r *assize.Resource) *assize.Unknown {
		return &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: r.Type, Account: r.Account, Region: r.Region, ID: r.ID}}
	}
	bucket := add(plannedResource("AWS::S3::Bucket", region, `module.b["x/y"].aws_s3_bucket.this[0]`, "data"))
	key := add(plannedResource("AWS::KMS::Key", region, "aws_kms_key.k", "alias/data"))
	add(plannedResource("AWS::KMS::Key", region, "aws_kms_key.a", "alias/both"))
	add(plannedResource("AWS::KMS::Key", region, "aws_kms_key.b", "alias/both"))
	add(plannedResource("AWS::IAM::Role", region, "aws_iam_role.r", "agent"))
	agent := add(plannedResource("AWS::Bedrock::Agent", region, "aws_bedrockagent_agent.a"))
	agent.Properties = assize.NewObject(map[string]assize.Value{
		"BucketRef": refers(bucket), "KeyRef": refers(key), "Other": refers(&assize.Resource{Type: "AWS::KMS::Key", ID: "gone"}),
		"Wrong": refers(bucket),
	})
	defs := []*assize.Definition{
		{Type: "AWS::S3::Bucket", Global: true},
		{Type: "AWS::KMS::Key"},
		{Type: "AWS::IAM::Role", Global: true},
		{Type: "AWS::Bedrock::Agent", AI: true, Facts: []assize.Fact{
			{Path: "BucketRef", Ref: "AWS::S3::Bucket"}, {Path: "KeyRef", Ref: "AWS::KMS::Key"}, {Path: "Other", Ref: "AWS::KMS::Key"}, {Path: "Wrong", Ref: "AWS::KMS::Key"},
		}},
	}
	inv := &assize.Inventory{Accounts: []assize.Account{{ID: plannedAccount, Regions: []string{region}}}}
	for _, r := range of {
		inv.Resources = append(inv.Resources, r)
	}
	return graph.New(inv, defs), of
}

// TestFindPlanned holds by what planned resources are found.
func TestFindPlanned(t *testing.T) {
	t.Parallel()
	g, _ := plannedGraph()
	bucket := `module.b["x/y"].aws_s3_bucket.this[0]`
	tests := []struct {
		name, typ, ref, want string
		cause                assize.Cause
	}{
		{"bucket by name", "AWS::S3::Bucket", "data", bucket, ""},
		{"bucket by URI", "AWS::S3::Bucket", "s3://data/train/", bucket, ""},
		{"bucket by ARN of an object", "AWS::S3::Bucket", "arn:aws:s3:::data/x", bucket, ""},
		{"bucket by planned ARN", "AWS::S3::Bucket", assize.PlannedARN(bucket), bucket, ""},
		{"bucket by planned ARN of an object", "AWS::S3::Bucket", assize.PlannedARN(bucket) + "/x", bucket, ""},
		{"key by alias", "AWS::KMS::Key", "alias/data", "aws_kms_key.k", ""},
		{"key by address", "AWS::KMS::Key", "aws_kms_key.k", "aws_kms_key.k", ""},
		{"a name of two", "AWS::KMS::Key", "alias/both", "", assize.Unlinked},
		{"another type's planned ARN", "AWS::KMS::Key", assize.PlannedARN(bucket), "", assize.UntilApply},
		{"role by name, in whatever Region", "AWS::IAM::Role", "agent", "aws_iam_role.r", ""},
		{"role by ARN", "AWS::IAM::Role", "arn:aws:iam::111122223333:role/path/agent", "aws_iam_role.r", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, u := g.Find(tt.typ, plannedAccount, "eu-west-1", tt.ref)
			switch {
			case r != nil && r.ID != tt.want, r == nil && tt.want != "":
				t.Errorf("got %v (%v), want %q", r, u, tt.want)
			case r == nil && u.Cause != tt.cause:
				t.Errorf("got cause %s, want %s", u.Cause, tt.cause)
			}
		})
	}
}

// TestLinksOfUnknowns holds that links follow values that will name a resource, and
// that AI scope runs along them.
func TestLinksOfUnknowns(t *testing.T) {
	t.Parallel()
	g, of := plannedGraph()
	agent := of["aws_bedrockagent_agent.a"]
	got := map[string]string{}
	for _, l := range g.Links(agent) {
		if l.To != nil {
			got[l.Path] = l.To.ID
		} else {
			got[l.Path] = string(l.Unknown.Cause)
		}
	}
	want := map[string]string{
		"BucketRef": `module.b["x/y"].aws_s3_bucket.this[0]`, "KeyRef": "aws_kms_key.k", "Other": string(assize.UntilApply), "Wrong": string(assize.UntilApply),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	scope := g.AIScope(graph.ScopeOptions{})
	for id, in := range map[string]bool{`module.b["x/y"].aws_s3_bucket.this[0]`: true, "aws_kms_key.k": true, "aws_kms_key.a": false} {
		if got := scope.Reason(of[id]) != ""; got != in {
			t.Errorf("%s in scope: got %v, want %v", id, got, in)
		}
	}
	if scope.Doubt("AWS::KMS::Key", plannedAccount) == nil {
		t.Error("a link that is not known puts no key in doubt")
	}
	if named, _ := g.Named("AWS::KMS::Key", plannedAccount, "eu-west-1"); !named[of["aws_kms_key.k"]] {
		t.Error("the key is not named")
	}
}
