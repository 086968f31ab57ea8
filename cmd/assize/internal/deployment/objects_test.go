package deployment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/objects"
	"github.com/assize-dev/assize/verify"
)

// bucket is a bucket in memory.
type bucket map[string][]byte

var errNoObject = errors.New("there is no such object")

func (b bucket) Put(_ context.Context, where, path string) (err error) {
	b[where], err = os.ReadFile(path)
	return err
}

func (b bucket) Look(_ context.Context, where string) (*objects.Object, error) {
	data, ok := b[where]
	if !ok {
		return nil, errNoObject
	}
	return &objects.Object{Version: "v1", Digest: evidence.DigestOf(data), Size: int64(len(data))}, nil
}

func (b bucket) Remove(_ context.Context, where string) error {
	delete(b, where)
	return nil
}

// TestReportToBucket: a report whose destination is a bucket lies there with its proof, nothing of it stays in the data
// folder, and deleting it removes all.
func TestReportToBucket(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	ctx, s3 := t.Context(), bucket{}
	if _, err := d.Service.Update(ctx, a.ID, "ann", func(a *assessment.Assessment) { a.Destination = "s3://acme-audit/reports/" }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.MakeReport(ctx, a.ID, "ann", "q3", "", true); err == nil {
		t.Error("a report went to a bucket without a client")
	}
	d.Objects = func(context.Context) (deployment.Objects, error) { return s3, nil }
	r, err := d.MakeReport(ctx, a.ID, "ann", "q4", "", true)
	if err != nil {
		t.Fatal(err)
	}
	if r.Location != "s3://acme-audit/reports/q4-"+r.ID[:8]+".zip" {
		t.Errorf("got location %s", r.Location)
	}
	data := s3[r.Location]
	got, err := verify.Bundle(bytes.NewReader(data), int64(len(data)), d.Log.VerifierText)
	if err != nil || len(got.Faults) > 0 {
		t.Errorf("verify: %v, %+v", err, got)
	}
	proof, err := evidence.ParseProof(s3[r.Location+".tlog-proof"])
	if err != nil {
		t.Fatal(err)
	}
	leaf := s3[r.Location+".leaf.json"]
	if _, err := proof.Check(leaf, d.Log.Verifier); err != nil || !bytes.Contains(leaf, []byte(evidence.DigestOf(data).Hex())) {
		t.Errorf("proof of the report: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(d.Data, "reports", "*"))
	if err != nil || slices.ContainsFunc(left, func(name string) bool { return strings.Contains(name, "q4-") }) {
		t.Errorf("got %v, %v, want nothing of it in the data folder", left, err)
	}
	deleted, err := d.DeleteReport(ctx, a.ID, "ann", r.ID)
	if err != nil || deleted.Stays != nil {
		t.Fatalf("delete: %v, %+v", err, deleted)
	}
	if len(s3) != 0 {
		t.Errorf("%d objects are left", len(s3))
	}
}

// TestReportWithoutProof: a report that is complete stays so when the proof beside it cannot be written.
func TestReportWithoutProof(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	ctx, s3 := t.Context(), bucket{}
	d.Objects = func(context.Context) (deployment.Objects, error) { return noProofs{s3}, nil }
	if _, err := d.Service.Update(ctx, a.ID, "ann", func(a *assessment.Assessment) { a.Destination = "s3://acme-audit/reports" }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.MakeReport(ctx, a.ID, "ann", "q4", "", true); err == nil || !strings.Contains(err.Error(), "is complete") {
		t.Errorf("got %v, want that the report is complete without its proof", err)
	}
	st, err := d.Service.State(ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	r := st.Reports[0]
	if r.Status != assessment.ReportComplete || len(s3[r.Location]) == 0 {
		t.Fatalf("got a report that is %s at %q, want it complete and there", r.Status, r.Location)
	}
	if _, err := d.DeleteReport(ctx, a.ID, "ann", r.ID); err != nil || len(s3[r.Location]) > 0 {
		t.Errorf("delete: %v, %d bytes stay", err, len(s3[r.Location]))
	}
}

// noProofs is a bucket that takes no proofs.
type noProofs struct{ bucket }

func (b noProofs) Put(ctx context.Context, where, path string) error {
	if strings.HasSuffix(where, ".tlog-proof") {
		return errors.New("access denied")
	}
	return b.bucket.Put(ctx, where, path)
}

// TestTwoReports: of a report that two processes make the one that was recorded lies in its place.
func TestTwoReports(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	ctx, place := t.Context(), t.TempDir()
	if _, err := d.Service.Update(ctx, a.ID, "ann", func(a *assessment.Assessment) { a.Destination = place }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Service.AskReport(ctx, a.ID, "ann", "q4", "", true); err != nil {
		t.Fatal(err)
	}
	// The second process has another version: what it writes is different. Its end comes first.
	other := reopen(t, d, now)
	other.Version = "another"
	race := &lateStore{Store: d.Store}
	d.Service = assessment.NewService(race, assessment.Config{Now: now.Now, NewID: deployment.NewID, Framework: d.Framework})
	race.before = func() {
		if _, err := other.ResumeReports(ctx, 0); err != nil {
			t.Error(err)
		}
	}
	made, err := d.ResumeReports(ctx, 0)
	if err != nil || len(made) != 1 {
		t.Fatalf("got %d reports, %v", len(made), err)
	}
	data, err := os.ReadFile(made[0].Location)
	if err != nil || evidence.DigestOf(data) != made[0].Digest {
		t.Errorf("what lies there is %s, %v, recorded is %s", evidence.DigestOf(data), err, made[0].Digest)
	}
	verified(t, d, made[0].Location)
}

// lateStore lets something happen before the status is derived, which is before a report is written.
type lateStore struct {
	assessment.Store
	before func()
}

func (l *lateStore) Tallies(ctx context.Context, id string) ([]assessment.Tally, error) {
	if before := l.before; before != nil {
		l.before = nil
		before()
	}
	return l.Store.Tallies(ctx, id)
}

// TestLink: of an object that evidence names its version, digest and size are kept; of one that cannot be read, why.
func TestLink(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, a := small(t, now)
	d.Objects = func(context.Context) (deployment.Objects, error) {
		return bucket{"s3://acme-audit/there": []byte("report")}, nil
	}
	for where, want := range map[string]deployment.Link{
		"s3://acme-audit/there":   {URL: "s3://acme-audit/there", Version: "v1", SHA256: evidence.DigestOf([]byte("report")).Hex(), Size: 6},
		"s3://acme-audit/missing": {URL: "s3://acme-audit/missing", NotRead: errNoObject.Error()},
	} {
		g := deployment.Given{Link: &deployment.Link{URL: where}}
		g.ControlSet, g.Control = "data", "D-2"
		e, err := d.Add(t.Context(), a.ID, "bob", g)
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Body(t.Context(), e.Body)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Link deployment.Link
			Salt string
		}
		text, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close(), json.Unmarshal(text, &got)); err != nil {
			t.Fatal(err)
		}
		if got.Link != want || len(got.Salt) != 32 {
			t.Errorf("%s: got %+v, want %+v and a salt", where, got, want)
		}
	}
	for _, where := range []string{"https://acme/x", "s3://acme-audit", "s3://acme-audit/"} {
		g := deployment.Given{Link: &deployment.Link{URL: where}}
		g.ControlSet, g.Control = "data", "D-2"
		if _, err := d.Add(t.Context(), a.ID, "bob", g); err == nil {
			t.Errorf("%s was taken", where)
		}
	}
}

// TestLinkAnswers: an object answers a window only if it could be read.
func TestLinkAnswers(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	d, _ := small(t, now)
	d.Objects = func(context.Context) (deployment.Objects, error) {
		return bucket{"s3://acme-audit/there": []byte("report")}, nil
	}
	ref, err := d.Pin(t.Context(), "ann", &assize.Framework{ID: "asks", Title: "Asks", Version: "1", Groups: []assize.Group{{ID: "data", Title: "Data", Controls: []assize.Control{
		{ID: "F-1", Title: "A document", Expectations: []assize.Expectation{{ID: "doc", Kind: assize.ByFile, Cadence: "FREQ=MONTHLY"}}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Service.Create(t.Context(), assessment.Assessment{
		Name: "a", Framework: ref, Destination: t.TempDir(), Accounts: []assize.Account{{ID: faultAccount}},
	}, "ann")
	if err != nil {
		t.Fatal(err)
	}
	tick(t, d)
	for _, tt := range []struct {
		where string
		want  assessment.ControlStatus
	}{{"s3://acme-audit/missing", assessment.PendingStatus}, {"s3://acme-audit/there", assessment.Met}} {
		g := deployment.Given{Link: &deployment.Link{URL: tt.where}}
		g.ControlSet, g.Control = "data", "F-1"
		e, err := d.Add(t.Context(), a.ID, "bob", g)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Service.Status(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if answers := e.Places[0].Occurrence != ""; got[0].Status != tt.want || answers != (tt.want == assessment.Met) {
			t.Errorf("%s: the control is %s (%s), a window is answered: %t; want %s", tt.where, got[0].Status, got[0].Reason, answers, tt.want)
		}
	}
}

// TestRemembered: who leaves out where the store is gets the one that the deployment was made with.
func TestRemembered(t *testing.T) {
	t.Parallel()
	data, store := t.TempDir(), filepath.Join(t.TempDir(), "other.db")
	want := sizeOf(t, deployment.Options{Data: data, Store: store, Keys: filepath.Join(data, "secrets")})
	if got := sizeOf(t, deployment.Options{Data: data}); got != want || got == 0 {
		t.Errorf("got a ledger of %d leaves, want that of %d", got, want)
	}
	if _, err := os.Stat(filepath.Join(data, "assize.db")); !errors.Is(err, os.ErrNotExist) {
		t.Error("another store was made beside it")
	}
	for _, o := range []deployment.Options{{Store: "mysql://x/y"}, {Blobs: "ftp://x/y"}} {
		o.Data = t.TempDir()
		if p, err := deployment.OpenParts(t.Context(), o); err == nil {
			p.Close()
			t.Errorf("%+v was opened", o)
		}
	}
}

func sizeOf(t *testing.T, o deployment.Options) int64 {
	t.Helper()
	d := open(t, o, deployment.Config{})
	size, err := d.Store.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return size
}
