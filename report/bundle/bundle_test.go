package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/report/bundle"
	"github.com/assize-dev/assize/verify"
)

// made is a bundle with the case that it is of.
type made struct {
	*reportcase.Case
	input  bundle.Input
	result *bundle.Result
	zip    []byte
}

func newCase(ctx context.Context, t *testing.T, o reportcase.Options) *reportcase.Case {
	t.Helper()
	c, err := reportcase.New(ctx, t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func write(ctx context.Context, t *testing.T, c *reportcase.Case, all bool) *made {
	t.Helper()
	in, err := c.Input(ctx, "Q1-2026", all)
	if err != nil {
		t.Fatal(err)
	}
	return writeInput(ctx, t, c, in)
}

func writeInput(ctx context.Context, t *testing.T, c *reportcase.Case, in bundle.Input) *made {
	t.Helper()
	var out bytes.Buffer
	result, err := bundle.Write(ctx, &out, in)
	if err != nil {
		t.Fatal(err)
	}
	return &made{c, in, result, out.Bytes()}
}

func check(t *testing.T, m *made) *verify.Report {
	t.Helper()
	r, err := verify.Bundle(bytes.NewReader(m.zip), int64(len(m.zip)), reportcase.Key)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Faults {
		t.Errorf("%s: %s", f.Where, f.What)
	}
	return r
}

func TestWrite(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 60, Days: 3, Controls: 12, BodySize: 300}), true)
	r := check(t, m)

	var again bytes.Buffer
	if _, err := bundle.Write(ctx, &again, m.input); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), m.zip) {
		t.Error("a second write of the same input has other bytes")
	}
	want := &bundle.Result{
		Items: 61, Bodies: 61, Files: r.Files + 2, Size: int64(len(m.zip)), Digest: evidence.DigestOf(m.zip), Folder: m.result.Folder,
	}
	if diff := cmp.Diff(want, m.result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if r.Evidence != 61 || r.Bodies != 61 || r.Unselected != 0 {
		t.Errorf("verified %d pieces of evidence, %d bodies, %d unselected: want 61, 61, 0", r.Evidence, r.Bodies, r.Unselected)
	}
}

// names of all files below the root.
func (m *made) files(t *testing.T) map[string]*zip.File {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(m.zip), int64(len(m.zip)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*zip.File{}
	for _, f := range archive.File {
		out[f.Name[len(m.result.Folder):]] = f
	}
	return out
}
