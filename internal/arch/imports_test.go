package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	module = "github.com/assize-dev/assize"
	root   = "../.."
)

// A graph maps each package's folder below the module to what its files other than tests import.
type graph map[string][]string

func TestImports(t *testing.T) {
	t.Parallel()
	g := graph{}
	for file, f := range goFiles(t, parser.ImportsOnly) {
		pkg := folder(file)
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if !slices.Contains(g[pkg], name) {
				g[pkg] = append(g[pkg], name)
			}
		}
		if g[pkg] == nil {
			g[pkg] = []string{}
		}
	}
	if _, ok := g[""]; !ok {
		t.Fatal("found no root package: is the test looking at the right folder?")
	}
	for _, fault := range check(g) {
		t.Error(fault)
	}
}

// The checker itself: a graph with a fault of each kind, and one without any.
func TestCheck(t *testing.T) {
	t.Parallel()
	faulty := graph{
		"":                  {"fmt", "cel.dev/cel-go/cel"},
		"assess":            {"os", module + "/library"},
		"collect/aws":       {"github.com/aws/aws-sdk-go-v2/service/s3", module + "/collect/terraform"},
		"collect/snapshot":  {"C", "net/http"},
		"internal/testsum":  {"github.com/aws/aws-sdk-go-v2/service/s3"},
		"iam":               {module + "/internal/fakeaws"},
		"cmd/assize-verify": {module + "/report"},
		"brandnew":          {"fmt"},
	}
	var got []string
	for _, fault := range check(faulty) {
		short, _, _ := strings.Cut(fault, ":")
		got = append(got, short)
	}
	want := []string{
		`package brandnew has no row in internal/arch/rules_test.go`,
		`assess imports library`,
		`assess imports os`,
		`cmd/assize-verify imports report`,
		`collect/aws imports collect/terraform`,
		`collect/snapshot imports C`,
		`collect/snapshot imports net/http`,
		`iam imports internal/fakeaws`,
		`internal/testsum imports github.com/aws/aws-sdk-go-v2/service/s3`,
		`the root imports cel.dev/cel-go/cel`,
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}

	good := graph{
		"":              {"fmt", "net/netip"},
		"assess":        {module, module + "/iam", "cel.dev/cel-go/cel", "strings"},
		"collect/aws":   {"net/http", "github.com/aws/aws-sdk-go-v2/service/s3", module + "/collect"},
		"cmd/assize":    {"os", module + "/collect/aws", module + "/report", "github.com/spf13/cobra"},
		"internal/moto": {"os/exec"},
	}
	if diff := cmp.Diff([]string(nil), check(good)); diff != "" {
		t.Errorf("faults where there are none (-want +got):\n%s", diff)
	}
}

// Two rows for the same packages would hide one another.
func TestRulesAreReachable(t *testing.T) {
	t.Parallel()
	for i, r := range rules {
		if j := slices.IndexFunc(rules, func(e rule) bool { return matches(e.pkg, r.pkg) }); j < i {
			t.Errorf("row %q is never used: row %q stands before it", r.pkg, rules[j].pkg)
		}
	}
}

func TestPureReadNoClock(t *testing.T) {
	t.Parallel()
	for file, f := range goFiles(t, parser.SkipObjectResolution) {
		if !slices.Contains(pure, folder(file)) {
			continue
		}
		for _, name := range clockCalls(f) {
			t.Errorf("%s uses time.%s: a pure package takes the time as an input", file, name)
		}
	}
}

func TestClockCalls(t *testing.T) {
	t.Parallel()
	const source = `package p; import "time"; var a = time.Now(); var b = time.Duration(0); var c = other.Now()`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Now"}, clockCalls(f)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// check returns a sentence for each import that no rule allows.
func check(g graph) []string {
	var faults []string
	for pkg, imports := range g {
		i := slices.IndexFunc(rules, func(r rule) bool { return matches(r.pkg, pkg) })
		if i < 0 {
			faults = append(faults, fmt.Sprintf("package %s has no row in internal/arch/rules_test.go: "+
				"add one that says what it may import, and the same in docs/architecture.md with why", pkg))
			continue
		}
		for _, name := range imports {
			if why := refuse(rules[i], pkg, name); why != "" {
				faults = append(faults, fmt.Sprintf("%s imports %s: %s", label(pkg), strings.TrimPrefix(name, module+"/"), why))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// refuse says why pkg may not import name, or nothing where it may.
func refuse(r rule, pkg, name string) string {
	for _, res := range reservations {
		if matchesAny(res.imports, name) && !matchesAny(res.to, pkg) {
			return fmt.Sprintf("kept to %q; %s", res.to, res.why)
		}
	}
	if slices.Contains(pure, pkg) && matchesAny(impureImports, name) {
		return "this package is pure: what it needs of the outside is an input"
	}
	if name == module || strings.HasPrefix(name, module+"/") {
		own := strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
		if !matchesAny(r.own, own) {
			return fmt.Sprintf("of our packages it may import %q", r.own)
		}
		return ""
	}
	if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
		return "" // the standard library
	}
	if !matchesAny(r.third, name) {
		return fmt.Sprintf("of other modules it may import %q", r.third)
	}
	return ""
}

func label(pkg string) string {
	if pkg == "" {
		return "the root"
	}
	return pkg
}

// matches reports whether name is what pattern says: itself, or with a closing "..." itself and all below.
// Unlike in the go command, a rule "x/..." leaves x itself to a row of its own, where there is one before it.
func matches(pattern, name string) bool {
	prefix, wild := strings.CutSuffix(pattern, "...")
	if !wild {
		return pattern == name
	}
	return strings.HasPrefix(name+"/", prefix)
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// clockCalls names the functions of package time that the file uses and that read the clock.
func clockCalls(f *ast.File) []string {
	var calls []string
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(impureCalls, sel.Sel.Name) {
			calls = append(calls, sel.Sel.Name)
		}
		return true
	})
	return calls
}

// goFiles parses all Go files of the module but its tests, by path below the module.
func goFiles(t *testing.T, mode parser.Mode) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && skipDir(name) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, mode)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		files[filepath.ToSlash(rel)] = f
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// skipDir reports whether the go command would not look for our packages in the folder.
func skipDir(name string) bool {
	base := filepath.Base(name)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}

// folder returns the package's folder below the module, "" for the root.
func folder(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}
