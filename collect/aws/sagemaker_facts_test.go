package aws

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	gocmp "github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// sagemakerDefinitions reads the definitions by type.
func sagemakerDefinitions(t *testing.T) map[string]*assize.Definition {
	t.Helper()
	files, err := filepath.Glob("../../library/resources/sagemaker/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defs := map[string]*assize.Definition{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		var d assize.Definition
		if err := dec.Decode(&d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		defs[d.Type] = &d
	}
	return defs
}

// Each type that a collector lists has a definition, and each fact of it is a field
// of the SDK's output, with the type and the values that the SDK knows.
func TestSageMakerFactsAreInTheSDK(t *testing.T) {
	t.Parallel()
	defs := sagemakerDefinitions(t)
	units := slices.DeleteFunc(slices.Clone(collectors), func(c *collector) bool { return c.Service != "sagemaker" })
	if len(units) != len(defs) {
		t.Errorf("%d collectors for %d types", len(units), len(defs))
	}
	for _, unit := range units {
		d := defs[unit.Types[0]]
		if d == nil {
			t.Errorf("%s has no definition", unit.Types[0])
			continue
		}
		if unit.Operation(d.List) == nil {
			t.Errorf("%s: %s does not call %s", d.Type, unit.Name, d.List)
		}
		for _, f := range d.Facts {
			if f.From == "" || strings.HasPrefix(f.Extension, "computed while collecting") {
				continue // what a collector computes, the test of what it reads holds
			}
			if unit.Operation(f.From) == nil {
				t.Errorf("%s %s: %s does not call %s", d.Type, f.Path, unit.Name, f.From)
			} else if err := inSDK(f); err != nil {
				t.Errorf("%s %s: %v", d.Type, f.Path, err)
			}
		}
	}
}

// unionMembers are what the members of unions hold, which reflection cannot find by name.
var unionMembers = map[string]reflect.Type{
	"CustomFileSystem.EFSFileSystem": reflect.TypeFor[types.CustomFileSystemMemberEFSFileSystem]().Field(0).Type,
}

// ownOutputs are the outputs that hold more than the SDK's.
var ownOutputs = map[string]reflect.Type{
	opDescribeTrainingJob:   reflect.TypeFor[*trainingJob](),
	opDescribeProcessingJob: reflect.TypeFor[*processingJob](),
}

// youngerValues are the values of enums that the API has and the SDK's pinned module has not.
var youngerValues = map[string][]string{
	"OnlineStoreConfig.StorageType": {"Standard_V2"},
}

// inSDK finds the fact's source in the output of its operation.
func inSDK(f assize.Fact) error {
	_, operation, _ := strings.Cut(f.From, ":")
	method, ok := reflect.TypeFor[*sagemaker.Client]().MethodByName(operation)
	if !ok {
		return fmt.Errorf("the client has no %s", operation)
	}
	at, masked := strings.CutSuffix(f.SourcePath(), "@masked")
	typ := cmp.Or(ownOutputs[f.From], method.Type.Out(0))
	if strings.HasPrefix(operation, "List") && !strings.Contains(at, "[]") {
		typ = itemOf(typ) // the answer is what the list says of the object
	}
	for step := range strings.SplitSeq(at, ".") {
		name, list := strings.CutSuffix(step, "[]")
		for typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ.Kind() == reflect.Interface {
			member := unionMembers[typ.Name()+"."+name]
			if member == nil {
				return fmt.Errorf("%s.%s stands in no table of members", typ, name)
			}
			typ = member
			continue
		}
		field, found := typ.FieldByName(name)
		if !found || list && field.Type.Kind() != reflect.Slice {
			return fmt.Errorf("%s has no %s", typ, step)
		}
		typ = field.Type
		if list {
			typ = typ.Elem()
		}
	}
	if masked {
		return nil
	}
	if got := factType(typ); got != f.Type && (f.Type != assize.Policy || got != assize.String) {
		return fmt.Errorf("type %s, in the SDK %s", f.Type, got)
	}
	return sameValues(f, typ)
}

// itemOf is the type of what an output lists.
func itemOf(output reflect.Type) reflect.Type {
	for i := range output.Elem().NumField() {
		if f := output.Elem().Field(i).Type; f.Kind() == reflect.Slice && f.Elem().Kind() == reflect.Struct {
			return f.Elem()
		}
	}
	return output
}

// factType is the type of fact that a field of the SDK makes.
func factType(typ reflect.Type) assize.FactType {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ == reflect.TypeFor[time.Time]() {
		return assize.Timestamp
	}
	switch typ.Kind() { //nolint:exhaustive // the kinds that facts are made of
	case reflect.String:
		return assize.String
	case reflect.Bool:
		return assize.Bool
	case reflect.Int32, reflect.Int64:
		return assize.Int
	case reflect.Float32, reflect.Float64:
		return assize.Double
	case reflect.Slice:
		return "list<" + factType(typ.Elem()) + ">"
	}
	return assize.FactType(typ.String())
}

// sameValues holds the fact's values against the enum of the SDK. A fact without
// values leaves a long enum out (instance types).
func sameValues(f assize.Fact, typ reflect.Type) error {
	if typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	got := slices.Sorted(slices.Values(slices.Concat(f.Values, f.APIValues)))
	if len(got) == 0 {
		return nil
	}
	method, ok := typ.MethodByName("Values")
	if !ok {
		return fmt.Errorf("the SDK has no enum for %v", got)
	}
	enum := method.Func.Call([]reflect.Value{reflect.Zero(typ)})[0]
	want := slices.Clone(youngerValues[f.Path])
	for i := range enum.Len() {
		want = append(want, enum.Index(i).String())
	}
	slices.Sort(want)
	if diff := gocmp.Diff(want, got); diff != "" {
		return fmt.Errorf("values (-SDK +fact):\n%s", diff)
	}
	return nil
}
