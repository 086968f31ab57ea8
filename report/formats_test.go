package report

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A file that has a method Begin is a format: it stands in the list under its name.
func TestFormatsAreTheFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && hasBegin(t, file) {
			want = append(want, strings.TrimSuffix(file, ".go"))
		}
	}
	var got, names []string
	for _, f := range Formats {
		got = append(got, f.Name)
		names = append(names, f.File)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("formats (-files +list):\n%s", diff)
	}
	slices.Sort(names)
	if n := len(slices.Compact(names)); n != len(Formats) {
		t.Errorf("%d file names for %d formats", n, len(Formats))
	}
}

func hasBegin(t *testing.T, file string) bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Begin" {
			return true
		}
	}
	return false
}

func TestSameInputSameBytes(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			want := newFake().render(t, f.Name, Options{Verbose: true})
			for range 5 {
				if diff := cmp.Diff(want, newFake().render(t, f.Name, Options{Verbose: true})); diff != "" {
					t.Fatalf("second time (-first +second):\n%s", diff)
				}
			}
		})
	}
}

// An empty run is a document too.
func TestEmptyRun(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			x := newFake()
			x.findings, x.summary, x.run.Framework, x.run.Checks, x.run.Accounts, x.run.Baseline = nil, nil, nil, nil, nil, ""
			if got := x.render(t, f.Name, Options{}); got == "" && f.Name != "ocsf" { // a line an event, and there is none
				t.Error("nothing written")
			}
		})
	}
}

type brokenWriter struct{ left int }

var errFull = errors.New("disk full")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left < len(p) {
		return w.left, errFull
	}
	w.left -= len(p)
	return len(p), nil
}

func TestWriteErrorsAreGiven(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			x := newFake()
			w := f.New(&brokenWriter{left: 100}, Options{})
			err := w.Begin(x.run)
			for _, finding := range x.findings {
				err = errors.Join(err, w.Finding(finding))
			}
			if err = errors.Join(err, w.End(NewTally(x.run).Summary())); !errors.Is(err, errFull) {
				t.Errorf("got %v, want %v", err, errFull)
			}
		})
	}
}
