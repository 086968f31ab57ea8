package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newReportCreate makes "assize report create".
func newReportCreate(f *dataFlags) groupCommand {
	var name, description string
	var selected bool
	cmd := &cobra.Command{
		Use:   "create ASSESSMENT",
		Short: "Make the report of an assessment",
		Long: "Make the report of all evidence (or of what was selected: assize evidence select) and write it to the\n" +
			"destination of the assessment. It is checked offline with assize-verify; give the auditor the ledger's\n" +
			"key (keys/ledger.pub in the data folder) on another way.",
		Example: "  assize report create acme --name acme-2026-q4",
		Args:    cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if name == "" {
				name = "report-" + day(s.now())
			}
			r, err := s.MakeReport(ctx, a.ID, s.actor, name, description, !selected)
			if err != nil {
				return err
			}
			return s.show(r, func(w io.Writer) {
				fmt.Fprintf(w, "wrote %s\n  %s of evidence, %s\n  %s\n  %s\n", clean(r.Location), count(r.Items, "piece"),
					bytesOf(r.Size), r.Digest, checking(s.KeyFile, r.Location))
			})
		}),
	}
	g := cmd.Flags()
	g.StringVar(&name, "name", "", "name of the report: letters, digits and - _ . (default: report- and the day)")
	g.StringVar(&description, "description", "", "what it is for")
	g.BoolVar(&selected, "selected", false, "only the evidence that was selected")
	return cmd
}

// checking says how a report is checked: a command to be copied, and first what is to be done for it.
func checking(key, location string) string {
	if strings.HasPrefix(location, "s3://") {
		return "get it from the bucket, then check it: assize-verify --key " + word(key) + " " + word(path.Base(location))
	}
	return "check it: assize-verify --key " + word(key) + " " + word(location)
}

// word makes a path one word of a shell.
func word(s string) string {
	if s = clean(s); !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./+@:", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// newReportList makes "assize report list".
func newReportList(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use: "list ASSESSMENT", Short: "List the reports of an assessment", Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			return s.show(st.Reports, func(w io.Writer) {
				rows := [][]string{{"ID", "NAME", "STATUS", "CREATED", "ITEMS", "SIZE", "WHERE"}}
				for _, r := range st.Reports {
					where := r.Location
					switch r.Status {
					case assessment.ReportFailed:
						where = r.Error
					case assessment.ReportDeleted:
						where = "-"
					case assessment.ReportInProgress, assessment.ReportComplete:
					}
					rows = append(rows, []string{
						shortID(r.ID), r.Name, string(r.Status), minute(r.Created), fmt.Sprint(r.Items), bytesOf(r.Size), where,
					})
				}
				table(w, rows)
			})
		}),
	}
}

// newReportDelete makes "assize report delete".
func newReportDelete(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use: "delete ASSESSMENT REPORT", Short: "Delete a report and the file where it was written", Args: cobra.ExactArgs(2),
		Long: "Delete a report and the files where it was written. Exit code 1 when the report is deleted and a file stays that\n" +
			"could not be removed.",
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			st, err := s.Service.State(ctx, a.ID)
			if err != nil {
				return err
			}
			var ids []string
			for i := range st.Reports {
				if st.Reports[i].Status != assessment.ReportDeleted {
					ids = append(ids, st.Reports[i].ID)
				}
			}
			id, err := match(ids, args[1], "report")
			if err != nil {
				return err
			}
			r, err := s.DeleteReport(ctx, a.ID, s.actor, id)
			if err != nil {
				return err
			}
			if err := s.show(r, func(w io.Writer) { fmt.Fprintf(w, "deleted report %s (%s)\n", clean(r.Name), shortID(r.ID)) }); err != nil {
				return err
			}
			if r.Stays != nil {
				fmt.Fprintf(s.cmd.ErrOrStderr(), "assize: the report is deleted, but a file stays: %s\n", clean(r.Stays.Error()))
				return exitCode(exitFail)
			}
			return nil
		}),
	}
}
