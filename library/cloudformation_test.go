package library_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
)

// schemaFiles is a Python program that prints, as JSON, the file of each
// CloudFormation resource schema inside the cfn-lint package (MIT-0), which
// moto's server brings with it.
const schemaFiles = `
import importlib, json, os, cfnlint
root = os.path.join(os.path.dirname(cfnlint.__file__), "data", "schemas")
types = importlib.import_module("cfnlint.data.schemas.providers.us_east_1").types
print(json.dumps({t: os.path.join(root, "resources", h + ".json") for t, h in types.items()}))
`

// schema is as much of a JSON schema as the test follows.
type schema struct {
	Type        any                `json:"type"`
	Ref         string             `json:"$ref"`
	Properties  map[string]*schema `json:"properties"`
	Pattern     map[string]*schema `json:"patternProperties"`
	Items       *schema            `json:"items"`
	Enum        []any              `json:"enum"`
	OneOf       []*schema          `json:"oneOf"`
	AnyOf       []*schema          `json:"anyOf"`
	Definitions map[string]*schema `json:"definitions"`
}

// TestDefinitionsAgainstCloudFormation judges every declared type, path, kind and
// enum against CloudFormation's own schemas. What is marked as an extension must
// not be there, or the mark is wrong.
func TestDefinitionsAgainstCloudFormation(t *testing.T) {
	t.Parallel()
	files := findSchemas(t)
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	s := &schemas{files: files, read: map[string]*schema{}}
	for _, d := range lib.Definitions {
		_, known := files[d.Type]
		if known == (d.Extension != "") {
			t.Errorf("%s: CloudFormation has the type: %v, but extension is %q", d.Type, known, d.Extension)
		}
		for i := range d.Facts {
			if err := s.judge(d, &d.Facts[i]); err != nil {
				t.Errorf("%s: %s: %v", d.Type, d.Facts[i].Path, err)
			}
		}
	}
}

func findSchemas(t *testing.T) map[string]string {
	t.Helper()
	var tried []string
	for _, python := range pythons() {
		out, err := exec.Command(python, "-c", schemaFiles).Output()
		files := map[string]string{}
		if err == nil && json.Unmarshal(out, &files) == nil && len(files) > 0 {
			return files
		}
		tried = append(tried, python)
	}
	skip := t.Skipf
	if os.Getenv("ASSIZE_REQUIRE_ALL") != "" {
		skip = t.Fatalf
	}
	skip("no Python with the package cfn-lint was found (tried %s): the definitions were NOT judged against CloudFormation; "+
		"run `make moto`, or pip install cfn-lint", strings.Join(tried, ", "))
	return nil
}

// pythons lists interpreters that may have cfn-lint: moto's own before others.
func pythons() []string {
	var out []string
	if server := os.Getenv("ASSIZE_MOTO_SERVER"); server != "" {
		out = append(out, filepath.Join(filepath.Dir(server), "python3"))
	}
	return append(out, filepath.Join("..", ".cache", "moto", "bin", "python3"), "python3")
}

type schemas struct {
	files map[string]string
	read  map[string]*schema
}

func (s *schemas) of(typ string) (*schema, error) {
	if sc := s.read[typ]; sc != nil {
		return sc, nil
	}
	file, ok := s.files[typ]
	if !ok {
		return nil, fmt.Errorf("CloudFormation has no type %s", typ)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	sc := &schema{}
	if err := json.Unmarshal(data, sc); err != nil {
		return nil, err
	}
	s.read[typ] = sc
	return sc, nil
}

func (s *schemas) judge(d *assize.Definition, f *assize.Fact) error {
	typ, path := d.Type, f.Path
	if f.CloudFormation != "" {
		var ok bool
		if typ, path, ok = strings.Cut(f.CloudFormation, "#"); !ok {
			return fmt.Errorf("cloudformation: want Type#path, got %q", f.CloudFormation)
		}
	}
	if d.Extension != "" && f.CloudFormation == "" {
		return nil // a type of ours: nothing to judge it by
	}
	root, err := s.of(typ)
	if err != nil {
		return err
	}
	leaf, err := root.follow(strings.Split(path, "."))
	switch {
	case f.Extension != "" && err == nil:
		return fmt.Errorf("marked as an extension, but CloudFormation has it")
	case f.Extension != "":
		return nil
	case err != nil:
		return err
	}
	return leaf.agrees(root, f)
}

// follow walks a fact's path.
func (sc *schema) follow(steps []string) (*schema, error) {
	at := sc
	for _, step := range steps {
		name, list := strings.CutSuffix(step, "[]")
		next := at.resolve(sc).property(sc, name)
		if next == nil {
			return nil, fmt.Errorf("CloudFormation has no property %s", name)
		}
		at = next.resolve(sc)
		if list {
			if at.Items == nil {
				return nil, fmt.Errorf("%s is no list in CloudFormation", name)
			}
			at = at.Items.resolve(sc)
		} else if at.Items != nil && step != steps[len(steps)-1] {
			return nil, fmt.Errorf("%s is a list in CloudFormation: write %s[]", name, name)
		}
	}
	return at, nil
}

// resolve follows references into the definitions of the root.
func (sc *schema) resolve(root *schema) *schema {
	for sc.Ref != "" {
		parts := strings.Split(sc.Ref, "/")
		next := root.Definitions[parts[len(parts)-1]]
		if len(parts) > 1 && parts[1] == "properties" {
			next = root.Properties[parts[len(parts)-1]]
		}
		if next == nil {
			return sc
		}
		sc = next
	}
	return sc
}

// property finds a property, also in the alternatives of a union.
func (sc *schema) property(root *schema, name string) *schema {
	if p := sc.Properties[name]; p != nil {
		return p
	}
	for _, alt := range slices.Concat(sc.OneOf, sc.AnyOf) {
		if p := alt.resolve(root).property(root, name); p != nil {
			return p
		}
	}
	return nil
}

// agrees compares kind and enum.
func (sc *schema) agrees(root *schema, f *assize.Fact) error {
	kinds := sc.kinds(root)
	want := map[assize.FactType][]string{
		assize.String: {"string"}, assize.Timestamp: {"string"}, assize.Int: {"integer", "number"},
		assize.Double: {"number"}, assize.Bool: {"boolean"}, assize.Policy: {"object", "string"}, assize.Strings: {"array"},
	}[f.Type]
	if len(kinds) > 0 && !slices.ContainsFunc(want, func(k string) bool { return slices.Contains(kinds, k) }) {
		return fmt.Errorf("declared as %s, CloudFormation says %v", f.Type, kinds)
	}
	enum := sc.Enum
	if sc.Items != nil {
		enum = sc.Items.resolve(root).Enum
	}
	for _, v := range f.Values {
		if len(enum) > 0 && !slices.ContainsFunc(enum, func(e any) bool { return fmt.Sprint(e) == v }) {
			return fmt.Errorf("value %q is not one of CloudFormation's %v", v, enum)
		}
	}
	for _, v := range f.APIValues {
		if len(enum) == 0 || slices.ContainsFunc(enum, func(e any) bool { return fmt.Sprint(e) == v }) {
			return fmt.Errorf("api_values: %q belongs to values", v)
		}
	}
	return nil
}

func (sc *schema) kinds(root *schema) []string {
	var out []string
	switch k := sc.Type.(type) {
	case string:
		out = []string{k}
	case []any:
		for _, e := range k {
			out = append(out, fmt.Sprint(e))
		}
	}
	for _, alt := range slices.Concat(sc.OneOf, sc.AnyOf) {
		out = append(out, alt.resolve(root).kinds(root)...)
	}
	return out
}
