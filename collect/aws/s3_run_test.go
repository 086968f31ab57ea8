package aws

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/aws/aws-sdk-go-v2/aws"
	"go.yaml.in/yaml/v3"
)

const coreRegion = "us-east-1"

// coreBench is moto behind fakeaws, and an account of its own.
type coreBench struct {
	*fakeaws.Server
	account string
}

func newCoreBench(t *testing.T) *coreBench {
	t.Helper()
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Fixtures: []fs.FS{fakeaws.Defaults()}})
	return &coreBench{Server: srv, account: moto.NewAccount()}
}

// config is for the clients that seed a Region.
func (b *coreBench) config(t *testing.T, region string) aws.Config {
	t.Helper()
	return moto.Config(t, b.URL, region, b.account)
}

// coreRun is what a run has sent.
type coreRun struct {
	records  map[string]*assize.Record // by Region, type and id
	coverage map[string]assize.Coverage
	gaps     []assize.Gap
}

func (r *coreRun) Account(assize.Account) error { return nil }

func (r *coreRun) Record(rec *assize.Record) error {
	r.records[rec.Region+" "+rec.Type+" "+rec.ID] = rec
	return nil
}

func (r *coreRun) Coverage(c assize.Coverage) error {
	r.coverage[c.Region+" "+c.Type] = c
	return nil
}

func (r *coreRun) Gap(g assize.Gap) error {
	r.gaps = append(r.gaps, g)
	return nil
}

func (r *coreRun) Requests(string, int) error { return nil }

// run runs collectors: those of global scope once, the others in each Region.
func (b *coreBench) run(t *testing.T, units []*collector, regions ...string) *coreRun {
	t.Helper()
	if len(regions) == 0 {
		regions = []string{coreRegion}
	}
	c := newClients(b.config(t, coreRegion))
	var jobs []collect.Job
	for _, unit := range units {
		in := regions
		if unit.Scope == collect.Global {
			in = []string{assize.Global}
		}
		for _, region := range in {
			jobs = append(jobs, collect.Job{
				Declaration: &unit.Declaration, Account: b.account, Region: region,
				Run: func(ctx context.Context, t *collect.Task) error { return unit.run(ctx, c, t) },
			})
		}
	}
	run := &coreRun{records: map[string]*assize.Record{}, coverage: map[string]assize.Coverage{}}
	cfg := collect.Config{Attempts: 2, Backoff: time.Millisecond, MaxBackoff: time.Millisecond}
	if err := collect.NewRunner(cfg, classify).Run(t.Context(), jobs, nil, run); err != nil {
		t.Fatal(err)
	}
	return run
}

// properties derives the resource of a record.
func (r *coreRun) properties(t *testing.T, region, typ, id string) assize.Object {
	t.Helper()
	rec := r.records[region+" "+typ+" "+id]
	if rec == nil {
		t.Fatalf("there is no %s %s in %s; there are %v", typ, id, region, r.ids())
	}
	res, err := collect.Derive(coreDefinition(t, typ), rec)
	noError(t, err)
	return res.Properties
}

func (r *coreRun) ids() []string {
	var ids []string
	for id := range r.records {
		ids = append(ids, id)
	}
	return ids
}

// complete fails the test unless the list was read to its end.
func (r *coreRun) complete(t *testing.T, region string, types ...string) {
	t.Helper()
	for _, typ := range types {
		if c := r.coverage[region+" "+typ]; !c.Complete {
			t.Errorf("%s in %s: coverage %+v, want complete", typ, region, c)
		}
	}
}

// coreDefinition loads the definition of a type, strictly.
func coreDefinition(t *testing.T, typ string) *assize.Definition {
	t.Helper()
	service := strings.ToLower(strings.Split(typ, "::")[1])
	name := filepath.Join("..", "..", "library", "resources", service, strings.ReplaceAll(typ, "::", "-")+".yaml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	d := &assize.Definition{}
	if err := dec.Decode(d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// at reads properties by their paths: the value, or the cause where it is not known.
func at(o assize.Object, paths ...string) map[string]any {
	got := map[string]any{}
	for _, path := range paths {
		v := o.At(path)
		if u, ok := v.(*assize.Unknown); ok {
			v = u.Cause
		}
		got[path] = v
	}
	return got
}
