package library_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// numbered makes the ids prefix1 to prefixN.
func numbered(prefix string, n int) []string {
	var ids []string
	for i := 1; i <= n; i++ {
		ids = append(ids, fmt.Sprintf("%s%d", prefix, i))
	}
	return ids
}

// sections makes the ids of a catalogue whose sections have that many requirements each:
// "A.5." and 3 make A.5.1, A.5.2, A.5.3.
func sections(in ...any) []string {
	var ids []string
	for i := 0; i < len(in); i += 2 {
		ids = append(ids, numbered(in[i].(string), in[i+1].(int))...)
	}
	return ids
}

// TestRequirementIDs holds that the catalogues that are shipped whole have every id of their
// body and no other.
func TestRequirementIDs(t *testing.T) {
	t.Parallel()
	var atlas, owasp2025, owasp2026 []string
	for i := range 35 {
		atlas = append(atlas, fmt.Sprintf("AML.M%04d", i))
	}
	for i := range 10 {
		owasp2025 = append(owasp2025, fmt.Sprintf("LLM%02d:2025", i+1))
		owasp2026 = append(owasp2026, fmt.Sprintf("LLM%02d:2026", i+1))
	}
	want := map[string][]string{
		"owasp_llm_top_10_2025": owasp2025,
		"owasp_llm_top_10_2026": owasp2026,
		// NIST AI 100-1, tables 1 to 4.
		"nist_ai_rmf_1_0": sections("GOVERN 1.", 7, "GOVERN 2.", 3, "GOVERN 3.", 2, "GOVERN 4.", 3, "GOVERN 5.", 2, "GOVERN 6.", 2,
			"MAP 1.", 6, "MAP 2.", 3, "MAP 3.", 5, "MAP 4.", 2, "MAP 5.", 2,
			"MEASURE 1.", 3, "MEASURE 2.", 13, "MEASURE 3.", 3, "MEASURE 4.", 3,
			"MANAGE 1.", 4, "MANAGE 2.", 4, "MANAGE 3.", 2, "MANAGE 4.", 3),
		"nist_ai_600_1":           numbered("2.", 12),
		"mitre_atlas_mitigations": atlas,
		"soc_2": sections("CC1.", 5, "CC2.", 3, "CC3.", 4, "CC4.", 2, "CC5.", 3, "CC6.", 8, "CC7.", 5, "CC8.", 1, "CC9.", 2,
			"A1.", 3, "C1.", 2, "PI1.", 5, "P1.", 1, "P2.", 1, "P3.", 2, "P4.", 3, "P5.", 2, "P6.", 7, "P7.", 1, "P8.", 1),
		"iso_27001": sections("A.5.", 37, "A.6.", 8, "A.7.", 14, "A.8.", 34),
		"iso_42001": {
			"A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6", "A.5.2", "A.5.3", "A.5.4", "A.5.5",
			"A.6.1.2", "A.6.1.3", "A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8", "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6",
			"A.8.2", "A.8.3", "A.8.4", "A.8.5", "A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4",
		},
	}
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for id, ids := range want {
		f, err := lib.Framework(id)
		if err != nil {
			t.Error(err)
			continue
		}
		got := map[string]bool{}
		for _, c := range controls(f) {
			got[c.ID] = true
		}
		wanted := map[string]bool{}
		for _, id := range ids {
			wanted[id] = true
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func controls(f *assize.Framework) []assize.Control {
	var list []assize.Control
	for _, g := range f.Groups {
		list = append(list, g.Controls...)
	}
	return list
}

// requirements are the frameworks of others, with the relations that each requirement has.
func requirements(t *testing.T) (frameworks []*assize.Framework, relations map[string]map[assize.Relation]int) {
	t.Helper()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	relations = map[string]map[assize.Relation]int{}
	for _, id := range lib.FrameworkIDs() {
		f, err := lib.Framework(id)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Requirements {
			continue
		}
		frameworks = append(frameworks, f)
		count(t, lib, id, relations)
	}
	if len(frameworks) < 12 {
		t.Fatalf("%d catalogues of requirements, want the 12 that are promised", len(frameworks))
	}
	return frameworks, relations
}

func count(t *testing.T, lib *library.Library, framework string, relations map[string]map[assize.Relation]int) {
	t.Helper()
	set, err := lib.Mappings(framework)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range set.Mappings {
		id := framework + " " + m.Control
		if relations[id] == nil {
			relations[id] = map[assize.Relation]int{}
		}
		relations[id][m.Relation]++
	}
}

// TestRequirementsAreAsked holds that no requirement rests on neighbours alone: where every
// common control only shares a part with it, or none is mapped, it asks for something itself.
func TestRequirementsAreAsked(t *testing.T) {
	t.Parallel()
	frameworks, relations := requirements(t)
	for _, f := range frameworks {
		for _, c := range controls(f) {
			own := 0
			for _, e := range c.Expectations {
				if e.Common == "" {
					own++
				}
			}
			r := relations[f.ID+" "+c.ID]
			if own == 0 && r[assize.Equal]+r[assize.Subset]+r[assize.Superset] == 0 {
				t.Errorf("%s %s: nothing asks for it: relations %v and no expectation of its own", f.ID, c.ID, r)
			}
		}
	}
}

// TestRelationsAgree holds that a requirement that is equal to a common control, or a subset of
// one, is not said to ask more than another: it cannot be both.
func TestRelationsAgree(t *testing.T) {
	t.Parallel()
	_, relations := requirements(t)
	for id, r := range relations {
		if r[assize.Superset] > 0 && r[assize.Equal] > 0 {
			t.Errorf("%s is equal to one common control and asks more than another", id)
		}
		if r[assize.Equal] > 1 {
			t.Errorf("%s is equal to %d common controls", id, r[assize.Equal])
		}
	}
}

// TestRequirementsSayWhoAnswers holds that each requirement names who is responsible, and where
// the provider's part is proved when it has one.
func TestRequirementsSayWhoAnswers(t *testing.T) {
	t.Parallel()
	frameworks, _ := requirements(t)
	for _, f := range frameworks {
		if f.Licence == "" || len(f.Sources) == 0 || len(f.Facts) == 0 {
			t.Errorf("%s: licence, sources or facts of its page are missing", f.ID)
		}
		for _, c := range controls(f) {
			switch c.Responsibility {
			case "customer":
			case "provider", "shared":
				if c.Proof == "" {
					t.Errorf("%s %s: %s, and nothing says where the provider's part is proved", f.ID, c.ID, c.Responsibility)
				}
			default:
				t.Errorf("%s %s: responsibility %q", f.ID, c.ID, c.Responsibility)
			}
		}
	}
}

// TestEveryControlIsMapped holds that our own frameworks and the standard of AWS come to common
// controls as a whole, so that evidence for them serves the requirements of others.
func TestEveryControlIsMapped(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	ids := append([]string{"assize_genai_best_practices_v2", "aws_ai_security_best_practices_v1", "aws_genai_v2"}, ownFrameworks...)
	for _, id := range ids {
		f, err := lib.Framework(id)
		if err != nil {
			t.Fatal(err)
		}
		relations := map[string]map[assize.Relation]int{}
		count(t, lib, id, relations)
		for _, c := range controls(f) {
			if relations[id+" "+c.ID] == nil {
				t.Errorf("%s %s is not mapped", id, c.ID)
			}
		}
	}
}
