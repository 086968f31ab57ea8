package assize

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestControlResult holds that a control never passes by checks alone where it demands more.
func TestControlResult(t *testing.T) {
	t.Parallel()
	checks := []string{"a_check"}
	file := Expectation{ID: "report", Kind: ByFile}
	each := Expectation{ID: "review", Kind: ByQuestionnaire, Per: "AWS::Bedrock::CustomModel"}
	config := Expectation{ID: "rule", Kind: ByConfig}
	api := Expectation{ID: "answers", Kind: ByAPI}
	pass, fail, none := Counts{Pass: 2}, Counts{Pass: 1, Fail: 1}, Counts{NotApplicable: 1}
	models := func(n int, complete bool) Subjects { return Subjects{{each.Per, n, complete}} }
	workloads := []Workload{{ID: "chat", Scope: 1}}
	tests := []struct {
		name     string
		control  Control
		counts   Counts
		subjects Subjects
		want     ControlResult
	}{
		{"checks alone", Control{Checks: checks}, pass, nil, ControlResult{Outcome: Pass, Class: Automated}},
		{"with people", Control{Checks: checks, Expectations: []Expectation{file}}, pass, nil, ControlResult{Outcome: Manual, Class: Mixed, Open: []string{"report"}}},
		{"a failure stays", Control{Checks: checks, Expectations: []Expectation{file}}, fail, nil, ControlResult{Outcome: Fail, Class: Mixed, Open: []string{"report"}}},
		{"not applicable, with people", Control{Checks: checks, Expectations: []Expectation{file}}, none, nil, ControlResult{Outcome: Manual, Class: Mixed, Open: []string{"report"}}},
		{"people alone", Control{Expectations: []Expectation{file}}, Counts{}, nil, ControlResult{Outcome: Manual, Class: ManualOnly, Open: []string{"report"}}},
		{"optional", Control{Checks: checks, Expectations: []Expectation{{ID: "more", Kind: ByFile, Optional: true}}}, pass, nil, ControlResult{Outcome: Pass, Class: Automated}},
		{"of each, and there are some", Control{Expectations: []Expectation{each}}, Counts{}, models(2, true), ControlResult{Outcome: Manual, Class: ManualOnly, Open: []string{"review"}}},
		{
			"of each, and there is none",
			Control{Expectations: []Expectation{each}},
			Counts{},
			models(0, true),
			ControlResult{Outcome: NotApplicable, Class: ManualOnly, Reason: "there is no AWS::Bedrock::CustomModel"},
		},
		{"of each, and there is none beside checks", Control{Checks: checks, Expectations: []Expectation{each}}, pass, models(0, true), ControlResult{Outcome: Pass, Class: Mixed}},
		{"of each, and not all were read", Control{Expectations: []Expectation{each}}, Counts{}, models(0, false), ControlResult{Outcome: Manual, Class: ManualOnly, Open: []string{"review"}}},
		{"of each, and nobody counted", Control{Expectations: []Expectation{each}}, Counts{}, nil, ControlResult{Outcome: Manual, Class: ManualOnly, Open: []string{"review"}}},
		{"verdicts of others", Control{Checks: checks, Expectations: []Expectation{config}}, pass, nil, ControlResult{Outcome: Manual, Class: Automated, NotRead: []string{"rule"}}},
		{"what only is kept", Control{Checks: checks, Expectations: []Expectation{api}}, pass, nil, ControlResult{Outcome: Pass, Class: Automated, NotRead: []string{"answers"}}},
		{"what only is kept, alone", Control{Expectations: []Expectation{api}}, Counts{}, nil, ControlResult{Outcome: Manual, Class: Automated, NotRead: []string{"answers"}}},
		{
			"over mappings",
			Control{Checks: checks, Over: []MappedOver{{"logging", Equal}, {"review", Superset}, {"access", Subset}}},
			pass, nil,
			ControlResult{Outcome: Manual, Class: Automated, Over: []MappedOver{{"logging", Equal}, {"review", Superset}, {"access", Subset}}, Weakest: Superset},
		},
		{
			"fails over a mapping that the requirement contains",
			Control{Checks: checks, Mapped: []MappedCheck{{"a_check", "logging", Superset}}, Over: []MappedOver{{"logging", Superset}}},
			fail, nil,
			ControlResult{Outcome: Fail, Class: Automated, Over: []MappedOver{{"logging", Superset}}, Weakest: Superset},
		},
		{
			"fails over a mapping that is wider",
			Control{Checks: checks, Mapped: []MappedCheck{{"a_check", "logging", Intersects}}, Over: []MappedOver{{"logging", Intersects}}},
			fail, nil,
			ControlResult{Outcome: Manual, Class: Automated, Over: []MappedOver{{"logging", Intersects}}, Weakest: Intersects, Undecided: 1},
		},
		{
			"other workloads",
			Control{Checks: checks, AppliesTo: &Applicability{Scopes: []int{4, 5}}},
			fail, nil,
			ControlResult{Outcome: NotApplicable, Class: Automated, Reason: "concerns no registered workload: chat: scope 1 of the workload is none of 4, 5"},
		},
		{
			"this workload",
			Control{Checks: checks, AppliesTo: &Applicability{Scopes: []int{1}}},
			fail, nil,
			ControlResult{Outcome: Fail, Class: Automated, Reason: "chat: scope 1"},
		},
		{
			"not decided yet",
			Control{Checks: checks, AppliesTo: &Applicability{Exposure: []string{"public"}}},
			fail, nil,
			ControlResult{Outcome: Fail, Class: Automated, Reason: "chat: concerns it until these are decided: exposure"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.Control, tt.want.Counts = &tt.control, tt.counts
			if tt.want.Outcome == NotApplicable && tt.control.AppliesTo != nil {
				tt.want.Counts = Counts{}
			}
			if diff := cmp.Diff(tt.want, tt.control.Result(tt.counts, decided(&tt.control, tt.counts), workloads, tt.subjects)); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

// decided are the counts where a_check is the only check that was run.
func decided(c *Control, counts Counts) Counts {
	if c.Decides("a_check") {
		return counts
	}
	return Counts{}
}

// TestDecides holds whose failures are the control's: its own checks, and those of common
// controls that the requirement contains.
func TestDecides(t *testing.T) {
	t.Parallel()
	over := func(relations ...Relation) Control {
		c := Control{Checks: []string{"a_check"}}
		for _, r := range relations {
			c.Mapped = append(c.Mapped, MappedCheck{"a_check", "logging", r})
		}
		return c
	}
	own := over(Intersects)
	own.Expectations = []Expectation{{ID: "own", Kind: ByCheck, Checks: []string{"a_check"}}}
	mapped := over(Intersects)
	mapped.Expectations = []Expectation{{ID: "logging-own", Kind: ByCheck, Checks: []string{"a_check"}, Common: "logging"}}
	tests := []struct {
		name    string
		control Control
		want    bool
	}{
		{"own", over(), true},
		{"equal", over(Equal), true},
		{"superset", over(Superset), true},
		{"subset", over(Subset), false},
		{"intersects", over(Intersects), false},
		{"intersects one and contains another", over(Intersects, Superset), true},
		{"an expectation of its own", own, true},
		{"an expectation of the common control", mapped, false},
	}
	for _, tt := range tests {
		if got := tt.control.Decides("a_check"); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestApplicabilityOfSeveral holds that a control applies where it concerns one of the workloads.
func TestApplicabilityOfSeveral(t *testing.T) {
	t.Parallel()
	a := &Applicability{Exposure: []string{"public"}, DataSensitivity: []string{"restricted"}}
	inside, outside := Workload{ID: "in", Exposure: "internal"}, Workload{ID: "out", Exposure: "public", DataSensitivity: "restricted"}
	tests := []struct {
		name      string
		workloads []Workload
		want      bool
		reason    string
	}{
		{"none registered", nil, true, "concerns every workload"},
		{"none concerned", []Workload{inside}, false, `in: exposure "internal" of the workload is none of public`},
		{"one of two", []Workload{inside, outside}, true, "out: exposure public, data sensitivity restricted"},
		{"not decided", []Workload{{ID: "new", Exposure: "public"}}, true, "new: concerns it until these are decided: data sensitivity"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, reason := a.Any(tt.workloads)
			if got != tt.want || reason != tt.reason {
				t.Errorf("got %v, %q; want %v, %q", got, reason, tt.want, tt.reason)
			}
		})
	}
}
