package deployment

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/jobs"
)

var _ jobs.Work = (*Deployment)(nil)

// Execute carries a run out: it reads the accounts, keeps what was read, judges it, and stores the evidence in
// parts. A run that died goes on: with its journal while it was reading, with its snapshot afterwards, behind the
// evidence that it has stored.
func (d *Deployment) Execute(ctx context.Context, run *assessment.Run) error {
	st, err := d.Service.State(ctx, run.Assessment)
	if errors.Is(err, assessment.ErrNotFound) || err == nil && st.Assessment.Status != assessment.Active {
		return d.cancel(ctx, run, "the assessment was completed or deleted")
	}
	if err != nil {
		return err
	}
	content, err := d.Content()
	if err != nil {
		return err
	}
	c, err := d.read(ctx, run, st, content)
	if err != nil {
		return err
	}
	if run.Library != content.Library.Digest || run.Profile != content.Profile.Digest {
		return d.again(ctx, run)
	}
	if err := d.judge(ctx, run, st, content, c); err != nil {
		return err
	}
	return os.RemoveAll(d.folder(run))
}

// Fail records that a run was given up.
func (d *Deployment) Fail(ctx context.Context, run *assessment.Run, cause error) error {
	run.State, run.Error = assessment.RunFailed, cause.Error()
	return d.Service.Finish(ctx, assessment.RunEvent{Run: *run, Version: d.Version}, nil, nil, nil)
}

func (d *Deployment) cancel(ctx context.Context, run *assessment.Run, why string) error {
	run.State, run.Error = assessment.RunCanceled, why
	return d.Service.Finish(ctx, assessment.RunEvent{Run: *run, Version: d.Version}, nil, nil, nil)
}

// again ends a run that was begun with another library or profile, and enqueues one that judges all of it alike.
func (d *Deployment) again(ctx context.Context, run *assessment.Run) error {
	if _, err := d.Store.Enqueue(ctx, jobs.RunAt(run.Assessment, d.Now())); err != nil {
		return err
	}
	return d.cancel(ctx, run, "the library or the organisation profile has changed since it began; another run was begun")
}

// read returns what the run judges, and pins it in the store before anything is judged.
func (d *Deployment) read(ctx context.Context, run *assessment.Run, st *assessment.State, content *Content) (*collect.Collection, error) {
	if !run.Snapshot.IsZero() {
		return d.Snapshot(ctx, run.Snapshot)
	}
	c, err := d.gather(ctx, run, &st.Assessment)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(d.folder(run), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the run: %w", err)
	}
	path := filepath.Join(d.folder(run), "snapshot.assize")
	if err := snapshot.Write(path, c); err != nil {
		return nil, err
	}
	body, err := fileBody(path)
	if err != nil {
		return nil, err
	}
	at, err := d.put(ctx, body)
	if err != nil {
		return nil, err
	}
	begun := *run
	begun.Snapshot, begun.Library, begun.Profile = body.Digest, content.Library.Digest, content.Profile.Digest
	if err := d.Service.Begin(ctx, &begun, at); err != nil {
		return nil, err
	}
	// Another holder may have been faster: what stands in the store counts.
	stored, err := d.run(ctx, run)
	if err != nil {
		return nil, err
	}
	mine := stored.Snapshot == begun.Snapshot
	*run = *stored
	if !mine {
		return d.Snapshot(ctx, run.Snapshot)
	}
	return c, nil
}

// run reads a run as it stands in the store.
func (d *Deployment) run(ctx context.Context, run *assessment.Run) (*assessment.Run, error) {
	list, err := d.Store.RunsOf(ctx, run.Assessment, recentRuns)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(r assessment.Run) bool { return r.ID == run.ID })
	if i < 0 {
		return nil, fmt.Errorf("run %s: %w", run.ID, assessment.ErrNotFound)
	}
	return &list[i], nil
}

// fileBody is a file as a body.
func fileBody(path string) (blob.Body, error) {
	f, err := os.Open(path)
	if err != nil {
		return blob.Body{}, err
	}
	digest, size, err := evidence.DigestReader(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return blob.Body{}, fmt.Errorf("digest of %s: %w", path, err)
	}
	return blob.Body{Digest: digest, Size: size, Open: func() (io.ReadCloser, error) { return os.Open(path) }}, nil
}

// Snapshot reads a snapshot that was kept.
func (d *Deployment) Snapshot(ctx context.Context, digest evidence.Digest) (_ *collect.Collection, err error) {
	r, err := d.Body(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	plain, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", digest, err)
	}
	c, err := snapshot.Decode("snapshot "+digest.String(), plain)
	if err != nil {
		return nil, err
	}
	// The end of the body is read too: only then its digest has been checked.
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, err
	}
	return c, nil
}

// regions of a collection, sorted.
func regions(c *collect.Collection) []string {
	var out []string
	for _, a := range c.Accounts {
		out = append(out, a.Regions...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func accounts(a *assessment.Assessment) []string {
	out := make([]string, len(a.Accounts))
	for i, x := range a.Accounts {
		out[i] = x.ID
	}
	return out
}

// gaps counts what could not be read, by cause.
func gaps(c *collect.Collection) (total int, by map[assize.Cause]int) {
	by = map[assize.Cause]int{}
	for _, g := range c.Gaps {
		by[g.Cause]++
		total++
	}
	for _, r := range c.Records {
		for i := range r.Answers {
			if g := r.Answers[i].Gap; g != nil {
				by[g.Cause]++
				total++
			}
		}
	}
	return total, by
}
