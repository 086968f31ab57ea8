package cloudformation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/cloudformation"
)

// few are definitions enough to reach each kind of place, and quick to load.
var few = []*assize.Definition{
	{
		Type: "AWS::S3::Bucket",
		Template: assize.TemplateSource{
			Ref: "BucketName", ID: "BucketName", ARN: "arn:${partition}:s3:::${BucketName}",
			Parts: map[string]string{"AWS::S3::BucketPolicy": "Bucket"},
		},
		Facts: []assize.Fact{
			{Path: "BucketName", Type: assize.String, At: "$id"},
			{Path: "BucketPolicy.PolicyDocument", Type: assize.Policy, CloudFormation: "AWS::S3::BucketPolicy#PolicyDocument"},
			{Path: "Tags[].Key", Type: assize.String},
		},
	},
	{
		Type: "AWS::IAM::Role", Global: true, Template: assize.TemplateSource{Ref: "RoleName", ID: "RoleName"},
		Facts: []assize.Fact{
			{Path: "Policies[].PolicyDocument", Type: assize.Policy},
			{Path: "ManagedPolicyArns", Type: assize.Strings},
			{Path: "MaxSessionDuration", Type: assize.Int},
		},
	},
}

// FuzzRead holds that no text makes the reading fall over, and that the same text gives the same
// resources.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/intent/*.yaml", "testdata/ai/*.yaml", "testdata/cdk.out/*.template.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, text := range []string{
		"Resources: {A: {Type: x, Properties: !Sub '${A}'}}",
		"Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !GetAtt A.Arn}}}",
		"Conditions: {C: {Condition: C}}\nResources: {A: {Type: x, Condition: C}}",
		"Resources: {'Fn::ForEach::A': [B, [1, 2], {'X${B}': {Type: x}}]}",
		"Resources: {A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: t.yaml}}}",
		"Resources: {A: {Type: 'AWS::S3::BucketPolicy', Properties: {Bucket: !Ref B, PolicyDocument: !If [C, {Statement: {Effect: !Ref A}}, !Ref AWS::NoValue]}}, B: {Type: 'AWS::S3::Bucket'}}",
	} {
		f.Add([]byte(text))
	}
	m, err := collect.NewTemplateMapping(few)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func() *cloudformation.Template {
			tpl, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: data}}, "t.yaml", cloudformation.Options{Mapping: m, AllowIncomplete: true})
			if (err == nil) != (tpl != nil) {
				t.Fatalf("template %v and error %v", tpl, err)
			}
			return tpl
		}
		a, b := read(), read()
		if a == nil {
			return
		}
		if len(a.After.Resources) != len(b.After.Resources) || a.Digest != b.Digest || len(a.Warnings) != len(b.Warnings) {
			t.Fatal("the same text gives something else the second time")
		}
	})
}

// BenchmarkRead reads a template as large as those that programs write: 2,000 buckets, each with
// its policy.
func BenchmarkRead(b *testing.B) {
	c := load(b)
	var text strings.Builder
	text.WriteString("Resources:\n")
	for i := range 2_000 {
		fmt.Fprintf(&text, `  Bucket%[1]d:
    Type: AWS::S3::Bucket
    Properties: {VersioningConfiguration: {Status: Enabled}}
  Policy%[1]d:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket%[1]d
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: !Sub "${Bucket%[1]d.Arn}/*"}]
`, i)
	}
	fsys := fstest.MapFS{"t.yaml": {Data: []byte(text.String())}}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cloudformation.Read(fsys, "t.yaml", cloudformation.Options{Mapping: c.m, Account: "123456789012", Region: "us-east-1"}); err != nil {
			b.Fatal(err)
		}
	}
}
