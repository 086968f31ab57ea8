package assessment

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/assize-dev/assize"
)

const modelType = "AWS::Bedrock::CustomModel"

// asking is a schedule of controls that ask people each month: once for all in two control sets, and about each model.
func asking(models ...string) *Schedule {
	monthly := func(e assize.Expectation) assize.Expectation { e.Cadence = "FREQ=MONTHLY"; return e }
	s := &Schedule{
		Assessment: &Assessment{ID: "a", Created: noon},
		Framework: &assize.Framework{Groups: []assize.Group{
			{ID: "one", Controls: []assize.Control{{ID: "c", Expectations: []assize.Expectation{monthly(filePart), monthly(eachPart), checkPart}}}},
			{ID: "two", Controls: []assize.Control{{ID: "c", Expectations: []assize.Expectation{monthly(filePart)}}}},
		}},
		Found: map[string][]Subject{}, Complete: map[string]bool{modelType: true},
	}
	for _, m := range models {
		s.Found[modelType] = append(s.Found[modelType], Subject{Type: modelType, ID: m})
	}
	return s
}

// advance applies what Advance returns.
func advance(t testing.TB, s *Schedule, now time.Time, there []Occurrence) []Occurrence {
	changed, err := s.Advance(now, there)
	if err != nil {
		t.Fatal(err)
	}
	return apply(there, changed)
}

func apply(there, changed []Occurrence) []Occurrence {
	there = slices.Clone(there)
	for _, o := range changed {
		there = put(there, o, func(x Occurrence) bool { return x.ID == o.ID })
	}
	return there
}

// shown lists windows about models.
func shown(list []Occurrence) []string {
	var out []string
	for _, o := range list {
		if o.Resource != nil {
			out = append(out, fmt.Sprintf("%s %s %s", o.Resource.ID, o.Start.Format(dayLayout), o.State))
		}
	}
	slices.Sort(out)
	return out
}

// TestModelsComeAndGo walks through the life of windows about models: one that is new is asked about from then on,
// one that is gone is closed, one that comes back is asked about again.
func TestModelsComeAndGo(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	var there []Occurrence
	step := func(name string, s *Schedule, now time.Time, want ...string) {
		t.Helper()
		there = advance(t, s, now, there)
		if diff := cmp.Diff(want, shown(there)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", name, diff)
		}
	}
	step("one model", asking("m1"), day(0), "m1 2026-11-21 pending")
	step("a second one", asking("m1", "m2"), day(1), "m1 2026-11-21 pending", "m2 2026-11-21 pending")
	step("the first is gone", asking("m2"), day(2), "m1 2026-11-21 closed", "m2 2026-11-21 pending")
	step("and comes back", asking("m1", "m2"), day(3), "m1 2026-11-21 pending", "m2 2026-11-21 pending")
	unread := asking()
	unread.Complete = nil
	step("the list could not be read", unread, day(4), "m1 2026-11-21 pending", "m2 2026-11-21 pending")
	for i := range there {
		if o := &there[i]; o.Resource != nil && o.Resource.ID == "m2" {
			*o = o.Answer(&Evidence{ID: "e1", Received: day(5), EffectiveTo: day(5)})
		}
	}
	step("the second is answered and gone", asking("m1"), day(6), "m1 2026-11-21 pending", "m2 2026-11-21 collected")
	step("the month is over", asking("m1"), day(31), "m1 2026-11-21 missed", "m1 2026-12-21 pending", "m2 2026-11-21 closed")
	step("a new one is not asked about the time before", asking("m1", "m3"), day(65),
		"m1 2026-11-21 missed", "m1 2026-12-21 missed", "m1 2027-01-21 pending", "m2 2026-11-21 closed", "m3 2027-01-21 pending")
	step("what was missed of one that is gone stays missed, but for the newest", asking("m3"), day(65),
		"m1 2026-11-21 missed", "m1 2026-12-21 missed", "m1 2027-01-21 closed", "m2 2026-11-21 closed", "m3 2027-01-21 pending")
	step("one that comes back is not asked about the time in between", asking("m2", "m3"), day(65),
		"m1 2026-11-21 missed", "m1 2026-12-21 missed", "m1 2027-01-21 closed", "m2 2026-11-21 closed", "m2 2027-01-21 pending",
		"m3 2027-01-21 pending")
}

// TestSameID: two resources without an ARN are asked about each for itself, one that two accounts list once.
func TestSameID(t *testing.T) {
	t.Parallel()
	s := asking()
	for _, account := range []string{"111122223333", "222233334444"} {
		settings := &assize.Resource{Type: modelType, Account: account, Region: "eu-west-1", ID: "default"}
		shared := &assize.Resource{Type: modelType, Account: account, Region: "eu-west-1", ID: "m", ARN: "arn:aws:bedrock:eu-west-1:111122223333:m"}
		s.Found[modelType] = append(s.Found[modelType], SubjectOf(settings), SubjectOf(shared))
	}
	changed, err := s.Advance(noon, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range changed {
		if o.Resource != nil {
			got = append(got, o.Resource.Label())
		}
	}
	slices.Sort(got)
	want := []string{
		"111122223333/eu-west-1/" + modelType + "/default", "222233334444/eu-west-1/" + modelType + "/default", "arn:aws:bedrock:eu-west-1:111122223333:m",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("asked about (-want +got):\n%s", diff)
	}
}

// TestStandstill holds that what was due while nothing ran is missed, each window for itself, in both control sets.
func TestStandstill(t *testing.T) {
	t.Parallel()
	there := advance(t, asking(), noon.AddDate(0, 6, 1), nil)
	got := map[string]int{}
	for _, o := range there {
		got[o.ControlSet+" "+string(o.State)]++
	}
	if diff := cmp.Diff(map[string]int{"one missed": 6, "one pending": 1, "two missed": 6, "two pending": 1}, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
}

// TestAdvanceIsIdempotent draws histories: advancing again at the same time changes nothing, no window is opened
// twice, and the newest window of all that is asked holds the time.
func TestAdvanceIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var there []Occurrence
		now := noon
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 80*24).Draw(rt, "hours")) * time.Hour)
			s := asking(rapid.SliceOfDistinct(rapid.SampledFrom([]string{"m1", "m2", "m3"}), rapid.ID).Draw(rt, "models")...)
			s.Complete[modelType] = rapid.Bool().Draw(rt, "complete")
			there = advance(t, s, now, there)
			if again, err := s.Advance(now, there); err != nil || len(again) > 0 {
				rt.Fatalf("advanced again: %v, %v", shown(again), err)
			}
			for _, o := range there {
				if o.State == Pending && over(&o, now) {
					rt.Fatalf("pending after its end: %+v", o)
				}
			}
			for _, m := range s.Found[modelType] {
				if !slices.ContainsFunc(there, func(o Occurrence) bool {
					return o.Resource.Label() == m.Label() && !o.Start.After(now) && now.Before(o.End) && o.State != Closed
				}) {
					rt.Fatalf("nothing is asked about %s: %v", m.ID, shown(there))
				}
			}
			for i := range there {
				if rapid.IntRange(0, 4).Draw(rt, "answer") == 0 && there[i].State != Closed {
					there[i] = there[i].Answer(&Evidence{ID: fmt.Sprint(i), Received: now, EffectiveTo: now})
				}
			}
		}
	})
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	due := noon.AddDate(0, 0, 10)
	open := Occurrence{ID: "o", State: Pending, Start: noon, Due: due}
	item := func(id, supersedes string, received, to time.Time) *Evidence {
		return &Evidence{ID: id, Supersedes: supersedes, Received: received, EffectiveTo: to}
	}
	tests := []struct {
		name  string
		from  Occurrence
		items []*Evidence
		want  Occurrence
	}{
		{"in time", open, []*Evidence{item("e1", "", due, noon)}, Occurrence{State: Collected, Evidence: []string{"e1"}, AsOf: noon}},
		{"too late", open, []*Evidence{item("e1", "", due.Add(1), noon)}, Occurrence{State: Late, Evidence: []string{"e1"}, AsOf: noon}},
		{
			"a period that is not over speaks of what was until it came",
			open,
			[]*Evidence{item("e1", "", noon, due.AddDate(9, 0, 0))},
			Occurrence{State: Collected, Evidence: []string{"e1"}, AsOf: noon},
		},
		{
			"a correction takes the place, and may be older",
			open,
			[]*Evidence{item("e1", "", noon, noon), item("e2", "e1", noon, noon.AddDate(-2, 0, 0))},
			Occurrence{State: Collected, Evidence: []string{"e2"}, AsOf: noon.AddDate(-2, 0, 0)},
		},
		{
			"two pieces",
			open,
			[]*Evidence{item("e1", "", noon, noon), item("e2", "", due.Add(1), noon.AddDate(0, 0, -3))},
			Occurrence{State: Collected, Evidence: []string{"e1", "e2"}, AsOf: noon},
		},
		{"excused stays", Occurrence{State: Excused}, []*Evidence{item("e1", "", noon, noon)}, Occurrence{State: Excused, Evidence: []string{"e1"}, AsOf: noon}},
	}
	for _, tt := range tests {
		got := tt.from
		for _, e := range tt.items {
			got = got.Answer(e)
		}
		if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Occurrence{}, "ID", "Start", "Due")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
