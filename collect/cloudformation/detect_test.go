package cloudformation_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/collect/cloudformation"
)

func TestDetectJSON(t *testing.T) {
	t.Parallel()
	const bucket = `{"B":{"Type":"AWS::S3::Bucket"}}`
	tests := []struct {
		name, head string
		want       cloudformation.Kind
	}{
		{"YAML", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n", cloudformation.KindTemplate},
		{"JSON of several lines", "{\n  \"Parameters\": {},\n  \"Resources\": " + bucket + "\n}", cloudformation.KindTemplate},
		{"JSON of one line, resources first", `{"Resources":` + bucket + `}`, cloudformation.KindTemplate},
		{"JSON of one line, parameters first", `{"Parameters":{"P":{"Type":"String"}},"Resources":` + bucket + `}`, cloudformation.KindTemplate},
		{"JSON of one line, a description first", `{"Description":"d","Resources":` + bucket + `}`, cloudformation.KindTemplate},
		{"the head of a long one", `{"Mappings":{"M":{}},"Resources":{"B":{"Type":"AWS::S3::Bucket","Prop`, cloudformation.KindTemplate},
		{"a section deeper down", `{"docs":{"Resources":` + bucket + `}}`, cloudformation.KindNone},
		{"a template as text", `{"body":"{\"Resources\":{\"B\":{\"Type\":\"AWS::S3::Bucket\"}}}"}`, cloudformation.KindNone},
		{"sections without a type of AWS", `{"Parameters":{},"Resources":{"B":{"Type":"x"}}}`, cloudformation.KindNone},
		{"parameters longer than the head", `{"Parameters":{"P":{"Type":"String","Default":"x`, cloudformation.KindTemplate},
		{"a list longer than the head", `{"Parameters":[{"Name":"/acme/x","Type":"Str`, cloudformation.KindNone},
		{"metadata longer than the head", `{"Metadata":{"x":"y`, cloudformation.KindNone},
		{"a list", `[{"Resources":` + bucket + `}]`, cloudformation.KindNone},
		{"brackets without end", strings.Repeat("[", 1<<16), cloudformation.KindNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := cloudformation.Detect([]byte(tt.head), "x.json"); got != tt.want {
				t.Errorf("Detect() = %q, want %q", got, tt.want)
			}
		})
	}
}
