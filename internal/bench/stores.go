package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/pgtest"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/store/postgres"
	"github.com/assize-dev/assize/store/sqlite"
)

const (
	// storedItems are written to measure how fast, and partItems at a time, as a run does.
	storedItems = 40_000
	partItems   = 500
	// sqliteRate and postgresRate are the targets in items a second, storedQuery that of a query in milliseconds.
	sqliteRate, postgresRate = 4000, 8000
	storedQuery              = 50
	// bodySize of each item.
	bodySize = 1024
)

// benchStores measures how fast evidence is stored, with its body and the ledger, and how fast lists and status are at
// a million items. Both databases and the segments lie in the temporary folder; every part is on disk when it
// counts.
func benchStores(ctx context.Context, l *lab) (figures []figure, err error) {
	for _, where := range []string{"sqlite", "postgres"} {
		name := map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL"}[where]
		database := filepath.Join(l.dir, "write.db")
		if where == "postgres" {
			server, err := pgtest.Run(ctx)
			if errors.Is(err, pgtest.ErrMissing) {
				figures = append(figures, figure{What: name + ": " + err.Error(), State: skipped})
				continue
			}
			if err != nil {
				return nil, err
			}
			defer func() { err = errors.Join(err, server.Stop()) }()
			if database, err = server.Database(ctx); err != nil {
				return nil, err
			}
		}
		l.log("writing %d items to %s", storedItems, name)
		some, err := l.worker(ctx, "store-write", name, database, filepath.Join(l.dir, where))
		if err != nil {
			return nil, err
		}
		figures = append(figures, some...)
	}
	l.log("filling a store with %d items", l.evidence)
	some, err := l.worker(ctx, "store-read", filepath.Join(l.dir, "large.db"), strconv.Itoa(l.evidence))
	return append(figures, some...), err
}

// stored is a deployment for these measures.
type stored struct {
	*assessment.Service
	store     assessment.Store
	framework *assize.Framework
	now       time.Time
	ids       int
}

// openStored opens a store, by a file or a URL, and creates an assessment in it.
func openStored(ctx context.Context, database string) (*stored, *assessment.Assessment, error) {
	s := &stored{framework: storedFramework(), now: time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)}
	var err error
	if strings.Contains(database, "://") {
		s.store, err = postgres.Open(ctx, database)
	} else {
		s.store, err = sqlite.Open(ctx, database)
	}
	if err != nil {
		return nil, nil, err
	}
	s.Service = assessment.NewService(s.store, assessment.Config{
		Now:       func() time.Time { return s.now },
		NewID:     func() string { s.ids++; return assessment.NameID("bench", strconv.Itoa(s.ids)) },
		Framework: func(context.Context, assessment.FrameworkRef) (*assize.Framework, error) { return s.framework, nil },
	})
	a, err := s.assessment(ctx, "Bench")
	return s, a, err
}

func (s *stored) assessment(ctx context.Context, name string) (*assessment.Assessment, error) {
	return s.Create(ctx, assessment.Assessment{
		Name: name, Framework: assessment.FrameworkRef{ID: s.framework.ID}, Destination: "reports",
		Accounts: []assize.Account{{ID: comparisonAccount}},
	}, "ann")
}

// storedControls is the size of the framework: that of the largest that is shipped.
const storedControls = 110

// storedFramework has controls with a check and a question to people.
func storedFramework() *assize.Framework {
	fw := &assize.Framework{ID: "bench"}
	for g := range 8 {
		group := assize.Group{ID: fmt.Sprint("set", g)}
		for c := g; c < storedControls; c += 8 {
			group.Controls = append(group.Controls, assize.Control{
				ID: fmt.Sprintf("control-%03d", c), Title: "A control of the bench", Checks: []string{fmt.Sprintf("check_%03d", c)},
				Expectations: []assize.Expectation{{ID: "report", Kind: assize.ByFile, Cadence: "FREQ=MONTHLY"}},
			})
		}
		fw.Groups = append(fw.Groups, group)
	}
	return fw
}

// item is the n-th verdict of a run, as the observer makes it: it serves two controls.
func (s *stored) item(run string, n int) assessment.Evidence {
	place := func(c int) assessment.Place {
		return assessment.Place{ControlSet: fmt.Sprint("set", c%8), Control: fmt.Sprintf("control-%03d", c), Expectation: assessment.ChecksExpectation}
	}
	c := n % storedControls
	arn := fmt.Sprintf("arn:aws:s3:::bench-bucket-%06d", n)
	e := assessment.Evidence{
		ID: assessment.NameID("evidence", run, strconv.Itoa(n)), Type: assessment.ComplianceCheck, DataSource: "Assize check",
		EventSource: "s3.amazonaws.com", EventName: fmt.Sprintf("check_%03d", c), Places: []assessment.Place{place(c), place((c + 1) % storedControls)},
		Account: comparisonAccount, Region: region, Subjects: []assessment.Subject{{ARN: arn, ID: arn[13:], Type: "AWS::S3::Bucket"}}, SubjectsTotal: 1,
		EffectiveFrom: s.now, EffectiveTo: s.now, Collected: s.now, Outcome: assize.Pass, Reason: "the bucket keeps what the check asks for",
		Request: &assessment.Request{Operations: []string{"assize:check"}, Identity: "arn:aws:iam::" + comparisonAccount + ":role/assize", Rows: 1},
		Run:     run, Author: "assize", MediaType: "application/json", Size: bodySize, Body: evidence.DigestOf([]byte(run + arn)),
	}
	if n%10 == 0 {
		e.Outcome, e.Reason = assize.Fail, "the bucket lets everyone read"
	}
	return e
}

// writeStore is a job: it writes items with their bodies, in parts as a run does.
func writeStore(ctx context.Context, o options, args []string) (_ []figure, err error) {
	name, database, folder := args[0], args[1], args[2]
	s, a, err := openStored(ctx, database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	wrapper, err := keys.OpenFile(filepath.Join(folder, "keys"))
	if err != nil {
		return nil, err
	}
	files, err := blob.NewFiles(filepath.Join(folder, "blobs"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	stop, err := profile(o.cpuProfile)
	if err != nil {
		return nil, err
	}
	bodies := blob.New(files, wrapper)
	begin, used := time.Now(), ownCPU()
	if err := s.runs(ctx, bodies, a); err != nil {
		return nil, err
	}
	cpu, wall := ownCPU()-used, time.Since(begin)
	if err := stop(); err != nil {
		return nil, err
	}
	target := map[string]float64{"SQLite": sqliteRate, "PostgreSQL": postgresRate}[name]
	what := fmt.Sprintf("%s: %d items with bodies of 1 KB and the ledger, %d runs at once: items a ", name, storedItems, storedAtOnce)
	return []figure{
		above(what+"CPU second of this program", storedItems/cpu.Seconds(), target),
		info(what+"second by the clock of this machine", "%.0f", storedItems/wall.Seconds()),
	}, nil
}

// storedAtOnce runs write at a time, as the runner has it by default.
const storedAtOnce = 2

// runs writes the items as runs of different assessments at a time.
func (s *stored) runs(ctx context.Context, bodies *blob.Store, first *assessment.Assessment) error {
	var list [storedAtOnce]*assessment.Run
	for i := range list {
		a := first
		if i > 0 {
			var err error
			if a, err = s.assessment(ctx, fmt.Sprint("Bench ", i)); err != nil {
				return err
			}
		}
		list[i] = &assessment.Run{ID: fmt.Sprint("run ", i), Assessment: a.ID}
	}
	errs := make([]error, len(list))
	var wg sync.WaitGroup
	for i, run := range list {
		wg.Go(func() {
			for part := 0; part < storedItems/partItems/len(list) && errs[i] == nil; part++ {
				errs[i] = s.part(ctx, bodies, run, part)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// part stores one part of a run: bodies first, then what refers to them.
func (s *stored) part(ctx context.Context, bodies *blob.Store, run *assessment.Run, part int) error {
	items, list := make([]assessment.Evidence, partItems), make([]blob.Body, partItems)
	for i := range items {
		items[i] = s.item(run.ID, part*partItems+i)
		text := fmt.Appendf(make([]byte, 0, bodySize), `{"evidence":%q,"text":"`, items[i].ID)
		for len(text) < bodySize-2 {
			text = append(text, 'a'+byte(len(text)%26))
		}
		list[i] = blob.Bytes(append(text, `"}`...))
		items[i].Body, items[i].Size = list[i].Digest, list[i].Size
	}
	at, err := bodies.Put(ctx, list...)
	if err != nil {
		return err
	}
	_, err = s.Record(ctx, run, part, items, at)
	return err
}

// profile writes a CPU profile to a file until it is stopped; none without a name.
func profile(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
