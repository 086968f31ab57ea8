package deployment_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/evidence"
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

// holdingStore sets a legal hold right behind the first commit of tombstones.
type holdingStore struct {
	assessment.Store
	hold func() error
}

func (h *holdingStore) Commit(ctx context.Context, b assessment.Batch) ([]assessment.Position, error) {
	at, err := h.Store.Commit(ctx, b)
	if err == nil && h.hold != nil && len(b.Leaves) > 0 && b.Leaves[0].Leaf.Kind == evidence.KindDeletion {
		hold := h.hold
		h.hold = nil
		err = hold()
	}
	return at, err
}

// TestHoldMeanwhile: of a body that two assessments have nothing is lost when a legal hold is set on either of them
// between their tombstones; when the hold is lifted it goes, with a tombstone in both.
func TestHoldMeanwhile(t *testing.T) {
	t.Parallel()
	for _, on := range []int{0, 1} {
		t.Run(fmt.Sprint(on), func(t *testing.T) {
			t.Parallel()
			ctx, now := t.Context(), &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
			first, a := small(t, now)
			b, err := first.Service.Create(ctx, assessment.Assessment{Name: "second", Framework: a.Framework, Destination: a.Destination, Accounts: a.Accounts}, "ann")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "shared.txt")
			if err := os.WriteFile(file, []byte("for both"), 0o600); err != nil {
				t.Fatal(err)
			}
			g := deployment.Given{File: file}
			g.ControlSet, g.Control = "data", "D-2"
			ids := []string{a.ID, b.ID}
			slices.Sort(ids)
			var shared evidence.Digest
			for _, id := range ids {
				e, err := first.Add(ctx, id, "bob", g)
				if err != nil {
					t.Fatal(err)
				}
				shared = e.Body
			}
			now.move(48 * time.Hour)
			reopen(t, first, now)
			parts, err := deployment.OpenParts(ctx, deployment.Options{Data: first.Data})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { parts.Close() })
			store := &holdingStore{Store: parts.Store}
			parts.Store = store
			d, err := deployment.New(ctx, parts, deployment.Config{Now: now.Now, Content: faultContent, Version: "test"})
			if err != nil {
				t.Fatal(err)
			}
			store.hold = func() error { return d.Service.Hold(ctx, ids[on], "ann", "matter", false) }
			if _, err := d.Destroy(ctx, 24*time.Hour); !errors.Is(err, assessment.ErrConflict) && (err == nil || !strings.Contains(err.Error(), "legal hold")) {
				t.Fatalf("got %v, want that a legal hold was set", err)
			}
			body, err := d.Body(ctx, shared)
			if err != nil {
				t.Fatalf("a legal hold stands on %s: %v", ids[on], err)
			}
			body.Close()
			if err := d.Service.Hold(ctx, ids[on], "ann", "matter", true); err != nil {
				t.Fatal(err)
			}
			if n, err := d.Destroy(ctx, 24*time.Hour); err != nil || n == 0 {
				t.Fatalf("destroyed %d bodies, %v, want some", n, err)
			}
			if _, err := d.Body(ctx, shared); !errors.Is(err, assessment.ErrNotFound) {
				t.Errorf("the hold is lifted: got %v, want that the body is gone", err)
			}
			checked, err := d.Check(ctx, nil)
			if err == nil {
				err = d.CheckBodies(ctx, checked)
			}
			if err != nil || len(checked.Faults) > 0 {
				t.Errorf("ledger and bodies: %v, %+v", err, checked)
			}
		})
	}
}
