//go:build terraform

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/internal/tfschema"
	"github.com/assize-dev/assize/library"
)

// TestSchemaIsTheProviders asks the provider for its attributes: the extract of which library's test of the mapping holds
// each place is the provider's, not ours.
func TestSchemaIsTheProviders(t *testing.T) {
	t.Parallel()
	tf, err := newTerraform("")
	if errors.Is(err, errNoTerraform) {
		t.Skipf("the provider cannot be asked: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	if err := tf.initialise(t.Context(), work, "../../"+dir+"/nothing"); err != nil {
		t.Fatal(err)
	}
	out, err := tf.command(t.Context(), work, "providers", "schema", "-json")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	made, err := tfschema.ReadProvider(bytes.NewReader(out), tfschema.Mapped(lib.Definitions))
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.MarshalIndent(made, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../../library/testdata/terraform/aws-5.100.0.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(again)+"\n"); diff != "" {
		t.Errorf("the extract kept, and what the provider says now (-kept +made): make it again, see internal/tfschema/cmd\n%s", diff)
	}
}
