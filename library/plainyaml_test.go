package library

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// TestPlainYAML holds that what is read the fast way is what YAML says, of every file that is built in, and
// that it is read so of nearly all.
func TestPlainYAML(t *testing.T) {
	t.Parallel()
	files, err := readAll([]Folder{builtIn})
	if err != nil {
		t.Fatal(err)
	}
	fast := 0
	for _, f := range files {
		got, ok := plainYAML(f.data)
		if !ok {
			continue
		}
		fast++
		sameAsYAML(t, f.name(), f.data, got)
	}
	if fast*10 < len(files)*8 {
		t.Errorf("%d of %d files are read the fast way", fast, len(files))
	}
	t.Logf("%d of %d files are read the fast way", fast, len(files))
}

// TestBuiltInIsStrict holds what is not looked at where the program starts: none of the files that are built in has
// an unknown key or a second document, and read in full they are the same library.
func TestBuiltInIsStrict(t *testing.T) {
	t.Parallel()
	want, err := LoadFS(struct{ fs.FS }{content}) // by another name, so that nothing is known of the files
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Definitions, got.Definitions); diff != "" {
		t.Errorf("definitions (-read in full +read the fast way):\n%s", diff)
	}
	if diff := cmp.Diff(want.Checks, got.Checks); diff != "" {
		t.Errorf("checks (-read in full +read the fast way):\n%s", diff)
	}
	if diff := cmp.Diff(want.Profile, got.Profile); diff != "" {
		t.Errorf("profile (-read in full +read the fast way):\n%s", diff)
	}
}

// FuzzPlainYAML holds it of whatever it takes.
func FuzzPlainYAML(f *testing.F) {
	for _, text := range []string{
		"a: b\n", "a:\n- b\n- c: d\n  e: [1, 'x', {f: \"g\"}]\n", "a: >-\n  b\n  c\n\n  d\ne: |\n  f\n    g\n\n  h\n", "a: b: c\n", "a: b #c\n", "a: 'it''s'\n",
		"a:\n  b: 1\n c: 2\n", "- - a\n", "a: |\n\n  b\n", "a: >-\n  b\n   c\n", "a: [b, c\n", "a:\n", "a: b\n  c\n", "a: \n", "- a\nb: c\n", "a: {b: c, }\n", "0: {0: 0?}\n",
		strings.Repeat("U", 1100) + ": Y\n", "a: {" + strings.Repeat("U", 1100) + ": Y}\n", "a: {\"" + strings.Repeat("U", 1100) + "\": Y}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, ok := plainYAML(data); ok {
			sameAsYAML(t, "text", data, got)
		}
	})
}

func sameAsYAML(t *testing.T, name string, data []byte, got *yaml.Node) {
	t.Helper()
	var want yaml.Node
	if err := yaml.Unmarshal(data, &want); err != nil || len(want.Content) != 1 {
		t.Errorf("%s: read, but YAML does not take it: %v\n%q", name, err, data)
		return
	}
	if at := differs(want.Content[0], got); at != "" {
		t.Errorf("%s: read otherwise than YAML does: %s\n%q", name, at, data)
	}
}

// differs says where two nodes are not the same.
func differs(want, got *yaml.Node) string {
	if want.Kind != got.Kind || want.Value != got.Value || want.ShortTag() != got.ShortTag() || len(want.Content) != len(got.Content) {
		return want.ShortTag() + " " + want.Value + ", got " + got.ShortTag() + " " + got.Value
	}
	for i := range want.Content {
		if at := differs(want.Content[i], got.Content[i]); at != "" {
			return at
		}
	}
	return ""
}
