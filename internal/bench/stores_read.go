package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

const (
	// storedRuns are the days over which the items of the large store are spread.
	storedRuns = 30
	// otherAssessments stand beside the large one in lists.
	otherAssessments = 40
	// storedExceptions hold in the large assessment: the fails that each covers are looked for.
	storedExceptions = 5
	// queries of which the median is taken.
	queries = 15
)

// readStore is a job: it fills a store and measures what people wait for.
func readStore(ctx context.Context, o options, args []string) (_ []figure, err error) {
	items, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	s, a, err := openStored(ctx, args[0])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	stop, err := profile(o.cpuProfile)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	used := ownCPU()
	if err := s.fill(ctx, a.ID, items); err != nil {
		return nil, err
	}
	filled := ownCPU() - used
	size, err := s.store.Size(ctx)
	if err != nil {
		return nil, err
	}
	figures := []figure{info(fmt.Sprintf("store of %d items in %d runs, %d leaves: CPU to fill it", items, storedRuns, size), "%.0f s", filled.Seconds())}
	for _, q := range s.questions(ctx, a.ID) {
		var times []float64
		for range queries {
			begin := ownCPU()
			if err := q.ask(); err != nil {
				return nil, fmt.Errorf("%s: %w", q.what, err)
			}
			times = append(times, float64((ownCPU()-begin).Microseconds())/1000)
		}
		figures = append(figures, below(fmt.Sprintf("the same: %s: median of %d, CPU", q.what, queries), median(times), storedQuery, "%.1f ms"))
	}
	return figures, nil
}

// question is what people wait for.
type question struct {
	what string
	ask  func() error
}

func (s *stored) questions(ctx context.Context, a string) []question {
	return []question{
		{"list of assessments", func() error {
			list, err := s.store.Assessments(ctx)
			if err == nil && len(list) != otherAssessments+1 {
				err = fmt.Errorf("%d assessments", len(list))
			}
			return err
		}},
		{fmt.Sprintf("status of %d controls, %d exceptions", storedControls, storedExceptions), func() error {
			list, err := s.Status(ctx, a)
			if err == nil && (len(list) != storedControls || list[0].Excepted == 0) {
				err = fmt.Errorf("%d controls, the first %+v", len(list), list[0])
			}
			return err
		}},
		{"evidence folders", func() error {
			list, err := s.store.Folders(ctx, a, "control-007")
			if err == nil && len(list) != storedRuns {
				err = fmt.Errorf("%d folders", len(list))
			}
			return err
		}},
		{"100 items of a control", func() error {
			n := 0
			for _, err := range s.store.Evidence(ctx, assessment.EvidenceQuery{Assessment: a, Control: "control-007", Limit: 100}) {
				if err != nil {
					return err
				}
				n++
			}
			if n == 0 {
				return errors.New("there is none")
			}
			return nil
		}},
		{"one item by its id", func() error {
			id := assessment.NameID("evidence", "run-7", "77")
			for _, err := range s.store.Evidence(ctx, assessment.EvidenceQuery{Assessment: a, IDs: []string{id}}) {
				return err
			}
			return fmt.Errorf("evidence %s: %w", id, assessment.ErrNotFound)
		}},
		{"due work", func() error {
			_, err := s.store.Occurrences(ctx, assessment.OccurrenceQuery{Assessment: a, States: []assessment.OccurrenceState{assessment.Pending}})
			return err
		}},
	}
}

// fill writes runs of items, and what people do beside them.
func (s *stored) fill(ctx context.Context, id string, items int) error {
	for i := range otherAssessments {
		if _, err := s.assessment(ctx, fmt.Sprint("Other ", i)); err != nil {
			return err
		}
	}
	if err := s.exceptions(ctx, id); err != nil {
		return err
	}
	for day := range storedRuns {
		run := &assessment.Run{ID: fmt.Sprint("run-", day), Assessment: id, State: assessment.RunDone, Due: s.now}
		if err := s.run(ctx, run, items/storedRuns); err != nil {
			return err
		}
		for c := range 10 {
			text := assessment.CommentEvent{ControlSet: fmt.Sprint("set", c%8), Control: fmt.Sprintf("control-%03d", c), Text: "looked at"}
			if err := s.Comment(ctx, id, "ann", text); err != nil {
				return err
			}
		}
		s.now = s.now.AddDate(0, 0, 1)
	}
	return nil
}

func (s *stored) exceptions(ctx context.Context, id string) error {
	for c := range storedExceptions {
		x, err := s.RequestException(ctx, id, "dev", assessment.Exception{
			ControlSet: fmt.Sprint("set", c%8), Control: fmt.Sprintf("control-%03d", c), Reason: "moving", Compensating: "alarms", Expires: "2026-12-31",
		})
		if err != nil {
			return err
		}
		if err := s.DecideException(ctx, id, "ann", x.ID, assessment.ExceptionApproved, ""); err != nil {
			return err
		}
	}
	return nil
}

// run writes one run with its tallies.
func (s *stored) run(ctx context.Context, run *assessment.Run, items int) error {
	tallies := map[assessment.Place]*assessment.Tally{}
	for part := 0; part*partItems < items; part++ {
		var list []assessment.Evidence
		for n := part * partItems; n < min(items, (part+1)*partItems); n++ {
			e := s.item(run.ID, n)
			for _, p := range e.Places {
				if tallies[p] == nil {
					tallies[p] = &assessment.Tally{Run: run.ID, ControlSet: p.ControlSet, Control: p.Control, Expectation: p.Expectation, AsOf: s.now}
				}
				tallies[p].Counts.Add(e.Outcome)
			}
			list = append(list, e)
		}
		if _, err := s.Record(ctx, run, part, list, nil); err != nil {
			return err
		}
	}
	list := make([]assessment.Tally, 0, len(tallies))
	for _, t := range tallies {
		list = append(list, *t)
	}
	return s.Finish(ctx, assessment.RunEvent{Run: *run, Counts: assize.Counts{}}, list, nil, nil)
}
