package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/jobs"
)

// newAssessmentRun makes "assize assessment run".
func newAssessmentRun(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use:   "run ASSESSMENT",
		Short: "Evaluate an assessment now, and wait for it",
		Long: "Evaluate an assessment now, beside its cadence: read the accounts, judge, store the evidence, open and close\n" +
			"due windows, and publish a checkpoint of the ledger. An evaluation that is queued or was cut short is carried\n" +
			"out instead of a new one.",
		Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if a.Status != assessment.Active {
				return fmt.Errorf("assessment %s is %s: reopen it before it is evaluated", a.ID, a.Status)
			}
			if err := s.enqueue(ctx, a.ID); err != nil {
				return err
			}
			if err := s.drain(ctx, a.ID); err != nil {
				return err
			}
			return s.showAssessment(ctx, a.ID, "")
		}),
	}
}

// open reports whether a run is still to be carried out.
func open(r assessment.Run) bool {
	return r.State == assessment.RunQueued || r.State == assessment.RunRunning
}

// enqueue adds a run that is due now, unless one is open.
func (s *session) enqueue(ctx context.Context, id string) error {
	runs, err := s.Store.RunsOf(ctx, id, recentRuns)
	if err != nil || slices.ContainsFunc(runs, open) {
		return err
	}
	_, err = s.Store.Enqueue(ctx, jobs.RunAt(id, s.now()))
	return err
}

// now is the time as the deployment has it.
func (s *session) now() time.Time { return s.Deployment.Now() }

// recentRuns is how many runs are looked at where the newest matter.
const recentRuns = 100

// waitEvery is how often a run that another process carries out is looked at.
const waitEvery = time.Second

// drain carries out what is due until the assessment has no open run. A run that another process holds is
// waited for; that it was given up is an error. What is wrong with other assessments is told and is none. Then the
// ledger is published.
func (s *session) drain(ctx context.Context, id string) error {
	runner, err := s.Runner(jobs.LocalConfig{})
	if err != nil {
		return err
	}
	for told := false; ; told = true {
		drained := runner.Drain(ctx)
		runs, err := s.Store.RunsOf(ctx, id, recentRuns)
		if err != nil {
			return errors.Join(drained, err)
		}
		if !slices.ContainsFunc(runs, open) {
			if len(runs) > 0 && runs[0].State == assessment.RunFailed {
				return fmt.Errorf("run %s of assessment %s was given up: %s", runs[0].ID, id, runs[0].Error)
			}
			if drained != nil {
				fmt.Fprintf(s.cmd.ErrOrStderr(), "assize: of another assessment: %s\n", clean(drained.Error()))
			}
			break
		}
		if drained != nil {
			return drained
		}
		if !told {
			fmt.Fprintln(s.cmd.ErrOrStderr(), "assize: another process carries out the evaluation, or an attempt at it has failed and the next is due soon; waiting for it")
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(waitEvery):
		}
	}
	_, _, err = s.Publisher.Publish(ctx)
	return err
}

// showRuns writes the newest runs.
func showRuns(w io.Writer, runs []assessment.Run) {
	rows := [][]string{{"DUE", "STATE", "STARTED", "FINISHED", "EVIDENCE", "GAPS", ""}}
	for _, r := range runs {
		rows = append(rows, []string{
			minute(r.Due), string(r.State), minute(r.Started), minute(r.Finished), fmt.Sprint(r.Evidence), fmt.Sprint(r.Gaps), r.Error,
		})
	}
	table(w, rows)
}
