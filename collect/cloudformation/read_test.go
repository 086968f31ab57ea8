package cloudformation_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/cloudformation"
)

func options(t testing.TB) cloudformation.Options {
	return cloudformation.Options{Mapping: load(t).m, Account: "123456789012", Region: "eu-west-1"}
}

// read reads a template that is written in the test.
func read(t *testing.T, text string, o cloudformation.Options) *cloudformation.Template {
	t.Helper()
	tpl, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml", o)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func resource(t *testing.T, tpl *cloudformation.Template, id string) *assize.Resource {
	t.Helper()
	for _, r := range tpl.After.Resources {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no resource %s", id)
	return nil
}

// TestResource holds what becomes of one resource: its type, place, names and lines, in both
// spellings.
func TestResource(t *testing.T) {
	t.Parallel()
	want := &assize.Resource{
		Type: "AWS::SQS::Queue", Account: "123456789012", Region: "eu-west-1", ID: "t.yaml:Jobs",
		ARN: "arn:aws:sqs:eu-west-1:123456789012:jobs", Names: []string{"jobs"},
		Origin: &assize.Origin{Kind: "template", Address: "t.yaml:Jobs", File: "t.yaml", Line: 3, Module: "App/Jobs/Resource"},
	}
	for _, text := range []string{
		`
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Metadata: {"aws:cdk:path": App/Jobs/Resource}
    Properties: {QueueName: jobs}
`, `{
	"Resources": {
		"Jobs": {"Type": "AWS::SQS::Queue", "Metadata": {"aws:cdk:path": "App\/Jobs\/Resource"}, "Properties": {"QueueName": "jobs"}}
	}
}`,
	} {
		got := *resource(t, read(t, text, options(t)), "t.yaml:Jobs")
		got.Properties = nil
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestUnknownPlace holds that a template of which nothing says where it goes has no account and
// an unknown Region.
func TestUnknownPlace(t *testing.T) {
	t.Parallel()
	tpl := read(t, "Resources: {B: {Type: 'AWS::S3::Bucket'}}", cloudformation.Options{Mapping: load(t).m})
	r := resource(t, tpl, "t.yaml:B")
	if r.Account != "" || r.Region != assize.UnknownRegion || r.KnownARN() != "" {
		t.Errorf("account %q, Region %q, ARN %q; want none known", r.Account, r.Region, r.KnownARN())
	}
	for _, c := range tpl.After.Coverage {
		if c.Complete || c.Gap == nil || c.Gap.Cause != assize.DeferredToLive {
			t.Fatalf("%+v: want a gap, since a template never shows all that there is", c)
		}
	}
}

// TestConditions holds what is made: not what a condition excludes, and, noted as such, what
// an undecided one may exclude. Within it the condition holds.
func TestConditions(t *testing.T) {
	t.Parallel()
	tpl := read(t, `
Parameters: {Stage: {Type: String}, Fixed: {Type: String, Default: test}}
Conditions:
  Live: !Equals [!Ref Stage, live]
  Test: !Equals [!Ref Fixed, test]
  NotTest: !Not [{Condition: Test}]
Resources:
  Perhaps: {Type: AWS::SQS::Queue, Condition: Live, Properties: {QueueName: !If [Live, is-live, is-test]}}
  Made: {Type: AWS::SQS::Queue, Condition: Test}
  Not: {Type: AWS::SQS::Queue, Condition: NotTest}
`, options(t))
	var ids []string
	for _, r := range tpl.After.Resources {
		ids = append(ids, r.ID)
	}
	if diff := cmp.Diff([]string{"t.yaml:Made", "t.yaml:Perhaps"}, ids); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"t.yaml:Perhaps"}, tpl.Conditional); diff != "" {
		t.Errorf("conditional (-want +got):\n%s", diff)
	}
	if got := resource(t, tpl, "t.yaml:Perhaps").Names; !slices.Equal(got, []string{"is-live"}) {
		t.Errorf("names %v, want is-live: where the queue is made its condition holds", got)
	}
	if diff := cmp.Diff([]cloudformation.Default{{File: "t.yaml", Name: "Fixed", Value: "test"}}, tpl.Defaults); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}

// TestNested holds that nested templates are read with the parameters of their parent, and
// that what they give back is known in it.
func TestNested(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"main.yaml": {Data: []byte(`
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Store:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parts/store.yaml, Parameters: {KeyArn: !GetAtt Key.Arn, Zones: !Join [',', [a, b]]}}
  Away: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.com/x.yaml"}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !GetAtt Store.Outputs.Bucket, PolicyDocument: {Version: "2012-10-17", Statement: []}}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: !GetAtt Away.Outputs.Bucket}
`)},
		"parts/store.yaml": {Data: []byte(`
Parameters: {KeyArn: {Type: String}, Zones: {Type: CommaDelimitedList}}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Select [1, !Ref Zones]
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref KeyArn}}]
Outputs: {Bucket: {Value: !Ref Bucket}}
`)},
	}
	tpl, err := cloudformation.Read(fsys, "main.yaml", options(t))
	if err != nil {
		t.Fatal(err)
	}
	bucket := resource(t, tpl, "main.yaml:Store/Bucket")
	if bucket.KnownARN() != "arn:aws:s3:::b" {
		t.Errorf("ARN %q, want arn:aws:s3:::b: the name is the second of the list that is given", bucket.ARN)
	}
	if got := bucket.Properties.At("BucketPolicy.PolicyDocument"); got == nil {
		t.Error("the policy of the parent's template is not joined to the bucket")
	}
	want := &assize.Origin{
		Kind: "template", Address: "main.yaml:Store/Bucket", File: "parts/store.yaml", Line: 4,
		Module: "main.yaml:Store", ModuleFile: "main.yaml", ModuleLine: 4,
	}
	if diff := cmp.Diff(want, bucket.Origin); diff != "" {
		t.Errorf("origin (-want +got):\n%s", diff)
	}
	rules := bucket.Properties.At("BucketEncryption.ServerSideEncryptionConfiguration").(assize.List)
	key := rules[0].(assize.Object).At("ServerSideEncryptionByDefault.KMSMasterKeyID")
	if u, ok := key.(*assize.Unknown); !ok || u.Refers == nil || u.Refers.ID != "main.yaml:Key" {
		t.Errorf("key of the bucket: %+v, want that it names main.yaml:Key", key)
	}
	if diff := cmp.Diff(map[string]int{"AWS::CloudFormation::Stack": 1}, tpl.Unmapped); diff != "" {
		t.Errorf("unmapped (-want +got):\n%s", diff)
	}
	if len(tpl.Warnings) != 1 || tpl.Warnings[0].Line != 7 || tpl.Unread != 1 {
		t.Errorf("warnings %v, want one about the stack whose template is not at hand", tpl.Warnings)
	}
	if diff := cmp.Diff([]string{"main.yaml", "parts/store.yaml"}, tpl.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestRefused holds what is not read, and that the error says where.
func TestRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 8 {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", 'b'+i, 'b'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"empty":               {" \n", "empty"},
		"no resources":        {"Resources: {}", "Resources is empty"},
		"nested in itself":    {"Resources:\n  Me: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}", "t.yaml:2: the nested stack Me has a template that it stands in itself, t.yaml"},
		"no template":         {"a: 1", "no section Resources"},
		"a list":              {"- 1", "no section Resources"},
		"broken YAML":         {"Resources:\n  A: [", "line 2"},
		"broken JSON":         {"{\n\"Resources\": {\n\"A\" 1}}", "line 3"},
		"twice in YAML":       {"Resources:\n  A: {Type: x}\n  A: {Type: y}", `line 3: "A" stands twice`},
		"twice in JSON":       {"{\"Resources\": {\n\"A\": {},\n\"A\": {}}}", `line 3: "A" stands twice`},
		"unknown tag":         {"Resources:\n  A: !Foo x", "line 2: !Foo"},
		"no type":             {"Resources:\n  A: {Properties: {}}", "t.yaml:2: resource A has no Type"},
		"deep":                {"Resources: " + deep, "nested deeper"},
		"deep JSON":           {`{"Resources": ` + deep + "}", "nested deeper"},
		"a bomb of anchors":   {bomb + "Resources: {}", "more than"},
		"an anchor in itself": {"Resources: &a\n  x: *a", "nested deeper"},
		"two documents":       {"Resources: {}\n---\nResources: {}", "more than one document"},
		"what follows":        {`{"Resources": {}} x`, "follows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: []byte(tt.text)}}, "t.yaml", options(t))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
	if _, err := cloudformation.Read(fstest.MapFS{}, "t.yaml", options(t)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that the file does not exist", err)
	}
	o := options(t)
	o.Parameters = map[string]string{"Typo": "x"}
	_, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: []byte("Resources: {A: {Type: x}}")}}, "t.yaml", o)
	if err == nil || !strings.Contains(err.Error(), "no parameter Typo") {
		t.Errorf("got %v, want that there is no such parameter", err)
	}
}

// TestConditionsInACircle holds that they decide nothing, and are named.
func TestConditionsInACircle(t *testing.T) {
	t.Parallel()
	tpl := read(t, "Conditions:\n  X: !Not [!Condition Y]\n  Y: !Or [!Condition X, !Condition Y]\nResources: {A: {Type: 'AWS::S3::Bucket', Condition: X}}", options(t))
	var got []string
	for _, w := range tpl.Warnings {
		got = append(got, w.String())
	}
	want := []string{"t.yaml:3: the condition X depends on itself: X → Y → X", "t.yaml:3: the condition Y depends on itself: Y → Y"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if len(tpl.Conditional) != 1 {
		t.Errorf("conditional: %v, want the one resource", tpl.Conditional)
	}
}

// TestUnset holds which parameters are said to have no value.
func TestUnset(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Parameters = map[string]string{"Given": "x"}
	tpl := read(t, "Parameters:\n  Given: {Type: String}\n  Open: {Type: String}\n  Default: {Type: String, Default: x}\nResources: {A: {Type: 'AWS::S3::Bucket'}}", o)
	if diff := cmp.Diff([]cloudformation.Parameter{{Name: "Open", File: "t.yaml", Line: 3}}, tpl.Unset); diff != "" {
		t.Errorf("unset (-want +got):\n%s", diff)
	}
}

// TestBounds holds that a small text which stands for a large one ends early, and says so.
func TestBounds(t *testing.T) {
	t.Parallel()
	sub := "x"
	for range 20 {
		sub = "!Sub [\"${A}${A}${A}\", {A: " + sub + "}]"
	}
	tpl := read(t, "Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: "+sub+"}}}", options(t))
	if len(tpl.Warnings) == 0 || !strings.Contains(tpl.Warnings[0].Text, "too long") {
		t.Errorf("warnings %v, want that the text is too long", tpl.Warnings)
	}
	list := "[" + strings.Repeat("1, ", 1000) + "1]"
	loops := "{'Q${A}${B}': {Type: 'AWS::SQS::Queue'}}"
	for _, name := range []string{"A", "B", "C"} {
		loops = "{'Fn::ForEach::" + name + "': [" + name + ", " + list + ", " + loops + "]}"
	}
	_, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: []byte("Resources: " + loops)}}, "t.yaml", options(t))
	if err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v, want that there are more than can be", err)
	}
	large := strings.Repeat("#", cloudformation.MaxInput+1)
	if _, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: []byte(large)}}, "t.yaml", options(t)); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v, want that the file is too large", err)
	}
}

// TestMacros holds that a template of which a macro writes a part is not taken as whole.
func TestMacros(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"of the template": "Transform: [AWS::LanguageExtensions, Ours]\nResources: {Q: {Type: 'AWS::SQS::Queue'}}",
		"of resources":    "Resources: {Q: {Type: 'AWS::SQS::Queue'}, 'Fn::Transform': {Name: 'AWS::Include'}}",
		"of properties":   "Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {'Fn::Transform': {Name: Ours}}}}",
		"of a value":      "Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Transform {Name: Ours}}}}",
		"by a loop":       "Parameters: {L: {Type: CommaDelimitedList}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}, 'Fn::ForEach::X': [I, !Ref L, {'Q${I}': {Type: 'AWS::SQS::Queue'}}]}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{"t.yaml": {Data: []byte(text)}}
			tpl, err := cloudformation.Read(fsys, "t.yaml", options(t))
			if !errors.Is(err, cloudformation.ErrIncomplete) || tpl == nil || len(tpl.After.Resources) != 1 {
				t.Fatalf("got %v, want that it is incomplete, with the queue", err)
			}
			o := options(t)
			o.AllowIncomplete = true
			if _, err := cloudformation.Read(fsys, "t.yaml", o); err != nil {
				t.Errorf("allowed: %v", err)
			}
		})
	}
}

// TestSAM holds that what the SAM transform would write is counted, not judged.
func TestSAM(t *testing.T) {
	t.Parallel()
	tpl := read(t, `
Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13}}
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${FRole}-q"}}
`, options(t))
	if diff := cmp.Diff(map[string]int{"AWS::Serverless::Function": 1}, tpl.Unmapped); diff != "" {
		t.Errorf("unmapped (-want +got):\n%s", diff)
	}
	if len(tpl.Warnings) != 0 {
		t.Errorf("warnings %v: FRole may be a role that the transform makes", tpl.Warnings)
	}
}

// TestDetect holds what a file is taken for.
func TestDetect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, head string
		want       cloudformation.Kind
	}{
		{"a.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n", cloudformation.KindTemplate},
		{"a.yaml", "# ours\nResources:\n  A:\n    Type: AWS::S3::Bucket\n", cloudformation.KindTemplate},
		{"a.yaml", "Resources:\n  A:\n    Type: 'Custom::Thing'\n", cloudformation.KindTemplate},
		{"a.json", `{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}`, cloudformation.KindTemplate},
		{"a.template", `{ "AWSTemplateFormatVersion" : "2010-09-09",`, cloudformation.KindTemplate},
		{"cdk.out/manifest.json", `{"version": "36.0.0", "artifacts": {`, cloudformation.KindAssembly},
		{"manifest.json", `{"name": "app", "icons": []}`, cloudformation.KindNone},
		{"plan.json", `{"format_version":"1.2","resource_changes":[{"type":"aws_s3_bucket"}]}`, cloudformation.KindNone},
		{"k8s.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  resources: {}\n", cloudformation.KindNone},
		{"a.yaml", "", cloudformation.KindNone},
	} {
		if got := cloudformation.Detect([]byte(tt.head), tt.name); got != tt.want {
			t.Errorf("%s %.40q: got %q, want %q", tt.name, tt.head, got, tt.want)
		}
	}
}
