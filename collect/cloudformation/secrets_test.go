package cloudformation_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/collect/cloudformation"
)

// TestSecrets holds that what a NoEcho parameter gives is judged and marked, wherever it goes,
// and that its default is not repeated.
func TestSecrets(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"t.yaml": {Data: []byte(`
Parameters: {Password: {Type: String, NoEcho: true, Default: hunter2}, DbPassword: {Type: String, Default: hunter3}, Plain: {Type: String, Default: ""}}
Mappings: {X: {a: {y: z}}}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: !Sub "f-${Password}", Role: !GetAtt Inner.Outputs.Same}
  U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: AWS_IAM}}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml, Parameters: {P: !Ref Password}}}
  Wrong: {Type: AWS::SQS::Queue, Properties: {QueueName: !FindInMap [X, !Ref Password, y]}}
`)},
		"inner.yaml": {Data: []byte(`
Parameters: {P: {Type: String}}
Resources: {G: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Ref P}}}
Outputs: {Same: {Value: !Ref P}}
`)},
	}
	tpl, err := cloudformation.Read(fsys, "t.yaml", options(t))
	if err != nil {
		t.Fatal(err)
	}
	for id, path := range map[string]string{
		"t.yaml:F": "FunctionName", "t.yaml:U": "FunctionArn", "t.yaml:Inner/G": "FunctionName",
	} {
		if r := resource(t, tpl, id); !slices.Contains(r.Sensitive, path) {
			t.Errorf("%s: sensitive %v, want %s: it holds the password", id, r.Sensitive, path)
		}
	}
	want := []cloudformation.Default{{File: "t.yaml", Name: "DbPassword"}, {File: "t.yaml", Name: "Password"}, {File: "t.yaml", Name: "Plain", Value: `""`}}
	if diff := cmp.Diff(want, tpl.Defaults); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	if text := fmt.Sprint(tpl.Warnings); text != "[t.yaml:10: Fn::FindInMap]" {
		t.Errorf("warnings %s, want one that names the function and does not repeat the password", text)
	}
}

// TestNoEcho holds that a parameter is shown only where NoEcho is plainly false.
func TestNoEcho(t *testing.T) {
	t.Parallel()
	for noEcho, shown := range map[string]bool{
		"true": false, "yes": false, `"TRUE"`: false, "1": false, "!Ref Other": false, "false": true, `"False"`: true, "no": true,
	} {
		tpl := read(t, "Parameters: {P: {Type: String, Default: x, NoEcho: "+noEcho+"}}\nResources: {A: {Type: 'AWS::S3::Bucket'}}", options(t))
		if got := tpl.Defaults[0].Value != ""; got != shown {
			t.Errorf("NoEcho %s: shown %t, want %t", noEcho, got, shown)
		}
	}
}
