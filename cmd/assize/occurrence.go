package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newOccurrenceList makes "assize occurrence list".
func newOccurrenceList(f *dataFlags) groupCommand {
	q := assessment.OccurrenceQuery{}
	var all bool
	cmd := &cobra.Command{
		Use:   "list [ASSESSMENT]",
		Short: "List what is due from people, by due time",
		Args:  cobra.MaximumNArgs(1),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			if err := s.narrow(ctx, &q, args); err != nil {
				return err
			}
			if !all {
				q.States = []assessment.OccurrenceState{assessment.Pending, assessment.Missed, assessment.Failed}
			}
			list, err := s.Store.Occurrences(ctx, q)
			if err != nil {
				return err
			}
			if list, err = s.present(ctx, list); err != nil {
				return err
			}
			return s.show(list, func(w io.Writer) { showOccurrences(w, list) })
		}),
	}
	cmd.Flags().StringVar(&q.Control, "control", "", "only of this control")
	cmd.Flags().StringVar(&q.Owner, "owner", "", "only of this owner")
	cmd.Flags().BoolVar(&all, "all", false, "also what was answered, excused or closed")
	return cmd
}

// narrow limits a query to the assessment that is named, if one is, and refuses a control that there is not.
func (s *session) narrow(ctx context.Context, q *assessment.OccurrenceQuery, args []string) error {
	if len(args) > 0 {
		a, err := s.resolve(ctx, args[0])
		if err != nil {
			return err
		}
		q.Assessment = a.ID
		return s.known(ctx, a, "", q.Control)
	}
	all, err := s.Store.Assessments(ctx)
	if err != nil || q.Control == "" || len(all) == 0 {
		return err
	}
	for i := range all {
		if err = s.known(ctx, &all[i], "", q.Control); err == nil {
			return nil
		}
	}
	return fmt.Errorf("no assessment has a control %q: %w", q.Control, err)
}

// present leaves out occurrences of assessments that were deleted.
func (s *session) present(ctx context.Context, list []assessment.Occurrence) ([]assessment.Occurrence, error) {
	assessments, err := s.Store.Assessments(ctx)
	return slices.DeleteFunc(list, func(o assessment.Occurrence) bool {
		return !slices.ContainsFunc(assessments, func(a assessment.Assessment) bool { return a.ID == o.Assessment })
	}), err
}

func showOccurrences(w io.Writer, list []assessment.Occurrence) {
	if len(list) == 0 {
		fmt.Fprintln(w, "nothing is due")
		return
	}
	rows := [][]string{{"ID", "STATE", "DUE", "CONTROL", "EXPECTATION", "OWNER", "ABOUT"}}
	for _, o := range list {
		about := ""
		if o.Resource != nil {
			about = o.Resource.Label()
		}
		if o.Reason != "" {
			about += " (" + o.Reason + ")"
		}
		rows = append(rows, []string{shortID(o.ID), string(o.State), day(o.Due), o.Control, o.Expectation, dash(o.Owner), about})
	}
	table(w, rows)
}

// newOccurrenceExcuse makes "assize occurrence excuse".
func newOccurrenceExcuse(f *dataFlags) groupCommand {
	var reason string
	cmd := &cobra.Command{
		Use:   "excuse ASSESSMENT OCCURRENCE --reason TEXT",
		Short: "Say with a reason that nothing is due in a window",
		Args:  cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			id, err := s.occurrence(ctx, a.ID, args[1])
			if err != nil {
				return err
			}
			if err := s.Service.Excuse(ctx, a.ID, s.actor, id, reason); err != nil {
				return err
			}
			return s.show(map[string]string{"id": id, "state": string(assessment.Excused)}, func(w io.Writer) {
				fmt.Fprintf(w, "occurrence %s is excused\n", shortID(id))
			})
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why nothing is due")
	return cmd
}

// occurrence finds an occurrence of an assessment by the beginning of its id.
func (s *session) occurrence(ctx context.Context, id, what string) (string, error) {
	list, err := s.Store.Occurrences(ctx, assessment.OccurrenceQuery{Assessment: id})
	if err != nil {
		return "", err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return match(ids, what, "occurrence")
}
