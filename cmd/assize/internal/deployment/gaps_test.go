package deployment_test

import (
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect/snapshot"
)

// TestGapsOfOneOperation: an operation that several collectors ask, and that is denied to all of them, is evidence of each gap,
// once; it does not end the run.
func TestGapsOfOneOperation(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	path := acmeSnapshot(t, now.Now())
	c, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	const operation = "bedrock:ListCustomModels"
	for _, typ := range []string{"AWS::Bedrock::CustomModel", "AWS::Bedrock::ImportedModel", "AWS::Bedrock::CustomModel"} {
		c.Gaps = append(c.Gaps, assize.Gap{
			Account: c.Accounts[0].ID, Region: "us-east-1", Operation: operation, Types: []string{typ}, Cause: assize.Denied, Code: "AccessDeniedException",
		})
	}
	if err := snapshot.Write(path, c); err != nil {
		t.Fatal(err)
	}
	d := open(t, deployment.Options{Data: t.TempDir()}, deployment.Config{Now: now.Now, Content: content, Version: "test"})
	a := create(t, d, "assize_genai_best_practices_v2", path)
	tick(t, d)
	gaps := 0
	for stored, err := range d.Store.Evidence(t.Context(), assessment.EvidenceQuery{Assessment: a.ID, Outcome: assize.Inconclusive}) {
		if err != nil {
			t.Fatal(err)
		}
		if stored.Evidence.EventName == operation {
			gaps++
		}
	}
	if gaps != 2 {
		t.Errorf("got %d pieces of evidence of the gaps, want 2", gaps)
	}
}
