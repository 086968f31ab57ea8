package deployment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/report/bundle"
)

// MakeReport makes the report of an assessment: it records that it was asked for, writes the bundle to the
// destination of the assessment and into the store, and records how it ended. Beside the bundle lie the leaf
// that records its digest, and the proof that this leaf stands in the ledger.
func (d *Deployment) MakeReport(ctx context.Context, id, actor, name, description string, all bool) (*assessment.Report, error) {
	r, err := d.Service.AskReport(ctx, id, actor, name, description, all)
	if err != nil {
		return nil, err
	}
	return d.finishReport(ctx, id, *r)
}

// finishReport writes a report that was asked for.
func (d *Deployment) finishReport(ctx context.Context, id string, r assessment.Report) (*assessment.Report, error) {
	done, to, err := d.writeReport(ctx, id, r)
	if err == nil {
		recorded, err := d.ended(ctx, id, done, to)
		if err != nil {
			return nil, fmt.Errorf("report %s is complete, at %s, but what lies beside it is not: %w", r.Name, to.location, err)
		}
		return recorded, nil
	}
	if ctx.Err() != nil {
		return nil, err // it is still asked for: it is made when the deployment is served again
	}
	r.Status, r.Error = assessment.ReportFailed, err.Error()
	return nil, errors.Join(err, d.Service.EndReport(ctx, id, r.Author, r, assessment.BlobLocation{}))
}

// writeReport writes a report and records that it is complete.
func (d *Deployment) writeReport(ctx context.Context, id string, r assessment.Report) (_ *assessment.Report, to target, err error) {
	a, err := d.Store.Assessment(ctx, id)
	if err != nil {
		return nil, to, err
	}
	to = d.destination(a.Destination, r.Name+"-"+r.ID[:8]+".zip")
	if err := os.MkdirAll(filepath.Dir(to.local), 0o755); err != nil {
		return nil, to, fmt.Errorf("report %s: %w", r.Name, err)
	}
	result, err := d.writeBundle(ctx, a, &r, to.local)
	if err != nil {
		return nil, to, err
	}
	body, err := fileBody(to.local)
	if err != nil {
		return nil, to, err
	}
	if body.Digest != result.Digest {
		return nil, to, fmt.Errorf("report %s: what lies at %s is not what was written", r.Name, to.local)
	}
	at, err := d.put(ctx, body)
	if err != nil {
		return nil, to, err
	}
	if err := d.send(ctx, to, ""); err != nil {
		return nil, to, errors.Join(err, ignoreMissing(os.Remove(to.local)))
	}
	r.Status, r.Items, r.Size, r.Digest, r.Location = assessment.ReportComplete, result.Items, result.Size, result.Digest, to.location
	if err := d.Service.EndReport(ctx, id, r.Author, r, at); err != nil {
		return nil, to, err
	}
	return &r, to, nil
}

// ended looks at what was recorded of a report. When another process has made the same report and was faster, its
// bundle counts, and is put where this one has been written over it.
func (d *Deployment) ended(ctx context.Context, id string, r *assessment.Report, to target) (*assessment.Report, error) {
	st, err := d.Service.State(ctx, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(st.Reports, func(x assessment.Report) bool { return x.ID == r.ID })
	recorded := st.Reports[i]
	if recorded.Digest != r.Digest {
		if err := d.restore(ctx, &recorded, to); err != nil {
			return nil, err
		}
	}
	return &recorded, d.reportProof(ctx, id, &recorded, to)
}

// restore writes the bundle of a report anew from the store.
func (d *Deployment) restore(ctx context.Context, r *assessment.Report, to target) error {
	body, err := d.Body(ctx, r.Digest)
	if err != nil {
		return fmt.Errorf("report %s: %w", r.Name, err)
	}
	file, err := os.Create(to.local)
	if err != nil {
		return errors.Join(fmt.Errorf("report %s: %w", r.Name, err), body.Close())
	}
	_, err = io.Copy(file, body)
	if err := errors.Join(err, file.Sync(), file.Close(), body.Close()); err != nil {
		return fmt.Errorf("report %s: %w", r.Name, err)
	}
	return d.send(ctx, to, "")
}

// target is where a report is written: a file, and for a bucket the object that it becomes.
type target struct{ local, location string }

// destination is the target of a file at a destination of an assessment. What goes to a bucket is written to the data
// folder first.
func (d *Deployment) destination(where, name string) target {
	if isObject(where) {
		return target{filepath.Join(d.Data, "reports", name), strings.TrimSuffix(where, "/") + "/" + name}
	}
	path := filepath.Join(where, name)
	return target{path, path}
}

func isObject(where string) bool { return strings.HasPrefix(where, "s3://") }

// send writes the file of a target that ends in suffix to its bucket, when it has one, and removes it here.
func (d *Deployment) send(ctx context.Context, to target, suffix string) error {
	if to.local == to.location {
		return nil
	}
	client, err := d.objects(ctx)
	if err != nil {
		return err
	}
	if err := client.Put(ctx, to.location+suffix, to.local+suffix); err != nil {
		return err
	}
	return os.Remove(to.local + suffix)
}

// objects is the client of S3.
func (d *Deployment) objects(ctx context.Context) (Objects, error) {
	if d.Objects == nil {
		return nil, errors.New("S3 cannot be reached here: use a folder")
	}
	return d.Objects(ctx)
}

// writeBundle writes the bundle beside its place and renames it.
func (d *Deployment) writeBundle(ctx context.Context, a *assessment.Assessment, r *assessment.Report, path string) (_ *bundle.Result, err error) {
	_, checkpoint, err := d.Publisher.Publish(ctx)
	if err != nil {
		return nil, err
	}
	status, err := d.Service.Status(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	framework, err := d.whole(ctx, a.Framework.Digest)
	if err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", r.Name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
		}
	}()
	result, err := bundle.Write(ctx, temp, bundle.Input{
		Ledger: d.Store, Bodies: d.Blobs, Assessment: a.ID, Report: *r, Status: status, Framework: framework,
		Checkpoint: checkpoint, Key: d.Log.VerifierText, Signer: d.Log.Signer, Version: d.Version,
	})
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	return result, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// reportProof writes the leaf of a complete report and its proof beside it.
func (d *Deployment) reportProof(ctx context.Context, id string, r *assessment.Report, to target) error {
	c, signed, err := d.Publisher.Publish(ctx)
	if err != nil {
		return err
	}
	var last assessment.Stored
	for stored, err := range d.Store.ScopeLeaves(ctx, id, 0, evidence.KindReport) {
		if err != nil {
			return err
		}
		if stored.Leaf.Digest == r.Digest {
			last = stored
		}
	}
	if last.Leaf == nil {
		return fmt.Errorf("report %s: it has no leaf", r.Name)
	}
	proof, err := evidence.Prove(last.Index, c.Size, signed, tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		return d.Store.Hashes(ctx, indexes)
	}))
	if err != nil {
		return err
	}
	for suffix, data := range map[string][]byte{".leaf.json": last.Bytes, ".tlog-proof": proof.Bytes()} {
		if err := writeFile(to.local+suffix, data, 0o644); err != nil {
			return fmt.Errorf("report %s: %w", r.Name, err)
		}
		if err := d.send(ctx, to, suffix); err != nil {
			return fmt.Errorf("report %s: %w", r.Name, err)
		}
	}
	return nil
}

// ResumeReports makes the reports that were asked for at least so long ago and have not ended: whoever was making
// them has died. It returns those that are complete now.
func (d *Deployment) ResumeReports(ctx context.Context, age time.Duration) ([]assessment.Report, error) {
	list, err := d.Store.Assessments(ctx)
	if err != nil {
		return nil, err
	}
	var made []assessment.Report
	var errs []error
	for i := range list {
		st, err := d.Service.State(ctx, list[i].ID)
		if err != nil {
			return made, err
		}
		for _, r := range st.Reports {
			if r.Status != assessment.ReportInProgress || d.Now().Sub(r.Created) < age {
				continue
			}
			if r.Last, err = d.asked(ctx, list[i].ID, r.ID); err != nil {
				return made, err
			}
			done, err := d.finishReport(ctx, list[i].ID, r)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			made = append(made, *done)
		}
	}
	return made, errors.Join(errs...)
}

// asked is the sequence number of the leaf in which a report was asked for.
func (d *Deployment) asked(ctx context.Context, id, report string) (int64, error) {
	for stored, err := range d.Store.ScopeLeaves(ctx, id, 0, evidence.KindReport) {
		if err != nil {
			return 0, err
		}
		if stored.Leaf.Subject == "report/"+report {
			return stored.Sequence, nil
		}
	}
	return 0, fmt.Errorf("report %s: %w", report, assessment.ErrNotFound)
}

// Deleted is a report that was deleted.
type Deleted struct {
	assessment.Report
	// Stays says why a file of it could not be removed; nil when all are gone.
	Stays error `json:"-"`
}

// DeleteReport deletes a report: the file where it was written, and the body. A file that is gone or may not be
// removed does not keep it from being deleted.
func (d *Deployment) DeleteReport(ctx context.Context, id, actor, report string) (*Deleted, error) {
	st, err := d.Service.State(ctx, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(st.Reports, func(r assessment.Report) bool { return r.ID == report })
	if i < 0 {
		return nil, fmt.Errorf("report %s: %w", report, assessment.ErrNotFound)
	}
	r := st.Reports[i]
	r.Status = assessment.ReportDeleted
	if err := d.Service.EndReport(ctx, id, actor, r, assessment.BlobLocation{}); err != nil {
		return nil, err
	}
	deleted := &Deleted{Report: r}
	if r.Location != "" {
		for _, suffix := range []string{"", ".leaf.json", ".tlog-proof"} {
			deleted.Stays = errors.Join(deleted.Stays, d.remove(ctx, r.Location+suffix))
		}
	}
	return deleted, nil
}

// remove removes a file or an object; that it is not there is no error.
func (d *Deployment) remove(ctx context.Context, location string) error {
	if !isObject(location) {
		return ignoreMissing(os.Remove(location))
	}
	client, err := d.objects(ctx)
	if err != nil {
		return err
	}
	return client.Remove(ctx, location)
}
