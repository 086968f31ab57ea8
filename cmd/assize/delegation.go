package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newDelegationCreate makes "assize delegation create".
func newDelegationCreate(f *dataFlags) groupCommand {
	var comment string
	cmd := &cobra.Command{
		Use:   "create ASSESSMENT SET DELEGATE",
		Short: "Give a control set to a subject expert",
		Args:  cobra.ExactArgs(3),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			d, err := s.Service.Delegate(ctx, a.ID, s.actor, args[1], args[2], comment)
			if err != nil {
				return err
			}
			return s.show(d, func(w io.Writer) {
				fmt.Fprintf(w, "delegated %s to %s (%s)\n", clean(d.ControlSet), clean(d.Role.Name), d.ID)
			})
		}),
	}
	cmd.Flags().StringVar(&comment, "comment", "", "what is asked of the delegate")
	return cmd
}

// newDelegationSubmit makes "assize delegation submit".
func newDelegationSubmit(f *dataFlags) groupCommand {
	return f.moveDelegation("submit", "Give a delegated control set back for review", assessment.DelegationUnderReview)
}

// newDelegationComplete makes "assize delegation complete".
func newDelegationComplete(f *dataFlags) groupCommand {
	return f.moveDelegation("complete", "Complete the review of a delegated control set", assessment.DelegationComplete)
}

func (f *dataFlags) moveDelegation(verb, title string, to assessment.DelegationStatus) groupCommand {
	var comment string
	cmd := &cobra.Command{
		Use: verb + " ASSESSMENT DELEGATION", Short: title, Args: cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			var ids []string
			for _, d := range st.Delegations {
				ids = append(ids, d.ID)
			}
			id, err := match(ids, args[1], "delegation")
			if err != nil {
				return err
			}
			if err := s.Service.MoveDelegation(ctx, a.ID, s.actor, id, to, comment); err != nil {
				return err
			}
			return s.show(map[string]string{"id": id, "status": string(to)}, func(w io.Writer) {
				fmt.Fprintf(w, "delegation %s is %s\n", shortID(id), to)
			})
		}),
	}
	cmd.Flags().StringVar(&comment, "comment", "", "for who reads it next")
	return cmd
}

// newDelegationList makes "assize delegation list".
func newDelegationList(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use: "list ASSESSMENT", Short: "List the delegations of an assessment", Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			return s.show(st.Delegations, func(w io.Writer) {
				rows := [][]string{{"ID", "CONTROL SET", "DELEGATE", "STATUS", "CREATED", "COMMENT"}}
				for _, d := range st.Delegations {
					rows = append(rows, []string{shortID(d.ID), d.ControlSet, d.Role.Name, string(d.Status), minute(d.Created), d.Comment})
				}
				table(w, rows)
			})
		}),
	}
}
