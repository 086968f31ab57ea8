package library_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assize-dev/assize/library"
)

// Whose control may have which id: what a user imported keeps AWS's ids and lacks what its export
// lacks, in the user's folder alone.
func TestImportedControls(t *testing.T) {
	t.Parallel()
	const text = `title: T
version: "1"
provenance: ours
licence: ours
description: D.
groups:
  - {id: g, title: G, controls: [{id: %s, title: C, provenance: %s, description: Made up., checks: [s3_bucket_versioning_enabled]}]}
`
	for _, tt := range []struct{ id, provenance, want string }{
		{"SECAI3.99", "imported", ""},
		{"SECAI3.99", "assize", "has the form of AWS's ids"},
		{"SECAI3.99", "aws", "AWS has not published a control of this id and name"},
		{"S-1", "assize", "testing_information: there is none"},
	} {
		t.Run(tt.id+" "+tt.provenance, func(t *testing.T) {
			t.Parallel()
			file := fstest.MapFS{"frameworks/f.yaml": {Data: fmt.Appendf(nil, text, tt.id, tt.provenance)}}
			lib, err := library.Load(library.Folder{Name: "ours", FS: file})
			if err != nil {
				t.Fatal(err)
			}
			err = lib.LintFramework("f")
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	shipped := small(t)
	shipped["frameworks/f.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, text, "S-1", "imported")}
	if _, err := library.LoadFS(shipped); err == nil || !strings.Contains(err.Error(), "stands in folders of users only") {
		t.Errorf("a shipped framework holds an export: %v", err)
	}
}

// A control that is added to what a framework inherits is held to what every control is.
func TestAddedControlsAreWhole(t *testing.T) {
	t.Parallel()
	file := fstest.MapFS{"frameworks/f.yaml": {Data: []byte(`title: T
version: "1"
extends: {framework: aws_genai_v2}
groups:
  - {id: g, title: G, controls: [{id: G-1, description: D., checks: [s3_bucket_versioning_enabled]}]}
`)}}
	lib, err := library.Load(library.Folder{Name: "ours", FS: file})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"testing_information: there is none", "provenance: say whose it is"} {
		if err := lib.LintFramework("f"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
