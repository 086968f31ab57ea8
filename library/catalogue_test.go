package library_test

import (
	"testing"
)

// TestCatalogue holds that frameworks, common controls, mappings and governance records are
// without fault.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.Lint(); err != nil {
		t.Errorf("faults:\n%v", err)
	}
}
