package library_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// TestCatalogue holds that frameworks, common controls, mappings and governance records are
// without fault.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.Lint(); err != nil {
		t.Errorf("faults:\n%v", err)
	}
}

// bestPractices is the framework in the shape of AWS's Generative AI Best Practices Framework v2.
func bestPractices(t *testing.T) *assize.Framework {
	t.Helper()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Framework("AWS Generative AI Best Practices Framework v2")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// counted are the controls of one set.
type counted struct{ Controls, Automated, Manual int }

// TestBestPracticesCounts holds the shape: 8 sets, 110 controls, of which 72 have evidence that
// is collected and 38 are answered by people alone.
func TestBestPracticesCounts(t *testing.T) {
	t.Parallel()
	f := bestPractices(t)
	got, sum := map[string]counted{}, counted{}
	for _, g := range f.Groups {
		n := counted{Controls: len(g.Controls)}
		for i := range g.Controls {
			if g.Controls[i].Class() == assize.ManualOnly {
				n.Manual++
			} else {
				n.Automated++
			}
		}
		got[g.Title] = n
		sum = counted{sum.Controls + n.Controls, sum.Automated + n.Automated, sum.Manual + n.Manual}
	}
	want := map[string]counted{
		"Accurate": {14, 8, 6}, "Fair": {11, 6, 5}, "Privacy": {14, 11, 3}, "Resilience": {13, 11, 2},
		"Responsible": {17, 5, 12}, "Safe": {13, 10, 3}, "Secure": {19, 17, 2}, "Sustainable": {9, 4, 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("controls of the sets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(counted{110, 72, 38}, sum); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
}

// TestBestPracticesProvenance holds that the 13 published names stand as AWS's, each with its
// document, and everything else as ours.
func TestBestPracticesProvenance(t *testing.T) {
	t.Parallel()
	var got []string
	for _, g := range bestPractices(t).Groups {
		for _, c := range g.Controls {
			switch c.Provenance {
			case assize.ProvenanceAWS:
				name := c.ID + " " + c.Title
				if c.Title == "Error analysis" {
					name = c.Title // its id is not published; the one that it has is ours
				}
				got = append(got, name)
			case assize.ProvenanceAssize:
			default:
				t.Errorf("%s: provenance %q", c.ID, c.Provenance)
			}
		}
	}
	slices.Sort(got)
	want := []string{
		"ACCUAI3.14 Quality Data Sourcing", "ACCUAI3.4 Regular Audits", "ACCUAI3.6 Source Verification", "Error analysis",
		"RESPAI3.13 Continuous Risk Monitoring", "RESPAI3.15 Ethical Guidelines", "RESPAI3.8 Document Risks and Tolerances", "RESPAI3.9 Develop AI RACI",
		"SECAI3.15 Access Logging", "SECAI3.2 Data Encryption In Transit", "SECAI3.3 Data Encryption At Rest", "SECAI3.7 Least Privilege", "SECAI3.8 Periodic Reviews",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names of AWS (-want +got):\n%s", diff)
	}
}

// TestBestPracticesTopics holds that every subject of testdata/genai-topics.yaml is covered in
// its set, that controls name no other, and that what AWS describes without a name is there.
func TestBestPracticesTopics(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/genai-topics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct {
		Described int
		Topics    []string
	}
	if err := yaml.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	topics := 0
	for _, g := range bestPractices(t).Groups {
		var covered []string
		described := 0
		for _, c := range g.Controls {
			covered = append(covered, c.Topics...)
			if c.DescribedBy != "" {
				described++
			}
		}
		slices.Sort(covered)
		subjects := slices.Sorted(slices.Values(want[g.Title].Topics))
		if diff := cmp.Diff(subjects, slices.Compact(covered)); diff != "" {
			t.Errorf("%s: subjects (-want +got):\n%s", g.Title, diff)
		}
		if described != want[g.Title].Described {
			t.Errorf("%s: %d controls are described by AWS, want %d", g.Title, described, want[g.Title].Described)
		}
		topics += len(subjects)
	}
	if topics != 64 {
		t.Errorf("%d subjects, want 64", topics)
	}
}

// TestBestPracticesHaveEveryCheck holds that the default framework leaves no check out.
func TestBestPracticesHaveEveryCheck(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, p := range lib.ProgramsOf(bestPractices(t)) {
		named[p.Check.ID] = true
	}
	for _, c := range lib.Checks {
		if !named[c.ID] {
			t.Errorf("no control has check %s: see docs/new-check.md", c.ID)
		}
	}
}

// TestCommonControlsHaveEveryCheck holds that each check implements a common control, so that
// no mapping passes it by.
func TestCommonControlsHaveEveryCheck(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	domains, err := lib.Domains()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, d := range domains {
		for _, o := range d.Objectives {
			for _, c := range o.Common {
				for _, id := range c.Checks {
					named[id] = true
				}
				for _, e := range c.Expectations {
					for _, id := range e.Checks {
						named[id] = true
					}
				}
			}
		}
	}
	for _, c := range lib.Checks {
		if !named[c.ID] {
			t.Errorf("no common control has check %s: see docs/new-check.md", c.ID)
		}
	}
}

// TestKeywords holds that sources are named by keywords that there are: those that Audit Manager
// offers, and operations of the API that collectors call.
func TestKeywords(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/keywords.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var offered map[assize.ExpectationKind][]string
	if err := yaml.Unmarshal(data, &offered); err != nil {
		t.Fatal(err)
	}
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	frameworks, err := lib.Frameworks()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range frameworks {
		for _, g := range f.Groups {
			for _, c := range g.Controls {
				for _, e := range c.Expectations {
					if offered[e.Kind] == nil {
						continue
					}
					seen++
					if !slices.Contains(offered[e.Kind], e.Keyword) && !(e.Kind == assize.ByAPI && collected(lib, e.Keyword)) {
						t.Errorf("%s: %s: there is no keyword %s of kind %s", f.ID, c.ID, e.Keyword, e.Kind)
					}
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no expectation names a source")
	}
}

// collected reports whether a definition rests on the operation of a keyword. Its prefix is that
// of IAM, which several services share: bedrock_ListAgents is bedrock-agent:ListAgents.
func collected(lib *library.Library, keyword string) bool {
	prefix, action, _ := strings.Cut(keyword, "_")
	is := func(operation string) bool {
		service, name, _ := strings.Cut(operation, ":")
		return name == action && (service == prefix || strings.HasPrefix(service, prefix+"-"))
	}
	return slices.ContainsFunc(lib.Definitions, func(d *assize.Definition) bool {
		return is(d.List) || slices.ContainsFunc(d.Facts, func(f assize.Fact) bool { return is(f.From) })
	})
}
