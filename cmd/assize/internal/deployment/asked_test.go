package deployment_test

import (
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect/snapshot"
)

// TestAskedOnceAnAccount: an agreement for a model, which every Region lists, is asked about once for each account that
// has it, and evidence about it answers that.
func TestAskedOnceAnAccount(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	path := acmeSnapshot(t, now.Now())
	c, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	const agreement, model = "AWS::Bedrock::FoundationModelAgreement", "vendor.model-x-v1:0"
	for _, region := range []string{"eu-central-1", "eu-west-1", "us-east-1"} {
		c.Records = append(c.Records, &assize.Record{Account: c.Accounts[0].ID, Region: region, Type: agreement, ID: model})
	}
	if err := snapshot.Write(path, c); err != nil {
		t.Fatal(err)
	}
	d := open(t, deployment.Options{Data: t.TempDir()}, deployment.Config{Now: now.Now, Content: content, Version: "test"})
	a := create(t, d, "assize_bedrock_access_and_compliance", path)
	tick(t, d)
	all, err := d.Store.Occurrences(t.Context(), assessment.OccurrenceQuery{Assessment: a.ID})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range all {
		if label := o.Resource.Label(); strings.Contains(label, model) {
			got = append(got, label)
		}
	}
	if want := c.Accounts[0].ID + "/" + agreement + "/" + model; len(got) != 1 || got[0] != want {
		t.Errorf("got windows about %q, want one about %s", got, want)
	}
}
