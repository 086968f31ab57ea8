package snapshot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/google/go-cmp/cmp"
)

const (
	account = "111111111111"
	typ     = "Test::Shop::Thing"
)

// shelf is a collector of things; fetch is called once for each that it describes.
type shelf struct {
	things int
	fetch  func(id string) error
	gapOn  string // the item whose description finds a list that is denied

	mu      sync.Mutex
	fetched map[string]int
}

func (s *shelf) declaration() *collect.Declaration {
	return &collect.Declaration{
		Name: "shelf", Service: "shop", Scope: collect.Regional, Types: []string{typ},
		Operations: []collect.Operation{{Name: "shop:Get", Actions: []string{"shop:Get"}}},
	}
}

func (s *shelf) run(ctx context.Context, t *collect.Task) error {
	ids := make([]string, s.things)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%03d", t.Region, i)
	}
	t.Complete(typ)
	return collect.Each(ctx, t, ids, func(id string) (string, string) { return typ, id }, func(ctx context.Context, b *collect.Builder, id string) {
		if id == s.gapOn {
			t.Gap("shop:Get", &collect.Failure{Cause: assize.Denied})
		}
		err := t.Do(ctx, "shop:Get", func(context.Context) error {
			s.mu.Lock()
			s.fetched[id]++
			s.mu.Unlock()
			return s.fetch(id)
		})
		if err != nil {
			b.Fail("shop:Get", err)
			return
		}
		b.Answer("shop:Get", struct{ Name string }{id})
	})
}

// collect runs the shelf in the Regions with the journal of the folder.
func (s *shelf) collect(ctx context.Context, dir string, asOf time.Time, regions ...string) (*collect.Collection, error) {
	s.fetched = map[string]int{}
	j, err := OpenJournal(dir, asOf)
	if err != nil {
		return nil, err
	}
	accounts := []assize.Account{{ID: account, Regions: regions}}
	if err := j.Bind(collect.Binding{Accounts: accounts, Declarations: "sha256:d"}); err != nil {
		return nil, err
	}
	c := collect.NewCollection("v", j.AsOf())
	c.Accounts = accounts
	var jobs []collect.Job
	for _, r := range regions {
		jobs = append(jobs, collect.Job{Declaration: s.declaration(), Account: account, Region: r, Run: s.run})
	}
	cfg := collect.Config{
		TaskParallel: 1, ItemParallel: 1, Attempts: 1,
		Rates: map[string]collect.Rate{"shop": {Start: 1e6, Max: 1e6, Burst: 1e6}},
	}
	r := collect.NewRunner(cfg, func(_ string, err error) *collect.Failure {
		return &collect.Failure{Cause: assize.ServiceError, Err: err}
	})
	err = r.Run(ctx, jobs, j, c.Sink())
	c.Requests = r.Requests()
	c.Sort()
	return c, err
}

var (
	first  = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	second = first.Add(time.Hour)
)

func TestResume(t *testing.T) {
	t.Parallel()
	ok := func(string) error { return nil }
	want, err := (&shelf{things: 20, fetch: ok}).collect(t.Context(), t.TempDir(), first, "eu-a", "eu-b")
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	s := &shelf{things: 20, fetch: func(id string) error {
		if id == "eu-b-005" {
			cancel()
			return context.Canceled
		}
		return nil
	}}
	if _, err := s.collect(ctx, dir, first, "eu-a", "eu-b"); !errors.Is(err, context.Canceled) {
		t.Fatalf("got error %v, want context.Canceled", err)
	}

	s = &shelf{things: 20, fetch: ok}
	got, err := s.collect(t.Context(), dir, second, "eu-a", "eu-b")
	if err != nil {
		t.Fatal(err)
	}
	got.Requests = want.Requests // the journal keeps no count of tasks that were cut short
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("a run in two parts (-in one, +in two):\n%s", d)
	}
	if len(s.fetched) != 15 || s.fetched["eu-b-005"] != 1 || s.fetched["eu-b-004"] != 0 || s.fetched["eu-a-000"] != 0 {
		t.Errorf("the second part fetched %v, want the 15 from eu-b-005 on", s.fetched)
	}
	s = &shelf{things: 20, fetch: ok}
	if got, err = s.collect(t.Context(), dir, second, "eu-a", "eu-b"); err != nil || len(s.fetched) != 0 || len(got.Records) != 40 {
		t.Errorf("after the end: fetched %v, %d records, %v, want none, 40, no error", s.fetched, len(got.Records), err)
	}
}

// A process may die at any byte of a write.
func TestResumeAfterTornWrite(t *testing.T) {
	t.Parallel()
	ok := func(string) error { return nil }
	whole := t.TempDir()
	want, err := (&shelf{things: 3, fetch: ok}).collect(t.Context(), whole, first, "eu-a")
	if err != nil {
		t.Fatal(err)
	}
	name := account + "_eu-a_shelf.jsonl"
	log, err := os.ReadFile(filepath.Join(whole, name))
	if err != nil {
		t.Fatal(err)
	}
	header, err := os.ReadFile(filepath.Join(whole, headerFile))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(log) + 1 {
		dir := t.TempDir()
		if err := errors.Join(os.WriteFile(filepath.Join(dir, headerFile), header, 0o600), os.WriteFile(filepath.Join(dir, name), log[:n], 0o600)); err != nil {
			t.Fatal(err)
		}
		got, err := (&shelf{things: 3, fetch: ok}).collect(t.Context(), dir, second, "eu-a")
		if err != nil {
			t.Fatalf("log cut at byte %d: %v", n, err)
		}
		got.Requests = want.Requests
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("log cut at byte %d (-whole +resumed):\n%s", n, d)
		}
	}
}

// What failed for a reason that passes is tried again.
func TestResumeTriesAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := &shelf{things: 3, fetch: func(id string) error {
		if id == "eu-a-001" {
			return errors.New("internal failure")
		}
		return nil
	}}
	if _, err := s.collect(t.Context(), dir, first, "eu-a"); err != nil {
		t.Fatal(err)
	}
	s = &shelf{things: 3, fetch: func(string) error { return nil }}
	c, err := s.collect(t.Context(), dir, second, "eu-a")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]int{"eu-a-001": 1}, s.fetched); d != "" {
		t.Errorf("fetched (-want +got):\n%s", d)
	}
	if a := c.Records[1].Answer("shop:Get"); a.Gap != nil {
		t.Errorf("got gap %v, want an answer", a.Gap)
	}
}

// A record that led to a denied list stays when the task is finished.
func TestResumeKeepsRecordsWithGaps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := &shelf{things: 3, fetch: func(string) error { return nil }, gapOn: "eu-a-001"}
	want, err := s.collect(t.Context(), dir, first, "eu-a")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.collect(t.Context(), dir, second, "eu-a")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-first +second):\n%s", d)
	}
	if len(got.Records) != 3 || len(got.Gaps) != 1 || len(s.fetched) != 0 {
		t.Errorf("got %d records, %d gaps, %v fetched, want 3, 1 and none", len(got.Records), len(got.Gaps), s.fetched)
	}
}

func TestJournalRefuses(t *testing.T) {
	t.Parallel()
	ok := func(string) error { return nil }
	dir := t.TempDir()
	if _, err := (&shelf{things: 1, fetch: ok}).collect(t.Context(), dir, first, "eu-a"); err != nil {
		t.Fatal(err)
	}
	_, err := (&shelf{things: 1, fetch: ok}).collect(t.Context(), dir, first, "eu-a", "eu-b")
	if want := "is of 111111111111 (eu-a), this run is of 111111111111 (eu-a, eu-b): use another folder"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("other Regions: got %v, want %q", err, want)
	}
	j, err := OpenJournal(dir, second)
	if err != nil || !j.AsOf().Equal(first) {
		t.Fatalf("got %v, %v, want the time of the first run", j, err)
	}
	err = j.Bind(collect.Binding{Accounts: []assize.Account{{ID: account, Regions: []string{"eu-a"}}}, Declarations: "sha256:e"})
	if err == nil || !strings.Contains(err.Error(), "other collectors") {
		t.Errorf("other collectors: got %v, want that said", err)
	}
	log := filepath.Join(dir, account+"_eu-a_shelf.jsonl")
	if err := os.WriteFile(log, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Open("shelf", account, "eu-a"); err == nil || !strings.Contains(err.Error(), log+":1: want one record or") {
		t.Errorf("a damaged log: got %v, want file and line", err)
	}
	if err := os.WriteFile(filepath.Join(dir, headerFile), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(dir, first); err == nil || !strings.Contains(err.Error(), "want the header of a journal") {
		t.Errorf("a damaged header: got %v, want that said", err)
	}
	if err := os.Remove(filepath.Join(dir, headerFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(dir, first); err == nil || !strings.Contains(err.Error(), "no journal.json") {
		t.Errorf("no header: got %v, want that said", err)
	}
}
