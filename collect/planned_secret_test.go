package collect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// TestSecretProse holds that prose is kept without the secrets that it tells, as live, and names as they are.
func TestSecretProse(t *testing.T) {
	t.Parallel()
	def := thing(assize.Fact{Path: "A", Type: assize.String, Terraform: at("a")})
	m, err := collect.NewTerraformMapping([]*assize.Definition{def})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"log in with password=Tr0ub4dor-3, then answer": "log in with password=[masked: secret assignment], then answer",
		"keep your password to yourself":                "keep your password to yourself",
		"models-sk-learn-0123456789-abcdefgh":           "models-sk-learn-0123456789-abcdefgh",
	} {
		r, ok := m.Resource(&collect.Planned{
			Type: "aws_thing", Origin: assize.Origin{Kind: "plan", Address: "aws_thing.t", Action: "create"},
			Attributes: assize.Object{{Name: "a", Value: text}},
		})
		if !ok {
			t.Fatal("it is not translated")
		}
		if got := r.Properties.Get("A"); got != want {
			t.Errorf("got %v, want %q", got, want)
		}
	}
}

// TestSecretNames holds that a name or ARN that is sensitive is not shown, though no fact holds it.
func TestSecretNames(t *testing.T) {
	t.Parallel()
	def := thing(assize.Fact{Path: "A", Type: assize.String, Terraform: at("a")})
	def.Facts = def.Facts[2:]
	m, err := collect.NewTerraformMapping([]*assize.Definition{def})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		sensitive []string
		names     []string
		arn       string
	}{
		"nothing":  {nil, []string{"sec-hunter2"}, "arn:aws:test:eu-west-1:111122223333:thing/sec-hunter2"},
		"the name": {[]string{"name"}, []string{}, ""},
		"all":      {[]string{""}, []string{}, ""},
		"another":  {[]string{"a"}, []string{"sec-hunter2"}, "arn:aws:test:eu-west-1:111122223333:thing/sec-hunter2"},
		"a part":   {[]string{"list[0].part"}, []string{}, ""},
	} {
		p := &collect.Planned{
			Type: "aws_thing", Account: "111122223333", Region: "eu-west-1", Sensitive: tt.sensitive,
			Origin:     assize.Origin{Kind: "plan", Address: "aws_thing.t", Action: "create"},
			Attributes: attributes(t, `{"a":"x y","list":[{"part":"hunter2"}],"name":"sec-hunter2"}`),
		}
		r, ok := m.Resource(p)
		if !ok {
			t.Fatalf("%s: it is not translated", name)
		}
		if diff := cmp.Diff(tt.names, r.ShownNames()); diff != "" {
			t.Errorf("%s: names (-want +got):\n%s", name, diff)
		}
		if got := r.ShownARN(); got != tt.arn {
			t.Errorf("%s: ARN: got %q, want %q", name, got, tt.arn)
		}
	}
}
