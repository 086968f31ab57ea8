package assessment_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

func TestManualRefuses(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.advance(t)
	first, err := b.AddManual(ctx, b.id, "ann", file("report"))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*assessment.Manual){
		"no body":                      func(m *assessment.Manual) { m.Body = evidence.Digest{} },
		"a period in the future":       func(m *assessment.Manual) { m.EffectiveFrom = start.AddDate(0, 0, 1) },
		"a period that ends before":    func(m *assessment.Manual) { m.EffectiveFrom, m.EffectiveTo = start, start.AddDate(0, 0, -1) },
		"a correction of another part": func(m *assessment.Manual) { m.Control, m.Supersedes = "other", first.ID },
	} {
		m := file("another")
		change(&m)
		_, err := b.AddManual(ctx, b.id, "ann", m)
		refused(t, name, err)
	}
	long := file("another")
	long.Attributes = map[string]string{"note": strings.Repeat("x", evidence.MaxLeaf)}
	if _, err := b.AddManual(ctx, b.id, "ann", long); err == nil || !strings.Contains(err.Error(), "more than the 65535 of an entry") {
		t.Errorf("attributes that no leaf can hold: got %v", err)
	}
	for i := 1; i < assessment.MaxManualPerDay; i++ {
		if _, err := b.AddManual(ctx, b.id, "ann", file(fmt.Sprint("report ", i))); err != nil {
			t.Fatal(err)
		}
	}
	_, err = b.AddManual(ctx, b.id, "ann", file("one too many"))
	refused(t, "one more than a day takes", err)
	b.pass(12 * time.Hour) // the next UTC day
	if _, err = b.AddManual(ctx, b.id, "ann", file("one too many")); err != nil {
		t.Errorf("on the next day: %v", err)
	}
}

// TestResource: evidence about a resource of which nothing is asked is refused, so that it is not kept beside what it
// was meant for.
func TestResource(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	fw, err := b.Framework(ctx, assessment.FrameworkRef{})
	if err != nil {
		t.Fatal(err)
	}
	expectations := &fw.Groups[0].Controls[0].Expectations
	*expectations = append(*expectations, assize.Expectation{ID: "each", Kind: assize.ByFile, Cadence: "FREQ=MONTHLY", Per: "AWS::S3::Bucket"})
	run := assessment.Run{ID: b.NewID(), Assessment: b.id, State: assessment.RunDone, Due: b.Now()}
	found := map[string][]assessment.Subject{"AWS::S3::Bucket": {{ARN: "arn:aws:s3:::a"}, {ARN: "arn:aws:s3:::b"}}}
	if err := b.Finish(ctx, assessment.RunEvent{Run: run}, nil, found, nil); err != nil {
		t.Fatal(err)
	}
	add := func(resource, occurrence string) (*assessment.Evidence, error) {
		m := file("about " + resource)
		m.Expectation, m.Resource, m.Occurrence = "each", resource, occurrence
		return b.AddManual(ctx, b.id, "ann", m)
	}
	_, err = add("arn:aws:s3:::c", "")
	refused(t, "a resource of which nothing is asked", err)
	for range 2 { // the second answers no open window, and is about the resource all the same
		e, err := add("arn:aws:s3:::a", "")
		if err != nil {
			t.Fatal(err)
		}
		if want := []assessment.Subject{{ARN: "arn:aws:s3:::a"}}; !cmp.Equal(want, e.Subjects) {
			t.Errorf("got evidence about %v, want %v", e.Subjects, want)
		}
	}
	for _, o := range b.windows(t) {
		if o.Resource != nil && o.Resource.ARN == "arn:aws:s3:::b" {
			_, err := add("arn:aws:s3:::a", o.ID)
			refused(t, "a window about another resource", err)
		}
	}
}

// betweenStore calls once what is to happen right before a commit.
type betweenStore struct {
	assessment.Store
	between func()
}

func (b *betweenStore) Commit(ctx context.Context, batch assessment.Batch) ([]assessment.Position, error) {
	if between := b.between; between != nil {
		b.between = nil
		between()
	}
	return b.Store.Commit(ctx, batch)
}

// TestQuotaAtOnce: of two people who give the last piece that a day takes at once, one is refused.
func TestQuotaAtOnce(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	beside := func(text string) assessment.Manual {
		m := file(text)
		m.Control = "other"
		return m
	}
	for i := 1; i < assessment.MaxManualPerDay; i++ {
		if _, err := b.AddManual(ctx, b.id, "ann", beside(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	store := &betweenStore{Store: b.store}
	slow := assessment.NewService(store, b.Config)
	store.between = func() {
		if _, err := b.AddManual(ctx, b.id, "bob", beside("the last")); err != nil {
			t.Error(err)
		}
	}
	_, err := slow.AddManual(ctx, b.id, "ann", beside("one too many"))
	refused(t, "one more than a day takes", err)
	folders, err := b.store.Folders(ctx, b.id, "other")
	if err != nil || len(folders) != 1 || folders[0].Manual != assessment.MaxManualPerDay {
		t.Errorf("got %+v, %v, want %d pieces", folders, err, assessment.MaxManualPerDay)
	}
}

// TestNotRead: an object that nobody could look at answers no window, and does not take the place of what did.
func TestNotRead(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.advance(t)
	unseen := file("s3://bucket/there")
	unseen.NotRead = "access denied"
	e, err := b.AddManual(ctx, b.id, "ann", unseen)
	if err != nil {
		t.Fatal(err)
	}
	if w := b.windows(t)[0]; w.State != assessment.Pending || len(w.Evidence) > 0 || e.Places[0].Expectation != "report" || e.Places[0].Occurrence != "" {
		t.Errorf("got %+v with a window that is %s, want evidence beside a window that is pending", e.Places[0], w.State)
	}
	seen, err := b.AddManual(ctx, b.id, "ann", file("report"))
	if err != nil {
		t.Fatal(err)
	}
	unseen.Supersedes = seen.ID
	if _, err := b.AddManual(ctx, b.id, "ann", unseen); err != nil {
		t.Fatal(err)
	}
	if w := b.windows(t)[0]; w.State != assessment.Collected || len(w.Evidence) != 1 || w.Evidence[0] != seen.ID {
		t.Errorf("got a window that is %s by %v, want it answered by %s", w.State, w.Evidence, seen.ID)
	}
}
