//go:build terraform

package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlansAreWhatTerraformMakes makes some of the plans again: what stands in testdata is Terraform's, not ours.
func TestPlansAreWhatTerraformMakes(t *testing.T) {
	t.Parallel()
	tf, err := newTerraform("")
	if errors.Is(err, errNoTerraform) {
		t.Skipf("plans cannot be made again: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	again := map[string]bool{"s3-modules": true, "changes": true, "errored": true}
	for _, f := range fixtures {
		if !again[f.name] {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			folder := filepath.Join("../..", dir, f.name)
			kept, err := os.ReadFile(filepath.Join(folder, "plan.json"))
			if err != nil {
				t.Fatal(err)
			}
			p, err := tf.plan(t.Context(), folder, f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(timeless(t, kept), timeless(t, p.json)); diff != "" {
				t.Errorf("the plan kept, and the one that Terraform makes now (-kept +made):\n%s", diff)
			}
		})
	}
}

// timeless decodes a plan without the time at which it was made, and without the attributes that Terraform holds for
// relevant: their order differs from run to run, and no loader reads them.
func timeless(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var p map[string]any
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	if p["timestamp"] == nil {
		t.Error("a plan without a timestamp: not what show -json says of a plan")
	}
	delete(p, "timestamp")
	delete(p, "relevant_attributes")
	return p
}
