package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// window is an occurrence with its leaf.
func window(id string, state assessment.OccurrenceState, owner string, due time.Time) assessment.Batch {
	o := assessment.Occurrence{ID: id, Assessment: "a", ControlSet: "set", Control: "c", Expectation: "report", Owner: owner, Due: due, State: state}
	leaf := comment(1)
	leaf.Leaf.Kind, leaf.Leaf.Subject = evidence.KindOccurrence, "occurrence/"+id
	return assessment.Batch{Scope: "a", Leaves: []assessment.Entry{leaf}, Occurrences: []assessment.Occurrence{o}}
}

// dueWindows: who has read windows before they changed is refused; other leaves and other scopes do not matter.
func dueWindows(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	at := func() int64 {
		size, err := s.Size(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return size
	}
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{comment(1)}})
	before := at()
	commit(t, s, window("o1", assessment.Pending, "ann", day))
	answer := window("o1", assessment.Collected, "ann", day)
	answer.OccurrencesAt = before
	if _, err := s.Commit(ctx, answer); !errors.Is(err, assessment.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	answer.OccurrencesAt = at()
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{comment(2)}})
	commit(t, s, assessment.Batch{Scope: "b", Leaves: window("x", assessment.Pending, "", day).Leaves})
	commit(t, s, answer)
	for i, state := range []assessment.OccurrenceState{assessment.Missed, assessment.Pending} {
		commit(t, s, window(fmt.Sprint("p", i), state, "bob", day.Add(time.Duration(i-5)*time.Hour)))
	}
	for _, tt := range []struct {
		name string
		q    assessment.OccurrenceQuery
		want []string
	}{
		{"all, by due time", assessment.OccurrenceQuery{Assessment: "a"}, []string{"p0", "p1", "o1"}},
		{"of an owner", assessment.OccurrenceQuery{Owner: "bob"}, []string{"p0", "p1"}},
		{"of states", assessment.OccurrenceQuery{States: []assessment.OccurrenceState{assessment.Missed, assessment.Collected}}, []string{"p0", "o1"}},
		{"due before", assessment.OccurrenceQuery{Assessment: "a", DueBefore: day}, []string{"p0", "p1"}},
		{"at most", assessment.OccurrenceQuery{Assessment: "a", Limit: 1}, []string{"p0"}},
		{"of nothing", assessment.OccurrenceQuery{Assessment: "a", Control: "other"}, nil},
	} {
		list, err := s.Occurrences(ctx, tt.q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range list {
			got = append(got, o.ID)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// large: more leaves and rows than one statement takes, and more bytes than one page.
func large(t *testing.T, s assessment.Store) {
	const n = 9000
	var b assessment.Batch
	b.Scope = "a"
	for i := range n {
		e := piece(fmt.Sprint(i), assize.Pass)
		b.Leaves = append(b.Leaves, e)
		b.Blobs = append(b.Blobs, assessment.BlobLocation{Digest: e.Leaf.Digest, Segment: "s", Offset: int64(i)})
	}
	commit(t, s, b)
	if size := CheckTree(t, s); size != n {
		t.Errorf("got %d leaves, want %d", size, n)
	}
	list, err := s.Segment(t.Context(), "s")
	if err != nil || len(list) != n {
		t.Errorf("got %d bodies, %v, want %d", len(list), err, n)
	}
}

func paged(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	var list []assessment.Entry
	for i := range 1300 {
		e := piece(fmt.Sprint(i), assize.Pass)
		e.Evidence.Collected = day.AddDate(0, 0, i%3)
		e.Evidence.DataSource = []string{"Assize check", "Manual"}[i%2]
		list = append(list, e)
	}
	commit(t, s, assessment.Batch{Scope: "a", Leaves: list})
	commit(t, s, assessment.Batch{Scope: "b", Leaves: []assessment.Entry{piece("of another", assize.Pass)}})
	for _, tt := range []struct {
		name string
		q    assessment.EvidenceQuery
		want int
	}{
		{"all", assessment.EvidenceQuery{}, 1300},
		{"a page and a bit", assessment.EvidenceQuery{Limit: 501}, 501},
		{"a page", assessment.EvidenceQuery{Limit: 500}, 500},
		{"behind an index", assessment.EvidenceQuery{After: 1200}, 99},
		{"behind an index, at most", assessment.EvidenceQuery{After: 1200, Limit: 7}, 7},
		{"of a source", assessment.EvidenceQuery{DataSource: "Manual"}, 650},
		{"from a day", assessment.EvidenceQuery{From: "2026-11-22"}, 866},
		{"of a day", assessment.EvidenceQuery{From: "2026-11-22", To: "2026-11-22"}, 433},
		{"of a control", assessment.EvidenceQuery{Control: "all"}, 1300},
		{"of a control, behind an index", assessment.EvidenceQuery{Control: "all", After: 1200, Run: "run"}, 99},
		{"of a control and an outcome", assessment.EvidenceQuery{Control: "all", Outcome: assize.Fail}, 0},
		{"of a control of a run that was not", assessment.EvidenceQuery{Control: "all", Run: "none"}, 0},
		{"of an outcome", assessment.EvidenceQuery{Outcome: assize.Pass, Limit: 20}, 20},
		{"by id", assessment.EvidenceQuery{IDs: []string{"7", "8", "none"}}, 2},
		{"of another assessment", assessment.EvidenceQuery{IDs: []string{"of another"}}, 0},
	} {
		tt.q.Assessment = "a"
		got := 0
		for stored, err := range s.Evidence(ctx, tt.q) {
			if err != nil {
				t.Fatal(err)
			}
			if stored.Scope != "a" {
				t.Fatalf("%s: got evidence of %q", tt.name, stored.Scope)
			}
			got++
		}
		if got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	for _, err := range s.Evidence(ctx, assessment.EvidenceQuery{Assessment: "a"}) {
		if err != nil {
			t.Fatal(err)
		}
		// A reader that stops early holds nothing: the store can be written meanwhile.
		commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{comment(1)}})
		break
	}
}

func tallies(t *testing.T, s assessment.Store) {
	put := func(run string, asOf time.Time, pass int) {
		commit(t, s, assessment.Batch{Scope: "a", Tallies: []assessment.Tally{
			{Run: run, ControlSet: "set", Control: "c", Expectation: "checks", AsOf: asOf, Counts: assize.Counts{Pass: pass}, Undecided: 1},
		}})
	}
	put("second", day.Add(time.Hour), 2)
	put("first", day, 1) // a run that was slower than the next one does not replace its verdicts
	got, err := s.Tallies(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	want := []assessment.Tally{{
		Run: "second", ControlSet: "set", Control: "c", Expectation: "checks", AsOf: day.Add(time.Hour), Counts: assize.Counts{Pass: 2}, Undecided: 1,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tallies (-want +got):\n%s", diff)
	}
}

func assessments(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	for i, id := range []string{"older", "newer", "deleted"} {
		a := &assessment.Assessment{ID: id, Name: "name of " + id, Created: day.Add(time.Duration(i) * time.Hour)}
		commit(t, s, assessment.Batch{Scope: id, Assessment: a, Deleted: id == "deleted"})
	}
	list, err := s.Assessments(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, a.Name)
	}
	if diff := cmp.Diff([]string{"name of newer", "name of older"}, got); diff != "" {
		t.Errorf("assessments (-want +got):\n%s", diff)
	}
	for _, id := range []string{"deleted", "none"} {
		if _, err := s.Assessment(ctx, id); !errors.Is(err, assessment.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", id, err)
		}
	}
}

func bodies(t *testing.T, s assessment.Store) {
	ctx := t.Context()
	at := func(text, segment string, offset int64) assessment.BlobLocation {
		return assessment.BlobLocation{Digest: evidence.DigestOf([]byte(text)), Segment: segment, Offset: offset, Length: 20, Size: 4}
	}
	one, two, moved := at("one", "s1", 50), at("two", "s1", 5), at("one", "s2", 0)
	commit(t, s, assessment.Batch{Blobs: []assessment.BlobLocation{one, two}})
	list, err := s.Segment(ctx, "s1")
	if diff := cmp.Diff([]assessment.BlobLocation{two, one}, list); diff != "" || err != nil {
		t.Errorf("segment by offset: %v (-want +got):\n%s", err, diff)
	}
	commit(t, s, assessment.Batch{Blobs: []assessment.BlobLocation{moved}, Gone: []assessment.BlobLocation{{Digest: two.Digest}}})
	commit(t, s, assessment.Batch{Gone: []assessment.BlobLocation{{Digest: one.Digest, Segment: "s1"}}}) // it is elsewhere by now
	given := at("given", "s3", 5)
	commit(t, s, assessment.Batch{Scope: "a", Leaves: []assessment.Entry{piece("given", "")}, Blobs: []assessment.BlobLocation{given}})
	commit(t, s, assessment.Batch{Gone: []assessment.BlobLocation{{Digest: given.Digest}}}) // evidence has it, too
	got, err := s.Locate(ctx, []evidence.Digest{one.Digest, two.Digest, given.Digest})
	if diff := cmp.Diff(map[evidence.Digest]assessment.BlobLocation{one.Digest: moved, given.Digest: given}, got); diff != "" || err != nil {
		t.Errorf("after a move: %v (-want +got):\n%s", err, diff)
	}
	commit(t, s, assessment.Batch{Gone: []assessment.BlobLocation{{Digest: given.Digest, Segment: "s3"}}}) // its retention is over
	segments, err := s.Segments(ctx)
	if diff := cmp.Diff([]string{"s2"}, segments); diff != "" || err != nil {
		t.Errorf("segments: %v (-want +got):\n%s", err, diff)
	}
}
