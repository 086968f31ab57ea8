package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/jobs"
)

// TestGivenUp: who waits for an evaluation that another process gives up learns that it failed.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d, err := (&dataFlags{Options: deployment.Options{Data: t.TempDir()}}).open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	a, err := d.Service.Create(ctx, assessment.Assessment{
		Name: "a", Framework: assessment.FrameworkRef{ID: "fw"}, Destination: t.TempDir(), Accounts: []assize.Account{{ID: "111122223333"}},
	}, "ann")
	if err != nil {
		t.Fatal(err)
	}
	run, err := d.Store.Enqueue(ctx, jobs.RunAt(a.ID, time.Now()))
	if err == nil {
		err = d.Fail(ctx, run, errors.New("the role cannot be taken on"))
	}
	if err != nil {
		t.Fatal(err)
	}
	err = (&session{Deployment: d}).drain(ctx, a.ID)
	if err == nil || !strings.Contains(err.Error(), "the role cannot be taken on") {
		t.Errorf("got %v, want that the evaluation failed", err)
	}
}
