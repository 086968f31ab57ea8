package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
)

// newReassess makes "assize reassess".
func newReassess() *cobra.Command {
	f := &dataFlags{}
	var asOf string
	cmd := &cobra.Command{
		Use:   "reassess [ASSESSMENT] --as-of DATE",
		Short: "Judge what was read then with today's checks, and show what would have been different",
		Long: "Judge the snapshot of the newest evaluation not after a date with today's checks and profile, and compare with\n" +
			"the verdicts that were recorded. Nothing is recorded. Without an assessment all are compared.",
		Args: cobra.MaximumNArgs(1),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			at, err := endOf(asOf, s.now())
			if err != nil {
				return err
			}
			list, err := s.Store.Assessments(ctx)
			if err != nil {
				return err
			}
			if len(args) > 0 {
				a, err := s.resolve(ctx, args[0])
				if err != nil {
					return err
				}
				list = append(list[:0], *a)
			}
			out := []*deployment.Reassessment{}
			for i := range list {
				r, err := s.Reassess(ctx, &list[i], at)
				if err != nil {
					return err
				}
				out = append(out, r)
			}
			return s.show(out, func(w io.Writer) {
				for i, r := range out {
					showReassessment(w, list[i].Name, r)
				}
			})
		}),
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&asOf, "as-of", "", "day, 2006-01-02 (to its end, UTC), or time as 2006-01-02T15:04:05Z (default: now)")
	return cmd
}

// endOf reads a day or a time.
func endOf(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return now, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--as-of %q: want a day as 2026-01-31, or a time as 2026-01-31T12:00:00Z", text)
	}
	return t, nil
}

func showReassessment(w io.Writer, name string, r *deployment.Reassessment) {
	fmt.Fprintf(w, "%s, as read on %s: %s the same, %d different\n", clean(name), minute(r.AsOf), count(r.Same, "verdict"), len(r.Differences))
	if len(r.Differences) == 0 {
		return
	}
	rows := [][]string{{"CHECK", "WAS", "WOULD BE", "SUBJECT", ""}}
	for _, d := range r.Differences {
		rows = append(rows, []string{d.Check, dash(string(d.Before)), dash(string(d.Now)), d.Subject, d.Reason})
	}
	table(w, rows)
}
