package main

import "testing"

// TestLibraryDocumentShowsRealOutput holds docs/library.md to what is printed.
func TestLibraryDocumentShowsRealOutput(t *testing.T) {
	t.Chdir("../..")
	showsRealOutput(t, "docs/library.md")
}
