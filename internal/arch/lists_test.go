package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list is the one place where the units of a package are named. Nothing registers itself: what a build
// contains can be read there, and a unit that was forgotten there is found here.
type list struct {
	folder string
	name   string   // a variable, or a function that returns the list
	unit   string   // the type: a unit is a package-level variable of it, or a function that returns it
	byFile bool     // the list is in the order of its units' files
	except []string // what has the type and is no unit
}

var lists = []list{
	{folder: "collect/aws", name: "collectors", unit: "collector", byFile: true},
	{folder: "report", name: "Formats", unit: "Writer"},
	{folder: "cmd/assize", name: "commands", unit: "cobra.Command", except: []string{"newRoot"}},
	{folder: "cmd/assize", name: "groups", unit: "groupCommand"},
	{folder: "cmd/assize", name: "frameworkCommands", unit: "frameworkCommand"},
	{folder: "cmd/assize", name: "libraryCommands", unit: "libraryCommand"},
	{folder: "cmd/assize", name: "iamCommands", unit: "iamCommand"},
	{folder: "cmd/assize", name: "planCommands", unit: "planCommand"},
}

func TestLists(t *testing.T) {
	t.Parallel()
	files := goFiles(t, parser.SkipObjectResolution)
	for _, l := range lists {
		t.Run(l.folder, func(t *testing.T) {
			t.Parallel()
			pkg := map[string]*ast.File{}
			for name, file := range files {
				if folder(name) == l.folder {
					pkg[name] = file
				}
			}
			for _, fault := range l.check(pkg) {
				t.Error(fault)
			}
		})
	}
}

// The checker itself.
func TestListCheck(t *testing.T) {
	t.Parallel()
	const units = `
		var one = &unit{}
		var two = unit{Name: "two"}
		func three() unit { return unit{} }
		func four(w io.Writer) *unit { return nil }
		var other = different{}
		func (unit) method() unit { return unit{} }
	`
	tests := []struct {
		name, list string
		want       []string
	}{
		{"complete", `var all = []unit{*one, two, three(), New(four)}`, nil},
		{"a function", `func all() []unit { return []unit{*one, two, three(), *four(nil)} }`, nil},
		{"left out", `var all = []unit{*one, three()}`, []string{
			"b.go: four is a unit, and all does not name it",
			"b.go: two is a unit, and all does not name it",
		}},
		{"twice", `var all = []unit{*one, two, three(), two, *four(nil)}`, []string{"all names two 2 times"}},
		{"no list", `var every = []unit{}`, []string{"there is no all"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pkg := map[string]*ast.File{"a.go": parse(t, test.list), "b.go": parse(t, units)}
			got := list{name: "all", unit: "unit"}.check(pkg)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// A test that has lost sight of the units must not read as a good one.
func TestListWithoutUnits(t *testing.T) {
	t.Parallel()
	pkg := map[string]*ast.File{"a.go": parse(t, `var all = []unit{one}`)}
	got := list{name: "all", unit: "unit"}.check(pkg)
	want := []string{"there is no unit to hold all against: has the type another name now?"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestListOrder(t *testing.T) {
	t.Parallel()
	pkg := map[string]*ast.File{
		"a.go":    parse(t, `var alpha = unit{}`),
		"b.go":    parse(t, `var beta = unit{}`),
		"list.go": parse(t, `var all = []unit{beta, alpha}`),
	}
	got := list{name: "all", unit: "unit", byFile: true}.check(pkg)
	want := []string{"all names alpha (a.go) after beta (b.go): its order is that of the files"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// check returns a sentence for each unit of the package that the list does not name, or not well.
func (l list) check(pkg map[string]*ast.File) []string {
	units := map[string]string{} // file by name
	var named []string
	found := false
	for name, file := range pkg {
		for _, decl := range declarations(file) {
			switch {
			case decl.name == l.name:
				found, named = true, identifiers(decl.node)
			case decl.typ == l.unit && !slices.Contains(l.except, decl.name):
				units[decl.name] = name
			}
		}
	}
	if !found {
		return []string{"there is no " + l.name}
	}
	if len(units) == 0 {
		return []string{"there is no " + l.unit + " to hold " + l.name + " against: has the type another name now?"}
	}
	named = slices.DeleteFunc(named, func(name string) bool { return units[name] == "" })
	var faults []string
	for name, file := range units {
		switch n := count(named, name); {
		case n == 0:
			faults = append(faults, fmt.Sprintf("%s: %s is a %s, and %s does not name it", file, name, l.unit, l.name))
		case n > 1:
			faults = append(faults, fmt.Sprintf("%s names %s %d times", l.name, name, n))
		}
	}
	for i := 1; l.byFile && i < len(named); i++ {
		a, b := named[i-1], named[i]
		if units[a] > units[b] {
			faults = append(faults, fmt.Sprintf("%s names %s (%s) after %s (%s): its order is that of the files",
				l.name, b, units[b], a, units[a]))
		}
	}
	slices.Sort(faults)
	return faults
}

// A declaration is a variable or function of a package, with its type or that of its only result.
type declaration struct {
	name, typ string
	node      ast.Node
}

func declarations(file *ast.File) []declaration {
	var decls []declaration
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				decls = append(decls, declaration{d.Name.Name, resultType(d.Type), d.Body})
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				v, ok := spec.(*ast.ValueSpec)
				for i := 0; ok && i < len(v.Values); i++ {
					decls = append(decls, declaration{v.Names[i].Name, valueType(v.Values[i]), v.Values[i]})
				}
			}
		}
	}
	return decls
}

func resultType(f *ast.FuncType) string {
	if f.Results == nil || len(f.Results.List) != 1 {
		return ""
	}
	return typeName(f.Results.List[0].Type)
}

// valueType is the type of a composite literal or its address.
func valueType(e ast.Expr) string {
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}
	if c, ok := e.(*ast.CompositeLit); ok && c.Type != nil {
		return typeName(c.Type)
	}
	return ""
}

// typeName writes T for T and *T, p.T for p.T, and nothing for what has no name.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	}
	return ""
}

// identifiers names what the node mentions, in order, without fields and selections.
func identifiers(n ast.Node) []string {
	var names []string
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			names = append(names, identifiers(n.Value)...)
			return false
		case *ast.Ident:
			names = append(names, n.Name)
		}
		return true
	})
	return names
}

func count(names []string, name string) int {
	n := 0
	for _, x := range names {
		if x == name {
			n++
		}
	}
	return n
}

func parse(t *testing.T, source string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+strings.TrimSpace(source), 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
