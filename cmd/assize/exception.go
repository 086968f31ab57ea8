package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newExceptionRequest makes "assize exception request".
func newExceptionRequest(f *dataFlags) groupCommand {
	var x assessment.Exception
	cmd := &cobra.Command{
		Use:   "request ASSESSMENT CONTROL --reason TEXT --compensating TEXT --expires DAY",
		Short: "Ask for an exception; somebody else approves it",
		Example: "  assize exception request acme secure-1 --resource 'arn:aws:s3:::acme-raw*' \\\n" +
			"    --reason \"The key is replaced in March\" --compensating \"Access is limited to one role\" --expires 2027-03-31",
		Args: cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			x.Control = args[1]
			var err error
			if x.ControlSet, _, err = s.place(ctx, a, x.ControlSet, args[1]); err != nil {
				return err
			}
			made, err := s.Service.RequestException(ctx, a.ID, s.actor, x)
			if err != nil {
				return err
			}
			return s.show(made, func(w io.Writer) {
				fmt.Fprintf(w, "asked for exception %s; it holds when somebody else has approved it\n", made.ID)
			})
		}),
	}
	addSet(cmd, &x.ControlSet)
	g := cmd.Flags()
	g.StringSliceVar(&x.Resources, "resource", nil, "ARNs or ids that it is about, * for any text (default: all)")
	g.StringSliceVar(&x.Accounts, "account", nil, "accounts that it is about (default: all)")
	g.StringVar(&x.Reason, "reason", "", "why")
	g.StringVar(&x.Compensating, "compensating", "", "what protects meanwhile")
	g.StringVar(&x.Expires, "expires", "", "last day on which it holds, 2006-01-02 (UTC)")
	return cmd
}

// newExceptionApprove makes "assize exception approve".
func newExceptionApprove(f *dataFlags) groupCommand {
	return f.decideException("approve", "Approve an exception that somebody else has asked for", assessment.ExceptionApproved)
}

// newExceptionReject makes "assize exception reject".
func newExceptionReject(f *dataFlags) groupCommand {
	return f.decideException("reject", "Reject an exception", assessment.ExceptionRejected)
}

// newExceptionRevoke makes "assize exception revoke".
func newExceptionRevoke(f *dataFlags) groupCommand {
	return f.decideException("revoke", "Revoke an exception before it expires", assessment.ExceptionRevoked)
}

func (f *dataFlags) decideException(verb, title string, to assessment.ExceptionState) groupCommand {
	var comment string
	cmd := &cobra.Command{
		Use: verb + " ASSESSMENT EXCEPTION", Short: title, Args: cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			var ids []string
			for i := range st.Exceptions {
				ids = append(ids, st.Exceptions[i].ID)
			}
			id, err := match(ids, args[1], "exception")
			if err != nil {
				return err
			}
			if err := s.Service.DecideException(ctx, a.ID, s.actor, id, to, comment); err != nil {
				return err
			}
			return s.show(map[string]string{"id": id, "state": string(to)}, func(w io.Writer) {
				fmt.Fprintf(w, "exception %s is %s\n", shortID(id), to)
			})
		}),
	}
	cmd.Flags().StringVar(&comment, "comment", "", "why")
	return cmd
}

// newExceptionList makes "assize exception list".
func newExceptionList(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use: "list ASSESSMENT", Short: "List the exceptions of an assessment, those that are over too", Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			for i := range st.Exceptions {
				st.Exceptions[i].State = st.Exceptions[i].StateAt(s.now())
			}
			return s.show(st.Exceptions, func(w io.Writer) {
				rows := [][]string{{"ID", "STATE", "CONTROL", "EXPIRES", "REQUESTER", "APPROVER", "REASON"}}
				for _, x := range st.Exceptions {
					rows = append(rows, []string{shortID(x.ID), string(x.State), x.Control, x.Expires, x.Requester, dash(x.Approver), x.Reason})
				}
				table(w, rows)
			})
		}),
	}
}
