package collect_test

import (
	"testing"

	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/library"
)

// TestPlannedMappingsOfTheLibrary holds that every place in the shipped definitions
// compiles.
func TestPlannedMappingsOfTheLibrary(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := collect.NewTerraformMapping(lib.Definitions); err != nil {
		t.Errorf("Terraform:\n%v", err)
	}
	if _, err := collect.NewTemplateMapping(lib.Definitions); err != nil {
		t.Errorf("templates:\n%v", err)
	}
}
