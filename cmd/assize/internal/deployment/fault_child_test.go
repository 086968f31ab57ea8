package deployment_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing/fstest"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/library"
)

// steps counts what happens, and kills the process at one of them.
type steps struct {
	n    atomic.Int64
	kill int64
}

func (s *steps) here() {
	if s == nil || s.n.Add(1) != s.kill {
		return
	}
	// SIGKILL, not an exit: nothing is flushed, closed or given back.
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// around is a step before and one after a call.
func (s *steps) around(call func() error) error {
	s.here()
	err := call()
	s.here()
	return err
}

// killingStore is a store with steps around everything that writes.
type killingStore struct {
	assessment.Store
	steps *steps
}

func (k killingStore) Commit(ctx context.Context, b assessment.Batch) (at []assessment.Position, err error) {
	return at, k.steps.around(func() error { at, err = k.Store.Commit(ctx, b); return err })
}

func (k killingStore) Enqueue(ctx context.Context, r assessment.Run) (run *assessment.Run, err error) {
	return run, k.steps.around(func() error { run, err = k.Store.Enqueue(ctx, r); return err })
}

func (k killingStore) Claim(ctx context.Context, holder string, now, until time.Time) (run *assessment.Run, err error) {
	return run, k.steps.around(func() error { run, err = k.Store.Claim(ctx, holder, now, until); return err })
}

func (k killingStore) SaveCheckpoint(ctx context.Context, size int64, signed []byte) error {
	return k.steps.around(func() error { return k.Store.SaveCheckpoint(ctx, size, signed) })
}

// killingBackend has steps around each write of bodies.
type killingBackend struct {
	blob.Backend
	steps *steps
}

func (k killingBackend) Append(ctx context.Context, fill func(int64) ([]byte, error)) (name string, at int64, err error) {
	return name, at, k.steps.around(func() error { name, at, err = k.Backend.Append(ctx, fill); return err })
}

// killingPlace has steps around each published file.
type killingPlace struct {
	jobs.Place
	steps *steps
}

func (k killingPlace) Write(ctx context.Context, path string, data []byte) error {
	return k.steps.around(func() error { return k.Place.Write(ctx, path, data) })
}

const (
	faultAccount = "111122223333"
	faultBuckets = 7
	faultCheck   = "s3_bucket_versioning_enabled"
	bucketType   = "AWS::S3::Bucket"
	versioningOp = "s3:GetBucketVersioning"
)

const faultFramework = `title: Small
version: "1"
provenance: ours
description: For a test.
groups:
  - id: data
    title: Data
    controls:
      - {id: D-1, title: Versions are kept, checks: [` + faultCheck + `]}
      - id: D-2
        title: Versions are recorded
        expectations:
          - {id: versions, kind: api, title: Versioning of buckets, keyword: s3_GetBucketVersioning}
      - id: D-3
        title: Somebody looks
        expectations:
          - {id: look, kind: text, title: Look at it, owner: data owner, example: A sentence, cadence: FREQ=MONTHLY}
`

// faultContent is a small library: a process that is killed again and again loads it fast.
func faultContent() (*deployment.Content, error) {
	fsys := fstest.MapFS{"frameworks/small.yaml": {Data: []byte(faultFramework)}}
	for _, path := range []string{
		"checks/s3/" + faultCheck + "/check.yaml", "checks/s3/service.yaml", "resources/s3/AWS-S3-Bucket.yaml",
		"resources/kms/AWS-KMS-Key.yaml", "profile.yaml", "regions.yaml",
	} {
		data, err := os.ReadFile(filepath.Join("../../../../library", path))
		if err != nil {
			return nil, err
		}
		fsys[path] = &fstest.MapFile{Data: data}
	}
	lib, err := library.LoadFS(fsys)
	if err != nil {
		return nil, err
	}
	return &deployment.Content{Library: lib, Profile: &assize.Profile{}}, nil
}

// faultSource is an account with buckets; each call is a step.
func faultSource(s *steps) deployment.Live {
	return func(ctx context.Context, a *assessment.Assessment, _ deployment.Source, journal collect.Journal, into *collect.Collection) error {
		accounts := []assize.Account{{ID: faultAccount, Regions: []string{"eu-central-1"}}}
		if err := journal.Bind(collect.Binding{Accounts: accounts, Declarations: "sha256:d"}); err != nil {
			return err
		}
		sink := into.Sink()
		if err := sink.Account(accounts[0]); err != nil {
			return err
		}
		job := collect.Job{Account: faultAccount, Region: "eu-central-1", Declaration: &collect.Declaration{
			Name: "buckets", Service: "s3", Scope: collect.Regional, Types: []string{bucketType},
			Operations: []collect.Operation{{Name: versioningOp, Actions: []string{"s3:GetBucketVersioning"}}},
		}}
		job.Run = func(ctx context.Context, t *collect.Task) error {
			var ids []string
			for i := range faultBuckets {
				ids = append(ids, fmt.Sprintf("bucket-%d", i))
			}
			t.Complete(bucketType)
			return collect.Each(ctx, t, ids, func(id string) (string, string) { return bucketType, id }, func(ctx context.Context, b *collect.Builder, id string) {
				err := t.Do(ctx, versioningOp, func(context.Context) error { s.here(); return nil })
				if err != nil {
					b.Fail(versioningOp, err)
					return
				}
				b.Answer(versioningOp, struct{ Status string }{"Enabled"})
			})
		}
		cfg := collect.Config{TaskParallel: 1, ItemParallel: 1, Attempts: 1, Rates: map[string]collect.Rate{"s3": {Start: 1e6, Max: 1e6, Burst: 1e6}}}
		runner := collect.NewRunner(cfg, func(_ string, err error) *collect.Failure {
			return &collect.Failure{Cause: assize.ServiceError, Err: err}
		})
		return runner.Run(ctx, []collect.Job{job}, journal, sink)
	}
}

// faultDeployment opens the deployment of a test, with steps when there are any.
func faultDeployment(ctx context.Context, dir, store string, s *steps, now func() time.Time) (*deployment.Deployment, func(), error) {
	parts, err := deployment.OpenParts(ctx, deployment.Options{Data: dir, Store: store})
	if err != nil {
		return nil, nil, err
	}
	parts.Store = killingStore{parts.Store, s}
	parts.Backend = killingBackend{parts.Backend, s}
	parts.Place = killingPlace{parts.Place, s}
	d, err := deployment.New(ctx, parts, deployment.Config{
		Now: now, Content: faultContent, Live: faultSource(s), PartSize: 3, Version: "test",
		Operation: func(string) ([]string, bool) { return []string{bucketType}, true },
	})
	if err != nil {
		return nil, nil, errors.Join(err, parts.Close())
	}
	return d, func() { parts.Close() }, nil
}

// faultChild is the process that is killed: it does whatever is not done yet.
func faultChild() error {
	kill, err := strconv.ParseInt(os.Getenv(faultStep), 10, 64)
	if err != nil {
		return err
	}
	start, err := strconv.Atoi(os.Getenv(faultStart))
	if err != nil {
		return err
	}
	ctx, s := context.Background(), &steps{kill: kill}
	// The second start is an hour later: the lease of a run that was killed is over.
	now := time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC).Add(time.Duration(start) * time.Hour)
	d, closer, err := faultDeployment(ctx, os.Getenv(faultData), os.Getenv(faultStore), s, func() time.Time { return now })
	if err != nil {
		return err
	}
	defer closer()
	a, err := faultAssessment(ctx, d)
	if err != nil {
		return err
	}
	runner, err := d.Runner(jobs.LocalConfig{})
	if err != nil {
		return err
	}
	if err := d.Scheduler(runner).Tick(ctx); err != nil {
		return err
	}
	if err := runner.Drain(ctx); err != nil {
		return err
	}
	if _, _, err := d.Publisher.Publish(ctx); err != nil {
		return err
	}
	if err := faultPeople(ctx, d, a.ID); err != nil {
		return err
	}
	if _, _, err := d.Publisher.Publish(ctx); err != nil {
		return err
	}
	fmt.Println(s.n.Load())
	return nil
}

// faultAssessment creates the assessment unless it is there, as somebody would who saw the command die.
func faultAssessment(ctx context.Context, d *deployment.Deployment) (*assessment.Assessment, error) {
	list, err := d.Store.Assessments(ctx)
	if err != nil || len(list) > 0 {
		return &append(list, assessment.Assessment{})[0], err
	}
	content, err := d.Content()
	if err != nil {
		return nil, err
	}
	fw, err := content.Library.Framework("small")
	if err != nil {
		return nil, err
	}
	ref, err := d.Pin(ctx, "ann", fw)
	if err != nil {
		return nil, err
	}
	return d.Service.Create(ctx, assessment.Assessment{
		Name: "killed", Framework: ref, Destination: filepath.Join(d.Data, "reports"), Accounts: []assize.Account{{ID: faultAccount}},
	}, "ann")
}

// faultPeople gives evidence and asks for a report, unless that is done.
func faultPeople(ctx context.Context, d *deployment.Deployment, id string) error {
	given := false
	for _, err := range d.Store.Evidence(ctx, assessment.EvidenceQuery{Assessment: id, DataSource: "Manual"}) {
		if err != nil {
			return err
		}
		given = true
	}
	if !given {
		g := deployment.Given{Text: "I looked."}
		g.ControlSet, g.Control = "data", "D-3"
		if _, err := d.Add(ctx, id, "bob", g); err != nil {
			return err
		}
	}
	asked := false
	for _, err := range d.Store.ScopeLeaves(ctx, id, 0, evidence.KindReport) {
		if err != nil {
			return err
		}
		asked = true
	}
	if asked {
		_, err := d.ResumeReports(ctx, 0)
		return err
	}
	_, err := d.MakeReport(ctx, id, "ann", "report", "", true)
	return err
}
