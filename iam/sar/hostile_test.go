package sar_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

// What is no policy is refused with the place, before anything is judged.
func TestNoPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"nothing", "", "line 1, column 1"},
		{"no JSON", "{\n \"Version\"", "line 2, column 11"},
		{"twice", "{\"Statement\": [], \"Statement\": []}", "line 1, column 19: duplicate key"},
		{"a wrong type", "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": 7}]}", "line 1, column 46: expected a string"},
		{"deep", `{"Statement": ` + strings.Repeat("[", 5000), "deep"},
	}
	for _, test := range tests {
		_, err := iam.Parse([]byte(test.doc))
		var parse *iam.ParseError
		if !errors.As(err, &parse) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want a place and %q", test.name, err, test.want)
		}
	}
	if _, err := iam.Parse(make([]byte, 10<<20)); !errors.Is(err, iam.ErrTooLarge) {
		t.Errorf("10 MB: got %v, want that it is too large", err)
	}
}

// The largest documents that the parser takes are judged to the end, whatever they are made of: one that does not end is ended by the run.
func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	list := func(n int, f string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, f, i)
		}
		return b.String()
	}
	tests := []struct{ name, statement string }{
		{"unknown actions", `"Action": [` + list(20000, `"s3:GetObjec%d"`) + `], "Resource": "*"`},
		{"wildcards", `"Action": [` + list(3000, `"*:*e*%d*"`) + `], "Resource": "*"`},
		{"keys", `"Action": "*", "Resource": "*", "Condition": {"StringLike": {` + list(20000, `"s3:k%d": "x"`) + `}}`},
		{"resources", `"Action": "s3:*", "Resource": [` + list(10000, `"arn:*:*%d*:*x*:*y*:*:*z*"`) + `]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := statement(t, `"Effect": "Allow", `+test.statement)
			t.Logf("%d findings", len(sar.Lint(p, iam.LayerIdentity, sar.Default())))
		})
	}
}

// Lint takes any policy, in any layer, and whatever it proposes is a policy.
func TestLintAnything(t *testing.T) {
	t.Parallel()
	words := func(w ...string) *rapid.Generator[string] { return rapid.SampledFrom(w) }
	action := words("*", "bedrock:*", "bedrock:Invoke*", "bedrock:InvokeModel", "bedrock:Converse", "iam:PassRole", "x", "::", "sts:AssumeRole", "bedrock-mantle:*", "sagemaker:Create*")
	resource := words("*", "arn:", ":::::", "arn:aws:bedrock:*::foundation-model/*", "arn:aws:bedrock:*:foundation-model/?", "${x", "arn:aws:s3:::b/${aws:username}")
	key := words("bedrock:ModelId", "bedrock:GuardrailIdentifier", "aws:SourceIp", "aws:TagKeys", ":", "x", "aws:RequestTag/", "sagemaker:VolumeKmsKey")
	operator := words("StringEquals", "StringNotLikeIfExists", "ForAllValues:StringLike", "ForAnyValue:ArnNotLikeIfExists", "Null", "IpAddress", "Bool")
	value := words("", "true", "10.0.0.0/8", "*", "${aws:username}", "arn:aws:bedrock:*:*:guardrail/*")
	layers := []iam.Layer{iam.LayerIdentity, iam.LayerResource, iam.LayerServiceControl, iam.LayerResourceControl, iam.LayerEndpoint, iam.LayerBoundary}
	rapid.Check(t, func(rt *rapid.T) {
		text := func(g *rapid.Generator[string], label string) string { return fmt.Sprintf("%q", g.Draw(rt, label)) }
		principal := words(``, `"Principal": "*", `, `"NotPrincipal": {"AWS": "111122223333"}, `, `"Principal": {"Service": "bedrock.amazonaws.com", "AWS": ["AROAEXAMPLE234567XYZ", "*"]}, `)
		var statements []string
		for range rapid.IntRange(0, 4).Draw(rt, "statements") {
			statements = append(statements, `{"Effect": `+text(words("Allow", "Deny"), "effect")+`, `+principal.Draw(rt, "principal")+
				text(words("Action", "NotAction"), "element")+`: [`+text(action, "action")+`, `+text(action, "action")+`], `+
				text(words("Resource", "NotResource"), "element")+`: `+text(resource, "resource")+
				`, "Condition": {`+text(operator, "operator")+`: {`+text(key, "key")+`: [`+text(value, "value")+`]}}}`)
		}
		doc := `{"Version": ` + text(words("2012-10-17", "2008-10-17"), "version") + `, "Statement": [` + strings.Join(statements, ",") + `]}`
		p, err := iam.Parse([]byte(doc))
		if err != nil {
			rt.Skip("no policy")
		}
		for _, f := range sar.Lint(p, rapid.SampledFrom(append(layers, sar.GuessLayer(p))).Draw(rt, "layer"), sar.Default()) {
			checkCorrection(t, f)
			if f.Message == "" || f.Fix == "" || f.Position.Line == 0 || !f.Severity.Valid() {
				rt.Fatalf("incomplete: %+v", f)
			}
		}
	})
}
