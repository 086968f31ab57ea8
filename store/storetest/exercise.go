// Package storetest is the conformance suite of stores: a store is done when it passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Open makes an empty store for one test.
type Open func(ctx context.Context, t *testing.T) assessment.Store

// Exercise runs the suite.
func Exercise(t *testing.T, open Open) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, assessment.Store){
		"leaves are numbered and hashed": numbered,
		"a guard refuses what is stale":  guarded,
		"a key commits once":             once,
		"nothing half":                   nothingHalf,
		"evidence is found":              found,
		"runs are held by one":           runs,
		"checkpoints never go back":      checkpoints,
		"due windows are guarded":        dueWindows,
		"legal holds are guarded":        legalHolds,
		"a day takes so many":            quota,
		"writers at once make one log":   atOnce,
		"a batch beyond one statement":   large,
		"evidence is paged and limited":  paged,
		"the newest tally counts":        tallies,
		"assessments are listed":         assessments,
		"bodies are found and go":        bodies,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t.Context(), t)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, s)
		})
	}
}

var day = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func comment(n int) assessment.Entry {
	return assessment.Entry{Leaf: evidence.Leaf{
		Kind: evidence.KindComment, Recorded: day, Actor: "ann", Subject: "control/c", Body: fmt.Appendf(nil, `{"n":%d}`, n),
	}}
}

func commit(t *testing.T, s assessment.Store, b assessment.Batch) []assessment.Position {
	t.Helper()
	at, err := s.Commit(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// numbered: sequences have no gaps per scope, and the tree is the one that tlog computes over the
// same leaves.
func numbered(t *testing.T, s assessment.Store) {
	want := map[string]int64{}
	for i, n := range []int{1, 3, 300, 2, 1, 260, 700} {
		scope := []string{"", "a", "b"}[i%3]
		var entries []assessment.Entry
		for range n {
			entries = append(entries, comment(i))
		}
		for _, p := range commit(t, s, assessment.Batch{Scope: scope, Leaves: entries}) {
			want[scope]++
			if p.Sequence != want[scope] || p.Scope != scope {
				t.Fatalf("got position %+v, want sequence %d of %q", p, want[scope], scope)
			}
		}
	}
	CheckTree(t, s)
}

func guarded(t *testing.T, s assessment.Store) {
	guard := []evidence.Kind{evidence.KindComment}
	commit(t, s, assessment.Batch{Scope: "a", Guard: guard, Leaves: []assessment.Entry{comment(1)}})
	_, err := s.Commit(t.Context(), assessment.Batch{Scope: "a", Guard: guard, After: 0, Leaves: []assessment.Entry{comment(2)}})
	if !errors.Is(err, assessment.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	commit(t, s, assessment.Batch{Scope: "a", Guard: guard, After: 1, Leaves: []assessment.Entry{comment(3)}})
	commit(t, s, assessment.Batch{Scope: "b", Guard: guard, Leaves: []assessment.Entry{comment(4)}})
}

// legalHolds: who has looked for legal holds before one was set, on whatever assessment, is refused.
func legalHolds(t *testing.T, s assessment.Store) {
	hold := comment(1)
	hold.Leaf.Kind = evidence.KindHold
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{hold}})
	looked := commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{comment(2)}})[0].Index + 1
	commit(t, s, assessment.Batch{Scope: "a", HoldsAt: looked, Leaves: []assessment.Entry{comment(3)}})
	commit(t, s, assessment.Batch{Scope: "b", Leaves: []assessment.Entry{hold}})
	if _, err := s.Commit(t.Context(), assessment.Batch{Scope: "a", HoldsAt: looked, Leaves: []assessment.Entry{comment(4)}}); !errors.Is(err, assessment.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	commit(t, s, assessment.Batch{Scope: "a", HoldsAt: looked + 2, Leaves: []assessment.Entry{comment(5)}})
}

// quota: what a day takes is counted where it is written; other controls, days and assessments do not matter.
func quota(t *testing.T, s assessment.Store) {
	given := func(scope, id string) assessment.Batch {
		item := piece(id, "")
		item.Evidence.Type, item.Evidence.DataSource = assessment.ManualEvidence, "Manual"
		body, err := evidence.Canonical(item.Evidence)
		if err != nil {
			t.Fatal(err)
		}
		item.Leaf.Body = body
		return assessment.Batch{
			Scope: scope, Leaves: []assessment.Entry{item}, Quota: &assessment.Quota{ControlSet: "set", Control: "all", Day: "2026-11-21", Most: 2},
		}
	}
	commit(t, s, given("a", "1"))
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{piece("2", assize.Pass)}}) // it was not given by a person
	commit(t, s, given("a", "3"))
	if _, err := s.Commit(t.Context(), given("a", "4")); !errors.Is(err, assessment.ErrConflict) {
		t.Errorf("one too many: got %v, want ErrConflict", err)
	}
	commit(t, s, given("b", "5"))
	for _, q := range []assessment.Quota{
		{ControlSet: "set", Control: "all", Day: "2026-11-22", Most: 2},
		{ControlSet: "other", Control: "all", Day: "2026-11-21", Most: 2},
		{ControlSet: "set", Control: "c1", Day: "2026-11-21", Most: 2},
		{ControlSet: "set", Control: "all", Day: "2026-11-21", Most: 3},
	} {
		b := given("a", fmt.Sprint(q))
		b.Quota = &q
		b.Leaves[0].Evidence.Places = b.Leaves[0].Evidence.Places[:1] // of a control of its own
		commit(t, s, b)
	}
}

func once(t *testing.T, s assessment.Store) {
	b := assessment.Batch{Scope: "a", Key: "run/1/0", Leaves: []assessment.Entry{comment(1), comment(2)}}
	first := commit(t, s, b)
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{comment(3)}})
	if diff := cmp.Diff(first, commit(t, s, b)); diff != "" {
		t.Errorf("positions of the batch committed again (-first +again):\n%s", diff)
	}
	if size, _ := s.Size(t.Context()); size != 3 {
		t.Errorf("got %d leaves, want 3", size)
	}
}

// nothingHalf: a batch that fails late leaves nothing behind.
func nothingHalf(t *testing.T, s assessment.Store) {
	item := piece("1", assize.Pass)
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{item}})
	_, err := s.Commit(t.Context(), assessment.Batch{Scope: "a", Key: "k", Leaves: []assessment.Entry{comment(1), piece("1", assize.Fail)}})
	if err == nil {
		t.Fatal("evidence with an id that is there was taken")
	}
	if size, _ := s.Size(t.Context()); size != 1 {
		t.Errorf("got %d leaves, want 1", size)
	}
	commit(t, s, assessment.Batch{Scope: "a", Key: "k", Leaves: []assessment.Entry{comment(1)}})
}

func piece(id string, outcome assize.Outcome) assessment.Entry {
	e := &assessment.Evidence{
		ID: id, Type: assessment.ComplianceCheck, DataSource: "Assize check", EventName: "check_" + id,
		Places:   []assessment.Place{{ControlSet: "set", Control: "c" + id, Expectation: "checks"}, {ControlSet: "set", Control: "all", Expectation: "checks"}},
		Subjects: []assessment.Subject{{ID: "bucket", Type: "AWS::S3::Bucket"}}, SubjectsTotal: 1, Collected: day, EffectiveFrom: day,
		EffectiveTo: day, Received: day, Outcome: outcome, Run: "run", Body: evidence.DigestOf([]byte(id)), Size: 1, MediaType: "text/plain", Author: "assize",
	}
	body, err := evidence.Canonical(e)
	if err != nil {
		panic(err)
	}
	return assessment.Entry{Evidence: e, Leaf: evidence.Leaf{
		Kind: evidence.KindEvidence, Recorded: day, Actor: "assize", Subject: "evidence/" + id, Digest: e.Body, Body: body,
	}}
}

func found(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	var entries []assessment.Entry
	for i := range 1200 {
		outcome := assize.Pass
		if i%3 == 0 {
			outcome = assize.Fail
		}
		entries = append(entries, piece(fmt.Sprint(i), outcome))
	}
	at := commit(t, s, assessment.Batch{
		Scope: "a", Leaves: entries,
		Blobs: []assessment.BlobLocation{{Digest: evidence.DigestOf([]byte("7")), Segment: "s1", Offset: 5, Length: 20, Size: 1}},
	})
	n := 0
	for stored, err := range s.Evidence(ctx, assessment.EvidenceQuery{Assessment: "a", Control: "all"}) {
		if err != nil {
			t.Fatal(err)
		}
		if stored.Index != at[n].Index {
			t.Fatalf("got index %d, want %d", stored.Index, at[n].Index)
		}
		n++
	}
	if n != len(entries) {
		t.Errorf("got %d pieces of evidence of the control, want %d", n, len(entries))
	}
	for stored, err := range s.Evidence(ctx, assessment.EvidenceQuery{Assessment: "a", Control: "c7", Run: "run"}) {
		if err != nil || stored.Evidence.ID != "7" {
			t.Errorf("got %q, %v, want evidence 7", stored.Evidence.ID, err)
		}
	}
	folders, err := s.Folders(ctx, "a", "all")
	if err != nil || len(folders) != 1 {
		t.Fatalf("got %d folders, %v, want 1", len(folders), err)
	}
	got := folders[0]
	want := assessment.Folder{
		ID: got.ID, Assessment: "a", ControlSet: "set", Control: "all", Day: "2026-11-21", DataSource: "Assize check",
		Total: 1200, ComplianceCheck: 1200, Issues: 400, Resources: 1200,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	expired := 0
	for stored, err := range s.Expired(ctx, day.Add(time.Hour)) {
		if err != nil || stored.Evidence.ID != "7" {
			t.Errorf("got %q, %v, want evidence 7, the only one with a body", stored.Evidence.ID, err)
		}
		expired++
	}
	if expired != 1 {
		t.Errorf("got %d expired, want 1", expired)
	}
}

func runs(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	for _, r := range []assessment.Run{{ID: "r1", Assessment: "a", Due: day}, {ID: "r2", Assessment: "a", Due: day.Add(time.Hour)}, {ID: "rx", Assessment: "a", Due: day}} {
		if _, err := s.Enqueue(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	now := day.Add(2 * time.Hour)
	claim := func(holder string, now time.Time) *assessment.Run {
		r, err := s.Claim(ctx, holder, now, now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := claim("one", now)
	if r == nil || r.ID != "r1" || r.Attempt != 1 {
		t.Fatalf("got %+v, want the first attempt of r1", r)
	}
	if other := claim("two", now); other != nil {
		t.Errorf("got %+v, want nothing: a run of the assessment is held", other)
	}
	if err := s.Renew(ctx, "r1", "two", now); !errors.Is(err, assessment.ErrTaken) {
		t.Errorf("got %v, want ErrTaken", err)
	}
	if again := claim("two", now.Add(2*time.Minute)); again == nil || again.ID != "r1" || again.Attempt != 2 {
		t.Fatalf("got %+v, want the second attempt of r1, whose lease is over", again)
	}
	r.State = assessment.RunDone
	commit(t, s, assessment.Batch{Scope: "a", Run: r})
	if next := claim("two", now.Add(3*time.Minute)); next == nil || next.ID != "r2" {
		t.Errorf("got %+v, want r2", next)
	}
}

func checkpoints(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	if size, note, err := s.LastCheckpoint(ctx); size != 0 || note != nil || err != nil {
		t.Errorf("got %d, %q, %v, want none", size, note, err)
	}
	for size, want := range map[int64]error{5: nil} {
		if err := s.SaveCheckpoint(ctx, size, []byte("five")); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if err := s.SaveCheckpoint(ctx, 4, []byte("four")); !errors.Is(err, assessment.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	if size, note, err := s.LastCheckpoint(ctx); size != 5 || string(note) != "five" || err != nil {
		t.Errorf("got %d, %q, %v, want 5", size, note, err)
	}
}
