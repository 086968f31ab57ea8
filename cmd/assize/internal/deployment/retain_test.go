package deployment_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
)

// reportAsEvidence makes a report and gives the same file as evidence.
func reportAsEvidence(t *testing.T, d *deployment.Deployment, a *assessment.Assessment) (*assessment.Report, *assessment.Evidence) {
	t.Helper()
	r, err := d.MakeReport(t.Context(), a.ID, "ann", "audit", "", true)
	if err != nil {
		t.Fatal(err)
	}
	g := deployment.Given{File: r.Location}
	g.ControlSet, g.Control = "data", "D-2"
	e, err := d.Add(t.Context(), a.ID, "bob", g)
	if err != nil {
		t.Fatal(err)
	}
	if e.Body != r.Digest {
		t.Fatalf("evidence has the body %s, the report %s", e.Body, r.Digest)
	}
	return r, e
}

// TestDeleteReport: a report is not deleted while a legal hold stands; afterwards what was given as evidence stays.
func TestDeleteReport(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	ctx := t.Context()
	r, e := reportAsEvidence(t, d, a)
	if err := d.Service.Hold(ctx, a.ID, "ann", "matter", false); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DeleteReport(ctx, a.ID, "ann", r.ID); err == nil || !strings.Contains(err.Error(), "legal hold") {
		t.Errorf("under a legal hold: got %v, want that it stands", err)
	}
	if _, err := os.Stat(r.Location); err != nil {
		t.Errorf("under a legal hold: %v", err)
	}
	if err := d.Service.Hold(ctx, a.ID, "ann", "matter", true); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DeleteReport(ctx, a.ID, "ann", r.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.Location); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want no file", err)
	}
	body, err := d.Body(ctx, e.Body)
	if err != nil {
		t.Fatalf("the evidence: %v", err)
	}
	body.Close()
}

// TestReportsStay: retention destroys evidence, not the report with the same bytes.
func TestReportsStay(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	r, _ := reportAsEvidence(t, d, a)
	now.move(48 * time.Hour)
	next := reopen(t, d, now)
	if n, err := next.Destroy(t.Context(), 24*time.Hour); err != nil || n == 0 {
		t.Fatalf("destroyed %d bodies, %v, want some", n, err)
	}
	body, err := next.Body(t.Context(), r.Digest)
	if err != nil {
		t.Fatalf("the report: %v", err)
	}
	body.Close()
}
