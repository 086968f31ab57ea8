package report

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type bomDoc struct {
	BOMFormat, SpecVersion, SerialNumber string
	Version                              int
	Components, Services                 []bomItem
	Dependencies                         []bomDependency
	Compositions                         []struct {
		Aggregate  string
		Assemblies []string
	}
	Metadata struct {
		Timestamp  string
		Properties []bomProperty
	}
}

func readBOM(t *testing.T, text string) bomDoc {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	var doc bomDoc
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// What the schema of CycloneDX 1.6 demands, and what it cannot say: refs are unique
// and every one that is named is there.
func TestCycloneDXStructure(t *testing.T) {
	t.Parallel()
	kinds := []string{"machine-learning-model", "data", "container", "cryptographic-asset"}
	for name, x := range map[string]*fake{"fake": newFake(), "hostile": everywhere(attack)} {
		doc := readBOM(t, x.render(t, "cyclonedx", Options{}))
		if doc.BOMFormat != "CycloneDX" || doc.SpecVersion != "1.6" || doc.Version != 1 {
			t.Errorf("%s: %s %s version %d", name, doc.BOMFormat, doc.SpecVersion, doc.Version)
		}
		if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`).MatchString(doc.SerialNumber) {
			t.Errorf("%s: serial number %q", name, doc.SerialNumber)
		}
		refs := map[string]bool{}
		for _, i := range slices.Concat(doc.Components, doc.Services) {
			if i.Ref == "" || i.Name == "" || refs[i.Ref] {
				t.Errorf("%s: ref %q, name %q: empty or twice", name, i.Ref, i.Name)
			}
			refs[i.Ref] = true
		}
		for _, i := range doc.Components {
			if !slices.Contains(kinds, i.Type) || i.Provider != nil {
				t.Errorf("%s: component %s of type %q", name, i.Ref, i.Type)
			}
		}
		for _, i := range doc.Services {
			if i.Type != "" || i.Publisher != "" || i.ModelCard != nil || i.Crypto != nil || i.Data != nil {
				t.Errorf("%s: service %s has what only components have", name, i.Ref)
			}
		}
		seen := map[string]bool{}
		for _, d := range doc.Dependencies {
			if seen[d.Ref] || !refs[d.Ref] {
				t.Errorf("%s: dependencies of %q: twice, or of nothing", name, d.Ref)
			}
			seen[d.Ref] = true
			for _, on := range d.DependsOn {
				if !refs[on] {
					t.Errorf("%s: %s depends on %q, which is not there", name, d.Ref, on)
				}
			}
		}
		if len(seen) != len(refs) || len(doc.Compositions[0].Assemblies) != len(refs) {
			t.Errorf("%s: %d items, %d with dependencies, %d composed", name, len(refs), len(seen), len(doc.Compositions[0].Assemblies))
		}
	}
}

// The verdicts on a resource stand with it; what was not read is said.
func TestCycloneDXVerdicts(t *testing.T) {
	t.Parallel()
	x := newFake()
	doc := readBOM(t, x.render(t, "cyclonedx", Options{}))
	i := slices.IndexFunc(doc.Components, func(i bomItem) bool { return i.Name == "acme-training-00" })
	got := map[string]string{}
	for _, p := range doc.Components[i].Properties {
		got[p.Name] = p.Value
	}
	want := map[string]string{
		"assize:type": "AWS::S3::Bucket", "assize:arn": "arn:aws:s3:::acme-training-00", "assize:account": ml, "assize:region": "us-east-1",
		"assize:verdict:fail": "1", "assize:verdict:inconclusive": "0", "assize:verdict:manual": "0", "assize:verdict:pass": "0",
		"assize:verdict:not_applicable": "0", "assize:failed": "s3_bucket_public_access_blocked",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	models := slices.DeleteFunc(slices.Clone(doc.Components), func(i bomItem) bool { return i.Type != "machine-learning-model" })
	if len(models) != 1 || !slices.Contains(models[0].Properties, bomProperty{"assize:read", "false"}) {
		t.Errorf("models %+v, want the one that was named and not read", models)
	}
	if doc.Compositions[0].Aggregate != "incomplete" {
		t.Errorf("aggregate %q", doc.Compositions[0].Aggregate)
	}
	before := doc.SerialNumber
	x.run.SnapshotDigest = "sha256:other"
	if after := readBOM(t, x.render(t, "cyclonedx", Options{})).SerialNumber; after == before {
		t.Error("another snapshot has the same serial number")
	}
}
