package bundle

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// TestWhose holds that each control says whose it is: under a name of AWS stand texts of ours.
func TestWhose(t *testing.T) {
	t.Parallel()
	c := &content{framework: &assize.Framework{Provenance: "Ids are the body's, texts are ours."}}
	for _, tt := range []struct {
		control assize.Control
		want    string
	}{
		{
			assize.Control{Provenance: assize.ProvenanceAWS, NamedBy: "the guide"},
			"AWS has published the name (the guide). The texts, the evidence asked for and the checks are Assize's own.",
		},
		{assize.Control{Provenance: assize.ProvenanceAssize}, "Assize's own control"},
		{assize.Control{Provenance: assize.ProvenanceImported}, "Imported: the user's own data, no content of Assize"},
		{assize.Control{Provenance: "nist"}, "nist; Ids are the body's, texts are ours."},
		{assize.Control{}, "Ids are the body's, texts are ours."},
	} {
		if diff := cmp.Diff(tt.want, c.whose(&tt.control)); diff != "" {
			t.Errorf("whose %q (-want +got):\n%s", tt.control.Provenance, diff)
		}
	}
}

// TestWhoseIsShown holds that the facts of an assessment say what the framework is and is not, and that the
// table of controls has its provenance.
func TestWhoseIsShown(t *testing.T) {
	t.Parallel()
	b := &builder{content: &content{
		framework: &assize.Framework{Description: "It does not verify compliance.", Provenance: "Texts are ours."},
		state:     assessment.NewState(),
		controls: []control{{
			group: &assize.Group{Title: "Secure"}, control: &assize.Control{ID: "SECAI3.3", Provenance: assize.ProvenanceAWS},
			state: &assessment.ControlState{}, derived: &assessment.Derived{},
		}},
	}}
	for _, want := range []fact{{"About the framework", "It does not verify compliance."}, {"Whose framework it is", "Texts are ours."}} {
		if !slices.Contains(b.assessmentFacts(), want) {
			t.Errorf("the facts of the assessment lack %v", want)
		}
	}
	table := b.controlTable()
	at := slices.Index(table.heading, "provenance")
	if err := table.rows(func(cells []string) error {
		if at < 0 || len(cells) != len(table.heading) || cells[at] != assize.ProvenanceAWS {
			t.Errorf("the row of the control is %q under %q, want its provenance", cells, table.heading)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
