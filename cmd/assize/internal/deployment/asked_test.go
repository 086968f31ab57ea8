package deployment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect/snapshot"
)

// TestAskedOnceAnAccount: an agreement for a model, which every Region lists, is asked about once for each account that
// has it, or may have it; of models without one, which are listed too, nothing is asked.
func TestAskedOnceAnAccount(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	path := acmeSnapshot(t, now.Now())
	c, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	const agreement, model, availability = "AWS::Bedrock::FoundationModelAgreement", "vendor.model-x-v1:0", "bedrock:GetFoundationModelAvailability"
	status := func(s string) assize.Object {
		return assize.Object{{Name: "AgreementAvailability", Value: assize.Object{{Name: "Status", Value: s}}}}
	}
	for _, region := range []string{"eu-central-1", "eu-west-1", "us-east-1"} {
		for id, answer := range map[string]assize.Answer{
			model:                  {Operation: availability, Value: status("AVAILABLE")},
			"vendor.model-not-had": {Operation: availability, Value: status("NOT_AVAILABLE")},
			"vendor.model-denied":  {Operation: availability, Gap: &assize.Gap{Account: c.Accounts[0].ID, Region: region, Operation: availability, Types: []string{agreement}, Cause: assize.Denied}},
		} {
			c.Records = append(c.Records, &assize.Record{Account: c.Accounts[0].ID, Region: region, Type: agreement, ID: id, Answers: []assize.Answer{answer}})
		}
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
		if label := o.Resource.Label(); strings.Contains(label, "vendor.model") {
			got = append(got, label)
		}
	}
	slices.Sort(got)
	prefix := c.Accounts[0].ID + "/" + agreement + "/"
	if want := []string{prefix + "vendor.model-denied", prefix + model}; !slices.Equal(got, want) {
		t.Errorf("got windows about %q, want them about %q", got, want)
	}
}
