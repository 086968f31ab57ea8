package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newAssessmentLog makes "assize assessment log".
func newAssessmentLog(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use:   "log ASSESSMENT",
		Short: "Show the change log: who did what, newest first",
		Args:  cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			changes := slices.Clone(st.Log)
			slices.Reverse(changes)
			return s.show(changes, func(w io.Writer) { showChanges(w, changes) })
		}),
	}
}

func showChanges(w io.Writer, changes []assessment.Change) {
	rows := [][]string{{"AT (UTC)", "BY", "ACTION", "OBJECT", "NAME", "CONTROL"}}
	for _, c := range changes {
		rows = append(rows, []string{minute(c.At), c.By, c.Action, c.Object, c.Name, dash(c.Control)})
	}
	table(w, rows)
}

// newAssessmentNotifications makes "assize assessment notifications".
func newAssessmentNotifications(f *dataFlags) groupCommand {
	var to string
	cmd := &cobra.Command{
		Use:   "notifications ASSESSMENT",
		Short: "Show what people are to be told: delegations, exceptions, due work",
		Args:  cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			list, err := s.Service.Notifications(ctx, a.ID)
			if err != nil {
				return err
			}
			if to != "" {
				list = slices.DeleteFunc(list, func(n assessment.Notification) bool { return n.For != to })
			}
			return s.show(list, func(w io.Writer) { showNotifications(w, list) })
		}),
	}
	cmd.Flags().StringVar(&to, "for", "", "only of this person or role")
	return cmd
}

func showNotifications(w io.Writer, list []assessment.Notification) {
	if len(list) == 0 {
		fmt.Fprintln(w, "there is nothing to tell")
		return
	}
	rows := [][]string{{"AT (UTC)", "FOR", "CONTROL SET", "CONTROL", "WHAT"}}
	for _, n := range list {
		rows = append(rows, []string{minute(n.At), n.For, dash(n.ControlSet), dash(n.Control), n.Text})
	}
	table(w, rows)
}
