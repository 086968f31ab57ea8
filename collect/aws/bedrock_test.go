package aws

import (
	"context"
	"encoding/json"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/aws/aws-sdk-go-v2/aws"
)

const (
	bedrockRegion = "us-east-1"
	bedrockKey    = "arn:aws:kms:us-east-1:111122223333:key/7d0c1f1e-52a4-4c55-9f0d-6a1f0c3b2e11"
	bedrockRole   = "arn:aws:iam::111122223333:role/service-role"
)

// bedrockStage is an account on moto, with the answers in front of it that moto lacks.
type bedrockStage struct {
	*fakeaws.Server
	account string
	cfg     aws.Config
}

func newBedrockStage(t *testing.T) *bedrockStage {
	t.Helper()
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Fixtures: []fs.FS{fakeaws.Defaults()}})
	account := moto.NewAccount()
	return &bedrockStage{srv, account, srv.AWSConfig(bedrockRegion, account)}
}

// collect runs collectors on the stage.
func (s *bedrockStage) collect(t *testing.T, units ...*collector) *collect.Collection {
	t.Helper()
	c := newClients(s.cfg)
	var jobs []collect.Job
	for _, unit := range units {
		jobs = append(jobs, collect.Job{
			Declaration: &unit.Declaration, Account: s.account, Region: bedrockRegion,
			Run: func(ctx context.Context, t *collect.Task) error { return unit.run(ctx, c, t) },
		})
	}
	got := collect.NewCollection("test", time.Unix(0, 0))
	if err := collect.NewRunner(collect.Config{Attempts: 1}, classify).Run(t.Context(), jobs, nil, got.Sink()); err != nil {
		t.Fatal(err)
	}
	got.Sort()
	return got
}

// must ends the test when seeding failed.
func must(t *testing.T, _ any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// recordOf returns the record of the type with that id.
func recordOf(t *testing.T, c *collect.Collection, typ, id string) *assize.Record {
	t.Helper()
	for _, r := range c.Records {
		if r.Type == typ && r.ID == id {
			return r
		}
	}
	t.Fatalf("no record of %s %s", typ, id)
	return nil
}

// idsOf lists the ids of the records of a type.
func idsOf(c *collect.Collection, typ string) []string {
	var ids []string
	for _, r := range c.Records {
		if r.Type == typ {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// coverageOf tells for each type whether its list is complete, or the cause why not.
func coverageOf(c *collect.Collection) map[string]string {
	got := map[string]string{}
	for _, v := range c.Coverage {
		got[v.Type] = "complete"
		if v.Gap != nil {
			got[v.Type] = string(v.Gap.Cause)
		}
	}
	return got
}

// answersOf tells for each operation of a record how it was answered.
func answersOf(r *assize.Record) map[string]string {
	got := map[string]string{}
	for _, a := range r.Answers {
		switch {
		case a.Gap != nil:
			got[a.Operation] = string(a.Gap.Cause)
		case a.None != "":
			got[a.Operation] = "none"
		default:
			got[a.Operation] = "value"
		}
	}
	return got
}

var indexed = regexp.MustCompile(`^(\w+)\[(\d+)\]$`)

// fact reads a property as JSON; "a.b[1].c" goes into lists, "" is absence.
func fact(t *testing.T, v assize.Value, path string) string {
	t.Helper()
	for step := range strings.SplitSeq(path, ".") {
		name, index := step, -1
		if m := indexed.FindStringSubmatch(step); m != nil {
			name = m[1]
			index, _ = strconv.Atoi(m[2])
		}
		o, ok := v.(assize.Object)
		if !ok {
			break
		}
		v = o.Get(name)
		if list, ok := v.(assize.List); ok && index >= 0 {
			v = nil
			if index < len(list) {
				v = list[index]
			}
		}
	}
	switch x := v.(type) {
	case nil:
		return ""
	case *assize.Unknown:
		return "unknown: " + string(x.Cause)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
