package sar_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

// faultsOf lints and writes each fault as "rule severity statement".
func faultsOf(t *testing.T, p *iam.Policy, layer iam.Layer) []string {
	t.Helper()
	var out []string
	for _, f := range sar.Lint(p, layer, sar.Default()) {
		out = append(out, fmt.Sprintf("%s %s %d", f.Rule, f.Severity, f.Statement))
		if f.Message == "" || f.Fix == "" || f.Position.Line == 0 {
			t.Errorf("%s: want a message, a fix and a position: %+v", f.Rule, f)
		}
		if !slices.ContainsFunc(sar.Rules, func(r sar.Rule) bool { return r.ID == f.Rule }) {
			t.Errorf("%s is not among the rules", f.Rule)
		}
		checkCorrection(t, f)
	}
	return out
}

// checkCorrection: what a fault proposes must be statements that parse.
func checkCorrection(t *testing.T, f sar.Fault) {
	t.Helper()
	if f.Corrected == "" {
		return
	}
	doc := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": %s}`, f.Corrected)
	if _, err := iam.Parse([]byte(doc)); err != nil {
		t.Errorf("%s proposes what is no policy: %v\n%s", f.Rule, err, f.Corrected)
	}
}

func parseFile(t *testing.T, name string) *iam.Policy {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	p, err := iam.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Published samples, written out by us, and two policies of AWS. What needs to know who holds them
// (who else may run models, what the destinations of a profile are) is not judged here.
func TestPublishedSamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file  string
		layer iam.Layer
		want  []string
	}{
		{"f1-approved-models.scp.json", iam.LayerServiceControl, []string{
			"namespace-bypass high 0", // batch jobs
			"scp-breaks-plan high 0",  // every inference profile
			"scp-breaks-plan high 1",  // the model that is approved
		}},
		{"f2-long-term-keys.scp.json", iam.LayerServiceControl, []string{"namespace-bypass high 0"}},
		{"f3-all-keys.scp.json", iam.LayerServiceControl, []string{"namespace-bypass high 1"}},
		{"f4-region-deny.scp.json", iam.LayerServiceControl, nil},
		{"f6-network.identity.json", iam.LayerIdentity, []string{"model-scope medium 0", "dead-statement high 0"}},
		{"f7-model-id.identity.json", iam.LayerIdentity, []string{
			"model-scope medium 0", "unknown-name high 0", "dead-statement high 1",
		}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			p := parseFile(t, test.file)
			if diff := cmp.Diff(test.want, faultsOf(t, p, test.layer)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if got := sar.GuessLayer(p); got != test.layer {
				t.Errorf("guessed %s, want %s", got, test.layer)
			}
		})
	}
}

func TestAWSBedrockPolicies(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"AmazonBedrockFullAccess", "arn:aws-us-gov:iam::aws:policy/AmazonBedrockLimitedAccess"} {
		m, ok := sar.FindManagedPolicy(name)
		if !ok {
			t.Fatalf("no managed policy %s", name)
		}
		p, err := m.Policy()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(faultsOf(t, p, iam.LayerIdentity), "\n")
		if !slices.ContainsFunc(sar.Lint(p, iam.LayerIdentity, sar.Default()), func(f sar.Fault) bool {
			return f.Rule == "dead-statement" && strings.Contains(f.Message, "arn:*:kms:*:::* matches no resource of kms:DescribeKey")
		}) {
			t.Errorf("%s: the dead KMS statement is not found", m.Name)
		}
		for _, want := range []string{"dead-statement", "sod-inference-admin medium -1", "api-key medium", "model-scope high"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: want %q in:\n%s", m.Name, want, got)
			}
		}
	}
}

// What a sample's correction leads to: the faults are gone.
func TestCorrectedSample(t *testing.T) {
	t.Parallel()
	p := parseFile(t, "f7-model-id.identity.json")
	var drafts []string
	for _, f := range sar.Lint(p, iam.LayerIdentity, sar.Default()) {
		if f.Corrected != "" {
			drafts = append(drafts, f.Corrected)
		}
	}
	fixed, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": [` + strings.Join(drafts, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := faultsOf(t, fixed, iam.LayerIdentity); len(got) > 0 {
		t.Errorf("faults of the corrected policy: %v\n%s", got, fixed)
	}
	want := "arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
	if got, _ := fixed.Statement(0).Resources(); len(got) != 1 || got[0] != want {
		t.Errorf("got %v, want the model as resource", got)
	}
}
