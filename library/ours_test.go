package library_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// TestScopingMatrix holds that every cell of the matrix, a discipline in a scope, asks for
// something that was written for that scope.
func TestScopingMatrix(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Framework("Generative AI Security Scoping Matrix")
	if err != nil {
		t.Fatal(err)
	}
	var disciplines []string
	for _, g := range f.Groups {
		disciplines = append(disciplines, g.Title)
		for scope := 1; scope <= assize.MaxScope; scope++ {
			if asked(g.Controls, assize.Workload{Scope: scope}) == 0 {
				t.Errorf("%s asks for nothing in scope %d", g.Title, scope)
			}
		}
	}
	want := []string{"Controls", "Governance and compliance", "Legal and privacy", "Resilience", "Risk management"}
	if diff := cmp.Diff(want, disciplines); diff != "" {
		t.Errorf("disciplines (-want +got):\n%s", diff)
	}
}

// asked counts the controls that name the workload's scope and concern the workload.
func asked(controls []assize.Control, w assize.Workload) int {
	n := 0
	for i := range controls {
		c := &controls[i]
		if c.AppliesTo == nil || len(c.AppliesTo.Scopes) == 0 {
			continue
		}
		if applies, _ := c.AppliesTo.AppliesTo(&w); applies {
			n++
		}
	}
	return n
}

// TestScopingMatrixDecides holds what a workload is asked for by its scope and factors.
func TestScopingMatrixDecides(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Framework("assize_genai_scoping_matrix")
	if err != nil {
		t.Fatal(err)
	}
	internal := assize.Workload{Scope: 3, Exposure: "internal", ModelOrigin: "provider", DataSensitivity: "internal", Criticality: "low"}
	public := assize.Workload{Scope: 3, Exposure: "public", ModelOrigin: "open-weights", DataSensitivity: "restricted", Criticality: "high"}
	tests := []struct {
		name     string
		workload assize.Workload
		control  string
		want     bool
		reason   string
	}{
		{"public assistants are for scope 1", assize.Workload{Scope: 1}, "GC-2", true, "scope 1"},
		{"and for no other", assize.Workload{Scope: 4}, "GC-2", false, "scope 4 of the workload is none of 1"},
		{"training is for scopes 4 and 5", internal, "CO-6", false, "scope 3 of the workload is none of 4, 5"},
		{"everybody registers", assize.Workload{Scope: 2}, "GC-1", true, "concerns every workload"},
		{"front doors are for outsiders", internal, "CO-9", false, `exposure "internal" of the workload is none of partner, public`},
		{"and where there are some", public, "CO-9", true, "scope 3, exposure public"},
		{"weights of others are examined", public, "RM-4", true, "scope 3, model origin open-weights"},
		{"what is not decided takes nothing away", assize.Workload{Scope: 3}, "RE-6", true, "concerns it until these are decided: criticality"},
		{"a low criticality is not exercised", internal, "RE-6", false, `criticality "low" of the workload is none of high`},
	}
	byID := map[string]assize.Control{}
	for _, c := range controls(f) {
		byID[c.ID] = c
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, there := byID[tt.control]
			if !there {
				t.Fatalf("there is no control %s", tt.control)
			}
			applies, reason := c.AppliesTo.AppliesTo(&tt.workload)
			if applies != tt.want || reason != tt.reason {
				t.Errorf("%s: got %v, %q; want %v, %q", tt.control, applies, reason, tt.want, tt.reason)
			}
		})
	}
}

// TestOwnFrameworksAreWhole holds that each control of the frameworks that are all ours says
// what it asks, why, how it is tested and what to do, and each control set what is met most often.
func TestOwnFrameworksAreWhole(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ownFrameworks {
		f, err := lib.Framework(id)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Facts) == 0 || len(f.Questions) == 0 || len(f.Sources) == 0 {
			t.Errorf("%s: facts, questions or sources of its page are missing", id)
		}
		for _, g := range f.Groups {
			if g.Description == "" || len(g.Automated) == 0 || len(g.Customer) == 0 || g.Usual == "" {
				t.Errorf("%s %s: description, what is automated, what stays with the customer or the usual finding is missing", id, g.ID)
			}
		}
		for _, c := range controls(f) {
			if c.Description == "" || c.Why == "" || c.Testing == "" || c.ActionPlan == "" || c.Provenance != assize.ProvenanceAssize {
				t.Errorf("%s %s: a text is missing, or it is not marked as ours", id, c.ID)
			}
		}
	}
}

// ownFrameworks are those of which everything is ours.
var ownFrameworks = []string{
	"assize_ai_security_best_practices", "assize_bedrock_access_and_compliance", "assize_genai_platform_governance", "assize_genai_scoping_matrix",
}

// TestRelationsOfOwnControls holds that a control of ours that is said to ask all that a common
// control asks has each of its checks, and asks people where it does; and that a subset of one
// has no check beside it. What fails the common control then fails the control.
func TestRelationsOfOwnControls(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	domains, err := lib.Domains()
	if err != nil {
		t.Fatal(err)
	}
	hub := map[string]assize.Control{}
	for _, d := range domains {
		for _, o := range d.Objectives {
			for _, c := range o.Common {
				hub[c.ID] = assize.Control{ID: c.ID, Checks: c.Checks, Expectations: c.Expectations}
			}
		}
	}
	frameworks, err := lib.Frameworks()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frameworks {
		m, err := lib.Mappings(f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if f.Requirements || m == nil {
			continue
		}
		of := map[string]assize.Control{}
		for _, c := range controls(f) {
			of[c.ID] = c
		}
		for _, r := range m.Mappings {
			c, common := of[r.Control], hub[r.Common]
			if r.Relation.Contains() && (len(beside(common, c)) > 0 || len(common.Open()) > 0 && len(c.Open()) == 0) {
				t.Errorf("%s %s: %s to %s, which has checks or demands of people that it lacks: %v", f.ID, c.ID, r.Relation, common.ID, beside(common, c))
			}
			if (r.Relation == assize.Equal || r.Relation == assize.Subset) && len(beside(c, common)) > 0 {
				t.Errorf("%s %s: %s to %s, which lacks its checks %v", f.ID, c.ID, r.Relation, common.ID, beside(c, common))
			}
		}
	}
}

// beside lists the checks of one control that another lacks.
func beside(one, other assize.Control) []string {
	all := func(c assize.Control) []string {
		ids := slices.Clone(c.Checks)
		for _, e := range c.Expectations {
			ids = append(ids, e.Checks...)
		}
		return ids
	}
	return slices.DeleteFunc(all(one), func(id string) bool { return slices.Contains(all(other), id) })
}
