package cloudformation_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assize-dev/assize/collect/cloudformation"
)

// TestCircles holds that resources which wait for each other are refused, with their names, where
// CloudFormation refuses them in any case; "" is a template that is read.
func TestCircles(t *testing.T) {
	t.Parallel()
	const start = `
Parameters: {Open: {Type: String}}
Conditions:
  Never: !Equals [a, b]
  Undecided: !Equals [!Ref Open, x]
Resources:
`
	for name, tt := range map[string]struct{ resources, want string }{
		"references": {`
  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt B.QueueName}}
  B: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join ["", [x, !Sub "${C}-y"]]}}
  C: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: k, Value: !Ref A}]}}`, "t.yaml:7: resources refer to each other in a circle, A → B → C → A, which"},
		"after others": {`
  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref B}}
  B: {Type: AWS::SQS::Queue, DependsOn: [C]}
  C: {Type: AWS::S3::Bucket, DependsOn: B}`, "t.yaml:8: resources refer to each other in a circle, B → C → B, which"},
		"itself":               {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: {'Fn::GetAtt': [A, TopicName]}}}", "A → A, which"},
		"a name by a function": {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: {Ref: !Join ['', [A]]}}}", "A → A, which"},
		"values of a text":     {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub ['${X}', {X: !Ref A}]}}", "A → A, which"},
		"a decided side":       {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Never, x, !Ref A]}}", "A → A, which"},
		"the other side":       {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Never, !Ref A, x]}}", ""},
		"an undecided side":    {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Undecided, !Ref A, x]}}", ""},
		"not made":             {"\n  A: {Type: AWS::SNS::Topic}\n  B: {Type: AWS::SNS::Topic, Condition: Never, Properties: {TopicName: !Ref B}}", ""},
		"names of a text's":    {"\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub ['${A}${!A}', {A: x}]}}", ""},
		"a diamond": {`
  A: {Type: AWS::SNS::Topic, DependsOn: [B, C]}
  B: {Type: AWS::SQS::Queue, DependsOn: D}
  C: {Type: AWS::S3::Bucket, DependsOn: D}
  D: {Type: AWS::S3::Bucket}`, ""},
		"what the SAM transform writes out": {"\n  A: {Type: AWS::Serverless::Function, Properties: {Handler: !Ref B}}\n  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref A}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cloudformation.Read(fstest.MapFS{"t.yaml": {Data: []byte(start + strings.TrimPrefix(tt.resources, "\n") + "\n")}}, "t.yaml", options(t))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v, want that it is read", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}
