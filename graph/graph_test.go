package graph_test

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

const (
	account = "111122223333"
	region  = "eu-central-1"
)

func definitions() []*assize.Definition {
	ref := func(path, typ, scope string) assize.Fact {
		return assize.Fact{Path: path, Type: assize.String, Ref: typ, Scope: scope}
	}
	return []*assize.Definition{
		{Type: "AWS::SageMaker::TrainingJob", List: "sagemaker:ListTrainingJobs", AI: true, Facts: []assize.Fact{
			ref("InputDataConfig[].DataSource.S3DataSource.S3Uri", "AWS::S3::Bucket", ""),
			ref("OutputDataConfig.KmsKeyId", "AWS::KMS::Key", ""),
			ref("RoleArn", "AWS::IAM::Role", ""),
			{Path: "VpcConfig.Subnets", Type: assize.Strings, Ref: "AWS::EC2::Subnet"},
		}},
		{Type: "AWS::Bedrock::Agent", List: "bedrock-agent:ListAgents", AI: true, Facts: []assize.Fact{
			ref("FoundationModel", "AWS::Bedrock::FoundationModel", ""),
		}},
		{Type: "AWS::Bedrock::FoundationModel", List: "bedrock:ListFoundationModels"},
		{Type: "AWS::S3::Bucket", List: "s3:ListBuckets", Global: true, Facts: []assize.Fact{
			ref("Key", "AWS::KMS::Key", ""),
			ref("LogBucket", "AWS::S3::Bucket", "none"),
		}},
		{Type: "AWS::KMS::Key", List: "kms:ListKeys"},
		{Type: "AWS::IAM::Role", List: "iam:ListRoles", Global: true, Facts: []assize.Fact{
			{Path: "ManagedPolicyArns", Type: assize.Strings, Ref: "AWS::IAM::ManagedPolicy"},
		}},
		{Type: "AWS::IAM::ManagedPolicy", List: "iam:ListPolicies", Global: true},
		{Type: "AWS::EC2::Subnet", List: "ec2:DescribeSubnets", Facts: []assize.Fact{ref("VpcId", "AWS::EC2::VPC", "")}},
		{Type: "AWS::EC2::VPC", List: "ec2:DescribeVpcs"},
		{Type: "AWS::EC2::VPCEndpoint", List: "ec2:DescribeVpcEndpoints", Facts: []assize.Fact{ref("VpcId", "AWS::EC2::VPC", "reverse")}},
		{Type: "AWS::Logs::LogGroup", List: "logs:DescribeLogGroups"},
		{Type: "AWS::Bedrock::AutomatedReasoningPolicy", List: "bedrock:ListAutomatedReasoningPolicies"},
		{Type: "AWS::CloudTrail::Trail", List: "cloudtrail:DescribeTrails", AccountWide: true},
	}
}

type props = map[string]assize.Value

func resource(typ, id, arn string, p props) *assize.Resource {
	r := &assize.Resource{Type: typ, ID: id, ARN: arn, Account: account, Region: region, Properties: assize.NewObject(p)}
	for _, d := range definitions() {
		if d.Type == typ && d.Global && typ != "AWS::S3::Bucket" {
			r.Region = assize.Global
		}
	}
	return r
}

// inventory lists every type completely, but those of the gaps.
func inventory(gaps map[string]assize.Cause, rs ...*assize.Resource) *assize.Inventory {
	inv := &assize.Inventory{Accounts: []assize.Account{{ID: account, Regions: []string{region}}}, Resources: rs}
	for _, d := range definitions() {
		c := assize.Coverage{Type: d.Type, Account: account, Region: region, Complete: true}
		if d.Global {
			c.Region = assize.Global
		}
		if cause, ok := gaps[d.Type]; ok {
			c.Complete = false
			c.Gap = &assize.Gap{Account: account, Region: c.Region, Operation: d.List, Cause: cause}
		}
		inv.Coverage = append(inv.Coverage, c)
	}
	return inv
}

func sample() []*assize.Resource {
	return []*assize.Resource{
		resource("AWS::S3::Bucket", "data", "arn:aws:s3:::data", props{"Key": "alias/data", "LogBucket": "logs"}),
		resource("AWS::S3::Bucket", "logs", "arn:aws:s3:::logs", nil),
		resource("AWS::KMS::Key", "k1", "arn:aws:kms:eu-central-1:111122223333:key/k1", props{"Aliases": assize.List{"alias/data"}}),
		resource("AWS::IAM::Role", "train", "arn:aws:iam::111122223333:role/ml/train", props{"ManagedPolicyArns": assize.List{"arn:aws:iam::aws:policy/ReadOnlyAccess"}}),
		resource("AWS::IAM::ManagedPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess", nil),
		resource("AWS::EC2::Subnet", "subnet-1", "", props{"VpcId": "vpc-1"}),
		resource("AWS::EC2::VPC", "vpc-1", "", nil),
		resource("AWS::EC2::VPCEndpoint", "vpce-1", "", props{"VpcId": "vpc-1"}),
		resource("AWS::Logs::LogGroup", "/aws/bedrock", "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/bedrock", nil),
		resource("AWS::Bedrock::FoundationModel", "anthropic.claude-x-v1:0", "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-x-v1:0", nil),
		resource("AWS::Bedrock::AutomatedReasoningPolicy", "abc123def456", "arn:aws:bedrock:eu-central-1:111122223333:automated-reasoning-policy/abc123def456", nil),
		resource("AWS::CloudTrail::Trail", "main", "", nil),
	}
}

// TestFind holds by which names a resource is found.
func TestFind(t *testing.T) {
	t.Parallel()
	g := graph.New(inventory(nil, sample()...), definitions())
	tests := []struct{ typ, ref, want string }{
		{"AWS::S3::Bucket", "data", "data"},
		{"AWS::S3::Bucket", "arn:aws:s3:::data", "data"},
		{"AWS::S3::Bucket", "arn:aws:s3:::data/prefix/*", "data"},
		{"AWS::S3::Bucket", "s3://data/train/part-0", "data"},
		{"AWS::S3::Bucket", "https://data.s3.eu-central-1.amazonaws.com/x", "data"},
		{"AWS::S3::Bucket", "https://s3.eu-central-1.amazonaws.com/data/x", "data"},
		{"AWS::KMS::Key", "k1", "k1"},
		{"AWS::KMS::Key", "arn:aws:kms:eu-central-1:111122223333:key/k1", "k1"},
		{"AWS::KMS::Key", "alias/data", "k1"},
		{"AWS::KMS::Key", "arn:aws:kms:eu-central-1:111122223333:alias/data", "k1"},
		{"AWS::IAM::Role", "train", "train"},
		{"AWS::IAM::Role", "arn:aws:iam::111122223333:role/ml/train", "train"},
		{"AWS::IAM::ManagedPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
		{"AWS::Logs::LogGroup", "/aws/bedrock", "/aws/bedrock"},
		{"AWS::Bedrock::AutomatedReasoningPolicy", "arn:aws:bedrock:eu-central-1:111122223333:automated-reasoning-policy/abc123def456:2", "abc123def456"},
		{"AWS::Logs::LogGroup", "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/bedrock:*", "/aws/bedrock"},
		{"AWS::Bedrock::FoundationModel", "anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"},
		{"AWS::Bedrock::FoundationModel", "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"},
		{"AWS::Bedrock::FoundationModel", "eu.anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"},
		{"AWS::Bedrock::FoundationModel", "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"},
	}
	for _, tt := range tests {
		r, u := g.Find(tt.typ, account, region, tt.ref)
		if u != nil || r.ID != tt.want {
			t.Errorf("%s %s: got %v, %+v, want %s", tt.typ, tt.ref, r, u, tt.want)
		}
	}
}

// TestNotFound holds that what is not found is never "not there".
func TestNotFound(t *testing.T) {
	t.Parallel()
	g := graph.New(inventory(map[string]assize.Cause{"AWS::KMS::Key": assize.Denied}, sample()...), definitions())
	tests := []struct {
		typ, ref string
		want     assize.Cause
	}{
		{"AWS::KMS::Key", "k2", assize.Denied},
		{"AWS::KMS::Key", "arn:aws:kms:eu-central-1:999999999999:key/k1", assize.Unlinked},
		{"AWS::KMS::Key", "arn:aws:kms:us-east-1:111122223333:key/k1", assize.NotConnected},
		{"AWS::S3::Bucket", "elsewhere", assize.Unlinked},
		{"AWS::S3::Bucket", "https://data.example.com/", assize.Unlinked},
	}
	for _, tt := range tests {
		if r, u := g.Find(tt.typ, account, region, tt.ref); r != nil || u == nil || u.Cause != tt.want {
			t.Errorf("%s %s: got %v, %+v, want %s", tt.typ, tt.ref, r, u, tt.want)
		}
	}
}

// TestAIScope holds what belongs to AI, and why.
func TestAIScope(t *testing.T) {
	t.Parallel()
	job := resource("AWS::SageMaker::TrainingJob", "job", "", props{
		"InputDataConfig": assize.List{assize.NewObject(props{"DataSource": assize.NewObject(props{"S3DataSource": assize.NewObject(props{"S3Uri": "s3://data/x"})})})},
		"RoleArn":         "arn:aws:iam::111122223333:role/ml/train",
		"VpcConfig":       assize.NewObject(props{"Subnets": assize.List{"subnet-1"}}),
	})
	rs := append(sample(), job)
	scope := graph.New(inventory(nil, rs...), definitions()).AIScope(graph.ScopeOptions{})
	want := map[string]string{
		"job":                                    "AI resource",
		"data":                                   "AWS::SageMaker::TrainingJob job names it in InputDataConfig[].DataSource.S3DataSource.S3Uri",
		"k1":                                     "AWS::S3::Bucket data names it in Key",
		"train":                                  "AWS::SageMaker::TrainingJob job names it in RoleArn",
		"subnet-1":                               "AWS::SageMaker::TrainingJob job names it in VpcConfig.Subnets",
		"vpc-1":                                  "AWS::EC2::Subnet subnet-1 names it in VpcId",
		"vpce-1":                                 "it belongs to AWS::EC2::VPC vpc-1 by VpcId",
		"main":                                   "guards the whole account",
		"arn:aws:iam::aws:policy/ReadOnlyAccess": "AWS::IAM::Role train names it in ManagedPolicyArns",
	}
	for _, r := range rs {
		if got := scope.Reason(r); got != want[r.ID] {
			t.Errorf("%s: got %q, want %q", r.ID, got, want[r.ID])
		}
		if u := scope.Doubt(r.Type, account); u != nil {
			t.Errorf("%s: got doubt %+v, want none", r.Type, u)
		}
	}
}

// TestScopeOptions holds what tags and patterns of the profile add.
func TestScopeOptions(t *testing.T) {
	t.Parallel()
	tagged := resource("AWS::S3::Bucket", "tagged", "arn:aws:s3:::tagged", props{
		"Tags": assize.List{assize.NewObject(props{"Key": "workload", "Value": "genai"})},
	})
	rs := append(sample(), tagged)
	scope := graph.New(inventory(nil, rs...), definitions()).AIScope(graph.ScopeOptions{
		Tags: []string{"owner", "workload=genai"}, Resources: []string{"arn:aws:s3:::lo*"},
	})
	want := map[string]string{
		"tagged": "tag workload=genai", "logs": "named in the profile as self-hosted AI compute", "main": "guards the whole account",
	}
	for _, r := range rs {
		if got := scope.Reason(r); got != want[r.ID] {
			t.Errorf("%s: got %q, want %q", r.ID, got, want[r.ID])
		}
	}
}

// TestDoubt holds that scope is in doubt where something was not read that could
// have named a resource, and only there.
func TestDoubt(t *testing.T) {
	t.Parallel()
	g := graph.New(inventory(map[string]assize.Cause{"AWS::SageMaker::TrainingJob": assize.Denied}, sample()...), definitions())
	scope := g.AIScope(graph.ScopeOptions{})
	for typ, want := range map[string]bool{
		"AWS::S3::Bucket": true, "AWS::KMS::Key": true, "AWS::IAM::Role": true, "AWS::IAM::ManagedPolicy": true,
		"AWS::EC2::VPC": true, "AWS::EC2::VPCEndpoint": true, "AWS::Bedrock::FoundationModel": false, "AWS::Logs::LogGroup": false,
	} {
		if got := scope.Doubt(typ, account) != nil; got != want {
			t.Errorf("%s: got doubt %v, want %v", typ, got, want)
		}
	}
}

// TestGlob holds the pattern language.
func TestGlob(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true},
		{"a*", "abc", true},
		{"*c", "abc", true},
		{"a*c*e", "abcde", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"", "", true},
		{"", "a", false},
		{"a*b", "a", false},
		{"**", "x", true},
	} {
		if got := graph.Glob(tt.pattern, tt.text); got != tt.want {
			t.Errorf("Glob(%q, %q): got %v, want %v", tt.pattern, tt.text, got, tt.want)
		}
	}
}
