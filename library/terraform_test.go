package library_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
)

// attributes of the provider's types, as internal/tfschema writes them: names to kinds
// or to nested blocks. An attribute must be in one of the two.
var providerFiles = []string{"testdata/terraform/aws-5.100.0.json", "testdata/terraform/aws-6.25.0.json"}

type block = map[string]any

func providerTypes(t *testing.T) map[string]block {
	t.Helper()
	all := map[string]block{}
	for _, file := range providerFiles {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var types map[string]block
		if err := json.Unmarshal(data, &types); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for typ, b := range types {
			all[typ] = merge(all[typ], b)
		}
	}
	return all
}

// merge adds to a block what another version of the provider has.
func merge(a, b block) block {
	if a == nil {
		return b
	}
	for name, kind := range b {
		inner, ok := kind.(block)
		if had, both := a[name].(block); ok && both {
			a[name] = merge(had, inner)
		} else if a[name] == nil {
			a[name] = kind
		}
	}
	return a
}

// TestTerraformMapping judges every place of a fact in a plan against the attributes that the
// provider's types have, and demands one for each fact of a type that Terraform makes.
func TestTerraformMapping(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	types := providerTypes(t)
	judged := map[string]bool{}
	for _, c := range lib.Checks {
		judged[c.Subject.Type] = true
	}
	for _, d := range lib.Definitions {
		if judged[d.Type] && (len(d.Terraform) > 0) == (d.NoTerraform != "") {
			t.Errorf("%s: a check judges it: want terraform, or no_terraform with the reason, and not both", d.Type)
		}
		if len(d.Terraform) == 0 {
			continue
		}
		for _, fault := range mappingFaults(d, types) {
			t.Errorf("%s: %s", d.Type, fault)
		}
	}
}

// A mapping with a fault of each kind, so that the judge itself is judged.
func TestMappingFaults(t *testing.T) {
	t.Parallel()
	types := map[string]block{
		"aws_thing":      {"id": "string", "name": "string", "arn": "string", "box": block{"size": "number"}, "row": block{"[]": true, "x": "string"}},
		"aws_thing_part": {"thing": "string", "on": "bool"},
	}
	fact := func(path string, at ...string) assize.Fact {
		f := assize.Fact{Path: path}
		for _, a := range at {
			f.Terraform = append(f.Terraform, assize.TerraformPath{At: a})
		}
		return f
	}
	d := &assize.Definition{
		Terraform: []assize.TerraformSource{
			{
				Resource: "aws_thing", ARN: "arn:${partition}:x:::${name}", Names: []string{"nmae"},
				Parts: []assize.TerraformPart{
					{Resource: "aws_thing_part", Link: "thnig"}, {Resource: "aws_thing_part", Link: "thing", As: "half", When: "onn=true"},
				},
				Spread: map[string][]string{"half[]": {"on"}, "row[]": {"xx"}},
			},
			{Resource: "aws_thnig"},
		},
		Facts: []assize.Fact{
			fact("Good", "aws_thing_part:on", "name", "=x"), fact("Rows[].X", "row[].x"), fact("Live", "live"), fact("Size", "box.size"),
			fact("None"), fact("Typo", "nmae"), fact("Part", "aws_part:on"), fact("Flat[].X", "row[].x[].y"), fact("Deep", "name.x"),
			fact("Half", "half:on"),
		},
	}
	var got []string
	for _, f := range mappingFaults(d, types) {
		short, _, _ := strings.Cut(f, ":")
		got = append(got, short)
	}
	want := []string{"aws_thing names", "aws_thing_part", "aws_thing_part", "aws_thing spread", "aws_thnig", "None", "Typo", "Part", "Flat[].X", "Deep"}
	if !slices.Equal(got, want) {
		t.Errorf("faults:\n got %q\nwant %q", got, want)
	}
}

func mappingFaults(d *assize.Definition, types map[string]block) []string {
	var faults []string
	note := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	own := map[string]block{}
	parts := map[string]block{}
	for _, s := range d.Terraform {
		b, ok := types[s.Resource]
		if !ok {
			note("%s: the provider has no such type", s.Resource)
			continue
		}
		b = withComputed(withJSON(withRows(b, s.Rows), s.JSON, note), s.Computed, note)
		own[s.Resource] = b
		for _, name := range namesOf(s) {
			if _, ok := b[name]; !ok {
				note("%s names: no attribute %q", s.Resource, name)
			}
		}
		for _, p := range s.Parts {
			parts[p.Name()] = types[p.Resource]
			if err := follow(types[p.Resource], p.Link, -1); err != nil {
				note("%s: link: %v", p.Resource, err)
			}
			if name, _, ok := strings.Cut(p.When, "="); ok && types[p.Resource][name] == nil {
				note("%s: when: no attribute %q", p.Resource, name)
			}
		}
		for from, names := range s.Spread {
			for _, name := range names {
				if err := judgeSpread(from, name, b, parts); err != nil {
					note("%s spread: %s: %v", s.Resource, from, err)
				}
			}
		}
	}
	for i := range d.Facts {
		f := &d.Facts[i]
		if len(f.Terraform) == 0 {
			note("%s: say where a plan keeps it: a path, =value or live", f.Path)
		}
		for _, p := range f.Terraform {
			if err := judgePlace(f, p.At, own, parts); err != nil {
				note("%s: %q: %v", f.Path, p.At, err)
			}
		}
	}
	return faults
}

// withRows adds the lists that stand in numbered attributes, with what the first row has.
func withRows(b block, rows map[string][]string) block {
	if len(rows) == 0 {
		return b
	}
	b = maps.Clone(b)
	for list, prefixes := range rows {
		row := block{"[]": true}
		for name, kind := range b {
			if rest, ok := strings.CutPrefix(name, prefixes[0]); ok {
				row[rest] = kind
			}
		}
		b[list] = row
	}
	return b
}

// anyJSON is the kind of an attribute that holds JSON.
const anyJSON = "json"

// withJSON marks the attributes that hold JSON, which must be texts.
func withJSON(b block, names []string, note func(string, ...any)) block {
	if len(names) == 0 {
		return b
	}
	b = maps.Clone(b)
	for _, name := range names {
		if b[name] != "string" {
			note("json: %q is no attribute that holds a text", name)
		}
		b[name] = anyJSON
	}
	return b
}

// withComputed adds what package collect computes, of which the provider's schema says nothing.
func withComputed(b block, names []string, note func(string, ...any)) block {
	if len(names) == 0 {
		return b
	}
	b = maps.Clone(b)
	for _, name := range names {
		if b[name] != nil {
			note("computed: the provider has an attribute %q", name)
		}
		b[name] = anyJSON
	}
	return b
}

// judgeSpread finds an attribute of the elements of a place.
func judgeSpread(from, name string, own block, parts map[string]block) error {
	list, _ := strings.CutSuffix(from, "[]")
	if part, ok := parts[list]; ok {
		return follow(part, name, -1)
	}
	return follow(own, from+"."+name, -1)
}

// namesOf lists the attributes that a source names beside the facts.
func namesOf(s assize.TerraformSource) []string {
	names := slices.Clone(s.Names)
	if s.ID != "" {
		names = append(names, s.ID)
	}
	switch rest := s.ARN; {
	case rest == "":
		names = append(names, "arn")
	case !strings.Contains(rest, "${"):
		if rest != "-" {
			names = append(names, rest)
		}
	default:
		for part := range strings.SplitSeq(rest, "${") {
			if name, _, ok := strings.Cut(part, "}"); ok && !slices.Contains([]string{"partition", "region", "account"}, name) {
				names = append(names, name)
			}
		}
	}
	if name, _, ok := strings.Cut(s.When, "="); ok {
		names = append(names, name)
	}
	return names
}

// judgePlace finds the attribute in each type that could hold it; one of them must.
func judgePlace(f *assize.Fact, at string, own, parts map[string]block) error {
	if at == assize.TerraformLive || at == assize.TerraformNone || strings.HasPrefix(at, "=") || strings.HasPrefix(at, "new=") || strings.HasPrefix(at, "reset=") {
		return nil
	}
	lists := strings.Count(f.Path, "[]")
	if f.Type == assize.Strings {
		lists = -1
	}
	if list, _, ok := strings.Cut(at, "[].="); ok {
		at = list + "[]"
	}
	part, path, ok := strings.Cut(at, ":")
	if !ok {
		err := fmt.Errorf("no type has %q", at)
		for _, b := range own {
			if err = follow(b, at, lists); err == nil {
				return nil
			}
		}
		return err
	}
	if (own[part] != nil || parts[part] != nil) && judgePlace(f, path, nil, nil) == nil {
		return nil // a constant of one of several sources, or where there is a part
	}
	name, each := strings.CutSuffix(part, "[]")
	b := parts[name]
	if b == nil {
		b = own[name] // a fact of one of several sources
	}
	if b == nil {
		return fmt.Errorf("%s is no part", name)
	}
	if each && lists > 0 {
		lists--
	}
	return follow(b, path, lists)
}

// follow walks a path of attributes; lists is how many [] or {} it must have, -1 for any number.
func follow(b block, path string, lists int) error {
	if b == nil {
		return fmt.Errorf("the provider has no such type")
	}
	steps := strings.Split(path, ".")
	got := 0
	var at any = b
	for _, step := range steps {
		step = strings.TrimSuffix(step, "@masked")
		if step == "@key" || step == "@value" {
			continue
		}
		if step == "@[]" {
			got++
			continue
		}
		name, isList := strings.CutSuffix(step, "[]")
		name, isMap := strings.CutSuffix(name, "{}")
		here, ok := at.(block)
		if !ok {
			return fmt.Errorf("%s is no block", path)
		}
		next, ok := here[name]
		if ok && next == anyJSON {
			return nil // the provider's schema does not say what is in it
		}
		if !ok {
			return fmt.Errorf("no attribute %q", name)
		}
		if isList || isMap {
			got++
		}
		if _, ok := next.(block); isList && !ok && next != "list" && next != "set" {
			return fmt.Errorf("%s is no list", name)
		}
		at = next
	}
	if lists >= 0 && got != lists && got != 0 { // none: a list of one
		return fmt.Errorf("it has %d lists, the fact %d", got, lists)
	}
	return nil
}
