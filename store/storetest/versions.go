package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// keptItems of evidence are in a store of [Fill].
const keptItems = 30

// Fill writes something of every kind to an empty store: what the data of released versions, which every later one must
// open, was made with. It must stay as it is; what a later version adds goes to a further function.
func Fill(ctx context.Context, s assessment.Store) error {
	item := func(i int) assessment.Entry { return piece(fmt.Sprint(i), assize.Outcomes[i%2]) }
	var items []assessment.Entry
	var bodies []assessment.BlobLocation
	for i := range keptItems {
		e := item(i)
		items = append(items, e)
		bodies = append(bodies, assessment.BlobLocation{Digest: e.Leaf.Digest, Segment: "s1", Offset: int64(100 * i), Length: 90, Size: 1})
	}
	if _, err := s.Enqueue(ctx, assessment.Run{ID: "queued", Assessment: "a", Due: day}); err != nil {
		return err
	}
	for _, b := range []assessment.Batch{
		{Leaves: []assessment.Entry{comment(1)}},
		{Scope: "a", Leaves: []assessment.Entry{comment(2)}, Assessment: &assessment.Assessment{ID: "a", Name: "Chat", Created: day}},
		{Scope: "a", Key: "run/1/0", Leaves: items, Blobs: bodies},
		window("o1", assessment.Missed, "ann", day),
		{Scope: "a", Tallies: []assessment.Tally{{Run: "run", ControlSet: "set", Control: "all", Expectation: "checks", AsOf: day, Counts: assize.Counts{Pass: 7}}}},
	} {
		if _, err := s.Commit(ctx, b); err != nil {
			return err
		}
	}
	return s.SaveCheckpoint(ctx, 2, []byte("signed"))
}

// Kept holds a store with the data of [Fill], made by any version, against what was written, and writes on.
func Kept(t *testing.T, s assessment.Store) {
	t.Helper()
	ctx := t.Context()
	const leaves = keptItems + 3
	if size := CheckTree(t, s); size != leaves {
		t.Errorf("got %d leaves, want %d", size, leaves)
	}
	n := 0
	for _, err := range s.Evidence(ctx, assessment.EvidenceQuery{Assessment: "a", Control: "all", Run: "run"}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	folders, err1 := s.Folders(ctx, "a", "all")
	windows, err2 := s.Occurrences(ctx, assessment.OccurrenceQuery{Assessment: "a"})
	tallies, err3 := s.Tallies(ctx, "a")
	runs, err4 := s.RunsOf(ctx, "a", 10)
	at, err5 := s.Locate(ctx, []evidence.Digest{evidence.DigestOf([]byte("7"))})
	size, signed, err6 := s.LastCheckpoint(ctx)
	list, err7 := s.Assessments(ctx)
	for _, err := range []error{err1, err2, err3, err4, err5, err6, err7} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := fmt.Sprintln(n, len(folders), folders[0].Total, folders[0].Issues, windows[0].State, tallies[0].Counts.Pass, runs[0].ID, len(at), size, string(signed), list[0].Name)
	want := fmt.Sprintln(keptItems, 1, keptItems, keptItems/2, assessment.Missed, 7, "queued", 1, 2, "signed", "Chat")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was kept (-want +got):\n%s", diff)
	}
	again := commit(t, s, assessment.Batch{Scope: "a", Key: "run/1/0", Leaves: []assessment.Entry{comment(1)}})
	if len(again) != keptItems || again[0].Index != 2 {
		t.Errorf("a batch of before was written again: got %d leaves from %d", len(again), again[0].Index)
	}
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{comment(3)}})
	if size := CheckTree(t, s); size != leaves+1 {
		t.Errorf("written on: got %d leaves, want %d", size, leaves+1)
	}
}
