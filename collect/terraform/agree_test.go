package terraform_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/library"
)

// mapping is that of the shipped definitions.
var mapping = sync.OnceValues(func() (*collect.PlannedMapping, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	return collect.NewTerraformMapping(lib.Definitions)
})

func mappingOf(t testing.TB) *collect.PlannedMapping {
	t.Helper()
	m, err := mapping()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// readings are the ways in which one configuration is read.
func readings(t *testing.T, folder string) map[string]*assize.Inventory {
	t.Helper()
	o := terraform.Options{Mapping: mappingOf(t)}
	file := filepath.Join(folder, "plan.json")
	out := map[string]*assize.Inventory{}
	read := func(name string, o terraform.Options) {
		p, err := terraform.ReadFile(file, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = p.After
	}
	read("plan", o)
	text, err := terraform.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	with := o
	with.Source = text
	read("plan with its folder", with)
	configured, err := text.Evaluate(terraform.DirOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	out["folder"] = configured.After
	zipped, err := terraform.OpenZipFile(filepath.Join(folder, "plan.tfplan"))
	if errors.Is(err, errNotExist) {
		return out
	}
	if err != nil {
		t.Fatal(err)
	}
	with.Source = zipped
	read("plan with the binary plan", with)
	configured, err = zipped.Evaluate(terraform.DirOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	out["binary plan"] = configured.After
	return out
}

// TestReadingsAgree holds that a plan, a plan with its source and a configuration say the same wherever two of them
// know, and that whoever has the source knows no less.
func TestReadingsAgree(t *testing.T) {
	t.Parallel()
	for _, name := range wholePlans(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := readings(t, filepath.Join("testdata/plans", name))
			plan := all["plan"]
			for how, inv := range all {
				if how == "plan" {
					continue
				}
				if diff := cmp.Diff(ids(plan), ids(inv)); diff != "" {
					t.Errorf("resources of the plan, and of the %s (-plan +%s):\n%s", how, how, diff)
				}
				known := compare(t, plan, inv, how)
				if known == 0 {
					t.Errorf("%s: nothing that both know", how)
				}
			}
		})
	}
}

// wholePlans are the folders with a plan that makes all that the configuration describes.
func wholePlans(t *testing.T) []string {
	t.Helper()
	plans, err := filepath.Glob("testdata/plans/*/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range plans {
		name := filepath.Base(filepath.Dir(p))
		_, err := os.Stat(filepath.Join(filepath.Dir(p), "terraform.tfstate"))
		if errors.Is(err, errNotExist) && name != "targeted" && name != "errored" {
			names = append(names, name)
		}
	}
	if len(names) < 9 {
		t.Fatalf("only %d plans in testdata: %v", len(names), names)
	}
	return names
}

func ids(inv *assize.Inventory) []string {
	var all []string
	for _, r := range inv.Resources {
		all = append(all, r.Key())
	}
	return all
}

// compare reports where two inventories know and differ, and counts where both know.
func compare(t *testing.T, plan, other *assize.Inventory, how string) int {
	t.Helper()
	by := map[string]*assize.Resource{}
	for _, r := range other.Resources {
		by[r.Key()] = r
	}
	both := 0
	for _, r := range plan.Resources {
		o := by[r.Key()]
		if o == nil {
			continue
		}
		if r.ARN != o.ARN || !slices.Equal(r.Names, o.Names) {
			t.Errorf("%s %s: ARN and names: plan %s %v, %s %s %v", r.Type, r.ID, r.ARN, r.Names, how, o.ARN, o.Names)
		}
		d := &difference{defaults: defaultsOf(t)[r.Type], visit: func(path string, a, b assize.Value) {
			t.Errorf("%s %s: %s: plan %#v, %s %#v", r.Type, r.ID, path, a, how, b)
		}}
		d.objects(r.Properties, o.Properties, "")
		both += d.both
	}
	return both
}

// definitions are the defaults of facts by type and path, the paths without [].
var definitions = sync.OnceValues(func() (map[string]map[string]assize.Value, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]assize.Value{}
	for _, d := range lib.Definitions {
		all[d.Type] = map[string]assize.Value{}
		for _, f := range d.Facts {
			all[d.Type][strings.ReplaceAll(f.Path, "[]", "")] = f.Default
		}
	}
	return all, nil
})

func defaultsOf(t testing.TB) map[string]map[string]assize.Value {
	t.Helper()
	all, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// difference visits the values that both sides know and that differ, after what absence means; it
// counts those that both know.
type difference struct {
	defaults map[string]assize.Value
	visit    func(path string, a, b assize.Value)
	both     int
}

func (d *difference) objects(a, b assize.Object, path string) {
	names := map[string]bool{}
	for _, f := range slices.Concat(a, b) {
		names[f.Name] = true
	}
	for name := range names {
		d.values(a.Get(name), b.Get(name), strings.TrimPrefix(path+"."+name, "."))
	}
}

func (d *difference) values(a, b assize.Value, path string) {
	ua, unknownA := a.(*assize.Unknown)
	ub, unknownB := b.(*assize.Unknown)
	switch {
	case unknownA && unknownB:
		if ua.Refers != nil && ub.Refers != nil && *ua.Refers != *ub.Refers {
			d.visit(path, ua.Refers, ub.Refers)
		}
		return
	case unknownA && ua.Refers != nil && b == nil, unknownB && ub.Refers != nil && a == nil:
		d.visit(path, a, b)
		return
	case unknownB:
		// A configuration leaves open no more than the plan of it does.
		d.visit(path, a, ub.Detail)
		return
	case unknownA:
		return
	}
	oa, isA := a.(assize.Object)
	ob, isB := b.(assize.Object)
	if isA && (isB || b == nil) || isB && a == nil {
		d.objects(oa, ob, path)
		return
	}
	la, isA := a.(assize.List)
	lb, isB := b.(assize.List)
	if isA && (isB || b == nil) || isB && a == nil {
		d.lists(la, lb, path)
		return
	}
	d.both++
	a, b = d.meant(a, path), d.meant(b, path)
	sa, isA := a.(string)
	sb, isB := b.(string)
	if isA && isB && samePolicy(sa, sb) || fmt.Sprint(a) == fmt.Sprint(b) {
		return
	}
	d.visit(path, a, b)
}

// meant is what absence means; an empty text is none.
func (d *difference) meant(v assize.Value, path string) assize.Value {
	if v == nil || v == "" {
		return d.defaults[path]
	}
	return v
}

// lists compares sets and lists alike: a plan sorts the sets that a configuration has in the order of the text.
func (d *difference) lists(a, b assize.List, path string) {
	if len(a) != len(b) {
		open := func(l assize.List) bool {
			return slices.ContainsFunc(l, func(v assize.Value) bool { u, ok := v.(*assize.Unknown); return ok && u.Rest })
		}
		if !open(a) && !open(b) {
			d.visit(path, a, b)
		}
		return
	}
	a, b = sorted(a), sorted(b)
	for i := range a {
		d.values(a[i], b[i], path)
	}
}

func sorted(l assize.List) assize.List {
	l = slices.Clone(l)
	slices.SortStableFunc(l, func(v, w assize.Value) int { return strings.Compare(sortKey(v), sortKey(w)) })
	return l
}

// sortKey is what is known and set of a value.
func sortKey(v assize.Value) string {
	switch x := v.(type) {
	case nil, *assize.Unknown:
		return ""
	case assize.Object:
		var b strings.Builder
		for _, f := range x {
			if k := sortKey(f.Value); k != "" {
				b.WriteString(f.Name + "=" + k + ";")
			}
		}
		return b.String()
	case assize.List:
		var b strings.Builder
		for _, e := range x {
			b.WriteString(sortKey(e) + ",")
		}
		return strings.TrimRight(b.String(), ",")
	}
	return fmt.Sprint(v)
}
