package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newAssessmentComplete makes "assize assessment complete".
func newAssessmentComplete(f *dataFlags) groupCommand {
	return f.statusCommand("complete ASSESSMENT", "Complete an assessment: collection stops, people only read",
		assessment.Inactive, "completed")
}

// newAssessmentReopen makes "assize assessment reopen".
func newAssessmentReopen(f *dataFlags) groupCommand {
	return f.statusCommand("reopen ASSESSMENT", "Reopen an assessment that was completed", assessment.Active, "reopened")
}

func (f *dataFlags) statusCommand(use, title string, status assessment.Status, done string) groupCommand {
	return &cobra.Command{
		Use: use, Short: title, Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if a.Status == status {
				return fmt.Errorf("assessment %s is %s already", a.ID, status)
			}
			changed, err := s.Service.SetStatus(ctx, a.ID, s.actor, status)
			if err != nil {
				return err
			}
			return s.show(changed, func(w io.Writer) {
				fmt.Fprintf(w, "%s assessment %s (%s)\n", done, clean(changed.Name), changed.ID)
			})
		}),
	}
}

// newAssessmentDelete makes "assize assessment delete".
func newAssessmentDelete(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use:   "delete ASSESSMENT",
		Short: "Delete an assessment; that it was there stays in the ledger",
		Long: "Delete an assessment: it leaves all lists. Its leaves stay in the ledger, which only grows; bodies of evidence\n" +
			"are destroyed when their retention is over. It is refused while a legal hold stands.",
		Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if err := s.Service.Delete(ctx, a.ID, s.actor); err != nil {
				return err
			}
			return s.show(a, func(w io.Writer) { fmt.Fprintf(w, "deleted assessment %s (%s)\n", clean(a.Name), a.ID) })
		}),
	}
}
