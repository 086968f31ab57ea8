package library_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
)

// identity is what a schema says of how a type is identified.
type identity struct {
	Primary  []string       `json:"primaryIdentifier"`
	ReadOnly []string       `json:"readOnlyProperties"`
	Props    map[string]any `json:"properties"`
}

// refIsNoIdentifier are types of which Ref does not give the primary identifier, by the section
// "Return values" of their pages in the CloudFormation User Guide.
var refIsNoIdentifier = map[string]string{
	"AWS::ApiGateway::Stage":             "StageName",
	"AWS::Config::ConfigurationRecorder": "Name",
}

var inTemplate = regexp.MustCompile(`\$\{(\w+)\}`)

// TestTemplatesAgainstCloudFormation judges what the definitions say of templates against
// CloudFormation's own schemas: each property exists, Ref gives the primary identifier, an ARN is
// what the type gives or is made of properties that can be set, and parts have the property that
// names their parent.
func TestTemplatesAgainstCloudFormation(t *testing.T) {
	t.Parallel()
	files := findSchemas(t)
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, d := range lib.Definitions {
		if d.Extension != "" {
			if d.Template.Ref+d.Template.ID+d.Template.ARN != "" || len(d.Template.Names)+len(d.Template.Parts) > 0 {
				t.Errorf("%s: CloudFormation has no such type, but there is a template", d.Type)
			}
			continue
		}
		for _, err := range judgeTemplate(files, d) {
			t.Errorf("%s: template: %v", d.Type, err)
		}
		judged++
	}
	if judged == 0 {
		t.Error("no type was judged")
	}
}

func readIdentity(files map[string]string, typ string) (*identity, error) {
	data, err := os.ReadFile(files[typ])
	if err != nil {
		return nil, fmt.Errorf("no schema of %s: %w", typ, err)
	}
	id := &identity{}
	return id, json.Unmarshal(data, id)
}

func (id *identity) has(property string) bool { return id.Props[property] != nil }

func (id *identity) readOnly(property string) bool {
	return slices.Contains(id.ReadOnly, "/properties/"+property)
}

func judgeTemplate(files map[string]string, d *assize.Definition) (errs []error) {
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	id, err := readIdentity(files, d.Type)
	if err != nil {
		return []error{err}
	}
	src := &d.Template
	for _, property := range append([]string{src.ID, src.Ref}, src.Names...) {
		if property != "" && !id.has(property) {
			fail("there is no property %s", property)
		}
	}
	if want, ok := refIsNoIdentifier[d.Type]; src.Ref != "" && ok && src.Ref != want {
		fail("ref: %s, want %s", src.Ref, want)
	} else if src.Ref != "" && !ok && !slices.Equal(id.Primary, []string{"/properties/" + src.Ref}) {
		fail("ref: %s, but the primary identifier is %v", src.Ref, id.Primary)
	}
	switch {
	case src.ARN == "" || src.ARN == "-":
	case strings.Contains(src.ARN, "${"):
		for _, m := range inTemplate.FindAllStringSubmatch(src.ARN, -1) {
			name := m[1]
			if !slices.Contains([]string{"partition", "region", "account"}, name) && (!id.has(name) || id.readOnly(name)) {
				fail("arn: %s cannot be set", name)
			}
		}
	case !id.readOnly(src.ARN):
		fail("arn: the type gives no attribute %s", src.ARN)
	}
	for typ, link := range src.Parts {
		part, err := readIdentity(files, typ)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !part.has(link) {
			fail("parts: %s has no property %s", typ, link)
		}
	}
	for i := range d.Facts {
		if typ, _, ok := strings.Cut(d.Facts[i].CloudFormation, "#"); ok && d.Facts[i].Extension == "" && src.Parts[typ] == "" {
			fail("fact %s: %s is not among the parts", d.Facts[i].Path, typ)
		}
	}
	return errs
}

// TestReadOnlyFactsInTemplates holds that a fact which a template cannot set is not taken as
// absent from it: what only the service gives is deferred to it, a constant, or set under
// another name.
func TestReadOnlyFactsInTemplates(t *testing.T) {
	t.Parallel()
	files := findSchemas(t)
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range lib.Definitions {
		if d.Extension != "" {
			continue
		}
		id, err := readIdentity(files, d.Type)
		if err != nil {
			t.Fatal(err)
		}
		for i := range d.Facts {
			f := &d.Facts[i]
			if f.Extension != "" || f.CloudFormation != "" || strings.HasPrefix(f.At, "$") || !id.gives(f.Path) {
				continue
			}
			isLive := func(p assize.TerraformPath) bool { return p.At == assize.TerraformLive }
			isSet := func(p assize.TerraformPath) bool { return !isConstant(p) && id.has(p.At) && !id.gives(p.At) }
			if !slices.ContainsFunc(f.Template, isLive) && !slices.ContainsFunc(f.Template, isSet) && !slices.ContainsFunc(slices.Concat(f.Template, f.Terraform), isConstant) {
				t.Errorf("%s: %s is read-only in CloudFormation: add template: [%s, live]", d.Type, f.Path, f.Path)
			}
		}
	}
}

func isConstant(p assize.TerraformPath) bool {
	return strings.HasPrefix(p.At, "=") || strings.HasPrefix(p.At, "new=") || strings.HasPrefix(p.At, "reset=")
}

// gives reports whether a path is read-only, or lies in what is.
func (id *identity) gives(path string) bool {
	path = strings.ReplaceAll(path, "[]", "")
	return slices.ContainsFunc(id.ReadOnly, func(pointer string) bool {
		names := strings.Split(strings.TrimPrefix(pointer, "/properties/"), "/")
		names = slices.DeleteFunc(names, func(name string) bool { return name == "*" || name == "items" })
		of := strings.Join(names, ".")
		return path == of || strings.HasPrefix(path, of+".")
	})
}
