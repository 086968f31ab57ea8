package bundle_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/report/bundle"
)

// lying gives other bytes than those that were stored.
type lying struct{}

func (lying) Open(context.Context, assessment.BlobLocation) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("something else")), nil
}

// failing cannot read what it has stored.
type failing struct{}

var errDisk = errors.New("the disk is gone")

func (failing) Open(context.Context, assessment.BlobLocation) (io.ReadCloser, error) {
	return nil, errDisk
}

// forgetful knows of no bodies.
type forgetful struct{ bundle.Ledger }

func (forgetful) Locate(context.Context, []evidence.Digest) (map[evidence.Digest]assessment.BlobLocation, error) {
	return nil, nil //nolint:nilnil // there are none
}

// full takes a few bytes and no more.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// TestRefuses: a bundle that would not verify is not written.
func TestRefuses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCase(ctx, t, reportcase.Options{Items: 10, Days: 1, Controls: 2, BodySize: 60})
	old, err := c.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	good, err := c.Input(ctx, "refused", true)
	if err != nil {
		t.Fatal(err)
	}
	other, err := note.NewSigner(reportcase.OtherSigner)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, want string
		edit       func(*bundle.Input)
	}{
		{"bodies that are others", "the ledger says", func(in *bundle.Input) { in.Bodies = lying{} }},
		{"bodies that cannot be read", errDisk.Error(), func(in *bundle.Input) { in.Bodies = failing{} }},
		{"bodies that are not there", "ask for a new report", func(in *bundle.Input) { in.Ledger = forgetful{in.Ledger} }},
		{"a checkpoint from before", "publish a newer one", func(in *bundle.Input) { in.Checkpoint = old }},
		{"no checkpoint", "checkpoint", func(in *bundle.Input) { in.Checkpoint = nil }},
		{"another signer", "not that of the verifier", func(in *bundle.Input) { in.Signer = other }},
		{"another key", "not that of the verifier", func(in *bundle.Input) { in.Key = reportcase.OtherKey }},
		{"no key", "verifier key", func(in *bundle.Input) { in.Key = "" }},
		{"another framework", "has pinned", func(in *bundle.Input) { in.Framework = []byte("{}") }},
		{"a framework that is none", "framework", func(in *bundle.Input) { in.Framework = []byte("[") }},
		{"another report", "does not ask for report", func(in *bundle.Input) { in.Report.ID = "other" }},
		{"leaves that are not there", "is not there", func(in *bundle.Input) { in.Report.Last++ }},
		{"another assessment", "is not there", func(in *bundle.Input) { in.Assessment = "other" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := good
			test.edit(&in)
			if result, err := bundle.Write(ctx, io.Discard, in); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v; want an error with %q", result, err, test.want)
			}
		})
	}
	if _, err := bundle.Write(ctx, &full{5000}, good); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a full disk: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := bundle.Write(cancelled, io.Discard, good); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
