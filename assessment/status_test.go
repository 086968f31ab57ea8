package assessment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// What the parts of the tables ask for.
var (
	checkPart  = assize.Expectation{ID: "own", Kind: assize.ByCheck, Checks: []string{"a_check"}}
	apiPart    = assize.Expectation{ID: "answers", Kind: assize.ByAPI, Keyword: "bedrock_ListGuardrails"}
	configPart = assize.Expectation{ID: "rule", Kind: assize.ByConfig, Keyword: "CLOUD_TRAIL_ENABLED"}
	filePart   = assize.Expectation{ID: "report", Kind: assize.ByFile, Reviewers: 1}
	eachPart   = assize.Expectation{ID: "review", Kind: assize.ByQuestionnaire, Per: "AWS::Bedrock::CustomModel"}
)

func optional(e assize.Expectation) assize.Expectation { e.Optional = true; return e }

// derived derives the only control of a framework.
func derived(c assize.Control, in Inputs) Derived {
	c.ID = "c"
	in.Framework = &assize.Framework{Groups: []assize.Group{{ID: "set", Controls: []assize.Control{c}}}}
	if in.State == nil {
		in.State = NewState()
	}
	in.Connected = func(k assize.ExpectationKind) bool { return k == assize.ByCheck || k == assize.ByAPI }
	in.Now, in.StaleAfter = noon, 72*time.Hour
	return Derive(in)[0]
}

func tallyOf(expectation string, counts assize.Counts) Tally {
	return Tally{Run: "run", ControlSet: "set", Control: "c", Expectation: expectation, Counts: counts, AsOf: noon.Add(-time.Hour)}
}

func undecided(t Tally, n int) Tally { t.Undecided = n; return t }

func excepted(t Tally, n int) Tally { t.Excepted = n; return t }

func old(t Tally) Tally { t.AsOf = noon.AddDate(0, 0, -4); return t }

func TestStatusOfSources(t *testing.T) {
	t.Parallel()
	own := assize.Control{Checks: []string{"a_check"}}
	beside := assize.Control{Expectations: []assize.Expectation{checkPart, apiPart}}
	alone := assize.Control{Expectations: []assize.Expectation{apiPart}}
	over := assize.Control{
		Checks: []string{"a_check"}, Mapped: []assize.MappedCheck{{Check: "a_check", Common: "logging", Relation: assize.Intersects}},
		Over: []assize.MappedOver{{Common: "logging", Relation: assize.Intersects}},
	}
	pass, fail, kept := assize.Counts{Pass: 2}, assize.Counts{Pass: 1, Fail: 2}, assize.Counts{Manual: 3}
	none := assize.Counts{}
	tests := []struct {
		name    string
		control assize.Control
		tallies []Tally
		want    ControlStatus
		reason  string
	}{
		{"before any run", own, nil, PendingStatus, "nothing has been collected yet"},
		{"passes", own, []Tally{tallyOf("checks", pass)}, Met, "2 verdicts pass"},
		{"fails", own, []Tally{tallyOf("checks", fail)}, NotMet, "2 of 3 verdicts fail"},
		{"one of two excepted", own, []Tally{excepted(tallyOf("checks", fail), 1)}, NotMet, "1 of 3 verdicts fail"},
		{"all excepted", own, []Tally{excepted(tallyOf("checks", fail), 2)}, Excepted, "2 fails are covered by exceptions"},
		{"inconclusive", own, []Tally{tallyOf("checks", assize.Counts{Pass: 9, Inconclusive: 1})}, NotEvaluable, "1 of 10 verdicts are inconclusive"},
		{
			"excepted, and one inconclusive",
			own,
			[]Tally{excepted(tallyOf("checks", assize.Counts{Fail: 1, Inconclusive: 1}), 1)},
			NotEvaluable, "1 of 2 verdicts are inconclusive",
		},
		{"old", own, []Tally{old(tallyOf("checks", pass))}, Stale, "the last run was on 2026-11-17"},
		{"old and failing", own, []Tally{old(tallyOf("checks", fail))}, NotMet, "2 of 3 verdicts fail"},
		{"nothing there", own, []Tally{tallyOf("checks", none)}, NotApplicableStatus, "there is nothing to judge"},
		{"a question of the profile", own, []Tally{tallyOf("checks", assize.Counts{Pass: 1, Manual: 1})}, Partial, "1 of 2 verdicts need an answer of the organisation profile"},

		{"kept beside checks", beside, []Tally{tallyOf("own", pass), tallyOf("answers", kept)}, Met, "2 verdicts pass"},
		{"kept beside what fails", beside, []Tally{tallyOf("own", fail), tallyOf("answers", kept)}, NotMet, "2 of 3 verdicts fail"},
		{"kept beside nothing to judge", beside, []Tally{tallyOf("own", none), tallyOf("answers", kept)}, NotApplicableStatus, "there is nothing to judge"},
		{
			"kept beside inconclusive",
			beside,
			[]Tally{tallyOf("own", assize.Counts{Inconclusive: 1}), tallyOf("answers", kept)},
			NotEvaluable, "1 of 1 verdicts are inconclusive",
		},
		{"kept, checks not run", beside, []Tally{tallyOf("answers", kept)}, PendingStatus, "nothing has been collected yet"},
		{
			"could not be kept",
			beside,
			[]Tally{tallyOf("own", pass), tallyOf("answers", assize.Counts{Manual: 1, Inconclusive: 1})},
			Partial, "1 of 2 verdicts are inconclusive",
		},
		{"nothing to keep", beside, []Tally{tallyOf("own", pass), tallyOf("answers", none)}, Met, "2 verdicts pass"},
		{"kept, alone", alone, []Tally{tallyOf("answers", kept)}, Partial, "3 items were collected; they give no verdict, a person must judge them"},
		{
			"kept beside an optional check",
			assize.Control{Expectations: []assize.Expectation{optional(checkPart), apiPart}},
			[]Tally{tallyOf("own", pass), tallyOf("answers", kept)},
			Partial, "3 items were collected; they give no verdict, a person must judge them",
		},
		{
			"an optional check fails",
			assize.Control{Expectations: []assize.Expectation{optional(checkPart), apiPart}},
			[]Tally{tallyOf("own", fail), tallyOf("answers", kept)},
			NotMet, "2 of 3 verdicts fail",
		},
		{
			"a source that is not connected",
			assize.Control{Checks: []string{"a_check"}, Expectations: []assize.Expectation{configPart}},
			[]Tally{tallyOf("checks", pass), tallyOf("rule", pass)},
			Partial, "source not connected: config",
		},
		{
			"only a source that is not connected",
			assize.Control{Expectations: []assize.Expectation{configPart}},
			nil,
			NotEvaluable, "source not connected: config",
		},
		{"nothing is expected", assize.Control{}, nil, NotEvaluable, "nothing is expected"},

		{"passes over a mapping", over, []Tally{tallyOf("checks", pass)}, Partial, "the verdicts come over mappings; a person must confirm that they cover the requirement"},
		{"fails over a mapping that is wider", over, []Tally{undecided(tallyOf("checks", fail), 2)}, Partial, "2 of 3 verdicts fail for what may be beside the requirement; a person must judge them"},
		{"one of the fails decides", over, []Tally{undecided(tallyOf("checks", fail), 1)}, NotMet, "1 of 3 verdicts fail"},
		{"excepted over a mapping", over, []Tally{excepted(tallyOf("checks", fail), 2)}, Partial, "2 fails are covered by exceptions; the verdicts come over mappings; a person must confirm that they cover the requirement"},
		{"nothing to judge over a mapping", over, []Tally{tallyOf("checks", none)}, NotEvaluable, "what it is mapped to finds nothing to judge; a person must judge the requirement"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := derived(tt.control, Inputs{Tallies: tt.tallies})
			if diff := cmp.Diff([2]string{string(tt.want), tt.reason}, [2]string{string(got.Status), got.Reason}); diff != "" {
				t.Errorf("status (-want +got):\n%s", diff)
			}
		})
	}
}

// TestKeptShows holds how a supplement reads on its own, and that it is no verdict.
func TestKeptShows(t *testing.T) {
	t.Parallel()
	got := derived(assize.Control{Expectations: []assize.Expectation{checkPart, apiPart}}, Inputs{Tallies: []Tally{
		tallyOf("own", assize.Counts{Pass: 2}), tallyOf("answers", assize.Counts{Manual: 3}),
	}})
	want := Derived{
		ControlSet: "set", Control: "c", Status: Met, Reason: "2 verdicts pass", Review: UnderReview, Counts: assize.Counts{Pass: 2},
		Expectations: []ExpectationDerived{{"own", Met, "2 verdicts pass", time.Time{}}, {"answers", Met, "3 items kept", time.Time{}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("derived (-want +got):\n%s", diff)
	}
}

// window is a month that began some days ago, in a state.
func window(e string, state OccurrenceState, daysAgo int, change ...func(*Occurrence)) Occurrence {
	start := noon.AddDate(0, 0, -daysAgo)
	o := Occurrence{
		ID: e + start.Format(dayLayout), ControlSet: "set", Control: "c", Expectation: e, Start: start, End: start.AddDate(0, 0, 30),
		Due: start.AddDate(0, 0, 30), State: state,
	}
	if state == Collected || state == Late {
		o.Evidence, o.AsOf = []string{"e1"}, start.AddDate(0, 0, 1)
	}
	for _, f := range change {
		f(&o)
	}
	return o
}

func about(id string) func(*Occurrence) {
	return func(o *Occurrence) { o.Resource = &Subject{Type: eachPart.Per, ID: id}; o.ID += id }
}

func reviews(list ...Review) *State {
	s := NewState()
	s.Reviews["e1"] = list
	return s
}

func TestStatusOfPeople(t *testing.T) {
	t.Parallel()
	file, each := assize.Control{Expectations: []assize.Expectation{filePart}}, assize.Control{Expectations: []assize.Expectation{eachPart}}
	fresh := filePart
	fresh.FreshDays = 40
	accepted, rejected := Review{By: "bob", Accepted: true}, Review{By: "bob"}
	answered := []Occurrence{window("report", Collected, 5)}
	models := func(outcomes assize.Counts) []Tally { return []Tally{tallyOf("review", outcomes)} }
	unseen := []Tally{old(tallyOf("review", assize.Counts{}))}
	tests := []struct {
		name        string
		control     assize.Control
		state       *State
		tallies     []Tally
		occurrences []Occurrence
		want        ControlStatus
		reason      string
	}{
		{"nothing opened", file, nil, nil, nil, PendingStatus, "nothing is due yet"},
		{"open", file, nil, nil, []Occurrence{window("report", Pending, 5)}, PendingStatus, "due on 2026-12-16"},
		{"past due, and nobody has advanced the windows", file, nil, nil, []Occurrence{window("report", Pending, 31)}, Overdue, "due since 2026-11-20"},
		{"missed", file, nil, nil, []Occurrence{window("report", Missed, 31)}, Overdue, "missed: the window ended on 2026-11-20"},
		{
			"missed, and the next is open",
			file, nil, nil,
			[]Occurrence{window("report", Missed, 31), window("report", Pending, 1)},
			Overdue, "missed: the window ended on 2026-11-20; the next is due on 2026-12-20",
		},
		{"excused", file, nil, nil, []Occurrence{window("report", Excused, 5)}, Excepted, "excused: "},
		{"excused long ago", file, nil, nil, []Occurrence{window("report", Excused, 31)}, Stale, "excused until 2026-11-20"},

		{"not reviewed", file, nil, nil, answered, PendingStatus, "0 of 1 reviews"},
		{"reviewed", file, reviews(accepted), nil, answered, Met, "answered"},
		{"late, reviewed", file, reviews(accepted), nil, []Occurrence{window("report", Late, 5)}, Met, "answered"},
		{"rejected", file, reviews(rejected), nil, answered, NotMet, "the evidence was rejected by a reviewer"},
		{"rejected by one of two", file, reviews(Review{By: "carla", Accepted: true}, rejected), nil, answered, NotMet, "the evidence was rejected by a reviewer"},
		{"the last word counts", file, reviews(rejected, accepted), nil, answered, Met, "answered"},
		{"one under two names", file, reviews(rejected, Review{By: "Bob ", Accepted: true}), nil, answered, Met, "answered"},
		{
			"what is accepted is rejected too, the other is not reviewed",
			file, reviews(Review{By: "carla", Accepted: true}, rejected), nil,
			[]Occurrence{window("report", Collected, 5, func(o *Occurrence) { o.Evidence = []string{"e1", "e2"} })},
			PendingStatus, "0 of 1 reviews",
		},
		{
			"answered without evidence",
			file, reviews(accepted), nil,
			[]Occurrence{window("report", Collected, 5, func(o *Occurrence) { o.Evidence = nil })},
			NotEvaluable, "it is marked as answered, and there is no evidence",
		},
		{"the window is over, and nobody has opened the next", file, reviews(accepted), nil, []Occurrence{window("report", Collected, 31)}, Stale, "the window ended on 2026-11-20"},
		{
			"fresh beyond its window",
			assize.Control{Expectations: []assize.Expectation{fresh}},
			reviews(accepted), nil,
			[]Occurrence{window("report", Collected, 31), window("report", Pending, 1)},
			Met, "answered; the next is due on 2026-12-20",
		},
		{
			"what it speaks about is too old",
			assize.Control{Expectations: []assize.Expectation{fresh}},
			reviews(accepted), nil,
			[]Occurrence{window("report", Collected, 5, func(o *Occurrence) { o.AsOf = noon.AddDate(0, 0, -41) })},
			Stale, "older than 40 days",
		},

		{"a model each", each, nil, models(assize.Counts{}), []Occurrence{window("review", Collected, 5, about("m1")), window("review", Pending, 5, about("m2"))}, Partial, "due on 2026-12-16 (2 asked about)"},
		{"all models", each, nil, models(assize.Counts{}), []Occurrence{window("review", Collected, 5, about("m1")), window("review", Collected, 5, about("m2"))}, Met, "answered (2 asked about)"},
		{
			"not all models could be listed",
			each, nil, models(assize.Counts{Inconclusive: 1}),
			[]Occurrence{window("review", Collected, 5, about("m1"))},
			Partial, "not every AWS::Bedrock::CustomModel could be listed (2 asked about)",
		},
		{"no model could be listed", each, nil, models(assize.Counts{Inconclusive: 1}), nil, NotEvaluable, "not every AWS::Bedrock::CustomModel could be listed"},
		{"there is no model", each, nil, models(assize.Counts{}), nil, NotApplicableStatus, "there is no AWS::Bedrock::CustomModel"},
		{"there was no model long ago", each, nil, unseen, nil, Stale, "AWS::Bedrock::CustomModel was last listed on 2026-11-17"},
		{
			"all models of long ago",
			each, nil, unseen,
			[]Occurrence{window("review", Collected, 5, about("m1"))},
			Stale, "AWS::Bedrock::CustomModel was last listed on 2026-11-17",
		},
		{
			"a model of long ago is not reviewed",
			each, nil, unseen,
			[]Occurrence{window("review", Pending, 5, about("m1"))},
			PendingStatus, "due on 2026-12-16",
		},
		{"no run has looked", each, nil, nil, nil, PendingStatus, "nothing is due yet"},
		{"the model is gone", each, nil, models(assize.Counts{}), []Occurrence{window("review", Closed, 5, about("m1"))}, NotApplicableStatus, "there is no AWS::Bedrock::CustomModel"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := derived(tt.control, Inputs{State: tt.state, Tallies: tt.tallies, Occurrences: tt.occurrences})
			if diff := cmp.Diff([2]string{string(tt.want), tt.reason}, [2]string{string(got.Status), got.Reason}); diff != "" {
				t.Errorf("status (-want +got):\n%s", diff)
			}
		})
	}
}
