package deployment_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/evidence"
)

// checkBodies holds the check of bodies against a deployment in which nothing is wrong, then one body is nowhere, then
// its destruction is recorded, then the same body is given anew and lost: the tombstone before does not excuse that.
func checkBodies(t *testing.T, d *deployment.Deployment, id string) {
	t.Helper()
	ctx := t.Context()
	check := func() *deployment.Checked {
		r, err := d.Check(ctx, nil)
		if err == nil {
			err = d.CheckBodies(ctx, r)
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := check(); len(r.Faults) > 0 || r.Bodies == 0 {
		t.Fatalf("got %d bodies and %q, want nothing wrong", r.Bodies, r.Faults)
	}
	var body evidence.Digest
	var place assessment.Place
	for stored, err := range d.Store.Evidence(ctx, assessment.EvidenceQuery{Assessment: id, Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		body, place = stored.Evidence.Body, stored.Evidence.Places[0]
	}
	at, err := d.Store.Locate(ctx, []evidence.Digest{body})
	if err != nil {
		t.Fatal(err)
	}
	lost := at[body]
	if _, err := d.Store.Commit(ctx, assessment.Batch{Gone: []assessment.BlobLocation{lost}}); err != nil {
		t.Fatal(err)
	}
	if r := check(); len(r.Faults) != 1 || !strings.Contains(r.Faults[0], "is not stored, and has no tombstone") {
		t.Errorf("a body that is nowhere: got %q", r.Faults)
	}
	if err := d.Service.Destroy(ctx, assessment.Destruction{Tombstones: map[string][]assessment.DeletionEvent{id: {{Body: lost.Digest, Reason: "test"}}}}); err != nil {
		t.Fatal(err)
	}
	if r := check(); len(r.Faults) > 0 {
		t.Errorf("with a tombstone: got %q", r.Faults)
	}
	given := assessment.Manual{
		ControlSet: place.ControlSet, Control: place.Control, EffectiveFrom: d.Now(), Body: lost.Digest, Size: 1, MediaType: "text/plain", FileName: "again.txt",
		Location: assessment.BlobLocation{Digest: lost.Digest, Segment: "there", Length: 1, Size: 1},
	}
	if _, err := d.Service.AddManual(ctx, id, "ann", given); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.Commit(ctx, assessment.Batch{Gone: []assessment.BlobLocation{given.Location}}); err != nil {
		t.Fatal(err)
	}
	if r := check(); len(r.Faults) != 1 || !strings.Contains(r.Faults[0], "is not stored, and has no tombstone") {
		t.Errorf("a body that was given anew is nowhere: got %q", r.Faults)
	}
}
